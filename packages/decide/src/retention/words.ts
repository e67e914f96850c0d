import { type EpochMs, sayDate, utc } from "@nightshift/model";

const two = (n: number): string => String(n).padStart(2, "0");

/** `2026-03-14 02:00`, UTC; a number that is no moment is called so. */
export function sayMinute(at: EpochMs): string {
  if (!Number.isFinite(at)) return "no time at all";
  const { hour, minute } = utc(at);
  return `${sayDate(at)} ${two(hour)}:${two(minute)}`;
}
