import type { DoRestore } from "@nightshift/decide/backups/decide-restore";
import { provenBefore, sayNothingBefore } from "@nightshift/decide/backups/slice-before";
import type { BackupId, BackupTimes, EpochMs } from "@nightshift/model";
import { settleComparison, startComparison } from "@nightshift/runtime/compare-restored";
import { runNameOf } from "./begin.ts";
import type { RestoreRun, RestoreWorld } from "./settings.ts";

/** What holding a restored instance against the newest proven dump before it, and against what runs, came to. */
export interface Compared {
  /** `not compared`: nobody knows whether it is right, and why. */
  readonly kind: "equal" | "differs" | "not compared";
  readonly because: readonly string[];
  /** How much of it could be proven, and what could not. */
  readonly found: readonly string[];
  readonly times: BackupTimes;
}

type InstanceWay = Extract<DoRestore["way"], { kind: "instance" }>;

/** Holds a new instance against what it must hold, as a drill does: what stood still since the last proven dump must be equal in it. */
export async function compareCopy(run: RestoreRun, verdict: DoRestore, made: { readonly way: InstanceWay; readonly endpoint: string }): Promise<Compared> {
  const { of } = verdict.order;
  const { way, endpoint } = made;
  const nothing = (because: string): Compared => ({ kind: "not compared", because: [because], found: [], times: {} });
  const against = await run.step("find what it is held against", (world) => sliceBefore(world, of, way));
  if (against.id === undefined) return nothing(against.because);
  const comparison = { of, run: `${runNameOf(verdict)}-compare` };
  const started = await startComparison(run, {
    ...comparison,
    name: `start the comparison of ${way.instance}`,
    intent: { instance: way.instance, against: against.id },
    job: { backup: against.id, target: endpoint },
  });
  if (started.kind !== "done") return nothing(started.because);
  const { kind, because, end } = await settleComparison(run, { ...comparison, started });
  const seen = { because, found: end?.findings ?? [], times: end?.times ?? {} };
  if (kind === "proven") return { ...seen, kind: "equal" };
  // A comparison that found nothing different, and failed, says nothing about the copy.
  return { ...seen, kind: (end?.differences.length ?? 0) > 0 ? "differs" : "not compared" };
}

async function sliceBefore(world: RestoreWorld, of: string, { from }: InstanceWay): Promise<{ readonly id: BackupId | undefined; readonly because: string }> {
  const moment: EpochMs | undefined = "at" in from ? from.at : (await world.databases.snapshot(from.snapshot))?.contentsOf;
  const found = provenBefore(await world.backupBook.all(of), moment);
  return { id: found?.id, because: found === undefined ? sayNothingBefore(of, moment) : "" };
}
