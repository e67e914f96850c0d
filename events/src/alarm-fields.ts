import { anyText, moment, shortWords, text, wholeSeconds } from "./fields.ts";
import type { EventBase } from "./envelope.ts";
import type { AlarmValue, EpochMs, Ms } from "@nightshift/model";
import * as z from "zod/mini";

/** A CloudWatch alarm moved from one state to another. */
export interface AlarmChanged extends EventBase {
  readonly kind: "alarm-changed";
  readonly name: string;
  readonly arn: string;
  readonly value: AlarmValue;
  readonly previous: AlarmValue;
  /** When it changed to `value`, by CloudWatch's clock; `at` is when the event was made. */
  readonly since: EpochMs;
  readonly reason: string;
  /** What CloudWatch computed. Undefined when it gave none, as when somebody forced the state by hand. */
  readonly reasonData: ReasonData | undefined;
  readonly description: string | undefined;
  /** What a metric alarm looks at; empty for a composite one. */
  readonly metrics: readonly AlarmMetric[];
  /** Only a composite alarm has a rule over other alarms. */
  readonly composite: Composite | undefined;
  /** CloudWatch held the alarm's own actions back. */
  readonly suppressed: { readonly by: string; readonly reason: string | undefined } | undefined;
  /** A mute rule covers it. */
  readonly muted: { readonly by: string; readonly from: EpochMs; readonly until: EpochMs } | undefined;
  /** The alarm's tags, where it is set to send them. */
  readonly tags: Readonly<Record<string, string>> | undefined;
}

/** One line of what an alarm looks at: a metric as it is, or a formula over others. */
export type AlarmMetric =
  | {
      readonly kind: "metric";
      readonly id: string;
      readonly label: string | undefined;
      readonly returned: boolean;
      readonly namespace: string;
      readonly metric: string;
      readonly dimensions: Readonly<Record<string, string>>;
      readonly statistic: string;
      readonly period: Ms;
      readonly unit: string | undefined;
    }
  | {
      readonly kind: "formula";
      readonly id: string;
      readonly label: string | undefined;
      readonly returned: boolean;
      readonly formula: string;
      readonly period: Ms | undefined;
    };

/** The rule of a composite alarm and what may hold its actions back. */
export interface Composite {
  readonly rule: string;
  readonly suppressor: string | undefined;
  readonly suppressorWait: Ms | undefined;
  readonly suppressorExtension: Ms | undefined;
}

/** What CloudWatch computed when it changed the state; a null datapoint is one it did not have. */
export type ReasonData = z.output<typeof reasonData>;

const numbers = z.optional(z.array(z.nullable(z.number("a number")), "a list of numbers"));
const reasonFields = z.object({
  queryDate: z.optional(moment),
  startDate: z.optional(moment),
  statistic: z.optional(anyText),
  period: z.optional(wholeSeconds),
  threshold: z.optional(z.number("a number")),
  recentDatapoints: numbers,
  recentLowerThresholds: numbers,
  recentUpperThresholds: numbers,
  evaluatedDatapoints: z.optional(
    z.array(z.object({ timestamp: moment, sampleCount: z.optional(z.number("a number")), value: z.optional(z.number("a number")) }), "a list of datapoints"),
  ),
  triggeringAlarms: z.optional(z.array(z.object({ arn: text, state: z.object({ value: anyText, timestamp: moment }) }), "a list of alarms")),
});
const reasonData = z.pipe(
  z.pipe(
    z.string("a string that holds JSON"),
    z.transform((s, ctx): unknown => {
      try {
        return JSON.parse(s);
      } catch {
        ctx.issues.push({ code: "custom", message: "a string that holds JSON", input: s });
        return z.NEVER;
      }
    }),
  ),
  reasonFields,
);

/**
 * The state of an alarm. `reasonData` is a string that holds JSON, and is missing before the first evaluation and for alarms over many series
 * ("Alarm events and EventBridge", https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html, read 2026-11-21).
 */
