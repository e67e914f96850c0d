import type { TakeNight } from "@nightshift/decide/backups/decide-night";
import { judgeNight } from "@nightshift/decide/backups/judge-run";
import type { BackupDue, BackupRecord } from "@nightshift/model";
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
  const started = await run.mutate<string>({
    name: `start the run ${verdict.run}`,
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
  return { verdict, started };
}

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
    return { night: { kind: "red", state: "failed", because: `it was not started: ${started.because}`, end: undefined }, shown: false };
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
