import { sayEstimate } from "@nightshift/decide/backups/recovery";
import { sayBytes } from "@nightshift/decide/backups/say";
import { type BackupState, days, type EpochMs, hours, minutes, type Ms, ms, type ProofLevel, sayDate, sayLength, since } from "@nightshift/model";
import { sayMoment, table, wrap } from "../frame/format.ts";
import type { NightStands, Standing } from "./standing.ts";
import type { Standings } from "./standings.ts";
import { sayThing } from "./things.ts";

/** How far a proof goes, in words that promise no more than was done. */
export const proofs: Readonly<Record<ProofLevel, string>> = {
  "restored-and-compared": "restored, every row equal",
  restored: "restored, not compared",
  checked: "checked, never restored",
  exists: "exists, never restored",
  none: "not proven",
};

/** How a night ended, as one letter of a row of them. */
export const nightMarks: Readonly<Record<BackupState | "none", string>> = {
  verified: "✓",
  uploaded: "●",
  suspect: "?",
  failed: "✗",
  running: "…",
  pruned: "–",
  none: "·",
};

/** A table of everything, then what is known of each database over time. */
export function standingLines({ read, at, standings }: Standings, columns: number): readonly string[] {
  const width = Math.max(80, Math.min(columns, 100));
  const rows = standings.map((one) => tableRow(one, at));
  return [
    ...table(["thing", "newest", "how far proven", "RPO now/most", "RTO/most", "next night"], rows),
    ...standings.filter(({ thing }) => thing.kind === "dump").flatMap((one) => ["", ...detail(one, width)]),
    ...standings.flatMap(({ suspect }) =>
      suspect === undefined
        ? []
        : wrap(
            `✗ ${suspect.id} is suspect (${suspect.because ?? "its contents look wrong"}): nothing is pruned until somebody looked. npx nightshift backup acknowledge says so.`,
            width,
            { rest: "  " },
          ),
    ),
    "",
    `From ${read}, ${sayMoment(at)} UTC. Nights: ✓ proven, ● taken, ? suspect, ✗ failed, · none.`,
  ];
}

const tableRow = ({ thing, newest, nights, rpo, rto, nextNight }: Standing, at: EpochMs): readonly string[] => [
  sayThing(thing),
  newest === undefined ? "✗ none" : `${newest.state === "verified" ? "✓" : "●"} ${roughly(newest.age)} old`,
  newest === undefined ? (nights.some(({ state }) => state !== "none") ? "none that counts" : "nothing was taken") : proofs[newest.proof],
  thing.kind === "rds-snapshot" ? "–" : against(rpo.lost, rpo.target),
  thing.kind === "dump" ? against(rto.estimate?.total, rto.target) : "–",
  nextNight === undefined ? "–" : `in ${roughly(since(at, nextNight))}`,
];

/** `✓ 3 m/24 h`: a mark only where there is a target to keep; an unknown one is never kept. */
function against(value: Ms | undefined, target: Ms | undefined): string {
  if (value === undefined) return target === undefined ? "–" : `✗ ?/${roughly(target)}`;
  if (target === undefined) return roughly(value);
  return `${value <= target ? "✓" : "✗"} ${roughly(value)}/${roughly(target)}`;
}

/** The largest unit alone, rounded up: what is at stake is never said to be less. */
export function roughly(length: Ms): string {
  if (length < minutes(1)) return `${Math.ceil(length / 1_000)} s`;
  if (length < hours(1)) return `${Math.ceil(length / minutes(1))} m`;
  if (length <= hours(48)) return `${Math.ceil(length / hours(1))} h`;
  return `${Math.ceil(length / days(1))} d`;
}

