import type { CacheBackups } from "@nightshift/ports";
import { groupBackups } from "./elasticache-groups.ts";
import type { Reach } from "./reach.ts";
import { serverlessBackups } from "./elasticache-serverless.ts";

/** What is done alike for both kinds of cache; undefined or `unknown`: no cache or snapshot of this kind has that name. */
export interface CacheKind {
  look(cache: string): ReturnType<CacheBackups["look"]>;
  list: CacheBackups["list"];
  take: CacheBackups["take"];
  delete(name: string): Promise<"deleted" | "gone" | "unknown">;
}

/**
 * Snapshots of replication groups and serverless caches. A name is looked for among replication groups first; each kind has
 * operations of its own.
 */
export function cacheBackupsFrom(reach: Reach): CacheBackups {
  const [groups, serverless] = [groupBackups(reach), serverlessBackups(reach)];
  const kindOf = async (cache: string): Promise<CacheKind> => ((await groups.look(cache)) === undefined ? serverless : groups);
  return {
    look: async (cache) => (await groups.look(cache)) ?? (await serverless.look(cache)),
    list: async (cache) => (await kindOf(cache)).list(cache),
    take: async (cache, name) => (await kindOf(cache)).take(cache, name),
    async delete(name) {
      const there = await groups.delete(name);
      if (there !== "unknown") return there;
      const elsewhere = await serverless.delete(name);
      return elsewhere === "unknown" ? "gone" : elsewhere;
    },
  };
}
