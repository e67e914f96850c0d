/** Minutes that a zone's clocks are ahead of UTC at a moment. */
function offsetAt(zone: string, at: number): number {
  const parts = new Intl.DateTimeFormat("en", { timeZone: zone, hourCycle: "h23", day: "numeric", hour: "numeric", minute: "numeric" }).formatToParts(at);
  const read = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.find((part) => part.type === type)?.value);
  const there = read("day") * 1_440 + read("hour") * 60 + read("minute");
  // Both moments below are on the 15th, at noon: the day there is the 15th, or one beside it.
  return there - (15 * 1_440 + 720);
}

/** Noon of 15 January and of 15 July 2026, UTC: one is winter, the other summer, on either half of the earth. */
const january = 1_768_478_400_000;
const july = 1_784_116_800_000;

/** Minutes that a zone's winter clocks are ahead of UTC; negative west of Greenwich. */
export const winterOffset = (zone: string): number => Math.min(offsetAt(zone, january), offsetAt(zone, july));

/** Whether a zone's clocks change in a year. */
export const changesClocks = (zone: string): boolean => offsetAt(zone, january) !== offsetAt(zone, july);
