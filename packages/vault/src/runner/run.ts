import type { BackupId } from "@nightshift/model";
import type { RunEnd } from "@nightshift/ports";
import { complaintOf } from "./complaint.ts";
import { type Reporter, startReporter } from "./reporter.ts";
import type { RunnerWorld } from "./world.ts";

/** Does one piece of work as a run: reports while it goes, and writes down how it ended, also when it fails; then the failure goes on to the caller. */
export async function asRun(
  world: RunnerWorld,
  about: { readonly of: string; readonly run: string; readonly backup: BackupId | undefined },
  work: (report: Reporter) => Promise<RunEnd>,
): Promise<RunEnd> {
  const report = await startReporter(world, about);
  try {
    const end = await work(report);
    await report.end(end);
    return end;
  } catch (error) {
    const failed: RunEnd = { ...report.known, state: "failed", because: complaintOf(error), differences: [], findings: [], times: {} };
    // The failure itself is what the caller must hear of, also where the store does not take its outcome.
    await report.end(failed).catch((unsaid: unknown) => {
      if (error instanceof Error && error.cause === undefined) error.cause = unsaid;
    });
    throw error;
  }
}
