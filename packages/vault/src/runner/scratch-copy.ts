import { createWriteStream } from "node:fs";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { explainRestore, type RestoreFault } from "@nightshift/decide/backups/restore-faults";
import { type DatabaseManifest, type DatabaseSettings, type Ms, ms, seconds } from "@nightshift/model";
import { PortError } from "@nightshift/ports";
import { describeDatabase } from "../postgres/describe-database.ts";
import { type Connect, numberOf, oneRow, withSession } from "../postgres/session.ts";
import { connectScratch, makeScratchDatabase } from "../scratch/database.ts";
import { applySettings } from "../scratch/database-settings.ts";
import { type Archive, restoreArchive } from "../scratch/restore.ts";
import { openScratch, type Scratch } from "../scratch/server.ts";
import type { StoreReading } from "../store/store.ts";
import { readSegments } from "../stream/read-back.ts";
import { clientEnvironment } from "./address.ts";
import { dumpSchema } from "./commit.ts";
import { complaintOf } from "./complaint.ts";
import { freeBytes, MORE_ROOM, planDisk } from "./disk.ts";
import type { Programs } from "./programs.ts";
import type { Reporter } from "./reporter.ts";
import type { Committed } from "./shelf-reading.ts";
import type { RunnerWorld } from "./world.ts";

/** A copy of a backup on a throw-away server. */
export interface ScratchCopy {
  readonly scratch: Scratch;
  readonly database: string;
  readonly connect: Connect;
  /** What `pg_restore` complained about; anything here fails the proof. */
  readonly errors: readonly RestoreFault[];
  /** The scratch server lacks the source's locale. */
  readonly otherLocale: boolean;
  readonly findings: readonly string[];
  readonly times: { readonly download?: Ms; readonly restore: Ms };
  /** Reads it whole, in the parts of the source; with `only`, some tables again. */
  describe(only?: readonly string[]): Promise<DatabaseManifest>;
}

/** How a copy is made. */
export interface CopyAsked {
  readonly committed: Committed;
  readonly programs: Programs;
  readonly withoutExtensions: readonly string[];
  readonly fresh: DatabaseSettings["gates"]["fresh"];
  readonly report: Reporter;
  /** Tests only: what digests catch is left to the decoder and the comparison. */
  readonly ignoreDigests?: boolean;
}

/** The database that scratch servers restore into. */
const DATABASE = "nightshift_copy";
/** With so few bytes left, whatever failed failed for want of room. */
const NO_ROOM = 1 << 20;

/** Reads a backup back from the store, restores it on a server of its own, and hands it over; the server is gone afterwards, whatever happened. */
export async function withScratchCopy<T>(world: RunnerWorld, asked: CopyAsked, work: (copy: ScratchCopy) => Promise<T>): Promise<T> {
  const { committed, programs, report } = asked;
  const archiveBytes = committed.record.segments.reduce((sum, segment) => sum + segment.archiveBytes, 0);
  const free = await freeBytes(world.machine.scratch);
  const plan = planDisk({ sourceBytes: committed.record.sourceBytes, archiveBytes, free, where: world.machine.scratch });
  if (plan.kind === "no room") throw new PortError("invalid", "verify", committed.record.id, plan.because);
  const { memoryBytes, scratch: within } = world.machine;
  const scratch = await openScratch({ bin: programs.bin, within, memoryBytes, signal: world.signal });
  try {
    await world.boundary("verify: scratch server runs");
    const unlike = await makeScratchDatabase(scratch, DATABASE, { like: committed.contents, signal: world.signal });
    const stream = () => readBack(world, { store: world.store, asked, report, archiveBytes });
    const fetched = plan.kind === "file" ? await download(world, path.join(scratch.directory, "archive"), stream) : { archive: { open: stream } };
    await world.boundary("verify: archive downloaded");
    report.phase("restoring");
    const connect = connectScratch(scratch, DATABASE, world.signal);
    const began = world.clock();
    const growing = watchGrowth(connect, { report, sourceBytes: committed.record.sourceBytes });
    const { errors } = await restoreArchive({
      bin: programs.bin,
      archive: fetched.archive,
      into: scratch.at(DATABASE),
      jobs: world.machine.cores,
      withoutExtensions: asked.withoutExtensions,
      directory: scratch.directory,
      signal: world.signal,
    }).finally(growing.stop);
    const refused = await withSession(connectScratch(scratch, "postgres", world.signal), (session) =>
      applySettings(session, DATABASE, committed.contents.settings),
    );
    const restore = ms(world.clock() - began);
    await world.boundary("verify: restored");
    const times = { ...("download" in fetched ? { download: fetched.download } : {}), restore };
    const describe = (only?: readonly string[]) => describeCopy(world, { asked, scratch, connect, only });
    const faults = errors.length === 0 ? [] : explainRestore(errors.join("\n"));
    return await work({
      scratch,
      database: DATABASE,
      connect,
      errors: faults,
      otherLocale: unlike.length > 0,
      findings: [...unlike, ...refused],
      times,
      describe,
    });
  } catch (error) {
    // A disk that is full makes all sorts of failures; the disk is asked, not they.
    const full = (await freeBytes(within)) < NO_ROOM;
    throw full ? new PortError("invalid", "verify", within, `its disk is full (${complaintOf(error)}); ${MORE_ROOM}`, error) : error;
  } finally {
    await scratch.close();
    await world.boundary("verify: scratch removed");
  }
}

