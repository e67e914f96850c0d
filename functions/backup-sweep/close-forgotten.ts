import { judgeNight, rowAfter } from "@nightshift/decide/backups/judge-run";
import { type BackupRecord, type BackupSettings, CONFIGURATION, hours, since } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { eachOf } from "@nightshift/runtime";
import { writeRow } from "@nightshift/runtime/backup-rows";
import type { SweepWorld } from "./automation.ts";

/** No execution lives longer (executionTimeoutMinutes of the manifests): a row that still says running was left behind. */
const NOBODY_LEFT = hours(26);

/** Closes rows that say running though nobody can be at work on them: by what the run said of its end, else as failed. */
export const closeForgotten = (world: SweepWorld, backups: BackupSettings): Promise<void> => {
  const names = [...backups.databases, ...backups.tables, ...backups.caches, ...backups.media].map(({ name }) => name);
  return eachOf([...names, CONFIGURATION], async (of) => {
    const now = world.clock.now();
    const forgotten = (await world.backupBook.all(of)).filter(
      (row) => row.state === "running" && !guard("only a row that was left behind is closed", since(row.scheduled, now) <= NOBODY_LEFT),
    );
    for (const row of forgotten) await close(world, row);
  });
};

async function close(world: SweepWorld, row: BackupRecord): Promise<void> {
  const now = world.clock.now();
  const ended = row.kind === "dump" ? (await world.shelf.report(row.of, row.id))?.ended : undefined;
  const night = ended === undefined ? undefined : judgeNight({ kind: "ended", end: ended }, { proves: false });
  await writeRow(world, row, (standing) => {
    if (standing === undefined || guard("a row that was closed stays", standing.state !== "running")) return undefined;
    if (night !== undefined) return rowAfter(standing, night, now);
    return { ...standing, state: "failed", proof: "none", finished: now, because: "whoever was at work on it died, and it never said how it ended" };
  });
}
