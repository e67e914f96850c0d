import { createReadStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import path from "node:path";
import { type CompareSettings, compareManifests, type Difference } from "@nightshift/decide/backups/compare";
import { type DatabaseManifest, type DatabaseSettings, ms } from "@nightshift/model";
import { describeDatabase, readSequencesAgain } from "@nightshift/vault/postgres/describe-database";
import { holdSnapshot } from "@nightshift/vault/postgres/hold-snapshot";
import { PortError } from "@nightshift/ports";
import { restoreArchive } from "@nightshift/vault/scratch/restore";
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
  /** Called once the snapshot is held and the definitions are dumped, before the rows are: a race begins here. */
  readonly held?: () => void;
}

/** A migration may come in the way; a backup yields, and begins again. */
const attempts = 10;

/** Takes a dump and its manifest side by side, as the runner does, without a store. */
export async function takeDump(cluster: Cluster, database: string, file: string, settings: TakeSettings = {}): Promise<Taken> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await takeOnce(cluster, database, file, settings);
    } catch (error) {
      if (attempt === attempts || !(error instanceof PortError) || error.kind !== "conflict") throw error;
    }
  }
}

async function takeOnce(cluster: Cluster, database: string, file: string, { jobs = 1, fresh = [], held: begun }: TakeSettings): Promise<Taken> {
  const connect = sessionsOn(cluster, database);
  const held = await holdSnapshot({ connect });
  try {
    const schema = await dumpSchema(cluster, database, held.id);
    begun?.();
    const asked = ["-Fc", "-Z0", `--snapshot=${held.id}`, "--lock-wait-timeout=1s", "--no-unlogged-table-data", "-f", file, database];
    const [dump, described] = await Promise.allSettled([
      cluster.run("pg_dump", asked),
      describeDatabase({ connect, held, jobs, fresh, schema: async () => schema }),
    ]);
    if (dump.status === "rejected") throw dump.reason;
    refuse("pg_dump", dump.value);
    if (described.status === "rejected") throw described.reason;
    return { file, manifest: await readSequencesAgain(connect, described.value) };
  } finally {
    await held.release();
  }
}

/** Its locks stood behind somebody's: come again. pg_dump's `--lock-wait-timeout` is a `statement_timeout` while it locks. */
function refuse(program: string, { code, err }: { readonly code: number; readonly err: string }): void {
  if (code === 0) return;
  throw new PortError(/canceling statement due to (lock|statement) timeout/.test(err) ? "conflict" : "invalid", program, "database", err);
}

/** Restores a dump into a new database, as the runner does with so many workers; what pg_restore complained about comes back. */
export async function restoreDump(cluster: Cluster, file: string, database: string, jobs = 2): Promise<{ readonly code: number; readonly err: string }> {
  await cluster.create(database);
  const directory = await mkdtemp(path.join(cluster.folder, "lists-"));
  const into = { host: "127.0.0.1", port: cluster.port, user: "postgres", database };
  const { errors } = await restoreArchive({
    bin: cluster.bin,
    archive: jobs === 1 ? { open: () => createReadStream(file) } : { file },
    into,
    jobs,
    withoutExtensions: [],
    directory,
  });
  await rm(directory, { recursive: true });
  return { code: errors.length === 0 ? 0 : 1, err: errors.join("\n") };
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
  const ended = await cluster.run("pg_dump", [
    "--schema-only",
    "--lock-wait-timeout=1s",
    ...(snapshot === undefined ? [] : [`--snapshot=${snapshot}`]),
    database,
  ]);
  refuse("pg_dump --schema-only", ended);
  return ended.out;
}
