import { days, hours, type Ms, minutes, seconds } from "@nightshift/model";
import { Refusal } from "../frame/command.ts";

const units = { s: seconds, m: minutes, h: hours, d: days } as const;

/** Reads `90s`, `30m`, `2h` or `1d`. @throws {Refusal} that names the option. */
export function lengthOf(text: string, option: string): Ms {
  const [, count, unit] = /^(\d{1,6})\s*([smhd])$/.exec(text.trim()) ?? [];
  const make = Object.entries(units).find(([name]) => name === unit)?.[1];
  if (count === undefined || make === undefined || Number(count) === 0)
    throw new Refusal(`--${option} "${text}" is not a length: write a number and s, m, h or d, such as 30m.`);
  return make(Number(count));
}