function detail(one: Standing, width: number): readonly string[] {
  const { thing, nights, history, rto } = one;
  const name = thing.of.padEnd(8);
  const rest = " ".repeat(name.length + 9);
  const line = (what: string, says: string, first = false): readonly string[] =>
    wrap(says, width, { first: `${first ? name : " ".repeat(name.length)} ${what.padEnd(8)}`, rest });
  const count = (state: NightStands["state"]): number => nights.filter((night) => night.state === state).length;
  const estimate = rto.estimate === undefined ? "unknown: no restore of it was ever measured" : `${sayEstimate(rto.estimate, rto.target)}${measuredIn(one)}`;
  const sizes = history.flatMap(({ sourceBytes }) => (sourceBytes === undefined ? [] : [sourceBytes])).slice(-30);
  const restores = history.flatMap((entry) => (entry.rto === undefined ? [] : [entry.rto])).slice(-30);
  return [
    ...line(
      "nights",
      `${nights.map(({ state }) => nightMarks[state]).join("")}  ${count("verified")} proven, ${count("failed") + count("suspect")} red in 30 days`,
      true,
    ),
    ...line("RPO", sayLost(one)),
    ...line("RTO", estimate),
    ...(sizes.length < 2 ? [] : line("size", `${sparkline(sizes)}  ${sayBytes(sizes[0] ?? 0)} → ${sayBytes(sizes.at(-1) ?? 0)}`)),
    ...(restores.length < 2
      ? []
      : line("restore", `${sparkline(restores)}  ${sayLength(restores[0] ?? minutes(0))} → ${sayLength(restores.at(-1) ?? minutes(0))}`)),
    ...line("trend", sayForecast(one)),
  ];
}

const measuredIn = ({ rto, history }: Standing): string => {
  const newest = history.findLast((entry) => entry.rto !== undefined);
  return rto.measuredIn === undefined || newest === undefined ? "" : `; measured on ${sayDate(newest.at)}`;
};

function sayLost(one: Standing): string {
  const { rpo, newest } = one;
  const { lost, target, by, silentFor, kept } = rpo;
  const of = target === undefined ? "" : ` of ${sayLength(target)} at most`;
  const who =
    by === "sampler"
      ? "by the best way back that is up"
      : newest === undefined || lost === undefined
        ? "nothing proven to go back to"
        : `back to ${sayMoment(newest.contentsOf)} UTC, the newest proven backup`;
  const silent = silentFor === undefined ? "" : `; the sampler is silent since ${sayLength(silentFor)}`;
  // A store's samples are the ends of its nights alone: a share of them would say nothing about time.
  const share =
    kept === undefined || kept.samples < 2
      ? ""
      : one.storeAlone
        ? `; at the worst it was ${sayLength(ms(Math.max(kept.max, lost ?? 0)))}`
        : `; kept in ${percentOf(kept.share)} of ${kept.samples} samples, at the worst ${sayLength(kept.max)}`;
  return `${lost === undefined ? "unknown" : sayLength(lost)}${of}, ${who}${silent}${share}`;
}

/** Rounded down: 99.97 % is not all. */
const percentOf = (share: number): string => `${Math.floor(share * 1_000) / 10} %`;

/** Days of a month. */
const MONTH = 30.44;

/** `+3 % a month; an RTO of 15 m is passed in about 7 months`. */
export function sayForecast({ forecast, history, rto }: Pick<Standing, "forecast" | "history" | "rto">): string {
  const size = history.findLast(({ sourceBytes }) => sourceBytes !== undefined)?.sourceBytes;
  if (forecast === undefined || size === undefined || size === 0) return "unknown until three days of sizes are there";
  const monthly = (forecast.growth * MONTH * 100) / size;
  const rate = `${monthly >= 0 ? "+" : "−"}${Math.abs(monthly) >= 10 ? Math.round(Math.abs(monthly)) : Math.round(Math.abs(monthly) * 10) / 10} % a month`;
  if (rto.target === undefined) return rate;
  const target = `an RTO of ${sayLength(rto.target)}`;
  if (forecast.exceedsIn === undefined) return `${rate}; ${target} is not passed at this rate`;
  if (forecast.exceedsIn === 0) return `${rate}; ${target} is passed already`;
  return `${rate}; ${target} is passed in about ${sayLong(forecast.exceedsIn)}`;
}

function sayLong(length: Ms): string {
  const whole = length / days(1);
  if (whole < 45) return `${Math.max(1, Math.round(whole))} day${Math.round(whole) > 1 ? "s" : ""}`;
  if (whole < 730) return `${Math.round(whole / MONTH)} months`;
  return whole > 3_653 ? "more than ten years" : `${Math.round(whole / 365.25)} years`;
}

const BARS = "▁▂▃▄▅▆▇█";
/** A row of bars from the least to the most; all equal is a flat line. */
export function sparkline(values: readonly number[]): string {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return values.map((value) => BARS[most === least ? 2 : Math.round(((value - least) / (most - least)) * (BARS.length - 1))] ?? "").join("");
}
