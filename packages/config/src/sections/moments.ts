import { type Weekday, weekdays } from "@nightshift/model";
import { type Kind, leaf, textOf } from "../kinds.ts";

const clock = "([01]\\d|2[0-3]):[0-5]\\d";

/** A time of day: `09:00`. */
export const clockTime = (says: string): Kind<string> =>
  textOf({ says, pattern: new RegExp(`^${clock}$`), expected: "a time from 00:00 to 23:59", remedy: 'write "09:00"' });

/** A day of the week with a time: `monday 09:00`. */
export const weeklyTime = (says: string): Kind<string> =>
  textOf({
    says,
    pattern: new RegExp(`^(${weekdays.join("|")}) ${clock}$`),
    expected: "a day of the week and a time",
    remedy: 'write "sunday 02:00", small letters, 24 hours',
  });

/** A hand-over: every week on a day, or every day. */
export const handoffTime = (says: string): Kind<string> =>
  textOf({
    says,
    pattern: new RegExp(`^(daily|${weekdays.join("|")}) ${clock}$`),
    expected: "a day of the week, or daily, and a time",
    remedy: 'write "monday 09:00" or "daily 09:00"',
  });

/** Whether this runtime has clocks for a zone; the same tables that the functions read. */
function isZone(value: unknown): value is string {
  if (typeof value !== "string" || !/^[A-Za-z]/.test(value)) return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone: value });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** An IANA time zone. */
export const timeZone = (says: string): Kind<string> =>
  leaf<string>({ says, unit: "text", bounds: "an IANA time zone" }, (value) =>
    isZone(value) ? undefined : { expected: "an IANA time zone", remedy: 'write "UTC" or a place: "Europe/Berlin", "America/New_York"' },
  );

/** Days of each month of a year that has no 29 February; calendars repeat every 400 years. */
const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;
const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

/** Which day of the week a date is; undefined for a date that no calendar has. */
export function weekdayOfDate(date: string): Weekday | undefined {
  const [, year, month, day] = (/^(\d{4})-(\d{2})-(\d{2})$/.exec(date) ?? []).map(Number);
  if (year === undefined || month === undefined || day === undefined || year < 2000) return undefined;
  const length = (monthDays[month - 1] ?? 0) + (month === 2 && isLeap(year) ? 1 : 0);
  if (day < 1 || day > length) return undefined;
  const before = monthDays.slice(0, month - 1).reduce((sum, days) => sum + days, 0) + (month > 2 && isLeap(year) ? 1 : 0);
  const years = year - 2000;
  // 2000-01-01 was a Saturday.
  const days = years * 365 + Math.ceil(years / 4) - Math.ceil(years / 100) + Math.ceil(years / 400) + before + day - 1;
  return weekdays[(days + 5) % 7];
}

/** A calendar day: `2026-01-05`. */
export const calendarDate = (says: string): Kind<string> =>
  leaf<string>({ says, unit: "text", bounds: "a date" }, (value) =>
    typeof value === "string" && weekdayOfDate(value) !== undefined ? undefined : { expected: "a date that the calendar has", remedy: 'write "2026-01-05"' },
  );

/** The parts of a text that one of the schemas above has accepted. */
export function readMoment(text: string): { readonly day: Weekday | "daily"; readonly hour: number; readonly minute: number } {
  const [, day, hour, minute] = /^(?:(\w+) )?(\d{2}):(\d{2})$/.exec(text) ?? [];
  return { day: weekdays.find((one) => one === day) ?? "daily", hour: Number(hour), minute: Number(minute) };
}
