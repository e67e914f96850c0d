import type { BrokerCounters, EpochMs } from "@nightshift/model";
import { callsOf } from "./info.ts";

/**
 * Counters of the whole server from `INFO commandstats`. Every delivery is one ZADD and one HSET, every acknowledgement one
 * ZREM and one HDEL, and a message given back adds one RPUSH (kombu 5.6.2 `QoS.append`, `_remove_from_indices`; measured in
 * facts/scaling.md 2.4). Arrivals are what was delivered, less what came back, plus what still waits: LPUSH itself also
 * counts the answers to our own questions.
 */
export function readCounters(
  info: { readonly server: ReadonlyMap<string, string>; readonly commandstats: ReadonlyMap<string, string> },
  look: { readonly at: EpochMs; readonly listed: number; readonly shared: boolean },
): BrokerCounters | undefined {
  const epoch = info.server.get("run_id");
  if (epoch === undefined) return undefined;
  const ran = (command: string): number => callsOf(info.commandstats, command);
  const own = !look.shared && nearly(ran("zadd"), ran("hset")) && nearly(ran("zrem"), ran("hdel"));
  return {
    at: look.at,
    epoch,
    arrived: own ? ran("zadd") - ran("rpush") + look.listed : undefined,
    delivered: own ? ran("zadd") : undefined,
    // HDEL, not ZREM: a worker that stops gives some messages back without touching the index.
    finished: own ? ran("hdel") - ran("rpush") : undefined,
  };
}

/** Of two readings the later, with the larger count of arrivals: a message on its way from list to worker is in neither for a millisecond. */
export function laterOf(first: BrokerCounters | undefined, second: BrokerCounters | undefined): BrokerCounters | undefined {
  if (first?.arrived === undefined || second?.arrived === undefined || first.epoch !== second.epoch) return second;
  return { ...second, arrived: Math.max(first.arrived, second.arrived) };
}

// Two per cent apart, and a handful for a server that has just started: more is somebody else's use of the same server.
const nearly = (a: number, b: number): boolean => Math.abs(a - b) <= Math.max(20, 0.02 * Math.max(a, b));
