import type {
  CompositeAlarm,
  Dimension,
  GetMetricDataInput,
  GetMetricDataOutput,
  GetMetricWidgetImageInput,
  GetMetricWidgetImageOutput,
  MetricAlarm,
  MetricDataQuery,
  MetricDataResult,
  PutMetricDataInput,
} from "@aws-sdk/client-cloudwatch";
import type { EpochMs, Ms } from "@nightshift/model";
import { widgetImage } from "../../charts/image.ts";
import { AwsFault, type Kernel, type ServiceModule } from "../../kernel.ts";
import type { Alarm, AlarmBook } from "./alarms.ts";
import { evaluateExpression, type Series } from "./expression.ts";
import { type MetricName, type MetricStore, single } from "./metricStore.ts";

interface AlarmQuestion {
  readonly AlarmNames?: readonly string[];
  readonly AlarmNamePrefix?: string;
  readonly AlarmTypes?: readonly string[];
  readonly StateValue?: string;
  readonly AlarmName?: string;
  readonly StateReason?: string;
}

/** Queries in one GetMetricData call (API_GetMetricData, docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html, read 2026-11-21). */
const MOST_QUERIES = 500;
/** Values in one answer (as above). */
const MOST_VALUES = 100_800;

/** CloudWatch's metric and alarm operations. */
export class CloudWatchModule implements ServiceModule {
  readonly service = "cloudwatch" as const;
  readonly mutating: ReadonlySet<string> = new Set(["PutMetricData", "SetAlarmState"]);
  private readonly kernel: Kernel;
  private readonly store: MetricStore;
  private readonly alarms: AlarmBook;

  constructor(kernel: Kernel, store: MetricStore, alarms: AlarmBook) {
    this.kernel = kernel;
    this.store = store;
    this.alarms = alarms;
  }

  handle(operation: string, input: unknown): unknown {
    // Each operation's input is what the typed SDK client was given.
    if (operation === "GetMetricData") return this.read(input as GetMetricDataInput);
    if (operation === "PutMetricData") return this.put(input as PutMetricDataInput);
    if (operation === "DescribeAlarms") return this.describe(input as AlarmQuestion);
    if (operation === "GetMetricWidgetImage") return this.draw(input as GetMetricWidgetImageInput);
    if (operation === "SetAlarmState") return this.setState(input as AlarmQuestion);
    throw new AwsFault("UnknownOperationException", `The lab's CloudWatch does not know ${operation}`);
  }

  private read(asked: GetMetricDataInput): GetMetricDataOutput {
    const queries = asked.MetricDataQueries ?? [];
    if (queries.length > MOST_QUERIES)
      throw new AwsFault("ValidationError", `The collection MetricDataQueries must not have a size greater than ${MOST_QUERIES}.`);
    const from = asked.StartTime?.getTime() ?? 0;
    const to = asked.EndTime?.getTime() ?? 0;
    if (from >= to) throw new AwsFault("ValidationError", "The parameter StartTime must be less than the parameter EndTime.");
    const all = new Map<string, Series>();
    for (const query of queries) if (query.MetricStat !== undefined) all.set(query.Id ?? "", this.series(query, from, to));
    for (const query of queries) if (query.Expression !== undefined) all.set(query.Id ?? "", evaluateExpression(query.Expression, all, periodsOf(all)));
    const skip = asked.NextToken === undefined ? 0 : Number(asked.NextToken);
    const limit = Math.min(asked.MaxDatapoints ?? MOST_VALUES, MOST_VALUES);
    const flat = queries
      .filter((query) => query.ReturnData !== false)
      .map((query) => ({ query, points: this.ordered(all.get(query.Id ?? "") ?? new Map(), asked.ScanBy) }));
    const total = flat.reduce((sum, one) => sum + one.points.length, 0);
    let seen = 0;
    const results: MetricDataResult[] = [];
    for (const { query, points } of flat) {
      const page = points.filter((_, i) => seen + i >= skip && seen + i < skip + limit);
      const cut = seen + points.length > skip + limit;
      seen += points.length;
      const status = cut || this.store.isPartial() ? "PartialData" : "Complete";
      results.push({
        Id: query.Id,
        Label: query.Label ?? query.MetricStat?.Metric?.MetricName ?? query.Id,
        Timestamps: page.map(([at]) => new Date(at)),
        Values: page.map(([, value]) => value),
        StatusCode: status,
      });
    }
    return { MetricDataResults: results, Messages: [], ...(skip + limit < total ? { NextToken: String(skip + limit) } : {}) };
  }

  private series(query: MetricDataQuery, from: number, to: number): Series {
    const metric = query.MetricStat?.Metric;
    const period = ((query.MetricStat?.Period ?? 60) * 1_000) as Ms; // Seconds to our unit.
    const name: MetricName = { namespace: metric?.Namespace ?? "", name: metric?.MetricName ?? "", dimensions: dimensionsOf(metric?.Dimensions) };
    return this.store.read(name, { from: from as EpochMs, to: to as EpochMs, period }, query.MetricStat?.Stat ?? "Average"); // The client's Dates are moments.
  }

  /** Newest first unless asked otherwise (API_GetMetricData "ScanBy"). */
  private ordered(series: Series, scanBy: GetMetricDataInput["ScanBy"]): (readonly [number, number])[] {
    const points = [...series];
    points.sort((a, b) => (scanBy === "TimestampAscending" ? a[0] - b[0] : b[0] - a[0]));
    return points;
  }

