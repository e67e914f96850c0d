import { backupId, type EpochMs, epochMs, type ResticPolicy, type RetentionCandidate } from "@nightshift/model";
import type { Snapshot } from "./restic-repository.ts";

/** A team's nights, as restic and as our planner read them. */
export interface History {
  readonly host: string;
  readonly candidates: readonly RetentionCandidate[];
}

const HOUR = 3_600_000;
/** Moments around which the calendar is easily got wrong: ends of months, leap days, ISO weeks of two years, and midnight of a Sunday. */
const edges = ["2020-02-29", "2020-12-28", "2021-01-03", "2021-01-04", "2021-03-31", "2023-01-01", "2024-02-29", "2024-12-30", "2025-05-31"].map((date) =>
  Date.parse(`${date}T00:00:00Z`),
);

/** So many histories; the same seed gives the same ones. */
export const histories = (count: number, seed: number): readonly History[] =>
  Array.from({ length: count }, (_, index) => {
    const chance = chances(seed * 100_003 + index);
    const below = (most: number): number => Math.floor(chance() * most);
    const host = `team-${index}`;
    const start = (edges[below(edges.length)] ?? 0) - below(40) * 24 * HOUR;
    const pace = [HOUR / 4, HOUR, 6 * HOUR, 24 * HOUR, 7 * 24 * HOUR, 40 * 24 * HOUR][below(6)] ?? HOUR;
    const size = 1 + below(20);
    const isTagged = chance() < 0.5;
    let at = start;
    const candidates = Array.from({ length: size }, (_, n): RetentionCandidate => {
      // On time, late by a little, at a stroke of the clock, or at the very moment of the one before.
      const kind = chance();
      if (kind < 0.4) at += pace;
      else if (kind < 0.8) at += Math.round(pace * chance() * 3);
      else if (kind < 0.92) at = Math.ceil((at + pace) / (24 * HOUR)) * 24 * HOUR + ([-1, 0, 1, 1_000][below(4)] ?? 0);
      else if (isTagged) at += 1;
      const moment = chance() < 0.005 ? Date.parse("2099-01-01T00:00:00Z") + below(1_000) * HOUR : at;
      const tags = isTagged ? ["app", "db", "keep"].filter(() => chance() < 0.3) : [];
      return { id: backupId(`${host}-${n}`), at: epochMs(moment), scheduled: epochMs(moment), state: "verified", series: "nightly", tags };
    });
    return { host, candidates };
  });

/** As restic keeps them. */
export const snapshotsOf = ({ host, candidates }: History): readonly Snapshot[] =>
  candidates.map(({ at, tags = [] }) => ({ time: new Date(at).toISOString(), hostname: host, ...(tags.length === 0 ? {} : { tags }) }));

/** Options of `restic forget`, and the same as a policy. */
export interface Options {
  readonly arguments: readonly string[];
  readonly policy: ResticPolicy;
}

const length = (years: number, months: number, days: number, hours: number) => ({ years, months, days, hours });
const nothing: ResticPolicy = { kind: "restic", periods: {}, withinPeriods: {}, tags: [], oldest: false, atLeast: 0 };
const given = (words: string, policy: Partial<ResticPolicy>): Options => ({ arguments: words.split(" "), policy: { ...nothing, ...policy } });

/** Every option alone, and some together. */
export const everyOption: readonly Options[] = [
  given("--keep-last 3", { last: 3 }),
  given("--keep-hourly 5", { periods: { hourly: 5 } }),
  given("--keep-daily 7", { periods: { daily: 7 } }),
  given("--keep-weekly 4", { periods: { weekly: 4 } }),
  given("--keep-monthly 6", { periods: { monthly: 6 } }),
  given("--keep-yearly 2", { periods: { yearly: 2 } }),
  given("--keep-within 1m15d3h", { within: length(0, 1, 15, 3) }),
  given("--keep-within-hourly 30h", { withinPeriods: { hourly: length(0, 0, 0, 30) } }),
  given("--keep-within-daily 9d", { withinPeriods: { daily: length(0, 0, 9, 0) } }),
  given("--keep-within-weekly 2m", { withinPeriods: { weekly: length(0, 2, 0, 0) } }),
  given("--keep-within-monthly 1y1m", { withinPeriods: { monthly: length(1, 1, 0, 0) } }),
  given("--keep-within-yearly 3y", { withinPeriods: { yearly: length(3, 0, 0, 0) } }),
  given("--keep-tag app,db --keep-tag keep", { tags: [["app", "db"], ["keep"]] }),
  given(
    "--keep-last 2 --keep-hourly 3 --keep-daily 4 --keep-weekly 3 --keep-monthly 3 --keep-yearly 5 --keep-within 2d --keep-within-monthly 5m --keep-tag app",
    {
      last: 2,
      periods: { hourly: 3, daily: 4, weekly: 3, monthly: 3, yearly: 5 },
      within: length(0, 0, 2, 0),
      withinPeriods: { monthly: length(0, 5, 0, 0) },
      tags: [["app"]],
    },
  ),
];

/** All of them: later versions' `unlimited`, our -1. To Debian 12's 0.14 a -1 keeps nothing, which would remove everything. */
export const keepAll: readonly Options[] = [
  given("--keep-last unlimited", { last: -1 }),
  given("--keep-hourly unlimited", { periods: { hourly: -1 } }),
  given("--keep-daily unlimited --keep-yearly unlimited", { periods: { daily: -1, yearly: -1 } }),
  given("--keep-weekly unlimited --keep-monthly 2", { periods: { weekly: -1, monthly: 2 } }),
];

/** `hourly` and so on, as restic names its periods in a reason. */
const named: Readonly<Record<string, string>> = { hourly: "hour", daily: "day", weekly: "week", monthly: "month", yearly: "year" };

/** The same, with the newest kept in any case: later versions refuse to remove a whole group, which tags alone do. */
export const withNewest = ({ arguments: options, policy }: Options): Options => ({
  arguments: [...options, "--keep-last", "1"],
  policy: { ...policy, last: 1 },
});

/** A reason in our words; only 0.18 and later say that the oldest is kept as the oldest. */
export function inOurWords(reason: string): string {
  const [, isOldest, period = "", rest = ""] = /^(oldest )?(last|hourly|daily|weekly|monthly|yearly) (snapshot|within .+)$/.exec(reason) ?? [];
  if (period === "") return reason.replace(/^has tags \[(.*)\]$/, (_, tags: string) => `has ${tags.replaceAll(", ", " and ")}`);
  const one = period === "last" ? "one of the newest" : `newest of its ${named[period]}`;
  const says = rest === "snapshot" ? one : `${one} ${rest}`;
  if (isOldest === undefined) return says;
  return `oldest of all, and "${says}" ${rest === "snapshot" ? "is not used up" : "still holds"}`;
}

/** What is kept, as it can be compared: two of the same moment are told apart by nothing. */
export const sayKept = (at: EpochMs, reasons: readonly string[]): string => `${new Date(at).toISOString()} ${reasons.join(", ")}`;

/** Chances between 0 and 1 that follow from a seed alone (a linear congruence, good enough to draw histories). */
function chances(seed: number): () => number {
  let state = seed % 2_147_483_647 || 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
