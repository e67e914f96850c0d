import { days, hours, type Ms, minutes } from "@nightshift/model";

const units = { m: minutes, h: hours, d: days } as const;

/** Nothing that a person sets here holds longer than 30 days: what is meant for good belongs into the config. */
export const LONGEST: Ms = days(30);

/** Reads `30m`, `2h` or `1d`; undefined for anything else, for nothing at all, and for more than 30 days. */
export function readLength(text: string): Ms | undefined {
  const [, count, unit] = /^(\d{1,5})([mhd])$/i.exec(text) ?? [];
  const make = Object.entries(units).find(([name]) => name === unit?.toLowerCase())?.[1];
  if (count === undefined || make === undefined) return undefined;
  const length = make(Number(count));
  return length > 0 && length <= LONGEST ? length : undefined;
}

/** Writes a length the way it is read: `30m`, `2h`, `1d`. */
export function writeLength(length: Ms): string {
  const inMinutes = Math.round(length / minutes(1));
  if (inMinutes % 1_440 === 0) return `${inMinutes / 1_440}d`;
  return inMinutes % 60 === 0 ? `${inMinutes / 60}h` : `${inMinutes}m`;
}
