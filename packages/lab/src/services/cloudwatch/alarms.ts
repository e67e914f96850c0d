import type { EpochMs, Ms } from "@nightshift/model";
import type { AlarmValue } from "@nightshift/model";
import type { Kernel } from "../../kernel.ts";
import { evaluateExpression, type Series } from "./expression.ts";
import type { MetricName, MetricStore } from "./metricStore.ts";
import { evaluateRule } from "./rule.ts";

type Comparison = "GreaterThanThreshold" | "GreaterThanOrEqualToThreshold" | "LessThanThreshold" | "LessThanOrEqualToThreshold";

/** One series of an alarm. */
export interface AlarmMetric {
  readonly id: string;
  readonly metric: MetricName;
  readonly statistic: string;
}

/** An alarm on one metric, or on a metric math expression over several. */
export interface MetricAlarmSpec {
  readonly kind: "metric";
  readonly name: string;
  readonly description?: string;
  readonly metrics: readonly AlarmMetric[];
  /** Over the ids of `metrics`; absent when there is one metric. */
  readonly expression?: string;
  readonly period: Ms;
  /** N of "M of N". */
  readonly evaluationPeriods: number;
  /** M of "M of N"; default N. */
  readonly datapointsToAlarm?: number;
  readonly threshold: number;
  readonly comparison: Comparison;
  readonly treatMissingData?: "missing" | "notBreaching" | "breaching" | "ignore";
  /** Before the first evaluation; default OK since an hour before. */
  readonly initially?: AlarmValue;
}

/** An alarm on other alarms: `ALARM("a") AND NOT ALARM("b")`. */
export interface CompositeAlarmSpec {
  readonly kind: "composite";
  readonly name: string;
  readonly description?: string;
  readonly rule: string;
}

/** An alarm of either kind. */
export type AlarmSpec = MetricAlarmSpec | CompositeAlarmSpec;

/** An alarm as it stands. */
export interface Alarm {
  readonly spec: AlarmSpec;
  readonly arn: string;
  readonly createdAt: EpochMs;
  value: AlarmValue;
  reason: string;
  reasonData: string | undefined;
  since: EpochMs;
}

/** Metrics arrive up to this long after their period ended; the newest period looked at is older than that. */
const PUBLICATION_LAG = 30_000;
/**
 * CloudWatch looks at more periods than the alarm asks for; how many more is not documented, two are assumed
 * ("How alarm state is evaluated when data is missing", docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html, read 2026-11-21).
 */
const EXTRA_PERIODS = 2;

/** Every alarm of the account, evaluated each minute. */
export class AlarmBook {
  private readonly kernel: Kernel;
  private readonly store: MetricStore;
  private readonly alarms = new Map<string, Alarm>();
  private readonly listeners: ((alarm: Alarm) => void)[] = [];

  constructor(kernel: Kernel, store: MetricStore) {
    this.kernel = kernel;
    this.store = store;
    kernel.clock.every(60_000 as Ms, () => this.evaluateAll());
  }

  put(spec: AlarmSpec): Alarm {
    const now = this.kernel.clock.now();
    const alarm: Alarm = {
      spec,
      arn: `arn:aws:cloudwatch:${this.kernel.region}:${this.kernel.accountId}:alarm:${spec.name}`,
      createdAt: now,
      value: spec.kind === "metric" ? (spec.initially ?? "OK") : "OK",
      reason: "Unchecked: Initial alarm creation",
      reasonData: undefined,
      since: (now - 3_600_000) as EpochMs, // An hour before a moment is a moment.
    };
    this.alarms.set(spec.name, alarm);
    return alarm;
  }

  all(): readonly Alarm[] {
    return [...this.alarms.values()];
  }

  find(name: string): Alarm | undefined {
    return this.alarms.get(name);
  }

  /** Runs `listener` at every change of state. */
  onChange(listener: (alarm: Alarm) => void): void {
    this.listeners.push(listener);
  }

  /** Moves an alarm to a state, as an evaluation or `SetAlarmState` does; the event is the same for both (API_SetAlarmState, docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_SetAlarmState.html, read 2026-11-21). */
  set(alarm: Alarm, next: { readonly value: AlarmValue; readonly reason: string; readonly reasonData?: string }): void {
    const previous = { ...alarm };
    alarm.value = next.value;
    alarm.reason = next.reason;
    alarm.reasonData = next.reasonData;
    if (previous.value === next.value) return;
    alarm.since = this.kernel.clock.now();
    this.kernel.record({ kind: "world", what: "alarm-changed", about: alarm.spec.name, detail: { from: previous.value, to: next.value } });
    this.kernel.emit({ source: "aws.cloudwatch", detailType: "CloudWatch Alarm State Change", resources: [alarm.arn], detail: changeDetail(alarm, previous) });
    for (const listener of this.listeners) listener(alarm);
  }

