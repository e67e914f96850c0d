import type { Breach, Datapoint, EpochMs, MetricSeries } from "@nightshift/model";
import { epochMs, minutes } from "@nightshift/model";
import { allRequests, finished, median, type Minute, pointsOf, shareOf, trafficMinutes } from "./figures.ts";
import { ownBalancer, type Seen, seriesOf } from "./seen.ts";

/** The one figure a breach is about, over time: before the deployment, since, and a week ago. */
export interface Level {
  readonly says: "5xx" | "p95";
  /** Oldest first, from the hour before the deployment to now. */
  readonly points: readonly Datapoint[];
  readonly before: number | undefined;
  readonly lastWeek: number | undefined;
  readonly now: number | undefined;
  readonly bad: (value: number) => boolean;
}

/** Minutes with fewer requests say nothing by themselves. */
const FEWEST_REQUESTS = 10;
/** The error share that counts as bad where no error-rate trigger says otherwise: where P2 begins (decision 5). */
const BAD_SHARE = 5;

/** Minutes that stand for "now", at most. */
const RECENT = 3;

/** The level behind a breach: response times for latency, the share of failed requests for all others. */
export function levelOf(breach: Breach, seen: Seen): Level {
  return breach.trigger === "latency" ? latencyLevel(seen) : errorLevel(seen);
}

function errorLevel(seen: Seen): Level {
  const trigger = seen.service.triggers.find((one) => one.kind === "error-rate");
  const threshold = trigger?.kind === "error-rate" ? trigger.above : BAD_SHARE;
  // As many minutes as the trigger itself looks at: what fired must not read as "not bad" for a good minute before it.
  const looksAt = trigger?.kind === "error-rate" ? Math.max(1, Math.round(trigger.for / minutes(1))) : RECENT;
  const rows = (series: readonly MetricSeries[]) => trafficMinutes(series, seen.service, ownBalancer(seen));
  const before = rows(seen.member.baseline.before);
  const now = finished(rows(seriesOf(seen)), epochMs(0), seen.now);
  const share = (some: readonly Minute[]) => (allRequests(some) === 0 ? undefined : shareOf(some));
  return {
    says: "5xx",
    points: joined(before, now)
      .filter((row) => allRequests([row]) >= FEWEST_REQUESTS)
      .map((row) => ({ at: row.at, value: shareOf([row]) })),
    before: share(before),
    lastWeek: share(rows(seen.member.baseline.lastWeek)),
    now: share(sinceExposure(now, seen).slice(-Math.min(RECENT, looksAt))),
    bad: (value) => value > threshold,
  };
}

function latencyLevel(seen: Seen): Level {
  const trigger = seen.service.triggers.find((one) => one.kind === "latency");
  const [name, above] = trigger?.kind === "latency" ? [`latency_${trigger.statistic}`, trigger.above] : ["latency_p95", Number.POSITIVE_INFINITY];
  const read = (series: readonly MetricSeries[]): readonly Datapoint[] =>
    pointsOf(series, seen.service, name).map(({ at, value }) => ({ at, value: value * 1_000 }));
  const before = read(seen.member.baseline.before);
  const now = finished(read(seriesOf(seen)), epochMs(0), seen.now);
  const middle = (points: readonly Datapoint[]) => median(points.map((point) => point.value));
  return {
    says: "p95",
    points: joined(before, now),
    before: middle(before),
    lastWeek: middle(read(seen.member.baseline.lastWeek)),
    now: middle(sinceExposure(now, seen).slice(-RECENT)),
    bad: (value) => value > above,
  };
}

/** "Now" is what the new revision had a part in; before it took traffic, whatever there is. */
function sinceExposure<T extends { readonly at: EpochMs }>(rows: readonly T[], { memory }: Seen): readonly T[] {
  const after = rows.filter((row) => memory.exposedAt !== undefined && row.at >= memory.exposedAt);
  return after.length === 0 ? rows : after;
}

/** Both readings as one; where they overlap the newer read wins. */
function joined<T extends { readonly at: EpochMs }>(before: readonly T[], now: readonly T[]): readonly T[] {
  const from = now[0]?.at ?? Number.POSITIVE_INFINITY;
  return [...before.filter((point) => point.at < from), ...now];
}

/** When the present bad stretch began; one good minute inside it does not end it. Undefined: the newest minutes are not bad. */
export function onsetOf(points: readonly Datapoint[], bad: (value: number) => boolean): EpochMs | undefined {
  let onset: EpochMs | undefined;
  let good = 0;
  for (const point of [...points].reverse()) {
    if (onset !== undefined && onset - point.at > minutes(3)) break;
    if (bad(point.value)) {
      onset = point.at;
      good = 0;
    } else if (++good > 1) break;
  }
  return onset;
}
