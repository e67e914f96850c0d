import { type BackupId, backupId, type BackupTimes, type EpochMs, type Ms, ms, sayClock, sayDate, seconds } from "@nightshift/model";
import type { RunEnd, RunnerJob, RunPhase, RunReport } from "@nightshift/ports";
import { keysOf, runKeys } from "@nightshift/vault/store/layout";
import { type LabDatabase, type RunnerRates, type RunTrouble, taking } from "./databases.ts";
import { archiveOf, commitOf, momentOfSlice, proofOf, sha256, sliceOf, type Written } from "./records.ts";

/** What a run of the simulated runner touches. */
export interface RunStage {
  readonly now: () => EpochMs;
  readonly pause: (length: Ms) => Promise<void>;
  /** Puts an object; `taken`: it was to be new, and another lies there. */
  readonly put: (object: Written, onlyIfAbsent: boolean) => Promise<"stored" | "taken">;
  readonly get: (key: string) => Promise<Uint8Array | undefined>;
  /** The newest committed backup whose contents are older than a moment. */
  readonly olderThan: (of: string, moment: EpochMs) => Promise<BackupId | undefined>;
  readonly rates: RunnerRates;
  /** A restored instance that is compared; undefined: nothing answers at that address. */
  readonly instance: (
    target: string,
  ) => { readonly bytes: number; readonly contentsOf: EpochMs | undefined; readonly hydration: Ms; readonly read: () => void } | undefined;
}

/** How a run ends: its exit code, or the way it goes away. */
export type RunResult = { readonly kind: "exits"; readonly code: number } | { readonly kind: "killed" } | { readonly kind: "hangs" };

/** Thrown inside a run that goes away without a word. */
class Gone extends Error {
  readonly how: "killed" | "hangs";
  constructor(how: "killed" | "hangs") {
    super(how);
    this.how = how;
  }
}

/** The store hears of progress so often, as from `packages/vault/src/runner/reporter.ts`. */
const STORE_EVERY: Ms = seconds(10);
const START: Ms = seconds(4);
/** How long a run lets a migration through before it begins again. */
const YIELD: Ms = seconds(30);

/** Plays one job as `packages/vault`'s runner does it: phases that take their time, progress every ten seconds, records, an outcome. */
export async function playRun(
  stage: RunStage,
  job: RunnerJob,
  of: { readonly database: LabDatabase | undefined; readonly trouble: RunTrouble | undefined },
): Promise<RunResult> {
  const run = new Run(stage, job, of.trouble);
  try {
    const end = await run.play(of.database);
    await run.end(end);
    return { kind: "exits", code: end.state === "failed" ? 1 : end.state === "suspect" ? 5 : 0 };
  } catch (error) {
    if (error instanceof Gone) return { kind: error.how };
    throw error;
  }
}

class Run {
  private readonly stage: RunStage;
  private readonly job: RunnerJob;
  private readonly trouble: RunTrouble | undefined;
  private readonly slow: number;
  private readonly id: BackupId;

  constructor(stage: RunStage, job: RunnerJob, trouble: RunTrouble | undefined) {
    this.stage = stage;
    this.job = job;
    this.trouble = trouble;
    this.slow = trouble?.kind === "slow" ? trouble.times : 1;
    this.id = job.backup ?? backupId(job.run);
  }

  async play(database: LabDatabase | undefined): Promise<RunEnd> {
    await this.phase("starting", START);
    if (this.trouble?.kind === "fails") return failed(this.trouble.because);
    if (this.job.do === "compare-instance") return this.compareInstance(database);
    if (database === undefined) return failed(`the lab has no database named ${this.job.of}`);
    switch (this.job.do) {
      case "take":
        return this.take(database);
      case "night": {
        const taken = await this.take(database);
        return taken.state === "uploaded" ? this.verify(database, taken) : taken;
      }
      case "verify":
        return this.verify(database, { state: "uploaded", differences: [], findings: [], times: {} });
      case "restore":
        return this.restore(database);
      case "manifest":
        return this.describe(database);
    }
  }

  /** Says how it ended; nothing is written after it. */
  async end(ended: RunEnd): Promise<void> {
    const report: RunReport = { ...this.base("ended"), ended };
    for (const key of [runKeys(this.job.of, this.job.run).outcome, runKeys(this.job.of, this.job.run).progress]) await this.report(key, report);
  }

