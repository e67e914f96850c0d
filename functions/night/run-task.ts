import type { TakeNight } from "@nightshift/decide/backups/decide-night";
import { judgeNight } from "@nightshift/decide/backups/judge-run";
import { type BackupDue, type BackupRecord, minutes } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { writeRow } from "@nightshift/runtime/backup-rows";
import { settleRun } from "@nightshift/runtime/settle-run";
import type { NightOutcome, NightReceipt, NightRun, NightSeen } from "./settings.ts";
import { showingProgress } from "./show-progress.ts";

/** Writes down that the night runs, then starts its task: once, whatever is repeated. */
export async function startRun(run: NightRun, verdict: TakeNight, { due }: NightSeen): Promise<NightReceipt> {
  const { id, proves, noRoom, diskGiB } = verdict;
  await run.step("write down that it runs", async (world) => {
    await writeRow(world, { of: due.of, id }, (row) => (row === undefined ? runningRow(due, verdict) : undefined));
  });
  const start = (name: string) =>
    run.mutate<string>({
      name,
      service: due.of,
      intent: { backup: id, proves, diskGiB },
      epoch: undefined,
      // The run's name makes a second start find the first one's task.
      look: async () => ({ kind: "go" }),
      call: async ({ runners }) => {
        const job = { run: verdict.run, of: due.of, do: proves && noRoom === undefined ? ("night" as const) : ("take" as const), diskGiB };
        return (await runners.start({ ...job, backup: id, scheduled: due.scheduled, series: due.series })).task;
      },
    });
  let started = await start(`start the run ${verdict.run}`);
  for (let again = 1; again <= ASKED_AGAIN && guard("a start without an answer is waited for", started.kind === "unknown"); again++) {
    await pause(run, `wait before asking for ${verdict.run} again, ${again}`);
    const next = await start(`ask again whether the run ${verdict.run} was started, ${again}`);
    // A refusal of this one says nothing of the first.
    if (next.kind === "done") started = next;
  }
  return { verdict, started };
}

/** A start whose answer was lost may have started it: it is asked for so often again, by the same token, under which ECS knows its task for an hour after its end. */
const ASKED_AGAIN = 6;
const BEFORE_AGAIN = minutes(5);

/** Waits once. */
const pause = (run: NightRun, name: string): Promise<number> =>
  run.watch<number>(name, {
    start: 0,
    atMost: 2,
    every: () => BEFORE_AGAIN,
    look: async (_, looks) => looks + 1,
    blind: (looks) => looks + 1,
    done: (looks) => looks > 1,
  });

const runningRow = ({ of, scheduled, series }: BackupDue, { id }: TakeNight): Omit<BackupRecord, "version"> => ({
  id,
  of,
  kind: "dump",
  series,
  state: "running",
  proof: "none",
  scheduled,
  times: {},
});

/** A night is stopped after so long, whatever it says. */
const HOURS = 12;

/** Waits for the run's own word, or for its task's end; a run that takes too long is stopped. */
export async function settleNight(
  run: NightRun,
  { started, verdict }: NightReceipt,
  { due, channel }: Pick<NightSeen, "due" | "channel">,
): Promise<Pick<NightOutcome, "night" | "shown">> {
  if (started.kind !== "done")
    return {
      night: {
        kind: "red",
        state: "failed",
        because: `${started.kind === "unknown" ? "nobody knows whether it was started" : "it was not started"}: ${started.because}`,
        end: undefined,
      },
      shown: false,
    };
  const task = started.value;
  const wait = await run.watch(
    "wait for the run",
    showingProgress(settleRun({ of: due.of, run: verdict.run, task, hours: HOURS }), { of: due.of, id: verdict.id, channel }),
  );
  if (guard("a run that takes too long is stopped", wait.stands.kind === "going")) {
    await run.mutate<"stopped">({
      name: `stop the run ${verdict.run}`,
      service: due.of,
      intent: { task },
      epoch: undefined,
      look: async ({ runners }) => ((await runners.look(task)).state === "stopped" ? { kind: "already", value: "stopped" } : { kind: "go" }),
      call: async ({ runners }) => {
        await runners.stop(task, `the backup took longer than ${HOURS} hours`);
        return "stopped";
      },
    });
  }
  const night = judgeNight(wait.stands, { proves: verdict.proves });
  const shown = wait.shown?.shownAt !== undefined;
  const unproven = night.kind === "red" && night.state === "uploaded" && verdict.noRoom !== undefined;
  return { night: unproven ? { ...night, because: verdict.noRoom } : night, shown };
}
