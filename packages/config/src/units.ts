import { type Ms, days, hours, minutes, ms, percent, seconds } from "@nightshift/model";

export { days, hours, minutes, ms, percent, seconds };
/** The same as `ms`, for configs that read better with the long word. */
export const milliseconds = ms;

const scale = [
  ["days", 86_400_000],
  ["hours", 3_600_000],
  ["minutes", 60_000],
  ["seconds", 1_000],
] as const;

/** A length as it is written in a config: `minutes(2)`, `ms(250)`. */
export function lengthAsCode(length: number): string {
  if (length === 0) return "seconds(0)";
  for (const [unit, size] of scale) {
    if (length % size === 0 && length >= size) return `${unit}(${length / size})`;
  }
  return `ms(${length})`;
}

/** The whole number of minutes nearest to a length, at least one: CloudWatch keeps the load balancer's series by the minute. */
export const wholeMinutes = (length: number): Ms => minutes(Math.max(1, Math.round(length / 60_000)));
