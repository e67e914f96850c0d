import { type BackupId, epochMs, type Ms, ms, seconds, since } from "@nightshift/model";
import { PortError, type RunEnd, type RunPhase, type RunReport } from "@nightshift/ports";
import { runKeys, runsUnder } from "../store/layout.ts";
import { ourProcess } from "./our-process.ts";
import type { RunnerWorld } from "./world.ts";

/** Says how a run goes: to whoever watches at once, to the store every few seconds, also when nothing changed (that is how others know that it lives). */
export interface Reporter {
  phase(phase: RunPhase, progress?: Pick<RunReport, "share" | "bytesPerSecond">): void;
  /** Keeps what is known of the backup, for the end of a run that fails: the next one is planned by it. */
  know(sizes: KnownSizes): void;
  readonly known: KnownSizes;
  /** Writes how it ended; nothing is written after it. @throws {PortError} when it cannot be written: a run whose end nobody can read did not end well. */
  end(end: RunEnd): Promise<void>;
  /** Stops writing without an end, for a run that fails. Harmless to repeat. */
  stop(): Promise<void>;
}

/** What a backup is, as far as a run found out. */
export type KnownSizes = Pick<RunEnd, "contentsOf" | "bytes" | "sourceBytes" | "tables" | "rows">;

/** The store hears of progress so often. */
const STORE_EVERY: Ms = seconds(10);

/** Whoever watches sees it move, and is not flooded. */
const TELL_EVERY: Ms = ms(200);

/** Begins to report a run. */
export async function startReporter(
  world: RunnerWorld,
  about: { readonly of: string; readonly run: string; readonly backup: BackupId | undefined },
): Promise<Reporter> {
  const keys = runKeys(about.of, about.run);
  const { backup, ...who } = about;
  const base = { ...who, ...(backup === undefined ? {} : { backup }), began: world.clock(), process: ourProcess() };
  let told = world.clock();
  let latest: RunReport = { ...base, phase: "starting", at: world.clock() };
  world.tell(latest);
  await put(world, keys.progress, latest);
  let writing: Promise<void> = Promise.resolve();
  let refused: unknown;
  let known: KnownSizes = {};
  const timer = setInterval(() => {
    writing = writing
      .then(() => put(world, keys.progress, { ...latest, at: world.clock() }))
      .catch((error: unknown) => {
        // What the store does not take just now is written ten seconds later; any other refusal comes out at the end.
        if (!(error instanceof PortError && error.retryable)) refused = error;
      });
  }, STORE_EVERY);
  timer.unref();
  const stop = async (): Promise<void> => {
    clearInterval(timer);
    await writing;
    if (refused !== undefined) throw refused;
  };
  return {
    phase: (phase, progress = {}) => {
      const changed = phase !== latest.phase;
      latest = { ...base, phase, at: world.clock(), ...progress };
      if (!changed && since(told, latest.at) < TELL_EVERY) return;
      told = latest.at;
      world.tell(latest);
    },
    know: (sizes) => {
      known = sizes;
    },
    get known() {
      return known;
    },
    end: async (end) => {
      await stop();
      latest = { ...base, phase: "ended", at: world.clock(), ended: end };
      await world.boundary("end: before the outcome");
      await put(world, keys.outcome, latest);
      await put(world, keys.progress, latest);
      await world.boundary("end: after the outcome");
      world.tell(latest);
    },
    stop,
  };
}

const put = async (world: RunnerWorld, key: string, report: RunReport): Promise<void> =>
  void (await world.store.put(key, new TextEncoder().encode(`${JSON.stringify(report)}\n`)));

/** So many objects of runs are looked at: some ten years of nights. */
const RUNS_AT_MOST = 20_000;

/** The reports of runs of a database that are under way: changed within `deadAfter`, and not ended. `whole` is false where there may be others. */
export async function liveRuns(world: RunnerWorld, of: string, except: string): Promise<{ readonly reports: readonly RunReport[]; readonly whole: boolean }> {
  const now = await world.store.clock();
  const { objects, whole } = await world.store.glance(runsUnder(of), RUNS_AT_MOST);
  const fresh = objects.filter(({ key, modified }) => key.endsWith("/progress.json") && epochMs(modified + world.deadAfter) > now);
  const read = await Promise.all(fresh.map(async ({ key }) => readReport(await world.store.read(key))));
  return { reports: read.filter((report) => report !== undefined && report.ended === undefined && report.run !== except) as readonly RunReport[], whole };
}

/** A report as it was written; undefined for anything else. */
export function readReport(bytes: Uint8Array): RunReport | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    const whole = typeof value === "object" && value !== null && "run" in value && "of" in value && "phase" in value && "at" in value;
    // Written by `put` above; what is not whole is no report.
    return whole ? (value as RunReport) : undefined;
  } catch {
    return undefined;
  }
}