  /** Dump and upload go on together; the commit record comes last, and only where none is. */
  private async take(database: LabDatabase): Promise<RunEnd> {
    const { stage, job } = this;
    for (let n = this.trouble?.kind === "yields" ? this.trouble.times : 0; n > 0; n -= 1) {
      await this.phase("dumping", seconds(20));
      await this.phase("yielding", YIELD);
    }
    const contentsOf = stage.now();
    const dump = await this.work("dumping", taking(database.bytes, stage.rates.dump), stage.rates.dump);
    for (const object of archiveOf(job.of, this.id).written) await stage.put(object, false);
    await this.phase("uploading", seconds(2));
    const taken = {
      of: job.of,
      id: this.id,
      run: job.run,
      series: job.series ?? "nightly",
      scheduled: job.scheduled ?? contentsOf,
      contentsOf,
      finished: stage.now(),
      database,
      times: { dump },
    };
    if ((await stage.put(commitOf(taken), true)) === "taken") return failed(`another run has committed ${this.id}`);
    return { state: "uploaded", ...this.figures(database), contentsOf, differences: [], findings: [], times: { dump } };
  }

  /** The live database is read whole, and what was seen is stored once. */
  private async describe(database: LabDatabase): Promise<RunEnd> {
    const { stage, job } = this;
    const side = job.side ?? "before";
    const at = stage.now();
    const compare = await this.work("describing", taking(database.bytes, stage.rates.compare), stage.rates.compare);
    const slice = sliceOf({ of: job.of, id: this.id, side, run: job.run, at });
    if ((await stage.put(slice.written, true)) === "taken") return failed(`another run has stored the manifest ${side} ${this.id}`);
    return { state: "uploaded", ...this.figures(database), contentsOf: at, differences: [], findings: [], times: { compare }, slice: slice.record };
  }

  /** A manifest that was named, if the store still holds what was written. */
  private async whole(slice: { readonly key: string; readonly sha256: string } | undefined): Promise<EpochMs | undefined> {
    const bytes = slice === undefined ? undefined : await this.stage.get(slice.key);
    return bytes !== undefined && sha256(bytes) === slice?.sha256 ? momentOfSlice(bytes) : undefined;
  }

  /** Read back, restored, compared; then the verifier is shown damaged copies. */
  private async verify(database: LabDatabase, taken: RunEnd): Promise<RunEnd> {
    const { stage, job, trouble } = this;
    const commit = await stage.get(keysOf(job.of, this.id).manifest);
    if (commit === undefined) return failed(`${this.id} has no commit record`);
    const times = { ...taken.times, ...(await this.readBack(database)) };
    const seen = { ...taken, ...this.figures(database), findings: [], times };
    // A copy that differs shows already that the verifier can fail.
    if (trouble?.kind === "differs") return { ...seen, state: "failed", because: trouble.differences[0] ?? "it differs", differences: trouble.differences };
    await this.phase("testing the verifier", seconds(10));
    if (trouble?.kind === "blind") {
      const because = "the verifier did not see a row that was deleted";
      return { ...seen, state: "failed", because, differences: [because], verifierFails: false };
    }
    const doubt = trouble?.kind === "suspect" ? { because: trouble.because } : {};
    const verdict = trouble?.kind === "suspect" ? "suspect" : "verified";
    const proof = { verdict, ...doubt, times, run: job.run, at: stage.now() } as const;
    await stage.put(proofOf({ key: keysOf(job.of, this.id).manifest, body: commit }, { of: job.of, id: this.id }, proof), true);
    return { ...seen, state: verdict, ...doubt, differences: [], verifierFails: true };
  }

  private async restore(database: LabDatabase): Promise<RunEnd> {
    const { stage, job } = this;
    if ((await stage.get(keysOf(job.of, this.id).manifest)) === undefined) return failed(`${this.id} has no commit record`);
    const times = await this.readBack(database);
    const restoredInto = job.target ?? `${job.of}_restored`;
    const steps = [`stop what writes to ${job.of}`, `rename ${job.of} to ${job.of}_before`, `rename ${restoredInto} to ${job.of}`];
    return { state: "restored", ...this.figures(database), differences: [], findings: [], times, restoredInto, steps };
  }

