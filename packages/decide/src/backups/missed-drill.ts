import { type BackupRecord, before, days, type DrillSettings, type EpochMs, epochMs, hours, minutes, sayDate, utc } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import type { Staleness } from "./freshness.ts";

/** So long after its day a drill may still be asked for by hand before its absence is told. */
const LATE = days(3);
/** Months have 31 days at most, and a drill's day is one that every month has. */
const LONGEST_MONTH = 32;

/** What is wrong where a month's drill left no trace; undefined: it was run, red or not, or was not due while anybody looked. */
export function missedDrill({
  of,
  at,
  drill,
  rows,
}: {
  readonly of: string;
  readonly at: EpochMs;
  readonly drill: DrillSettings;
  readonly rows: readonly BackupRecord[];
}): Staleness | undefined {
  const due = newestDue(drill, before(at, LATE));
  // Without a row from before that day nobody was looking yet.
  if (due === undefined || !rows.some(({ scheduled }) => scheduled < due)) return undefined;
  const drills = rows.filter(({ id }) => id.endsWith("-drill"));
  if (!guard("a drill that did not happen is told", !drills.some(({ scheduled }) => scheduled >= due))) return undefined;
  const newest = drills.map(({ scheduled }) => scheduled).toSorted((a, b) => b - a)[0];
  const last = newest === undefined ? "there never was one" : `the newest was on ${sayDate(newest)}`;
  return {
    kind: "no drill",
    severity: "P3",
    since: due,
    says: `the drill of ${of} that was due on ${sayDate(due)} did not happen; ${last}, and how long a restore takes is as old. Ask for one: /ops backup drill ${of}`,
  };
}

function newestDue({ day, at: time }: DrillSettings, latest: EpochMs): EpochMs | undefined {
  const midnight = latest - (latest % days(1));
  for (let back = 0; back <= LONGEST_MONTH; back++) {
    const due = epochMs(midnight - back * days(1) + hours(time.hour) + minutes(time.minute));
    if (utc(due).day === day && due <= latest) return due;
  }
  return undefined;
}