  private put(asked: PutMetricDataInput): Record<string, never> {
    const now = this.kernel.clock.now();
    for (const datum of asked.MetricData ?? []) {
      const at = datum.Timestamp?.getTime() ?? now;
      const minute = (Math.floor(at / 60_000) * 60_000) as EpochMs; // A whole minute is a moment.
      this.store.publish(
        { namespace: asked.Namespace ?? "", name: datum.MetricName ?? "", dimensions: dimensionsOf(datum.Dimensions) },
        minute,
        single(datum.Value ?? 0),
        now,
      );
    }
    return {};
  }

  private describe(asked: AlarmQuestion): { MetricAlarms: MetricAlarm[]; CompositeAlarms: CompositeAlarm[] } {
    const chosen = this.alarms
      .all()
      .filter(
        (alarm) =>
          (asked.AlarmNames?.includes(alarm.spec.name) ?? true) &&
          alarm.spec.name.startsWith(asked.AlarmNamePrefix ?? "") &&
          (asked.StateValue ?? alarm.value) === alarm.value,
      );
    // Composite alarms are answered only when asked for (API_DescribeAlarms "AlarmTypes", docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html, read 2026-11-21).
    const types = asked.AlarmTypes ?? ["MetricAlarm"];
    return {
      MetricAlarms: types.includes("MetricAlarm") ? chosen.flatMap((alarm) => (alarm.spec.kind === "metric" ? [metricAlarm(alarm)] : [])) : [],
      CompositeAlarms: types.includes("CompositeAlarm")
        ? chosen.flatMap((alarm) => (alarm.spec.kind === "composite" ? [{ ...common(alarm), AlarmRule: alarm.spec.rule }] : []))
        : [],
    };
  }

  /** API_GetMetricWidgetImage, docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricWidgetImage.html, read 2026-11-21. */
  private draw(asked: GetMetricWidgetImageInput): GetMetricWidgetImageOutput {
    return { MetricWidgetImage: widgetImage(this.store, asked.MetricWidget ?? "", this.kernel.clock.now()) };
  }

  private setState(asked: AlarmQuestion): Record<string, never> {
    const alarm = this.alarms.find(asked.AlarmName ?? "");
    if (alarm === undefined) throw new AwsFault("ResourceNotFound", "The named resource does not exist.", 404);
    // The SDK's type allows only the three values.
    this.alarms.set(alarm, { value: asked.StateValue as Alarm["value"], reason: asked.StateReason ?? "" });
    return {};
  }
}

const periodsOf = (all: ReadonlyMap<string, Series>): readonly number[] =>
  [...new Set([...all.values()].flatMap((series) => [...series.keys()]))].sort((a, b) => a - b);

const dimensionsOf = (dimensions: readonly Dimension[] | undefined): Record<string, string> =>
  Object.fromEntries((dimensions ?? []).map((one) => [one.Name ?? "", one.Value ?? ""]));

function common(alarm: Alarm) {
  return {
    AlarmName: alarm.spec.name,
    AlarmArn: alarm.arn,
    ActionsEnabled: true,
    OKActions: [],
    AlarmActions: [],
    InsufficientDataActions: [],
    AlarmConfigurationUpdatedTimestamp: new Date(alarm.createdAt),
    StateValue: alarm.value,
    StateReason: alarm.reason,
    ...(alarm.reasonData === undefined ? {} : { StateReasonData: alarm.reasonData }),
    StateUpdatedTimestamp: new Date(alarm.since),
    StateTransitionedTimestamp: new Date(alarm.since),
    ...(alarm.spec.description === undefined ? {} : { AlarmDescription: alarm.spec.description }),
  };
}

function metricAlarm(alarm: Alarm): MetricAlarm {
  const spec = alarm.spec;
  if (spec.kind !== "metric") throw new Error("A composite alarm is not a metric alarm");
  const first = spec.metrics[0];
  const named = (dimensions: Readonly<Record<string, string>>) => Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
  const base = {
    ...common(alarm),
    EvaluationPeriods: spec.evaluationPeriods,
    DatapointsToAlarm: spec.datapointsToAlarm ?? spec.evaluationPeriods,
    Threshold: spec.threshold,
    ComparisonOperator: spec.comparison,
    TreatMissingData: spec.treatMissingData ?? "missing",
  };
  if (spec.expression === undefined && first !== undefined) {
    const percentile = first.statistic.startsWith("p") ? { ExtendedStatistic: first.statistic } : { Statistic: first.statistic as "Sum" }; // The other statistics are the enum's own names.
    return {
      ...base,
      MetricName: first.metric.name,
      Namespace: first.metric.namespace,
      ...percentile,
      Dimensions: named(first.metric.dimensions),
      Period: spec.period / 1_000,
    };
  }
  return {
    ...base,
    Metrics: [
      { Id: "expression", Expression: spec.expression, Label: spec.name, ReturnData: true },
      ...spec.metrics.map((one) => ({
        Id: one.id,
        ReturnData: false,
        MetricStat: {
          Metric: { Namespace: one.metric.namespace, MetricName: one.metric.name, Dimensions: named(one.metric.dimensions) },
          Period: spec.period / 1_000,
          Stat: one.statistic,
        },
      })),
    ],
  };
}
