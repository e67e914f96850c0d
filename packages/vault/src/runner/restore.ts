import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { explainRestore, type RestoreFault } from "@nightshift/decide/backups/restore-faults";
import { type BackupId, type Ms, ms } from "@nightshift/model";
import { PortError, type RunEnd } from "@nightshift/ports";
import { describeDatabase } from "../postgres/describe-database.ts";
import { connectTo, withSession } from "../postgres/session.ts";
import { lendTo } from "../scratch/lend.ts";
import { applyAccess, applySettings } from "../scratch/database-settings.ts";
import { makeScratchDirectory } from "../scratch/directory.ts";
import { type Archive, restoreArchive } from "../scratch/restore.ts";
import { readSegments } from "../stream/read-back.ts";
import { clientEnvironment, type DatabaseAddress, sayAddress } from "./address.ts";
import { dumpSchema } from "./commit.ts";
import { judgeCopy, sayFirst } from "./differences.ts";
import { freeBytes } from "./disk.ts";
import { estimateRestore, type RestoreEstimate } from "./estimate.ts";
import { sweepLeftovers } from "./leftovers.ts";
import { idFor, nameBeside } from "./names.ts";
import { findPrograms, type Programs, toRestore, toTake } from "./programs.ts";
import type { Reporter } from "./reporter.ts";
import { type Committed, readCommitted, standingOf } from "./shelf-reading.ts";
import { switchOverSteps } from "./switch-over.ts";
import { dropTarget, findTarget, giveTarget, makeTarget, type RestoreTarget } from "./target.ts";
import { takeBackup } from "./take.ts";
import type { RunnerWorld } from "./world.ts";

/** What is restored, and where. */
export interface RestoreBackupAsked {
  readonly of: string;
  readonly id: BackupId;
  readonly run: string;
  /** Names a database that is made, or one that exists and is never touched: then the backup goes beside it. */
  readonly into: DatabaseAddress;
  /** Whose role the safety copy is read with; absent: the one that restores. */
  readonly reader?: Pick<DatabaseAddress, "user" | "password">;
  readonly withoutExtensions: readonly string[];
  /** Leaves out the safety copy of a database that exists. */
  readonly withoutSafety?: boolean;
  /** Told before anything is done: where it goes and how long it takes. */
  readonly onPlan?: (plan: {
    readonly into: string;
    readonly safety: BackupId | undefined;
    readonly estimate: RestoreEstimate;
    readonly proven: boolean;
    /** Why a backup that was proven, or might be, is not to be trusted. */
    readonly doubt: string | undefined;
  }) => void;
}

/**
 * Restores a backup into a database that did not exist, holds it against what was recorded, and hands back the exact steps to switch over.
 * Nothing that exists is touched. A restore that fails takes the database that it made away again; one that differs leaves it to be looked at.
 */
export async function restoreBackup(world: RunnerWorld, asked: RestoreBackupAsked, report: Reporter): Promise<RunEnd> {
  const { of, id, into } = asked;
  await sweepLeftovers(world, { ...asked, id: undefined });
  const committed = await readCommitted(world.store, of, id);
  if (committed === undefined) throw new PortError("not-found", "backup:restore", id, `no backup of ${of} is called that in ${world.store.place}`);
  const { proof, proven, refused, missing } = await standingOf(world.store, committed);
  const at = world.clock();
  const target = await findTarget({ into, contents: committed.contents, at, signal: world.signal });
  const programs = await findPrograms({ major: target.major, needs: [...toRestore, ...toTake], bin: world.machine.bin, path: world.machine.path });
  const safety = target.serving === undefined || asked.withoutSafety === true ? undefined : idFor(of, "safety", at);
  asked.onPlan?.({
    into: sayAddress(target.restored),
    safety: safety?.id,
    estimate: estimateRestore(committed.record, proof),
    proven,
    doubt: missing ?? refused,
  });
  if (safety !== undefined && target.serving !== undefined) {
    await takeBackup(world, { of, run: asked.run, series: "safety", source: { ...target.serving, ...loginOf(asked.reader ?? into) }, ...safety }, report);
    await world.boundary("restore: safety copy taken");
  }
  const made = await restoreAndCompare(world, { asked, committed, target, programs, report });
  const good = made.differences.length === 0;
  const names = {
    restored: target.restored.database,
    serving: target.serving?.database,
    putAside: nameBeside(into.database, "before", at),
    safety: safety?.id,
  };
  return {
    state: good ? "restored" : "failed",
    ...(good
      ? {}
      : { because: `the restored database differs from what was recorded: ${made.differences[0] ?? ""}; it is left for you to look at, do not switch over` }),
    contentsOf: committed.record.contentsOf,
    bytes: committed.record.segments.reduce((sum, segment) => sum + segment.bytes, 0),
    sourceBytes: committed.record.sourceBytes,
    tables: committed.record.tables,
    rows: committed.record.rows,
    ...made,
    restoredInto: sayAddress(target.restored),
    steps: good ? switchOverSteps(names) : [],
  };
}

