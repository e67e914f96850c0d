import { judgeRun, type RunEnding, type RunSeen, type RunStands } from "@nightshift/decide/backups/judge-run";
import type { SaidProgress } from "@nightshift/decide/backups/progress";
import { type BackupId, type Ms, seconds } from "@nightshift/model";
import { PortError, type RunnerTask, type RunReport, type World } from "@nightshift/ports";
import type { Watch } from "./automation.ts";

/** What waiting for a run needs of the world. */
type Runs = Pick<World, "runners" | "shelf">;

/** How a wait for a run goes: what was seen last, and how often it was looked. */
export interface RunWait {
  readonly looks: number;
  readonly stands: RunStands;
  readonly phase: string | undefined;
  /** Which backup it says it is about. */
  readonly backup: BackupId | undefined;
  /** What it said of itself at the last look; undefined: nothing that could be read. */
  readonly said: SaidProgress | undefined;
  /** Why the last look saw nothing. */
  readonly blind: string | undefined;
}

/** Every 15 s for ten minutes, then every 30 s. */
const QUICK_LOOKS = 40;
const cadence = ({ looks }: RunWait): Ms => (looks < QUICK_LOOKS ? seconds(15) : seconds(30));

/** Waits until a run of the runner has said how it ended, or its task is over; at most about `hours` hours, counted in looks. */
export const settleRun = ({
  of,
  run,
  task,
  hours,
}: {
  readonly of: string;
  readonly run: string;
  readonly task: string;
  readonly hours: number;
}): Watch<Runs, RunWait> => ({
  start: { looks: 0, stands: { kind: "going" }, phase: undefined, backup: undefined, said: undefined, blind: undefined },
  atMost: QUICK_LOOKS + hours * 120,
  every: cadence,
  look: async (world, wait) => {
    // The task first: whoever stopped had written its outcome before.
    const now = await lookAt(world, task);
    const { report, because } = await reportOf(world, of, run);
    const phase = report?.phase ?? wait.phase;
    const seen: RunSeen = { task: now, ended: trimmed(report?.ended), phase };
    return { looks: wait.looks + 1, stands: judgeRun(seen), phase, backup: report?.backup ?? wait.backup, said: saidIn(report), blind: because };
  },
  blind: (wait, because) => ({ ...wait, looks: wait.looks + 1, blind: because }),
  done: ({ stands }) => stands.kind !== "going",
});

/** A report that cannot be read is none: whether the run is over is for its task to say, and a damaged line about progress changes nothing. */
async function reportOf({ shelf }: Runs, of: string, run: string): Promise<{ readonly report: RunReport | undefined; readonly because: string | undefined }> {
  try {
    return { report: await shelf.report(of, run), because: undefined };
  } catch (error) {
    if (error instanceof PortError && error.kind === "invalid") return { report: undefined, because: error.message };
    throw error;
  }
}

const saidIn = (report: RunReport | undefined): SaidProgress | undefined =>
  report === undefined
    ? undefined
    : {
        phase: report.phase,
        ...(report.share === undefined ? {} : { share: report.share }),
        ...(report.bytesPerSecond === undefined ? {} : { bytesPerSecond: report.bytesPerSecond }),
      };

/** ECS forgets a task an hour after it stopped. */
async function lookAt({ runners }: Runs, task: string): Promise<Pick<RunnerTask, "state" | "exitCode" | "because">> {
  try {
    return await runners.look(task);
  } catch (error) {
    if (error instanceof PortError && error.kind === "not-found") return { state: "stopped", because: "ECS knows the task no more" };
    throw error;
  }
}

/** Lines that a checkpoint and a thread can hold: a database with a thousand damaged tables must not burst either. */
const MOST_LINES = 20;
const MOST_TEXT = 400;

function trimmed(end: RunEnding | undefined): RunEnding | undefined {
  if (end === undefined) return undefined;
  const few = (lines: readonly string[]): readonly string[] => {
    const cut = lines.slice(0, MOST_LINES).map((line) => line.slice(0, MOST_TEXT));
    return lines.length > MOST_LINES ? [...cut, `… and ${lines.length - MOST_LINES} more`] : cut;
  };
  return { ...end, differences: few(end.differences), findings: few(end.findings), ...(end.steps === undefined ? {} : { steps: few(end.steps) }) };
}
