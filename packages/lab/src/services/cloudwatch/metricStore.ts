import type { EpochMs, Ms } from "@nightshift/model";
import type { Kernel } from "../../kernel.ts";

/** What was published for one minute of one metric. */
export interface Stat {
  count: number;
  sum: number;
  min: number;
  max: number;
  /** Counts per bucket of `bucketEdges`, when percentiles are wanted. */
  histogram?: Float64Array;
}

/** One metric: namespace, name and its exact set of dimensions. */
export interface MetricName {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

interface Stored {
  readonly stat: Stat;
  readonly visibleAt: EpochMs;
}

/** Upper edges of the latency buckets, in seconds: 1 ms to 100 s, 12 % apart, percentiles are interpolated between them. */
export const bucketEdges: readonly number[] = Array.from({ length: 102 }, (_, i) => 0.001 * 1.12 ** i);

const MINUTE = 60_000;
const keyOf = (metric: MetricName): string =>
  `${metric.namespace}|${metric.name}|${Object.entries(metric.dimensions)
    .map(([k, v]) => `${k}=${v}`)
    .sort()
    .join(",")}`;

/** A value measured once. */
export const single = (value: number): Stat => ({ count: 1, sum: value, min: value, max: value });

/** Every metric of the account in one-minute buckets, each visible only from its publication on; times before the world began are made up on demand. */
export class MetricStore {
  private readonly kernel: Kernel;
  private readonly born: EpochMs;
  private readonly points = new Map<string, Map<number, Stored>>();
  private readonly past = new Map<string, (minute: EpochMs) => Stat | undefined>();
  private readonly gaps: { readonly from: EpochMs; readonly until: EpochMs; readonly hides: (metric: MetricName) => boolean }[] = [];
  private readonly partial: { readonly from: EpochMs; readonly until: EpochMs }[] = [];

  constructor(kernel: Kernel) {
    this.kernel = kernel;
    this.born = kernel.clock.now();
  }

  /** Adds a one-minute value; `visibleAt` is when CloudWatch answers with it. */
  publish(metric: MetricName, minute: EpochMs, stat: Stat, visibleAt: EpochMs): void {
    const key = keyOf(metric);
    if (this.gaps.some((gap) => minute >= gap.from && minute < gap.until && gap.hides(metric))) return;
    const series = this.points.get(key) ?? new Map<number, Stored>();
    this.points.set(key, series);
    const before = series.get(minute);
    series.set(minute, before === undefined ? { stat, visibleAt } : { stat: merge([before.stat, stat]), visibleAt: before.visibleAt });
  }

  /** How the metric was before the world began, minute by minute. */
  remember(metric: MetricName, at: (minute: EpochMs) => Stat | undefined): void {
    this.past.set(keyOf(metric), at);
  }

  /** Points of matching metrics are never published between the two moments. */
  gap(from: EpochMs, until: EpochMs, hides: (metric: MetricName) => boolean): void {
    this.gaps.push({ from, until, hides });
  }

  /** Reads between the two moments are answered `PartialData`, with the newest points left out. */
  answerPartially(from: EpochMs, until: EpochMs): void {
    this.partial.push({ from, until });
  }

  isPartial(): boolean {
    const now = this.kernel.clock.now();
    return this.partial.some((one) => now >= one.from && now < one.until);
  }

  /**
   * Values by period start, oldest first; periods without a point are absent. The start is rounded down to the period
   * and the end is exclusive (API_GetMetricData, docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html, read 2026-11-21).
   */
  read(metric: MetricName, window: { readonly from: EpochMs; readonly to: EpochMs; readonly period: Ms }, statistic: string): Map<number, number> {
    const key = keyOf(metric);
    const series = this.points.get(key);
    const past = this.past.get(key);
    const values = new Map<number, number>();
    if (series === undefined && past === undefined) return values;
    const period = Math.max(MINUTE, window.period);
    const now = this.kernel.clock.now();
    for (let start = Math.floor(window.from / period) * period; start < window.to; start += period) {
      const stats: Stat[] = [];
      for (let minute = Math.floor(start / MINUTE) * MINUTE; minute < start + period; minute += MINUTE) {
        const stored = series?.get(minute);
        // Minutes are whole multiples of 60,000: moments by construction.
        const stat = minute + MINUTE <= this.born ? past?.(minute as EpochMs) : stored !== undefined && stored.visibleAt <= now ? stored.stat : undefined;
        if (stat !== undefined) stats.push(stat);
      }
      const first = stats[0];
      if (first !== undefined) values.set(start, statisticOf(stats.length === 1 ? first : merge(stats), statistic));
    }
    if (this.isPartial()) for (const at of [...values.keys()].slice(-2)) values.delete(at);
    return values;
  }
}

function merge(stats: readonly Stat[]): Stat {
  const whole: Stat = { count: 0, sum: 0, min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY };
  for (const stat of stats) {
    whole.count += stat.count;
    whole.sum += stat.sum;
    whole.min = Math.min(whole.min, stat.min);
    whole.max = Math.max(whole.max, stat.max);
    if (stat.histogram !== undefined) {
      const into = whole.histogram ?? new Float64Array(bucketEdges.length);
      stat.histogram.forEach((n, i) => {
        into[i] = (into[i] ?? 0) + n;
      });
      whole.histogram = into;
    }
  }
  return whole;
}

/** Statistics by CloudWatch's names; percentiles from the histogram ("CloudWatch statistics definitions", docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html, read 2026-11-21). */
export function statisticOf(stat: Stat, statistic: string): number {
  if (statistic === "Sum") return stat.sum;
  if (statistic === "SampleCount") return stat.count;
  if (statistic === "Minimum") return stat.min;
  if (statistic === "Maximum") return stat.max;
  const percentile = /^p(\d{1,2}(?:\.\d+)?|100)$/.exec(statistic)?.[1];
  if (percentile === undefined) return stat.sum / Math.max(1e-9, stat.count);
  return percentileOf(stat, Number(percentile));
}

function percentileOf(stat: Stat, percentile: number): number {
  const histogram = stat.histogram;
  if (histogram === undefined) return stat.max;
  const total = histogram.reduce((sum, n) => sum + n, 0);
  let below = 0;
  const wanted = (total * percentile) / 100;
  for (let i = 0; i < histogram.length; i += 1) {
    const here = histogram[i] ?? 0;
    if (below + here >= wanted) {
      const lower = bucketEdges[i - 1] ?? 0;
      return lower + ((bucketEdges[i] ?? stat.max) - lower) * (here === 0 ? 1 : (wanted - below) / here);
    }
    below += here;
  }
  return stat.max;
}
