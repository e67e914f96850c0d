import type { EpochMs, Ms } from "./time.ts";

/** One series to read: a CloudWatch metric with its dimensions and statistic. */
export interface MetricQuery {
  /** Ours, unique in one read: letters, digits and underscores, starting with a small letter (GetMetricData `Id`). */
  readonly id: string;
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: string;
  readonly period: Ms;
}

/** Datapoints of one series, oldest first. */
export interface MetricSeries {
  readonly id: string;
  readonly points: readonly Datapoint[];
  /** False when CloudWatch said PartialData or InternalError: absent points then mean nothing. */
  readonly complete: boolean;
}

/** The value of one period that began at `at`. */
export interface Datapoint {
  readonly at: EpochMs;
  readonly value: number;
}

/** What came back for one question to CloudWatch: an answer, or the error that stood in its place. */
export type Reading<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly because: string };
