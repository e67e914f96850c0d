import type { Datapoint, EpochMs, GuardedService, MetricSeries, Percent } from "@nightshift/model";
import { epochMs, minutes, percent } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { queryId } from "./queries.ts";

/** What one service answered in one minute. */
export interface Minute {
  readonly at: EpochMs;
  readonly requests: number;
  /** Failed requests that this service answers for. */
  readonly errors: number;
}

/** A load balancer with at least this share of its requests going to the service counts as its own. */
const OWN_BALANCER_SHARE = 0.95;
/** CloudWatch points may come late by this much before we say that a series stopped. */
const LATE = minutes(3);
const MINUTE = minutes(1);

/** The points of one of a service's series, oldest first; empty where it was not read. */
export const pointsOf = (series: readonly MetricSeries[], service: GuardedService, name: string): readonly Datapoint[] =>
  series.find((one) => one.id === queryId(service.name, name))?.points ?? [];

/**
 * The share of failed requests. Requests that never found a target are not in RequestCount, only in the load balancer's
 * own 5xx, so the larger of the two counts as "all" (CloudWatch metrics for your Application Load Balancer,
 * docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html, 2026-11-21).
 */
export const shareOf = (rows: readonly Minute[]): Percent => {
  const errors = sum(rows.map((row) => row.errors));
  const all = allRequests(rows);
  return percent(all === 0 ? 0 : (100 * errors) / all);
};

/** Requests of these minutes, those included that found no target. */
export const allRequests = (rows: readonly Minute[]): number => sum(rows.map((row) => Math.max(row.requests, row.errors)));
export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** The middle value; undefined of nothing. */
export function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.floor((sorted.length - 1) / 2)];
  return upper === undefined || lower === undefined ? undefined : (upper + lower) / 2;
}

/**
 * Whether the load balancer serves this service alone. Its own 5xx carry no target group (same page as above),
 * so on a shared one they may be somebody else's and are left out.
 */
export function ownsBalancer(series: readonly MetricSeries[], service: GuardedService): boolean | undefined {
  const all = sum(pointsOf(series, service, "lb_requests").map((point) => point.value));
  if (all === 0) return undefined;
  return sum(pointsOf(series, service, "requests").map((point) => point.value)) >= OWN_BALANCER_SHARE * all;
}

/** Minute rows of a read, oldest first; only minutes in which anything was reported. */
export function trafficMinutes(series: readonly MetricSeries[], service: GuardedService, ownBalancer: boolean): readonly Minute[] {
  const rows = new Map<number, { requests: number; errors: number }>();
  const row = (at: number) => {
    const found = rows.get(at) ?? { requests: 0, errors: 0 };
    rows.set(at, found);
    return found;
  };
  for (const point of pointsOf(series, service, "requests")) row(point.at).requests += point.value;
  for (const point of pointsOf(series, service, "target_5xx")) row(point.at).errors += point.value;
  if (ownBalancer) for (const point of pointsOf(series, service, "elb_5xx")) row(point.at).errors += point.value;
  return [...rows].sort(([a], [b]) => a - b).map(([at, figures]) => ({ at: epochMs(at), ...figures }));
}

/** Whole, finished minutes at or after `from`. A minute under way would read as a quiet one. */
export const finished = <T extends { readonly at: EpochMs }>(rows: readonly T[], from: EpochMs, now: EpochMs): readonly T[] =>
  rows.filter((row) => !guard("minutes after exposure", row.at < from) && !guard("finished minutes", row.at + MINUTE > now));

/** The same rows without holes: a minute without a datapoint had no request (ELB reports only non-zero values). Undefined: the newest is too old to judge. */
export function gridOf(rows: readonly Minute[], now: EpochMs): readonly Minute[] | undefined {
  const first = rows[0];
  const last = rows[rows.length - 1];
  if (first === undefined || last === undefined) return undefined;
  if (now - (last.at + MINUTE) > LATE) return undefined;
  const known = new Map(rows.map((row) => [row.at, row]));
  const grid: Minute[] = [];
  for (let at = first.at; at <= last.at; at = epochMs(at + MINUTE)) grid.push(known.get(at) ?? { at, requests: 0, errors: 0 });
  return grid;
}

/** `1,180`. */
export const sayCount = (count: number): string => String(Math.round(count)).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
