import { type Comparison, judgeComparison } from "@nightshift/decide/backups/judge-comparison";
import type { RunnerJob, World } from "@nightshift/ports";
import type { Mutation, MutationOutcome, Run } from "./automation.ts";
import { settleRun } from "./settle-run.ts";
import { stopIfGoing } from "./stop-run.ts";

/** The longest that a comparison is waited for. A restore has a day: four hours for the snapshot before it, ten until the instance stands, these. */
const COMPARE_HOURS = 8;

/** The part of a run that a comparison needs. */
type Comparing = Pick<Run<Pick<World, "runners" | "shelf">>, "mutate" | "watch">;

/** A restored instance that the runner holds against what is known of its moment. */
export interface RestoredAsked {
  readonly of: string;
  /** What the runner's task is called: one a comparison. */
  readonly run: string;
  /** `start the comparison of nightshift-verify-shop`: the name of the checkpoint. */
  readonly name: string;
  readonly intent: Mutation<unknown, string>["intent"];
  readonly job: Pick<RunnerJob, "backup" | "slices" | "scheduled"> & { readonly target: string };
}

/** Starts the runner's task; the run's name makes a second start find the first one's. */
export const startComparison = (run: Comparing, { of, run: named, name, intent, job }: RestoredAsked): Promise<MutationOutcome<string>> =>
  run.mutate<string>({
    name,
    service: of,
    intent,
    epoch: undefined,
    look: async () => ({ kind: "go" }),
    call: async ({ runners }) => (await runners.start({ run: named, of, do: "compare-instance", ...job, diskGiB: 20 })).task,
  });

/** Waits for what was started, and judges it; what was not started was not compared, and what does not end is stopped. */
export async function settleComparison(
  run: Comparing,
  { of, run: named, started }: Pick<RestoredAsked, "of" | "run"> & { readonly started: MutationOutcome<string> },
): Promise<Comparison> {
  if (started.kind !== "done") return { kind: "red", because: [`it was not compared: ${started.because}`], end: undefined };
  const { stands } = await run.watch("wait for the comparison", settleRun({ of, run: named, task: started.value, hours: COMPARE_HOURS }));
  await stopIfGoing(run, { of, run: named, task: started.value, stands, what: "the comparison", hours: COMPARE_HOURS });
  return judgeComparison(stands, COMPARE_HOURS);
}
