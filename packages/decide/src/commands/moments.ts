import { days, type EpochMs, epochMs, hours, minutes, sayClock, sayDate, seconds, utc } from "@nightshift/model";

/** A moment as people write it: `2026-11-21T01:30Z`, with or without seconds and the Z; always UTC. Undefined: it is none. */
export function readMoment(text: string): EpochMs | undefined {
  const [, ...parts] = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d))?Z?$/i.exec(text.trim()) ?? [];
  const [year, month, day, hour, minute, second = 0] = parts.map((part) => (part === undefined ? 0 : Number(part)));
  if (year === undefined || month === undefined || day === undefined || hour === undefined || minute === undefined) return undefined;
  const at = epochMs(days(dayNumber(year, month, day)) + hours(hour) + minutes(minute) + seconds(second));
  // The 30th of February is another day, and so is none.
  const back = utc(at);
  return back.month === month && back.day === day && back.hour === hour && back.minute === minute ? at : undefined;
}

/** Days since 1970-01-01, in 400-year cycles of a year that begins in March. */
function dayNumber(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const cycle = Math.floor(shifted / 400);
  const inCycle = shifted - cycle * 400;
  const inYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return cycle * 146_097 + inCycle * 365 + Math.floor(inCycle / 4) - Math.floor(inCycle / 100) + inYear - 719_468;
}

/** The same moment as it is typed. */
export const writeMoment = (at: EpochMs): string => `${sayDate(at)}T${sayClock(at)}Z`;
