import { type EpochMs, epochMs } from "@nightshift/model";
import { AwsFault } from "../kernel.ts";
import { fields, list, maybeNumber, maybeText } from "../services/input.ts";

/** One line of a chart as CloudWatch was asked for it. */
export interface WidgetMetric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly label: string;
  readonly statistic: string;
  readonly periodSeconds: number;
  readonly right: boolean;
  /** Needed by expressions only. */
  readonly id: string | undefined;
  readonly visible: boolean;
}

/** A line computed from others. */
export interface WidgetExpression {
  readonly expression: string;
  readonly label: string;
  readonly right: boolean;
}

/** What `GetMetricWidgetImage` was asked to draw. */
export interface Widget {
  readonly title: string;
  /** Pixels, 1 to 2,000. */
  readonly width: number;
  readonly height: number;
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly metrics: readonly WidgetMetric[];
  readonly expressions: readonly WidgetExpression[];
  /** Horizontal annotations: thresholds. */
  readonly lines: readonly { readonly value: number; readonly text: string }[];
  /** Vertical annotations: deployments. */
  readonly marks: readonly { readonly at: EpochMs; readonly text: string }[];
}

/** Metrics and expressions in one widget (as {@link readWidget}). */
const MOST_METRICS = 100;

/**
 * Reads a `MetricWidget` text: metrics with their short forms (`.` repeats the field above, `...` all of them), expressions, annotations, times and size.
 * Source: "GetMetricWidgetImage: Metric Widget Structure and Syntax", docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Metric-Widget-Structure.html, read 2026-11-21.
 * @throws {AwsFault} InvalidParameterValue, with what is wrong.
 */
export function readWidget(text: string, now: EpochMs): Widget {
  const widget = fields(parsed(text));
  const rows = list(widget, "metrics");
  if (rows.length < 1 || rows.length > MOST_METRICS) throw wrong(`metrics must hold 1 to ${MOST_METRICS} entries, not ${rows.length}`);
  const { metrics, expressions } = readRows(rows, {
    statistic: maybeText(widget, "stat") ?? "Average",
    periodSeconds: maybeNumber(widget, "period") ?? 300,
  });
  const annotations = fields(widget["annotations"] ?? {});
  const from = moment(widget["start"] ?? "-PT3H", now);
  const to = moment(widget["end"] ?? "-PT0H", now);
  if (from >= to) throw wrong("start must be before end");
  return {
    title: maybeText(widget, "title") ?? "",
    width: pixels(maybeNumber(widget, "width") ?? 600),
    height: pixels(maybeNumber(widget, "height") ?? 400),
    from,
    to,
    metrics,
    expressions,
    lines: entries(annotations, "horizontal").map((one) => ({ value: number(one["value"]), text: maybeText(one, "label") ?? "" })),
    marks: entries(annotations, "vertical").map((one) => ({ at: moment(one["value"], now), text: maybeText(one, "label") ?? "" })),
  };
}

interface Defaults {
  readonly statistic: string;
  readonly periodSeconds: number;
}

function readRows(rows: readonly unknown[], defaults: Defaults): Pick<Widget, "metrics" | "expressions"> {
  const metrics: WidgetMetric[] = [];
  const expressions: WidgetExpression[] = [];
  let above: readonly string[] = [];
  for (const row of rows) {
    if (!Array.isArray(row)) throw wrong("each of metrics must be an array");
    const last: unknown = row.at(-1);
    const options = fields(typeof last === "object" ? last : {});
    const right = options["yAxis"] === "right";
    const expression = maybeText(options, "expression");
    if (expression !== undefined) {
      expressions.push({ expression, label: maybeText(options, "label") ?? expression, right });
      continue;
    }
    const words = spellOut(
      row.filter((word) => typeof word === "string"),
      above,
    );
    above = words;
    const [namespace, name, ...pairs] = words;
    if (namespace === undefined || name === undefined || pairs.length % 2 !== 0) throw wrong(`${JSON.stringify(row)} is no metric`);
    metrics.push({
      namespace,
      name,
      dimensions: Object.fromEntries(pairs.flatMap((word, i) => (i % 2 === 0 ? [[word, pairs[i + 1] ?? ""]] : []))),
      label: maybeText(options, "label") ?? name,
      statistic: maybeText(options, "stat") ?? defaults.statistic,
      periodSeconds: maybeNumber(options, "period") ?? defaults.periodSeconds,
      right,
      id: maybeText(options, "id"),
      visible: options["visible"] !== false,
    });
  }
  return { metrics, expressions };
}

/** `.` stands for the word above it, `...` for all that are left out. */
function spellOut(words: readonly string[], above: readonly string[]): readonly string[] {
  const [first] = words;
  const whole = first === "..." ? [...above.slice(0, above.length - words.length + 1), ...words.slice(1)] : words;
  return whole.map((word, i) => (word === "." ? (above[i] ?? word) : word));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw wrong("it is not JSON");
  }
}

/** Vertical annotations may come in pairs, which shade what is between: both are lines here. */
const entries = (annotations: Readonly<Record<string, unknown>>, name: string): readonly Readonly<Record<string, unknown>>[] =>
  (annotations[name] === undefined ? [] : list(annotations, name)).flat().map(fields);

function moment(said: unknown, now: EpochMs): EpochMs {
  const ago = typeof said === "string" ? /^-P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$/.exec(said) : null;
  if (ago !== null) return epochMs(now - ((Number(ago[1] ?? 0) * 24 + Number(ago[2] ?? 0)) * 60 + Number(ago[3] ?? 0)) * 60_000);
  const at = typeof said === "string" ? Date.parse(said) : Number.NaN;
  if (Number.isNaN(at)) throw wrong(`${JSON.stringify(said)} is no time`);
  return epochMs(at);
}

function pixels(size: number): number {
  if (!Number.isInteger(size) || size < 1 || size > 2_000) throw wrong(`width and height must be 1 to 2000, not ${size}`);
  return size;
}

function number(value: unknown): number {
  if (typeof value !== "number") throw wrong(`${JSON.stringify(value)} is no number`);
  return value;
}

const wrong = (what: string): AwsFault => new AwsFault("InvalidParameterValue", `MetricWidget: ${what}.`);