const loginOf = ({ user, password }: Pick<DatabaseAddress, "user" | "password">) => ({ user, password });

interface Restoring {
  readonly asked: RestoreBackupAsked;
  readonly committed: Committed;
  readonly target: RestoreTarget;
  readonly programs: Programs;
  readonly report: Reporter;
}

async function restoreAndCompare(world: RunnerWorld, restoring: Restoring): Promise<Pick<RunEnd, "differences" | "findings" | "times">> {
  const { committed, target, programs, report, asked } = restoring;
  const unlike = await makeTarget(target.restored, committed.contents, world.signal);
  try {
    const notGiven = await giveTarget(target.restored, committed.contents, world.signal);
    await world.boundary("restore: database made");
    const restored = await restoreInto(world, restoring);
    await world.boundary("restore: restored");
    const began = world.clock();
    report.phase("comparing");
    const env = clientEnvironment(target.restored);
    const copy = await describeDatabase({
      connect: connectTo({ ...target.restored, name: "nightshift restore" }, world.signal),
      like: committed.contents,
      schema: () => dumpSchema({ programs, env, snapshot: undefined, signal: world.signal }),
      onProgress: ({ doneBytes, bytes }) => report.phase("comparing", bytes === 0 ? {} : { share: doneBytes / bytes }),
      signal: world.signal,
    });
    await world.boundary("restore: compared");
    const judged = judgeCopy({ source: committed.contents, copy, withoutExtensions: asked.withoutExtensions, otherLocale: unlike.length > 0 });
    const times = { ...restored.times, compare: ms(world.clock() - began) };
    // Here a setting that the server refuses to us is for its owner to make: it is said, and keeps nothing from being right.
    const differences = judged.differences.filter(({ check }) => check !== "settings");
    return { differences: sayFirst([...restored.errors, ...differences]), findings: [...unlike, ...notGiven, ...restored.refused, ...judged.findings], times };
  } catch (error) {
    await dropTarget(target.restored);
    throw error;
  }
}

async function restoreInto(
  world: RunnerWorld,
  { asked, committed, target, programs, report }: Restoring,
): Promise<{
  readonly errors: readonly RestoreFault[];
  readonly refused: readonly string[];
  readonly times: { readonly download?: Ms; readonly restore: Ms };
}> {
  const whole = committed.record.segments.reduce((sum, segment) => sum + segment.archiveBytes, 0);
  const open = () =>
    readSegments({
      store: world.store,
      segments: committed.record.segments,
      signal: world.signal,
      onProgress: ({ archiveBytes, bytesPerSecond }) =>
        report.phase("downloading", { share: whole === 0 ? 1 : Math.min(1, archiveBytes / whole), bytesPerSecond }),
    });
  const directory = await makeScratchDirectory(world.machine.scratch, undefined);
  try {
    const began = world.clock();
    const fits = (await freeBytes(directory)) > whole * 1.1;
    const file = path.join(directory, "archive");
    if (fits) await pipeline(open(), createWriteStream(file, { mode: 0o600 }), { signal: world.signal });
    const archive: Archive = fits ? { file } : { open };
    const downloaded = world.clock();
    report.phase("restoring");
    const env = clientEnvironment(target.restored);
    const { errors } = await restoreArchive({
      bin: programs.bin,
      archive,
      into: target.restored,
      env,
      jobs: world.machine.cores,
      withoutExtensions: asked.withoutExtensions,
      directory,
      lend: lendTo(connectTo({ ...target.restored, name: "nightshift restore" }, world.signal), committed.contents.roles),
      signal: world.signal,
    });
    const refused = await settle(world, target.restored, committed);
    const faults = errors.length === 0 ? [] : explainRestore(errors.join("\n"));
    return { errors: faults, refused, times: { ...(fits ? { download: ms(downloaded - began) } : {}), restore: ms(world.clock() - downloaded) } };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** What a dump of one database leaves out: its settings, and who may do what with it. */
const settle = (world: RunnerWorld, restored: DatabaseAddress, { contents }: Committed): Promise<readonly string[]> =>
  withSession(connectTo({ ...restored, name: "nightshift restore" }, world.signal), async (session) => [
    ...(await applySettings(session, restored.database, contents.settings)),
    ...(await applyAccess(session, restored.database, contents.server)),
  ]);