  private evaluateAll(): void {
    for (const alarm of this.alarms.values()) if (alarm.spec.kind === "metric") this.evaluateMetric(alarm, alarm.spec);
    for (const alarm of this.alarms.values()) {
      if (alarm.spec.kind !== "composite") continue;
      const firing = evaluateRule(alarm.spec.rule, (name) => this.alarms.get(name)?.value);
      this.set(alarm, {
        value: firing ? "ALARM" : "OK",
        reason: `${alarm.arn} transitioned to ${firing ? "ALARM" : "OK"} as its rule now evaluates to ${firing}`,
      });
    }
  }

  private evaluateMetric(alarm: Alarm, spec: MetricAlarmSpec): void {
    const now = this.kernel.clock.now();
    const end = Math.floor((now - PUBLICATION_LAG) / spec.period) * spec.period;
    const wanted = spec.evaluationPeriods;
    const starts = Array.from({ length: wanted + EXTRA_PERIODS }, (_, i) => end - (i + 1) * spec.period);
    const series = this.seriesOf(spec, starts);
    const points = starts.flatMap((start) => {
      const value = series.get(start);
      return value === undefined ? [] : [{ start, value }];
    });
    const recent = points.slice(0, wanted);
    const breaching = recent.filter((point) => breaches(point.value, spec)).length;
    const missing = wanted - recent.length;
    const needed = spec.datapointsToAlarm ?? wanted;
    const treat = spec.treatMissingData ?? "missing";
    const newest = recent[0]?.value;
    const bad = breaching + (treat === "breaching" ? missing : 0);
    const data = JSON.stringify({
      version: "1.0",
      queryDate: isoOffset(now),
      ...(recent.length === 0 ? {} : { startDate: isoOffset(recent.at(-1)?.start ?? now) }),
      ...(spec.expression === undefined ? { statistic: spec.metrics[0]?.statistic } : {}),
      period: spec.period / 1_000,
      recentDatapoints: recent.map((point) => point.value).reverse(),
      threshold: spec.threshold,
    });
    if (recent.length === 0 && (treat === "missing" || treat === "ignore")) {
      if (treat === "missing")
        this.set(alarm, { value: "INSUFFICIENT_DATA", reason: `Insufficient Data: ${wanted} datapoints were unknown.`, reasonData: data });
      return;
    }
    if (missing > 0 && treat === "ignore") return;
    const firing = bad >= needed;
    const said =
      newest === undefined
        ? "no datapoints were received"
        : `${firing ? breaching : recent.length - breaching} out of the last ${wanted} datapoints ${firing ? "was" : "was not"} ${spec.comparison} the threshold (${spec.threshold}); the newest is ${newest}`;
    this.set(alarm, { value: firing ? "ALARM" : "OK", reason: `Threshold Crossed: ${said}.`, reasonData: data });
  }

  private seriesOf(spec: MetricAlarmSpec, starts: readonly number[]): Series {
    const from = Math.min(...starts) as EpochMs; // Period starts are moments.
    const to = (Math.max(...starts) + spec.period) as EpochMs; // As above.
    const inputs = new Map(spec.metrics.map((one) => [one.id, this.store.read(one.metric, { from, to, period: spec.period }, one.statistic)]));
    if (spec.expression !== undefined) return evaluateExpression(spec.expression, inputs, starts);
    return inputs.values().next().value ?? new Map<number, number>();
  }
}

function breaches(value: number, spec: MetricAlarmSpec): boolean {
  switch (spec.comparison) {
    case "GreaterThanThreshold":
      return value > spec.threshold;
    case "GreaterThanOrEqualToThreshold":
      return value >= spec.threshold;
    case "LessThanThreshold":
      return value < spec.threshold;
    case "LessThanOrEqualToThreshold":
      return value <= spec.threshold;
  }
}

/** `2019-10-02T17:04:40.989+0000`, the form of times inside alarm events. */
const isoOffset = (at: number): string => new Date(at).toISOString().replace("Z", "+0000");

/** The event's detail ("CloudWatch alarm events and EventBridge", docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html, read 2026-11-21). */
function changeDetail(alarm: Alarm, previous: Alarm): unknown {
  const state = (one: Alarm) => ({
    value: one.value,
    reason: one.reason,
    ...(one.reasonData === undefined ? {} : { reasonData: one.reasonData }),
    timestamp: isoOffset(one.since),
  });
  const spec = alarm.spec;
  const described = spec.description === undefined ? {} : { description: spec.description };
  if (spec.kind === "composite")
    return { alarmName: spec.name, state: state(alarm), previousState: state(previous), configuration: { alarmRule: spec.rule, ...described } };
  const metrics = spec.metrics.map((one) => ({
    id: one.id,
    returnData: spec.expression === undefined,
    metricStat: {
      metric: { namespace: one.metric.namespace, name: one.metric.name, dimensions: one.metric.dimensions },
      period: spec.period / 1_000,
      stat: one.statistic,
    },
  }));
  const math = spec.expression === undefined ? [] : [{ id: "expression", expression: spec.expression, label: spec.name, returnData: true }];
  return { alarmName: spec.name, state: state(alarm), previousState: state(previous), configuration: { metrics: [...math, ...metrics], ...described } };
}