interface ReadBackAsked {
  readonly store: StoreReading;
  readonly asked: CopyAsked;
  readonly report: Reporter;
  readonly archiveBytes: number;
}

function readBack(world: RunnerWorld, { store, asked, report, archiveBytes: whole }: ReadBackAsked) {
  return readSegments({
    store,
    segments: asked.committed.record.segments,
    signal: world.signal,
    ...(asked.ignoreDigests === undefined ? {} : { ignoreDigests: asked.ignoreDigests }),
    onProgress: ({ archiveBytes, bytesPerSecond }) =>
      report.phase("downloading", { share: whole === 0 ? 1 : Math.min(1, archiveBytes / whole), bytesPerSecond }),
  });
}

async function download(
  world: RunnerWorld,
  file: string,
  open: () => ReturnType<typeof readSegments>,
): Promise<{ readonly archive: Archive; readonly download: Ms }> {
  const began = world.clock();
  await pipeline(open(), createWriteStream(file, { mode: 0o644 }), { signal: world.signal });
  return { archive: { file }, download: ms(world.clock() - began) };
}

function describeCopy(
  world: RunnerWorld,
  {
    asked,
    scratch,
    connect,
    only,
  }: { readonly asked: CopyAsked; readonly scratch: Scratch; readonly connect: Connect; readonly only: readonly string[] | undefined },
): Promise<DatabaseManifest> {
  const { committed, programs, report } = asked;
  const address = { ...scratch.at(DATABASE), password: undefined, sslMode: "disable", sslRootCert: undefined };
  return describeDatabase({
    connect,
    like: committed.contents,
    fresh: asked.fresh,
    jobs: world.machine.cores,
    schema: () => dumpSchema({ programs, env: clientEnvironment(address), snapshot: undefined, signal: world.signal }),
    ...(only === undefined ? {} : { only }),
    ...(only === undefined
      ? {
          onProgress: ({ doneBytes, bytes }: { readonly doneBytes: number; readonly bytes: number }) =>
            report.phase("comparing", bytes === 0 ? {} : { share: doneBytes / bytes }),
        }
      : {}),
    signal: world.signal,
  });
}

/** `pg_restore` says nothing while it works: the database's own size tells how far it is. */
function watchGrowth(connect: Connect, { report, sourceBytes }: { readonly report: Reporter; readonly sourceBytes: number }): { readonly stop: () => void } {
  let before: number | undefined;
  let asking = false;
  const timer = setInterval(() => {
    if (asking) return;
    asking = true;
    withSession(connect, (session) => oneRow(session, "select pg_catalog.pg_database_size(pg_catalog.current_database()) as bytes"))
      .then((row) => {
        const bytes = numberOf(row, "bytes");
        const rate = before === undefined ? {} : { bytesPerSecond: Math.max(0, Math.round(((bytes - before) * 1_000) / GROWTH_EVERY)) };
        before = bytes;
        report.phase("restoring", { share: Math.min(0.99, bytes / Math.max(1, sourceBytes)), ...rate });
      })
      // A size that cannot be asked just now (the server ends, or is busy) is no failure of the restore.
      .catch(() => undefined)
      .finally(() => {
        asking = false;
      });
  }, GROWTH_EVERY);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}
const GROWTH_EVERY: Ms = seconds(2);
