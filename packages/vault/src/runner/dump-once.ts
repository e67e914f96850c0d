import path from "node:path";
import { findSourceFaults } from "@nightshift/decide/backups/restore-faults";
import type { DatabaseManifest, DatabaseSettings, SegmentRecord } from "@nightshift/model";
import { describeDatabase, readSequencesAgain } from "../postgres/describe-database.ts";
import { keysOf } from "../store/layout.ts";
import { type DumpAsked, streamDump } from "../stream/dump.ts";
import { applicationOf, type DatabaseAddress } from "./address.ts";
import { type BackupName, dumpRoles, dumpSchema } from "./commit.ts";
import type { Programs } from "./programs.ts";
import type { Reporter } from "./reporter.ts";
import { type UnderSnapshot, underSnapshot } from "./under-snapshot.ts";
import type { RunnerWorld } from "./world.ts";

/** What one snapshot gave. */
export interface Dumped {
  readonly segments: readonly SegmentRecord[];
  readonly contents: DatabaseManifest;
  readonly schema: string;
  readonly roles: string;
  readonly findings: readonly string[];
}

/** One attempt at a dump. */
export interface DumpOnceAsked extends BackupName {
  readonly source: DatabaseAddress;
  readonly env: Readonly<Record<string, string>>;
  readonly programs: Programs;
  readonly attempt: number;
  readonly fresh?: DatabaseSettings["gates"]["fresh"];
  readonly segmentBytes?: number | undefined;
  readonly report: Reporter;
  /** Tests only: what happens to the archive between `pg_dump` and the compressor. */
  readonly damage?: DumpAsked["damage"];
}

/**
 * Holds a snapshot, and dumps and describes it side by side; everything is let go whatever happens.
 * @throws {GaveWay} when a statement of somebody else waited behind us, or we would have had to wait behind it.
 */
export const dumpOnce = (world: RunnerWorld, asked: DumpOnceAsked): Promise<Dumped> =>
  underSnapshot(world, { ...asked.source, name: applicationOf(asked.id) }, async (under) => {
    const { held, connect, signal, give } = under;
    await world.boundary("take: snapshot held");
    const attempt = { world, asked, ...under, say: joined(asked.report) };
    const schema = dumpSchema({ ...asked, snapshot: held.id, signal });
    const works = [dump(attempt), describe(attempt, schema), schema, dumpRoles(connect)] as const;
    const [segments, described, text, roles] = await together(give, works);
    const contents = await readSequencesAgain(connect, described);
    return { segments, contents, schema: text, roles, findings: [...findSourceFaults(contents), WITHOUT_PASSWORDS] };
  });

const WITHOUT_PASSWORDS = "roles are saved without their passwords: they have to be set again after a disaster";

interface Attempt extends UnderSnapshot {
  readonly world: RunnerWorld;
  readonly asked: DumpOnceAsked;
  /** Says how far both sides are, together. */
  readonly say: (progress: { readonly share?: number; readonly bytesPerSecond?: number }) => void;
}

function dump({ world, asked, held, signal, give, say }: Attempt): Promise<readonly SegmentRecord[]> {
  const { programs, env, segmentBytes, attempt } = asked;
  const keys = keysOf(asked.of, asked.id);
  let begun = false;
  return streamDump({
    program: path.join(programs.bin, "pg_dump"),
    args: ["--format=custom", "--compress=0", `--snapshot=${held.id}`, "--lock-wait-timeout=5s", "--no-unlogged-table-data", "--no-password"],
    env,
    store: world.store,
    keyOf: (segment) => keys.segment(segment, attempt),
    ...(segmentBytes === undefined ? {} : { segmentBytes }),
    ...(asked.damage === undefined ? {} : { damage: asked.damage }),
    signal,
    onProgress: ({ bytesPerSecond }) => {
      say({ bytesPerSecond });
      if (begun) return;
      begun = true;
      Promise.resolve(world.boundary("take: dump and description under way")).catch((error: unknown) => give.abort(error));
    },
  });
}

const describe = ({ asked, held, connect, signal, say }: Attempt, schema: Promise<string>): Promise<DatabaseManifest> =>
  describeDatabase({
    connect,
    held,
    fresh: asked.fresh ?? [],
    schema: () => schema,
    // The description reads what the dump reads, and knows how much there is: its share stands for both.
    onProgress: ({ doneBytes, bytes }) => say(bytes === 0 ? {} : { share: Math.min(1, doneBytes / bytes) }),
    signal,
  });

/** All of them, or the first failure: the others are given up, and waited for, so that nothing goes on behind our back. */
async function together<T extends readonly Promise<unknown>[]>(give: AbortController, works: T): Promise<{ [K in keyof T]: Awaited<T[K]> }> {
  for (const work of works) work.catch((error: unknown) => give.abort(error));
  await Promise.allSettled(works);
  give.signal.throwIfAborted();
  // Promise.all keeps the tuple's types only for literal tuples.
  return (await Promise.all(works)) as { [K in keyof T]: Awaited<T[K]> };
}

function joined(report: Reporter): Attempt["say"] {
  let known: { readonly share?: number; readonly bytesPerSecond?: number } = {};
  report.phase("dumping");
  return (progress) => {
    known = { ...known, ...progress };
    report.phase("dumping", known);
  };
}
