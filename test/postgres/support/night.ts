import { type CompareSettings, compareManifests, type Difference } from "@nightshift/decide/backups/compare";
import { type DatabaseManifest, type DatabaseSettings, ms } from "@nightshift/model";
import { describeDatabase, readSequencesAgain } from "@nightshift/vault/postgres/describe-database";
import { holdSnapshot } from "@nightshift/vault/postgres/hold-snapshot";
import { sessionsOn } from "./address.ts";
import type { Cluster } from "./cluster.ts";

/** A dump on disk and the manifest of the same snapshot. */
export interface Taken {
  readonly file: string;
  readonly manifest: DatabaseManifest;
}

/** What a round of taking a backup may be told. */
export interface TakeSettings {
  readonly jobs?: number;
  readonly fresh?: DatabaseSettings["gates"]["fresh"];
  /** Called once the snapshot is held: a race begins here. */
  readonly held?: () => void;
}

/** Takes a dump and its manifest side by side, as the runner does, without a store. */
export async function takeDump(cluster: Cluster, database: string, file: string, { jobs = 1, fresh = [], held: begun }: TakeSettings = {}): Promise<Taken> {
  const connect = sessionsOn(cluster, database);
  const held = await holdSnapshot({ connect });
  try {
    begun?.();
    const dump = cluster.run("pg_dump", ["-Fc", "-Z0", `--snapshot=${held.id}`, "--lock-wait-timeout=5s", "--no-unlogged-table-data", "-f", file, database]);
    const manifest = await describeDatabase({ connect, held, jobs, fresh, schema: () => dumpSchema(cluster, database, held.id) });
    const { code, err } = await dump;
    if (code !== 0) throw new Error(`pg_dump: ${err}`);
    return { file, manifest: await readSequencesAgain(connect, manifest) };
  } finally {
    await held.release();
  }
}

/** Restores a dump into a new database; what pg_restore complained about comes back. */
export async function restoreDump(cluster: Cluster, file: string, database: string): Promise<{ readonly code: number; readonly err: string }> {
  await cluster.create(database);
  return cluster.run("pg_restore", ["-d", database, "-j2", file]);
}

/** Describes a copy as its source was described, and says in what it differs. */
export async function compareCopy(
  cluster: Cluster,
  { database, like, settings = {} }: { readonly database: string; readonly like: DatabaseManifest; readonly settings?: CompareSettings },
): Promise<readonly Difference[]> {
  const fresh = like.freshness.map(({ table, column }) => ({ table, column, within: ms(0) }));
  const restored = await describeDatabase({
    connect: sessionsOn(cluster, database),
    jobs: 2,
    fresh,
    like,
    schema: () => dumpSchema(cluster, database),
  });
  return compareManifests(like, restored, settings);
}

/** What `pg_dump --schema-only` writes. */
export async function dumpSchema(cluster: Cluster, database: string, snapshot?: string): Promise<string> {
  const { code, out, err } = await cluster.run("pg_dump", ["--schema-only", ...(snapshot === undefined ? [] : [`--snapshot=${snapshot}`]), database]);
  if (code !== 0) throw new Error(`pg_dump --schema-only: ${err}`);
  return out;
}
