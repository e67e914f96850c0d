import { type DatabaseSettings, ms } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { PortError } from "@nightshift/ports";
import { connectTo, withSession } from "../postgres/session.ts";
import { serverMajor } from "../postgres/server.ts";
import { applicationOf, clientEnvironment, type DatabaseAddress } from "./address.ts";
import { attemptOf, type BackupName, commit, storeDescriptions } from "./commit.ts";
import { dumpOnce } from "./dump-once.ts";
import { sweepLeftovers } from "./leftovers.ts";
import { findPrograms, type ProgramName, type Programs, toTake } from "./programs.ts";
import type { Reporter } from "./reporter.ts";
import { type Committed, readCommitted } from "./shelf-reading.ts";
import { refuseTwin } from "./twin.ts";
import { givingWay } from "./under-snapshot.ts";
import type { RunnerWorld } from "./world.ts";

/** What is to be backed up. */
export interface TakeAsked extends BackupName {
  readonly source: DatabaseAddress;
  /** Time columns whose newest value is noted. */
  readonly fresh?: DatabaseSettings["gates"]["fresh"];
  /** Set while one of its services is being deployed: then nothing is taken. */
  readonly deploying?: string | undefined;
  /** Programs that the run will need afterwards, looked for before anything is dumped. */
  readonly needs?: readonly ProgramName[];
  /** Archive bytes of a segment; absent: 64 GiB. */
  readonly segmentBytes?: number | undefined;
}

/** `already`: an earlier run took it; its backup is handed back. */
export interface Taken extends Committed {
  readonly how: "taken" | "already";
}

/**
 * Takes a backup: a snapshot that is held, its dump and its description side by side, and last of all the commit record. The same id again
 * finds the backup that is there. A run that dies leaves nothing that counts; what it leaves, the next run clears away.
 * @throws {MissingPrograms} without the server's own `pg_dump`; {@link PortError} of the store and the database.
 */
export async function takeBackup(world: RunnerWorld, asked: TakeAsked, report: Reporter): Promise<Taken> {
  await world.boundary("take: begun");
  await refuseTwin(world, asked);
  await sweepLeftovers(world, asked);
  await world.boundary("take: leftovers swept");
  const there = await readCommitted(world.store, asked.of, asked.id);
  if (there !== undefined) return { ...there, how: "already" };
  if (asked.deploying !== undefined && guard("backup lets a deployment pass"))
    throw new PortError(
      "conflict",
      "backup:take",
      asked.of,
      `${asked.deploying} is being deployed, and a migration would have to wait for the dump; try again when it is over`,
    );
  const programs = await programsFor(world, asked);
  const attempt = await attemptOf(world.store, asked);
  const began = world.clock();
  const env = clientEnvironment(asked.source, applicationOf(asked.id));
  const dumped = await givingWay(world, { of: asked.of, report }, () => dumpOnce(world, { ...asked, env, programs, attempt, report }));
  report.phase("uploading");
  await world.boundary("take: archive stored");
  const described = await storeDescriptions(world.store, asked, { ...dumped, attempt });
  await world.boundary("take: contents stored");
  world.signal.throwIfAborted();
  await world.boundary("take: before the commit record");
  const stored = { segments: dumped.segments, findings: dumped.findings, ...described };
  const now = world.clock();
  const made = await commit(world.store, asked, { stored, contents: dumped.contents, finished: now, dump: ms(now - began), programs, machine: world.machine });
  await world.boundary("take: after the commit record");
  if (made.how === "stored") return { how: "taken", record: made.record, sha256: made.sha256, contents: dumped.contents };
  const first = await readCommitted(world.store, asked.of, asked.id);
  if (first === undefined) throw new PortError("conflict", "backup:take", asked.id, "its commit record was there and is gone; look who deletes in the store");
  return { ...first, how: "already" };
}

/** The client programs of the source's own major version. */
async function programsFor(world: RunnerWorld, { source, id, needs = [] }: TakeAsked): Promise<Programs> {
  const connect = connectTo({ ...source, name: applicationOf(id) }, world.signal);
  const major = await withSession(connect, serverMajor);
  return findPrograms({ major, needs: [...new Set([...toTake, ...needs])], bin: world.machine.bin, path: world.machine.path });
}
