import type { Breach, Datapoint, MetricSeries, Trigger } from "@nightshift/model";
import { minutes } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { allRequests, finished, median, pointsOf, sayCount } from "../figures.ts";
import { judgedMinutes, type Seen, seriesOf } from "../seen.ts";

type Latency = Extract<Trigger, { kind: "latency" }>;
const WIDEST = 15;

/** TargetResponseTime is in seconds (CloudWatch metrics for your Application Load Balancer, 2026-11-21). */
const inMs = (point: Datapoint): number => point.value * 1_000;

/** Too slow: every one of the newest minutes after exposure over the threshold, widened until enough requests stand behind them. */
export function latency(trigger: Latency, seen: Seen): Breach | undefined {
  const { exposedAt } = seen.memory;
  const rows = judgedMinutes(seen);
  const wanted = Math.max(1, Math.round(trigger.for / minutes(1)));
  if (exposedAt === undefined || rows === undefined || rows.length < wanted) return undefined;
  const points = finished(pointsOf(seriesOf(seen), seen.service, `latency_${trigger.statistic}`), exposedAt, seen.now);
  const slow = new Map<number, number>(points.map((point) => [point.at, inMs(point)]));
  for (let length = wanted; length <= Math.min(WIDEST, rows.length); length++) {
    const window = rows.slice(-length);
    if (guard("enough requests for a latency", allRequests(window) < trigger.minRequests)) continue;
    const values = window.flatMap((row) => slow.get(row.at) ?? []);
    if (values.length === 0 && trigger.noData === "bad" && seriesComplete(seen, trigger)) return silent(seen, window);
    if (values.length < window.length || values.some((value) => value <= trigger.above)) return undefined;
    return {
      service: seen.service.name,
      trigger: "latency",
      strength: "soft",
      since: window[0]?.at ?? seen.now,
      errorShare: undefined,
      says: `${trigger.statistic} ${sayCount(median(values) ?? 0)} ms over ${sayCount(trigger.above)} ms, ${length} of ${length} minutes, ${sayCount(allRequests(window))} requests ${sayBaseline(trigger, seen)}`,
    };
  }
  return undefined;
}

/** Requests flow and not one response time was measured: no target answered at all (hazard 12). */
const silent = (seen: Seen, window: readonly { readonly at: Breach["since"]; readonly requests: number; readonly errors: number }[]): Breach => ({
  service: seen.service.name,
  trigger: "latency",
  strength: "soft",
  since: window[0]?.at ?? seen.now,
  errorShare: undefined,
  says: `no response time in ${window.length} minutes although ${sayCount(allRequests(window))} requests arrived: no target answered`,
});

/** Points that CloudWatch may still be adding are not missing. */
const seriesComplete = (seen: Seen, trigger: Latency): boolean =>
  seriesOf(seen).find((series) => series.id.endsWith(`_latency_${trigger.statistic}`))?.complete ?? false;

function sayBaseline(trigger: Latency, seen: Seen): string {
  const say = (series: readonly MetricSeries[]) => {
    const middle = median(pointsOf(series, seen.service, `latency_${trigger.statistic}`).map(inMs));
    return middle === undefined ? "no requests" : `${sayCount(middle)} ms`;
  };
  return `(before: ${say(seen.member.baseline.before)}; same hour last week: ${say(seen.member.baseline.lastWeek)})`;
}
