import type { RedisLink } from "../connections.ts";

/** One section of `INFO`, name by name. Source: "INFO", https://redis.io/docs/latest/commands/info/, 2026-11-21. */
export async function readInfo(link: RedisLink, section: string): Promise<ReadonlyMap<string, string>> {
  const text = String(await link.call("INFO", section));
  return new Map(
    text.split(/\r?\n/).flatMap((line) => {
      const colon = line.indexOf(":");
      return line.startsWith("#") || colon < 1 ? [] : [[line.slice(0, colon), line.slice(colon + 1)] as const];
    }),
  );
}

/** How often a command ran since the server started: `cmdstat_lpush:calls=21,usec=…`. */
export function callsOf(commandstats: ReadonlyMap<string, string>, command: string): number {
  const calls = /(?:^|,)calls=(\d+)/.exec(commandstats.get(`cmdstat_${command}`) ?? "")?.[1];
  return calls === undefined ? 0 : Number(calls);
}
