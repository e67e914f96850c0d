import { type CalendarLength, days, type EpochMs, epochMs, hours, utc } from "@nightshift/model";

const HOUR = hours(1);
const DAY = days(1);

/** The UTC hour a moment is in; like the others here it only tells periods apart. */
export const hourOf = (at: EpochMs): number => Math.floor(at / HOUR);
/** Its UTC day. */
export const dayOf = (at: EpochMs): number => Math.floor(at / DAY);
/** Its week from Sunday on: 1970-01-01 was a Thursday. */
export const sundayWeekOf = (at: EpochMs): number => Math.floor((dayOf(at) + 4) / 7);
/** Its week from Monday on, which is ISO 8601's. */
export const isoWeekOf = (at: EpochMs): number => Math.floor((dayOf(at) + 3) / 7);
/** Its UTC month. */
export const monthOf = (at: EpochMs): number => {
  const { year, month } = utc(at);
  return year * 12 + month - 1;
};
/** Its UTC year. */
export const yearOf = (at: EpochMs): number => utc(at).year;

/**
 * A calendar length before a moment, in UTC. A day that its month has not runs over into the next month: a month before 31 March is 3 March, or 2
 * March in a leap year. Source: "AddDate", https://pkg.go.dev/time#Time.AddDate, read 2026-11-21: restic counts with it.
 */
export function calendarBefore(at: EpochMs, length: CalendarLength): EpochMs {
  const { year, month, day } = utc(at);
  const months = (year - length.years) * 12 + month - 1 - length.months;
  const first = firstOfMonth(Math.floor(months / 12), ((months % 12) + 12) % 12);
  const inDay = at - dayOf(at) * DAY;
  return epochMs((first + day - 1 - length.days) * DAY + inDay - length.hours * HOUR);
}

/** Days from 1970-01-01 to the first of a month (0 is January), by counting from March so that leap days fall at the end of a year. */
function firstOfMonth(year: number, month: number): number {
  const marchYear = month < 2 ? year - 1 : year;
  const cycle = Math.floor(marchYear / 400);
  const inCycle = marchYear - cycle * 400;
  const inYear = Math.floor((153 * ((month + 10) % 12) + 2) / 5);
  return cycle * 146_097 + inCycle * 365 + Math.floor(inCycle / 4) - Math.floor(inCycle / 100) + inYear - 719_468;
}

/** `1y5m7d2h`, as restic writes it; nothing at all is `0h`. */
export const sayCalendarLength = ({ years, months, days: wholeDays, hours: wholeHours }: CalendarLength): string =>
  (
    [
      [years, "y"],
      [months, "m"],
      [wholeDays, "d"],
      [wholeHours, "h"],
    ] as const
  )
    .filter(([count]) => count !== 0)
    .map(([count, unit]) => `${count}${unit}`)
    .join("") || "0h";

/** Whether it is no time at all: restic then takes the option as not given. */
export const isNoTime = (length: CalendarLength | undefined): boolean =>
  length === undefined || (length.years === 0 && length.months === 0 && length.days === 0 && length.hours === 0);
