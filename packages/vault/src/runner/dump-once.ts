import path from "node:path";
import { findSourceFaults } from "@nightshift/decide/backups/restore-faults";
import type { DatabaseManifest, DatabaseSettings, SegmentRecord } from "@nightshift/model";
import { PortError } from "@nightshift/ports";
import { describeDatabase, readSequencesAgain } from "../postgres/describe-database.ts";
import { type HeldSnapshot, holdSnapshot } from "../postgres/hold-snapshot.ts";
import { type Connect, connectTo } from "../postgres/session.ts";
import { watchForBlocked } from "../postgres/watch-for-blocked.ts";
import { keysOf } from "../store/layout.ts";
import { type DumpAsked, streamDump } from "../stream/dump.ts";
import { applicationOf, type DatabaseAddress } from "./address.ts";
import { type BackupName, dumpRoles, dumpSchema } from "./commit.ts";
import { complaintOf } from "./complaint.ts";
import type { Programs } from "./programs.ts";
import type { Reporter } from "./reporter.ts";
import type { RunnerWorld } from "./world.ts";

/** We were in somebody's way and let everything go; the message says whose. */
export class GaveWay extends Error {
  override readonly name = "GaveWay";
}

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
export async function dumpOnce(world: RunnerWorld, asked: DumpOnceAsked): Promise<Dumped> {
  const give = new AbortController();
  const signal = AbortSignal.any([world.signal, give.signal]);
  const connection = { ...asked.source, name: applicationOf(asked.id) };
  const connect = connectTo(connection, signal);
  const held = await hold(connect);
  const watch = watchForBlocked({ connect: connectTo(connection, world.signal), name: connection.name, pause: world.pause });
  watch.signal.addEventListener("abort", () => give.abort(new GaveWay(complaintOf(watch.signal.reason))), { once: true });
  try {
    await world.boundary("take: snapshot held");
    const attempt = { world, asked, held, connect, signal, give, say: joined(asked.report) };
    const schema = dumpSchema({ ...asked, snapshot: held.id, signal });
    const works = [dump(attempt), describe(attempt, schema), schema, dumpRoles(connect)] as const;
    const [segments, described, text, roles] = await together(give, works);
    const contents = await readSequencesAgain(connect, described);
    return { segments, contents, schema: text, roles, findings: [...findSourceFaults(contents), WITHOUT_PASSWORDS] };
  } catch (error) {
    world.signal.throwIfAborted();
    const first: unknown = give.signal.aborted ? give.signal.reason : error;
    throw standsBehindSomebody(first) ? new GaveWay(complaintOf(first), { cause: first }) : first;
  } finally {
    // First the locks: whoever waits for them has waited long enough.
    await held.release();
    await watch.stop();
  }
}

const WITHOUT_PASSWORDS = "roles are saved without their passwords: they have to be set again after a disaster";

/** Somebody who holds a table's lock is not made to wait, and nobody is made to wait behind us in its queue. */
async function hold(connect: Connect): Promise<HeldSnapshot> {
  try {
    return await holdSnapshot({ connect });
  } catch (error) {
    if (error instanceof PortError && error.kind === "conflict") throw new GaveWay(error.message, { cause: error });
    throw error;
  }
}

/** A lock could not be had in time: somebody changes a table, and we do not stand in that queue. */
const standsBehindSomebody = (error: unknown): boolean =>
  !(error instanceof GaveWay) &&
  ((error instanceof PortError && error.kind === "conflict" && error.operation.startsWith("sql:")) ||
    (error instanceof Error && /due to (lock|statement) timeout|could not obtain lock/.test(error.message)));

interface Attempt {
  readonly world: RunnerWorld;
  readonly asked: DumpOnceAsked;
  readonly held: HeldSnapshot;
  readonly connect: Connect;
  readonly signal: AbortSignal;
  readonly give: AbortController;
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
