import { isToBeProven } from "@nightshift/decide/backups/decide-night";
import { judgeNight, type NightEnd, rowAfter } from "@nightshift/decide/backups/judge-run";
import { type BackupRecord, type BackupSettings, CONFIGURATION, hours, mirroredIn, mirrorName, sayClock, sayDate, sayStamp, since } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { eachOf, tellIncident } from "@nightshift/runtime";
import { troubleGroup } from "@nightshift/runtime/backup-incidents";
import { writeRow } from "@nightshift/runtime/backup-rows";
import type { SweepWorld } from "./automation.ts";

/** No execution lives longer (executionTimeoutMinutes of the manifests): a row that still says running was left behind. */
const NOBODY_LEFT = hours(26);

/** Closes rows that say running though nobody can be at work on them: by what the run said of its end, else as failed. What is not good is told. */
export const closeForgotten = (world: SweepWorld, backups: BackupSettings): Promise<void> => {
  const names = [...backups.databases, ...backups.tables, ...backups.caches, ...backups.media].map(({ name }) => name);
  return eachOf([...names, CONFIGURATION, ...mirroredIn(backups).map(mirrorName)], async (of) => {
    const now = world.clock.now();
    const rows = await world.backupBook.all(of);
    const forgotten = rows.filter(
      (row) => row.state === "running" && !guard("only a row that was left behind is closed", since(row.scheduled, now) <= NOBODY_LEFT),
    );
    for (const row of forgotten) await close(world, row, await endOf(world, row, { rows, backups }));
  });
};

/** What a night came to whose execution died: judged as that execution would have. */
async function endOf(
  { shelf }: SweepWorld,
  row: BackupRecord,
  { rows, backups }: { readonly rows: readonly BackupRecord[]; readonly backups: BackupSettings },
): Promise<NightEnd> {
  const ended = row.kind === "dump" ? (await shelf.report(row.of, row.id))?.ended : undefined;
  if (ended === undefined) return { kind: "red", state: "failed", because: "whoever was at work on it died, and it never said how it ended", end: undefined };
  const database = backups.databases.find(({ name }) => name === row.of);
  const before = rows.filter(({ kind, scheduled }) => kind === "dump" && scheduled < row.scheduled);
  // Of a database that is no longer in the config nobody knows: then it was to be proven.
  const proves = database === undefined || isToBeProven({ series: row.series, rows: before }, database);
  return judgeNight({ kind: "ended", end: ended }, { proves });
}

async function close(world: SweepWorld, row: BackupRecord, night: NightEnd): Promise<void> {
  const now = world.clock.now();
  // Told before it is closed: a sweep that dies in between tells the same once more, and a closed row is not looked at again.
  if (night.kind === "red" && (await world.backupBook.find(row.of, row.id))?.state === "running") await tell(world, row, night);
  await writeRow(world, row, (standing) =>
    standing === undefined || guard("a row that was closed stays", standing.state !== "running") ? undefined : rowAfter(standing, night, now),
  );
}

/** In the incident that the night or the snapshot itself would have opened; the next good one ends it. */
async function tell(world: SweepWorld, { id, of, kind, series, scheduled }: BackupRecord, { because }: { readonly because: string }): Promise<void> {
  const what = kind === "dump" ? "backup" : "snapshot";
  const text = `the ${what} of ${of} of ${sayDate(scheduled)} ${sayClock(scheduled)} UTC is red: ${because}`;
  const at = world.clock.now();
  await tellIncident(world, {
    header: {
      id: `INC-${sayStamp(scheduled)}-${of}-${what}${series === "nightly" ? "" : `-${series}`}`,
      group: troubleGroup(of, kind === "dump" ? "backups" : "snapshots"),
      service: of,
      severity: "P2",
      title: text.slice(0, 200),
      openedAt: at,
      by: "nightshift/backup-sweep",
      standing: "needs-person",
    },
    lines: [
      {
        key: `forgotten/${id}`,
        at,
        kind: "seen",
        text: `✗ ${text}. Nightshift's own work on it had died. Look: npx nightshift backup status ${of}`,
        announce: true,
      },
    ],
    automation: "backup-sweep",
    station: `forgotten/${id}`,
  });
}
