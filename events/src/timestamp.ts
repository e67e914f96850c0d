import { type EpochMs, epochMs } from "@nightshift/model";

const shape = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(?:Z|([+-])(\d{2}):?(\d{2}))$/;
const daysInMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const minuteMs = 60_000;
const dayMs = 86_400_000;

/**
 * The moment an AWS timestamp names, or undefined when it is not one.
 * AWS writes the zone in two ways: `Z` in the envelope and in ECS details, `+0000` without a colon in alarm states
 * ("Alarm events and EventBridge", https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html,
 * read 2026-11-21). A time without a zone is refused: guessing one could move it by hours.
 * Counted by hand, because the language's own parser also accepts dates that do not exist and depends on the machine's zone.
 */
export function momentOf(text: string): EpochMs | undefined {
  const parts = shape.exec(text);
  if (parts === null) return undefined;
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map(Number) as [number, number, number, number, number, number]; // six groups of digits, by the expression above
  if (month < 1 || month > 12 || day < 1 || day > monthLength(year, month)) return undefined;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const millis = Number((parts[7] ?? "").padEnd(3, "0").slice(0, 3));
  const zoneMinutes = Number(parts[9] ?? 0) * 60 + Number(parts[10] ?? 0);
  const ahead = parts[8] === "-" ? -zoneMinutes : zoneMinutes;
  const clock = (hour * 60 + minute - ahead) * minuteMs + second * 1_000 + millis;
  return epochMs(daysSince1970(year, month, day) * dayMs + clock);
}

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
const monthLength = (year: number, month: number): number => (month === 2 && isLeap(year) ? 29 : (daysInMonth[month - 1] ?? 0));
const leapDaysThrough = (year: number): number => Math.floor(year / 4) - Math.floor(year / 100) + Math.floor(year / 400);

function daysSince1970(year: number, month: number, day: number): number {
  let days = (year - 1970) * 365 + leapDaysThrough(year - 1) - leapDaysThrough(1969);
  for (let m = 1; m < month; m += 1) days += monthLength(year, m);
  return days + day - 1;
}
