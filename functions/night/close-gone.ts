import type { GoneRun } from "@nightshift/decide/backups/decide-night";
import { judgeNight, rowAfter } from "@nightshift/decide/backups/judge-run";
import { type BackupRecord, type EpochMs, minutes, since } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { writeRow } from "@nightshift/runtime/backup-rows";
import type { NightRun, NightWorld } from "./settings.ts";

/** A run writes how it goes every ten seconds (packages/vault/src/runner/reporter.ts); one that is silent for so long, or never said anything, is gone. */
const SILENT = minutes(15);

/** Rows that say running though their run ended, or is silent: asked of what the run itself wrote, because ECS forgets a task within an hour. */
export async function goneRuns({ shelf, clock }: Pick<NightWorld, "shelf" | "clock">, rows: readonly BackupRecord[]): Promise<readonly GoneRun[]> {
  const found = await Promise.all(rows.filter(({ state }) => state === "running").map((row) => goneOf(shelf, row, clock.now())));
  return found.flatMap((one) => one ?? []);
}

async function goneOf(shelf: NightWorld["shelf"], row: BackupRecord, at: EpochMs): Promise<GoneRun | undefined> {
  // What cannot be read is not called gone: then one backup at a time stands.
  const report = await shelf.report(row.of, row.id).catch(() => "unread" as const);
  if (report === "unread") return undefined;
  if (report?.ended !== undefined) return { id: row.id, because: `its run ended (${report.ended.state})`, end: report.ended };
  if (guard("a run that still speaks is at work", since(report?.at ?? row.scheduled, at) < SILENT)) return undefined;
  return { id: row.id, because: report === undefined ? "its run never said anything" : "its run fell silent", end: undefined };
}

/** Settles the rows of runs that are gone: by their own end, else as failed. A row that somebody closed meanwhile stays. */
export async function closeGone(run: NightRun, of: string, gone: readonly GoneRun[]): Promise<void> {
  if (gone.length === 0) return;
  await run.step("settle what no run is at work on", async (world) => {
    const at = world.clock.now();
    for (const { id, because, end } of gone) {
      const night =
        end === undefined ? ({ kind: "red", state: "failed", because, end: undefined } as const) : judgeNight({ kind: "ended", end }, { proves: true });
      await writeRow(world, { of, id }, (row) => (row === undefined || row.state !== "running" ? undefined : rowAfter(row, night, at)));
    }
  });
}