const stateValue = z.enum(["OK", "ALARM", "INSUFFICIENT_DATA"]);
const state = z.object({
  value: stateValue,
  reason: anyText,
  reasonData: z.optional(reasonData),
  timestamp: moment,
  actionsSuppressedBy: z.optional(text),
  actionsSuppressedReason: z.optional(anyText),
});
// Nothing is decided by what was computed before, so its text is not opened.
const previousState = z.object({ value: stateValue, reason: anyText, reasonData: z.optional(anyText), timestamp: moment });

const metricFields = z.object({
  id: text,
  label: z.optional(anyText),
  returnData: z.boolean("true or false"),
  expression: z.optional(text),
  period: z.optional(wholeSeconds),
  metricStat: z.optional(
    z.object({
      metric: z.object({ namespace: text, name: text, dimensions: z.optional(z.record(z.string(), z.string("a string"), "an object of names and values")) }),
      period: wholeSeconds,
      stat: text,
      unit: z.optional(text),
    }),
  ),
});
const metric = z.pipe(
  metricFields,
  z.transform((sent, ctx): AlarmMetric => {
    const line = { id: sent.id, label: sent.label, returned: sent.returnData };
    if (sent.metricStat !== undefined) {
      const { metric: of, period, stat, unit } = sent.metricStat;
      return { kind: "metric", ...line, namespace: of.namespace, metric: of.name, dimensions: of.dimensions ?? {}, statistic: stat, period, unit };
    }
    if (sent.expression !== undefined) return { kind: "formula", ...line, formula: sent.expression, period: sent.period };
    ctx.issues.push({ code: "custom", message: "metricStat or expression in it", input: sent });
    return z.NEVER;
  }),
);

/** Either what is measured, or the rule over other alarms. */
const configuration = z
  .object({
    description: z.optional(anyText),
    metrics: z.optional(z.array(metric, "a list of metrics")),
    alarmRule: z.optional(text),
    actionsSuppressor: z.optional(text),
    actionsSuppressorWaitPeriod: z.optional(wholeSeconds),
    actionsSuppressorExtensionPeriod: z.optional(wholeSeconds),
  })
  .check(z.refine((c) => c.metrics !== undefined || c.alarmRule !== undefined, "metrics (an alarm over metrics) or alarmRule (a composite alarm) in it"));

/** What an alarm event says of the alarm; the same in both ways in which it can reach us. */
export const alarmDetail = z.object({
  alarmName: text.check(z.refine((s) => s.length <= 255, "a name of at most 255 characters")),
  state,
  previousState,
  configuration,
  muteDetail: z.optional(z.object({ mutedByArn: text, muteWindowStart: moment, muteWindowEnd: moment })),
  alarmTags: z.optional(z.record(z.string(), z.string("a string"), "an object of tags")),
  alarmTagsStatus: z.optional(shortWords),
});

/** An alarm's detail in our words. */
export function alarmOf(base: EventBase, arn: string, sent: z.output<typeof alarmDetail>): AlarmChanged {
  const { state: now, configuration: conf, muteDetail: mute } = sent;
  return {
    kind: "alarm-changed",
    ...base,
    name: sent.alarmName,
    arn,
    value: now.value,
    previous: sent.previousState.value,
    since: now.timestamp,
    reason: now.reason,
    reasonData: now.reasonData,
    description: conf.description,
    metrics: conf.metrics ?? [],
    composite:
      conf.alarmRule === undefined
        ? undefined
        : {
            rule: conf.alarmRule,
            suppressor: conf.actionsSuppressor,
            suppressorWait: conf.actionsSuppressorWaitPeriod,
            suppressorExtension: conf.actionsSuppressorExtensionPeriod,
          },
    suppressed: now.actionsSuppressedBy === undefined ? undefined : { by: now.actionsSuppressedBy, reason: now.actionsSuppressedReason },
    muted: mute === undefined ? undefined : { by: mute.mutedByArn, from: mute.muteWindowStart, until: mute.muteWindowEnd },
    tags: sent.alarmTags,
  };
}