  /** Reads every block of a restored instance (what lies in S3 comes no faster for that), then the live database, and holds both against last night's. */
  private async compareInstance(database: LabDatabase | undefined): Promise<RunEnd> {
    const { stage, job, trouble } = this;
    const instance = stage.instance(job.target ?? "");
    if (instance === undefined) return failed(`nothing answers at ${job.target ?? "no address"}`);
    const moment = instance.contentsOf ?? stage.now();
    const [before, after] = [await this.whole(job.slices?.before), await this.whole(job.slices?.after)];
    const older = before === undefined ? (job.backup ?? (await stage.olderThan(job.of, moment))) : undefined;
    if ((before === undefined && older === undefined) || database === undefined)
      return failed("no backup is surely older than this copy, so that nothing says what it must hold; name one");
    // What the real one finds in the rows: a copy that does not lie between its two readings differs from both.
    if ((before !== undefined && before > moment) || (after !== undefined && after < moment))
      return failed("the copy does not lie between the two manifests that it is held against");
    const restore = await this.work("comparing", ms(Math.max(taking(instance.bytes, stage.rates.compare), instance.hydration)), stage.rates.compare);
    instance.read();
    // The live database is read only where nothing was written down after the copied moment.
    const compare = after === undefined ? await this.work("comparing", taking(database.bytes, stage.rates.compare), stage.rates.compare) : ms(0);
    const differences = trouble?.kind === "differs" ? trouble.differences : [];
    return {
      state: differences.length === 0 ? "verified" : "failed",
      ...(differences[0] === undefined ? {} : { because: differences[0] }),
      ...(instance.contentsOf === undefined ? {} : { contentsOf: instance.contentsOf }),
      tables: database.tables,
      rows: database.rows,
      sourceBytes: instance.bytes,
      differences,
      findings: [sayAgainst({ before, after, older }), "99.34 % of the rows are proven; the others changed between the two readings"],
      times: { restore, compare },
    };
  }

  private async readBack({ bytes }: LabDatabase): Promise<BackupTimes> {
    const { rates } = this.stage;
    const download = await this.work("downloading", taking(bytes * rates.packed, rates.download), rates.download);
    const restore = await this.work("restoring", taking(bytes, rates.restore), rates.restore);
    const compare = await this.work("comparing", taking(bytes, rates.compare), rates.compare);
    return { download, restore, compare };
  }

  private figures({ bytes, tables, rows }: LabDatabase): Pick<RunEnd, "bytes" | "sourceBytes" | "tables" | "rows"> {
    return { bytes: Math.round(bytes * this.stage.rates.packed), sourceBytes: bytes, tables, rows };
  }

  private async work(phase: RunPhase, length: Ms, rate: number): Promise<Ms> {
    const lasts = ms(Math.round(length * this.slow));
    await this.phase(phase, lasts, rate / this.slow);
    return lasts;
  }

  /** Lets a phase last, and reports every ten seconds. */
  private async phase(phase: RunPhase, lasts: Ms, bytesPerSecond?: number): Promise<void> {
    const { progress } = runKeys(this.job.of, this.job.run);
    let gone = 0;
    for (;;) {
      await this.report(progress, { ...this.base(phase), share: lasts === 0 ? 1 : gone / lasts, ...(bytesPerSecond === undefined ? {} : { bytesPerSecond }) });
      if (gone >= lasts) return;
      const next = Math.min(STORE_EVERY, lasts - gone);
      await this.stage.pause(ms(next));
      gone += next;
      if (this.trouble?.kind === "dies" && this.trouble.in === phase) throw new Gone("killed");
      if (this.trouble?.kind === "hangs" && this.trouble.in === phase) throw new Gone("hangs");
      if (gone >= lasts) return;
    }
  }

  private base(phase: RunPhase): RunReport {
    return { run: this.job.run, of: this.job.of, backup: this.id, phase, at: this.stage.now() };
  }

  private async report(key: string, report: RunReport): Promise<void> {
    await this.stage.put({ key, body: new Uint8Array(Buffer.from(`${JSON.stringify(report)}\n`, "utf8")) }, false);
  }
}

/** As `packages/vault/src/runner/compare-instance.ts` says it. */
function sayAgainst(held: { readonly before: EpochMs | undefined; readonly after: EpochMs | undefined; readonly older: BackupId | undefined }): string {
  const of = (at: EpochMs): string => `${sayDate(at)} ${sayClock(at)} UTC`;
  const { before, after, older } = held;
  if (before !== undefined && after !== undefined) return `held against the manifests of ${of(before)} and ${of(after)}`;
  const upper = after === undefined ? "the database as it is now" : `the manifest of ${of(after)}`;
  return `held against ${before === undefined ? (older ?? "") : `the manifest of ${of(before)}`} and ${upper}`;
}

const failed = (because: string): RunEnd => ({ state: "failed", because, differences: [], findings: [], times: {} });
