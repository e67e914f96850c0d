import { days, sayDate, utc } from "@nightshift/model";
import type { KeptNight, Night } from "./retention-years.ts";

/** The picture reaches so many days back: past the longest class of the documents. */
const DAYS_BACK = 91;
/** Beside the picture: the year, and how many are kept; at 100 columns a day still has its own. */
const BESIDE = 9;

/** Ten years of nights on one screen: what is kept on each New Year's Eve, and the fewest that were kept in each month. */
export function pictureOf(nights: readonly Night[], columns: number): readonly string[] {
  const perColumn = columns >= DAYS_BACK + BESIDE ? 1 : Math.ceil(DAYS_BACK / Math.max(30, columns - BESIDE));
  const width = Math.ceil(DAYS_BACK / perColumn);
  const years = [...Map.groupBy(nights, ({ at }) => utc(at).year)];
  return [
    `Kept at the end of each year, newest on the right; one column is ${perColumn === 1 ? "one day" : `${perColumn} days`}, the number how many.`,
    `${"".padEnd(5)}${scale(width, perColumn)}`,
    ...years.flatMap(([year, members]) => {
      const last = members.at(-1);
      return last === undefined ? [] : [`${year} ${line(last, width, perColumn)} ${String(verified(last)).padStart(3)}`];
    }),
    "D first of its day, W of its week too, M of its month too, + kept otherwise, u not proven, · nothing",
    "",
    "The fewest verified ones kept in each month (· before the first is three months old)",
    `${"".padEnd(5)}${["J", "F", "M", "A", "M", "J", "J", "A", "S", "O", "N", "D"].map((month) => month.padStart(4)).join("")}   fewest  nights failed`,
    ...years.map(([year, members]) => monthsLine(year, members, nights[0])),
    ...totals(nights),
  ];
}

/** How many are kept over time, for scripts and for the last line. */
export function summaryOf(nights: readonly Night[]) {
  const grown = nights.filter((night) => isGrown(night, nights[0]));
  const counts = grown.map(verified);
  const fewest = counts.length === 0 ? 0 : Math.min(...counts);
  return {
    nights: nights.length,
    failed: nights.filter(({ failed }) => failed).length,
    mean: counts.length === 0 ? 0 : Math.round((counts.reduce((sum, count) => sum + count, 0) / counts.length) * 10) / 10,
    fewest,
    fewestOn: sayDate((grown.find((night) => verified(night) === fewest) ?? nights[0] ?? { at: 0 as Night["at"] }).at), // No nights, no date: 1970.
    most: counts.length === 0 ? 0 : Math.max(...counts),
    withoutOlderThan45Days: grown.filter(({ at, kept }) => !kept.some((one) => one.verified && at - one.at > days(45))).length,
  };
}

function totals(nights: readonly Night[]): readonly string[] {
  const { nights: count, failed, mean, fewest, fewestOn, most, withoutOlderThan45Days } = summaryOf(nights);
  return [
    `${count} nights, ${failed} failed. Kept: ${mean} on average, ${fewest} at the fewest (${fewestOn}), ${most} at the most.`,
    `Nights with nothing verified that was older than 45 days: ${withoutOlderThan45Days}.`,
  ];
}

const verified = ({ kept }: Night): number => kept.filter((one) => one.verified).length;
/** The store is full once the longest class is. */
const isGrown = ({ at }: Night, first: Night | undefined): boolean => first !== undefined && at - first.at >= days(DAYS_BACK);

function line({ at, kept }: Night, width: number, perColumn: number): string {
  const cells = Array.from({ length: width }, () => "·");
  for (const one of kept) {
    const cell = width - 1 - Math.floor((at - one.at) / days(perColumn));
    if (cell < 0) cells[0] = "+";
    else if (rank(markOf(one)) > rank(cells[cell])) cells[cell] = markOf(one);
  }
  return cells.join("");
}

const order = ["·", "u", "+", "D", "W", "M"];
const rank = (mark: string | undefined): number => order.indexOf(mark ?? "·");

function markOf({ verified: isVerified, folders }: KeptNight): string {
  if (!isVerified) return "u";
  if (folders.includes("monthly")) return "M";
  if (folders.includes("weekly")) return "W";
  return folders.includes("daily") ? "D" : "+";
}

/** `90 d ago … 60 … 30 … 7 … 0` over the columns. */
function scale(width: number, perColumn: number): string {
  const cells = Array.from({ length: width }, () => " ");
  for (const ago of [90, 60, 30, 7]) {
    const text = ago === 90 ? "90 days ago" : String(ago);
    const from = Math.max(0, width - 1 - Math.floor(ago / perColumn));
    for (const [index, character] of [...text].entries()) cells[from + index] = character;
  }
  cells[width - 1] = "0";
  return cells.join("").slice(0, width);
}

function monthsLine(year: number, members: readonly Night[], first: Night | undefined): string {
  const months = Array.from({ length: 12 }, (_, index) => members.filter((night) => utc(night.at).month === index + 1 && isGrown(night, first)));
  const cells = months.map((month) => (month.length === 0 ? "·" : String(Math.min(...month.map(verified)))).padStart(4));
  const grown = months.flat().map(verified);
  const fewest = grown.length === 0 ? "·" : String(Math.min(...grown));
  return `${year} ${cells.join("")}   ${fewest.padStart(6)}  ${String(members.filter(({ failed }) => failed).length).padStart(13)}`;
}
