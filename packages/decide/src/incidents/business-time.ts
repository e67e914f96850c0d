import { type EpochMs, epochMs, utc, type Weekday, weekdays } from "@nightshift/model";

/** A calendar day of one zone, counted from 1970-01-01: the day after it is one more, whatever the clocks do. */
export type LocalDay = number & { readonly unit: "local-day" };

const DAY = 86_400_000;
const localDay = (n: number): LocalDay => n as LocalDay;

/** The day that a person in this zone calls today. @throws {RangeError} for a zone that is not in the IANA database. */
export const localDayOf = (at: EpochMs, zone: string): LocalDay => localDay(Math.floor((at + offsetAt(at, zone)) / DAY));

/** The day so many days later; earlier when negative. */
export const laterDay = (day: LocalDay, by: number): LocalDay => localDay(day + by);

/** The day of an ISO 8601 date (`2026-01-05`); undefined for anything else. */
export function readLocalDay(date: string): LocalDay | undefined {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date) ?? [];
  if (year === undefined || month === undefined || day === undefined) return undefined;
  const found = daysBefore(Number(year), Number(month), Number(day));
  return localDay(found);
}

/** What day of the week it is. 1970-01-01 was a Thursday. */
export const weekdayOf = (day: LocalDay): Weekday => weekdays[(((day + 3) % 7) + 7) % 7] ?? "monday";

/** The how-many-eth such weekday of its month it is: 1 to 5. */
export const weekOfMonth = (day: LocalDay): number => Math.ceil(utc(epochMs(day * DAY)).day / 7);

/**
 * The moment at which clocks of this zone show this time on this day. A time that is skipped in spring is taken as so much later
 * as the clocks are put forward, one that comes twice in autumn as the first of both: as calendars do.
 * Source: "disambiguation: compatible", https://docs.deno.com/api/web/~/Temporal.ToInstantOptions.disambiguation, 2026-11-21.
 */
export function momentOn(day: LocalDay, { hour, minute }: { readonly hour: number; readonly minute: number }, zone: string): EpochMs {
  const wall = day * DAY + hour * 3_600_000 + minute * 60_000;
  const before = offsetAt(wall - DAY, zone);
  const after = offsetAt(wall + DAY, zone);
  const shows = (offset: number) => offsetAt(wall - offset, zone) === offset;
  return epochMs(wall - (shows(before) || !shows(after) ? before : after));
}

/** When people are at work again: this moment if it is one from 09:00 to 17:00 local, Monday to Friday; else 09:00 of the next such day. */
export function nextBusinessMoment(at: EpochMs, zone: string): EpochMs {
  const today = localDayOf(at, zone);
  const opens = momentOn(today, OPENS, zone);
  if (isBusinessDay(today)) {
    if (at < opens) return opens;
    if (at < momentOn(today, CLOSES, zone)) return at;
  }
  return momentOn(nextBusinessDay(today), OPENS, zone);
}

/** The same local time so many business days (Monday to Friday) later; from a weekend, counting begins with Monday as the first. */
export function businessDaysAfter(at: EpochMs, count: number, zone: string): EpochMs {
  const today = localDayOf(at, zone);
  let day = today;
  for (let left = count; left > 0; left--) day = nextBusinessDay(day);
  const sinceMidnight = Math.floor((at + offsetAt(at, zone) - today * DAY) / 60_000);
  return momentOn(day, { hour: Math.floor(sinceMidnight / 60), minute: sinceMidnight % 60 }, zone);
}

/** P4 is looked at on the "next business day" (`facts/incidents.md` 6); its hours are ours: the first of them is when a P4 is told. */
const OPENS = { hour: 9, minute: 0 };
const CLOSES = { hour: 17, minute: 0 };

const isBusinessDay = (day: LocalDay): boolean => !["saturday", "sunday"].includes(weekdayOf(day));

function nextBusinessDay(day: LocalDay): LocalDay {
  // A weekend has two days: the third at the latest is a business day.
  for (let ahead = 1; ahead < 3; ahead++) if (isBusinessDay(laterDay(day, ahead))) return laterDay(day, ahead);
  return laterDay(day, 3);
}

/**
 * How far the zone's clocks are ahead of UTC, in milliseconds. The runtime's own time zone tables know when clocks change.
 * Source: "Intl.DateTimeFormat.prototype.formatToParts", https://developer.mozilla.org/Web/JavaScript/Reference/Global_Objects/DateTimeFormat/formatToParts, 2026-11-21.
 */
function offsetAt(at: number, zone: string): number {
  const parts = clockOf(zone).formatToParts(at);
  const part = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.find((one) => one.type === type)?.value);
  const wall = daysBefore(part("year"), part("month"), part("day")) * DAY + part("hour") * 3_600_000 + part("minute") * 60_000 + part("second") * 1_000;
  return wall - Math.floor(at / 1_000) * 1_000;
}

/** Making one costs more than asking it a hundred times, and a config has one zone or two. */
const clocks = new Map<string, Intl.DateTimeFormat>();
function clockOf(zone: string): Intl.DateTimeFormat {
  const known = clocks.get(zone);
  if (known !== undefined) return known;
  const clock = new Intl.DateTimeFormat("en-US-u-ca-gregory-nu-latn", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
  clocks.set(zone, clock);
  return clock;
}

/** Days from 1970-01-01 to this date, worked out in years that begin in March, so that a leap day is a year's last. */
function daysBefore(year: number, month: number, day: number): number {
  const marchYear = month > 2 ? year : year - 1;
  const monthFromMarch = (month + 9) % 12;
  const inYear = Math.floor((153 * monthFromMarch + 2) / 5) + day - 1;
  return marchYear * 365 + Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400) + inYear - 719_468;
}
