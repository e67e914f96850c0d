/** Milliseconds since 1970-01-01T00:00:00Z. */
export type EpochMs = number & { readonly unit: "epoch-ms" };
/** A length of time in milliseconds. Never negative. */
export type Ms = number & { readonly unit: "ms" };

/** Marks a number of milliseconds since the epoch as a moment. */
export const epochMs = (n: number): EpochMs => n as EpochMs;
/** A length in milliseconds. */
export const ms = (n: number): Ms => n as Ms;
/** A length in seconds. */
export const seconds = (n: number): Ms => ms(n * 1_000);
/** A length in minutes. */
export const minutes = (n: number): Ms => seconds(n * 60);
/** A length in hours. */
export const hours = (n: number): Ms => minutes(n * 60);
/** A length in days of exactly 24 hours. */
export const days = (n: number): Ms => hours(n * 24);

/** How long ago `then` was at `now`; zero when `then` lies in the future (clocks differ). */
export const since = (then: EpochMs, now: EpochMs): Ms => ms(Math.max(0, now - then));
/** The moment `length` after `then`. */
export const after = (then: EpochMs, length: Ms): EpochMs => epochMs(then + length);
/** The moment `length` before `then`. */
export const before = (then: EpochMs, length: Ms): EpochMs => epochMs(then - length);

/** A length as people say it: `45 s`, `3 m 27 s`, `2 h 5 m`, `11 days`. */
export function sayLength(length: Ms): string {
  const total = Math.round(length / 1_000);
  if (total < 60) return `${total} s`;
  if (total < 3_600) return total % 60 === 0 ? `${total / 60} m` : `${Math.floor(total / 60)} m ${total % 60} s`;
  if (total < 172_800) {
    const left = Math.floor((total % 3_600) / 60);
    return left === 0 ? `${Math.floor(total / 3_600)} h` : `${Math.floor(total / 3_600)} h ${left} m`;
  }
  return `${Math.floor(total / 86_400)} days`;
}

/** A moment as UTC calendar fields, worked out without a clock object so that pure code can use it. */
export function utc(at: EpochMs): {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
} {
  const whole = Math.floor(at / 1_000);
  const day = Math.floor(whole / 86_400);
  const left = whole - day * 86_400;
  // Days since 0000-03-01 in 400-year cycles of 146,097 days: leap days fall at the end of a March-based year.
  const shifted = day + 719_468;
  const cycle = Math.floor(shifted / 146_097);
  const inCycle = shifted - cycle * 146_097;
  const yearInCycle = Math.floor((inCycle - Math.floor(inCycle / 1_460) + Math.floor(inCycle / 36_524) - Math.floor(inCycle / 146_096)) / 365);
  const inYear = inCycle - (365 * yearInCycle + Math.floor(yearInCycle / 4) - Math.floor(yearInCycle / 100));
  const marchMonth = Math.floor((5 * inYear + 2) / 153);
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  return {
    year: yearInCycle + cycle * 400 + (month <= 2 ? 1 : 0),
    month,
    day: inYear - Math.floor((153 * marchMonth + 2) / 5) + 1,
    hour: Math.floor(left / 3_600),
    minute: Math.floor((left % 3_600) / 60),
    second: left % 60,
  };
}

const two = (n: number): string => String(n).padStart(2, "0");
/** `03:14:20`, UTC. */
export const sayClock = (at: EpochMs): string => {
  const { hour, minute, second } = utc(at);
  return `${two(hour)}:${two(minute)}:${two(second)}`;
};
/** `2026-03-14`, UTC. */
export const sayDate = (at: EpochMs): string => {
  const { year, month, day } = utc(at);
  return `${year}-${two(month)}-${two(day)}`;
};
/** `260314-0314`, UTC: what incident ids begin with, so that they sort by time. */
export const sayStamp = (at: EpochMs): string => {
  const { year, month, day, hour, minute } = utc(at);
  return `${two(year % 100)}${two(month)}${two(day)}-${two(hour)}${two(minute)}`;
};
