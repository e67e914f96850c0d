import { type EpochMs, type GuardedService, hours, type Incident, type MetricQuery, type MetricSeries, minutes } from "@nightshift/model";
import { before, epochMs } from "@nightshift/model";
import { type Check, checksOf } from "./checks.ts";
import { chooseRunbooks, type Runbook, runbookTitles } from "./runbooks.ts";

/** What a runbook asks CloudWatch, and of when: the last ten minutes against the hour before them. */
export interface Questions {
  readonly checks: readonly Check[];
  readonly queries: readonly MetricQuery[];
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/** One answered question. */
export interface Finding {
  readonly what: string;
  readonly verdict: "bad" | "fine" | "unknown";
  readonly says: string;
}

/** The newest minutes that stand for "now"; CloudWatch is late by up to three. */
const NOW = minutes(10);
const BEFORE = hours(1);
/** GetMetricData takes 500 queries; a thread takes far fewer answers. */
const MOST = 40;

/** What the incident's runbooks ask about its service, each series once. */
export function questionsOf(incident: Incident, service: GuardedService, now: EpochMs): Questions {
  const seen = new Set<string>();
  const checks = chooseRunbooks(incident, service)
    .flatMap((runbook) => checksOf(runbook, service))
    .filter(({ query }) => {
      const series = JSON.stringify([query.namespace, query.metric, query.dimensions, query.statistic]);
      return !seen.has(series) && seen.add(series);
    })
    .slice(0, MOST);
  const queries = checks.flatMap(({ query, shareOf }) => (shareOf === undefined ? [query] : [query, shareOf]));
  return { checks, queries, from: before(now, epochLength(NOW + BEFORE)), to: now };
}

const epochLength = (length: number) => minutes(Math.round(length / 60_000));

/** Answers each question from the series that were read. Without datapoints nothing is claimed. */
export const findingsOf = ({ checks, to }: Questions, series: readonly MetricSeries[]): readonly Finding[] => checks.map((check) => answer(check, series, to));

function answer(check: Check, series: readonly MetricSeries[], to: EpochMs): Finding {
  const { now, usual } = levels(check, series, to);
  if (now === undefined) return { what: check.what, verdict: "unknown", says: `${check.what}: no datapoints` };
  const says = `${check.what} ${sayValue(now, check)}${usual === undefined ? "" : `, ${sayValue(usual, check)} in the hour before`}`;
  const over = check.bad !== undefined && ("above" in check.bad ? now > check.bad.above : now < check.bad.below);
  const rose = check.rose !== undefined && usual !== undefined && usual > 0 && now >= check.rose * usual;
  if (!over && !rose) return { what: check.what, verdict: "fine", says };
  const limit =
    over && check.bad !== undefined
      ? ` (${"above" in check.bad ? "> " : "< "}${sayValue("above" in check.bad ? check.bad.above : check.bad.below, check)})`
      : "";
  return { what: check.what, verdict: "bad", says: `${says}${limit}: ${check.advice}` };
}

/** The worst of the newest minutes, and the middle of the hour before. */
function levels({ query, shareOf, scale, bad }: Check, series: readonly MetricSeries[], to: EpochMs) {
  const points = series.find((one) => one.id === query.id)?.points ?? [];
  const whole =
    shareOf === undefined ? undefined : new Map((series.find((one) => one.id === shareOf.id)?.points ?? []).map((point) => [point.at, point.value]));
  const values = points.flatMap(({ at, value }) => {
    if (whole === undefined) return [{ at, value: value * scale }];
    const all = whole.get(at);
    return all === undefined || all === 0 ? [] : [{ at, value: (100 * value) / all }];
  });
  const border = epochMs(to - NOW);
  const recent = values.filter((one) => one.at >= border).map((one) => one.value);
  const earlier = values
    .filter((one) => one.at < border)
    .map((one) => one.value)
    .toSorted((a, b) => a - b);
  const low = bad !== undefined && "below" in bad;
  return { now: recent.length === 0 ? undefined : low ? Math.min(...recent) : Math.max(...recent), usual: earlier[Math.floor(earlier.length / 2)] };
}

function sayValue(value: number, { unit }: Check): string {
  if (unit === "bytes") return `${(value / 1_073_741_824).toFixed(1)} GiB`;
  const number = value >= 100 ? Math.round(value).toLocaleString("en-US") : String(Math.round(value * 10) / 10);
  return unit === "" ? number : `${number} ${unit}`;
}

/** The diagnosis as a thread shows it: which runbooks were run, what stands out, what was looked at and is fine. */
export function sayDiagnosis(runbooksRun: readonly Runbook[], findings: readonly Finding[]): readonly string[] {
  const bad = findings.filter((one) => one.verdict === "bad");
  const fine = findings.filter((one) => one.verdict === "fine").map((one) => one.what);
  const unknown = findings.filter((one) => one.verdict === "unknown").map((one) => one.what);
  return [
    `Runbook ${runbooksRun.map((one) => runbookTitles[one]).join(", ")}: ${bad.length === 0 ? "nothing stands out" : `${bad.length} of ${findings.length} checks stand out`}.`,
    ...bad.map((one) => `✗ ${one.says}`),
    ...(fine.length === 0 ? [] : [`✓ fine: ${fine.join(", ")}`]),
    ...(unknown.length === 0 ? [] : [`? no datapoints: ${unknown.join(", ")}`]),
  ];
}
