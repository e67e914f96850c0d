import { type EpochMs, type ExpectedWork, weekdays } from "@nightshift/model";
import { laterDay, localDayOf, momentOn, weekdayOf } from "../incidents/business-time.ts";

/** How many workers the schedule asks for now: those of every row whose time has come or comes within `leadSeconds`. */
export function scheduledFloor(
  rows: readonly ExpectedWork[],
  { at, leadSeconds, tasksPerWorker }: Scheduled,
): { readonly workers: number; readonly row: ExpectedWork | undefined } {
  let workers = 0;
  let row: ExpectedWork | undefined;
  for (const one of rows) {
    const start = occurrence(one, at);
    if (at < start - leadSeconds * 1_000 || at >= start + one.for) continue;
    const asked = one.workers ?? Math.ceil((one.tasks ?? 0) / Math.max(1, tasksPerWorker));
    if (asked > workers) {
      workers = asked;
      row = one;
    }
  }
  return { workers, row };
}

/** When, and what one worker starts of a lot within the promise. */
export interface Scheduled {
  readonly at: EpochMs;
  readonly leadSeconds: number;
  readonly tasksPerWorker: number;
}

/** Whether any row's time is on or comes within so long. */
export const workIsExpected = (rows: readonly ExpectedWork[], at: EpochMs, withinSeconds: number): boolean =>
  rows.some((row) => {
    const start = occurrence(row, at);
    return at >= start - withinSeconds * 1_000 && at < start + row.for;
  });

/** The occurrence that is on at this moment, or else the next. A zone's clock is asked once an occurrence, not once a look: asking costs more than a decision. */
function occurrence(row: ExpectedWork, at: EpochMs): EpochMs {
  const known = occurrences.get(row);
  if (known !== undefined && at >= known.from && at < known.start + row.for) return known.start;
  const today = localDayOf(at, row.zone);
  let start = at;
  // A row may last longer than a day, so that yesterday's may still be on; it comes at least once a week.
  for (let ahead = -7; ahead <= 8; ahead += 1) {
    const day = laterDay(today, ahead);
    if (row.days.length > 0 && row.days.length < weekdays.length && !row.days.includes(weekdayOf(day))) continue;
    start = momentOn(day, row.at, row.zone);
    if (start + row.for > at) break;
  }
  occurrences.set(row, { from: at, start });
  return start;
}

/** Worked out before, by settings row: the same for the same arguments, so that it only saves time. */
const occurrences = new WeakMap<ExpectedWork, { readonly from: EpochMs; readonly start: EpochMs }>();
