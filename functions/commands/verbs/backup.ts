import { sayNewestProven, sayTaken } from "@nightshift/decide/backups/say";
import { rtoOf, sayEstimate } from "@nightshift/decide/backups/recovery";
import { heldBecause } from "@nightshift/decide/control";
import { minuteOf } from "@nightshift/decide/backups/names";
import { type BackupDue, type BackupRecord, before, type DatabaseSettings, hours, sayClock, sayDate, sayLength } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { keyOfDue, startOnce } from "@nightshift/runtime/backup-due";
import { writeRow } from "@nightshift/runtime/backup-rows";
import { answered, type Carry, card, type On, type Prepared, refused } from "../verb.ts";

/** Takes and proves a backup now, runs a drill now, or lists what there is and what could be lost. */
export const backup: Carry<"backup"> = async ({ what, database: name }, on) => {
  const database = on.databases?.find((one) => one.name === name);
  if (database === undefined)
    return refused(`${name} is not under databases in nightshift.config.ts, so that Nightshift backs it up nowhere. Nothing was changed.`);
  switch (what) {
    case "list":
      return list(on, database);
    case "accept":
      return accept(on, database);
    case "now":
      return begin(on, database, { job: "night", does: `asks for a backup of ${name}, taken and proven now` });
    case "drill":
      if (database.drill === undefined || database.instance === undefined)
        return refused(`${name} has no drill in nightshift.config.ts: give it an instance and databases.${name}.drill. Nothing was changed.`);
      return begin(on, database, {
        job: "drill",
        does: `asks for a drill of ${name}: restored into a temporary ${database.drill.instanceClass}, compared and deleted, for $${database.drill.costAtMost} at most`,
      });
  }
};

/** Somebody looked at what made backups suspect: retention goes on, and they still count as not proven. */
async function accept({ world, person, doing }: On, { name }: DatabaseSettings): Promise<Prepared> {
  const suspect = (await world.backupBook.all(name)).filter(({ state, acknowledgedBy }) => state === "suspect" && acknowledgedBy === undefined);
  if (suspect.length === 0) return answered(card(`No backup of ${name} is suspect, or somebody accepted it already. Nothing was changed.`));
  const ids = suspect.map(({ id }) => id).join(", ");
  const says = `${person.name} accepts what made ${ids} suspect${doing.because === undefined ? "" : `: ${doing.because}`}`;
  return {
    kind: "ready",
    does: `${says}.`,
    calls: suspect.map(({ id }) => `ledger: write ${person.name} into the row ${id}`),
    tells: [],
    line: `${says}; retention goes on.`,
    act: async () => {
      for (const { id } of suspect)
        await writeRow(world, { of: name, id }, (row) =>
          row === undefined || row.acknowledgedBy !== undefined ? undefined : { ...row, acknowledgedBy: person.name },
        );
      return { card: card(`${says}. Retention goes on; none of them counts as proven.`), changed: true };
    },
  };
}

/** Lines of the newest. */
const SHOWN = 12;

async function list({ world, now }: On, { name, rpo, rto }: DatabaseSettings): Promise<Prepared> {
  const rows = (await world.backupBook.all(name)).toSorted((a, b) => b.scheduled - a.scheduled);
  if (rows.length === 0) return answered(card(`No backup of ${name} was ever taken. Take one: /ops backup now ${name}`));
  const dumps = rows.filter(({ kind }) => kind === "dump").toReversed();
  const sample = (await world.backupBook.samples(name, before(now, hours(1)))).at(-1);
  const estimate = rtoOf({ rows: dumps, sourceBytes: dumps.findLast((row) => row.sourceBytes !== undefined)?.sourceBytes, available: undefined });
  const promise = [
    sample?.rpo === undefined
      ? `what would be lost now is unknown (at most ${sayLength(rpo)} was promised)`
      : `${sayLength(sample.rpo)} would be lost now (at most ${sayLength(rpo)} was promised)`,
    estimate === undefined ? "how long a restore takes was never measured" : `a restore takes ${sayEstimate(estimate, rto)}`,
  ].join("; ");
  const more = rows.length > SHOWN ? [`… and ${rows.length - SHOWN} more: npx nightshift backup status ${name}`] : [];
  return answered(card(`${name}: ${sayNewestProven(dumps, now)} ${promise}.`, [...rows.slice(0, SHOWN).map(sayRow), ...more]));
}

const marks = { verified: "✓", uploaded: "●", running: "●", suspect: "✗", failed: "✗", pruned: "–" } as const satisfies Readonly<
  Record<BackupRecord["state"], string>
>;

const sayRow = (row: BackupRecord): string => {
  const why = row.because === undefined ? "" : `: ${row.because}`;
  const taken = row.kind === "dump" && row.state === "verified" ? ` · ${sayTaken(row)}` : "";
  return `${marks[row.state]} ${row.id} · ${sayDate(row.scheduled)} ${sayClock(row.scheduled)} UTC · ${row.state}, ${row.proof}${taken}${why}`;
};

async function begin(
  { world, person, request, now }: On,
  { name, mode }: DatabaseSettings,
  { job, does }: { readonly job: "night" | "drill"; readonly does: string },
): Promise<Prepared> {
  if (mode === "shadow")
    return refused(`${name} is in shadow mode: Nightshift only says what it would do there. Nothing was changed. Set its mode to ask or auto.`);
  const held = heldBecause(await world.control.read(), [name], now);
  if (held !== undefined && guard("hold at the verdict"))
    return refused(`${name} is in a hold: ${held}. Nothing was changed and nothing is started: /ops release ends the hold, then ask again.`);
  const running = job === "night" ? (await world.backupBook.all(name)).filter(({ kind, state }) => kind === "dump" && state === "running").at(-1) : undefined;
  const beside =
    running === undefined ? "" : ` ${running.id} stands as running since ${sayClock(running.scheduled)} UTC: if its run lives, this one is left, and says so.`;
  const due: BackupDue = { of: name, scheduled: minuteOf(request.at), series: "manual", by: person.name };
  const says = `${person.name} ${does}`;
  return {
    kind: "ready",
    does: `${does}.`,
    calls: [
      `lambda:InvokeFunction ${job} of=${name} series=manual (looks at holds and at what runs first, then:)`,
      job === "night"
        ? "  ecs:RunTask runner do=night"
        : "  rds:RestoreDBInstance… nightshift-verify-*, ecs:RunTask runner do=compare-instance, rds:DeleteDBInstance",
    ],
    tells: [`in the channel, when it is done`],
    line: `${says}.`,
    act: async () => {
      await startOnce(world, job, { key: keyOfDue(job, due), input: due });
      return { card: card(`${says}. Working on it; it says what was found.${beside}`), changed: true };
    },
  };
}
