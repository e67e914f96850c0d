import type { RedisLink } from "../connections.ts";
import { readInfo } from "./info.ts";

/** What matters about a Redis server that is a broker. A figure that this Redis does not tell is undefined. */
export interface RedisServer {
  readonly version: string | undefined;
  readonly cluster: boolean;
  /** `noeviction` keeps messages; anything else may throw them away under memory pressure. */
  readonly evictionPolicy: string | undefined;
  /** Zero: no limit. */
  readonly maxMemoryBytes: number | undefined;
  readonly usedMemoryBytes: number | undefined;
  readonly replica: boolean;
  /** Keys of every database that has any: more than Celery's own mean that the database is shared. */
  readonly databases: readonly { readonly database: number; readonly keys: number }[];
  readonly clients: number | undefined;
}

/** Reads the server's own account of itself, for the doctor. Bounded: five sections of INFO. @throws {PortError} in plain words. */
export async function readRedisServer(link: RedisLink): Promise<RedisServer> {
  const [server, memory, replication, keyspace, clients] = await Promise.all(
    (["server", "memory", "replication", "keyspace", "clients"] as const).map((section) => readInfo(link, section)),
  );
  const cluster = await isCluster(link);
  return {
    version: server?.get("redis_version"),
    cluster: cluster || server?.get("redis_mode") === "cluster",
    evictionPolicy: memory?.get("maxmemory_policy"),
    maxMemoryBytes: numberOf(memory?.get("maxmemory")),
    usedMemoryBytes: numberOf(memory?.get("used_memory")),
    replica: replication?.get("role") === "slave",
    databases: [...(keyspace ?? [])].flatMap(([name, says]) => {
      const keys = /^keys=(\d+)/.exec(says)?.[1];
      return keys === undefined ? [] : [{ database: Number(name.replace("db", "")), keys: Number(keys) }];
    }),
    clients: numberOf(clients?.get("connected_clients")),
  };
}

/** Whether the server runs in cluster mode (`cluster_enabled:1`). */
export const isCluster = async (link: RedisLink): Promise<boolean> => (await readInfo(link, "cluster")).get("cluster_enabled") === "1";

const numberOf = (text: string | undefined): number | undefined => (text === undefined || text === "" || Number.isNaN(Number(text)) ? undefined : Number(text));
