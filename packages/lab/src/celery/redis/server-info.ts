import type { EpochMs } from "@nightshift/model";
import type { RedisStore } from "./store.ts";

/** What `INFO` answers, as far as a probe or a doctor reads it ("INFO", https://redis.io/docs/latest/commands/info/, read 2026-11-21). */
export function serverInfo(store: RedisStore, sections: readonly string[], now: EpochMs): string {
  const parts: Readonly<Record<string, readonly string[]>> = {
    server: [
      "redis_version:7.0.15",
      "redis_mode:standalone",
      `run_id:${store.runId}`,
      `server_time_usec:${now * 1_000}`,
      `uptime_in_seconds:${Math.floor((now - store.startedAt) / 1_000)}`,
    ],
    memory: ["used_memory:1048576", "maxmemory:0", "maxmemory_policy:noeviction"],
    replication: ["role:master", "connected_slaves:0"],
    cluster: ["cluster_enabled:0"],
    commandstats: [...store.calls]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([command, calls]) => `cmdstat_${command}:calls=${calls},usec=${calls * 2},usec_per_call=2.00,rejected_calls=0,failed_calls=0`),
    keyspace: [`db0:keys=${store.keys.length},expires=0,avg_ttl=0`],
  };
  const asked = sections.map((section) => section.toLowerCase());
  // Without a section INFO leaves out the long ones.
  const wanted =
    asked.length === 0
      ? Object.keys(parts).filter((name) => name !== "commandstats")
      : asked.includes("all") || asked.includes("everything")
        ? Object.keys(parts)
        : asked;
  return wanted
    .flatMap((name) => {
      const lines = parts[name];
      return lines === undefined ? [] : [`# ${name.slice(0, 1).toUpperCase()}${name.slice(1)}`, ...lines, ""];
    })
    .join("\r\n");
}
