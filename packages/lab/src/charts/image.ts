import { type EpochMs, epochMs, type Ms, seconds } from "@nightshift/model";
import { evaluateExpression, type Series } from "../services/cloudwatch/expression.ts";
import type { MetricStore } from "../services/cloudwatch/metricStore.ts";
import { outsideLab } from "../time/scope.ts";
import { drawSvg } from "./draw.ts";
import { pngOf } from "./png.ts";
import { readWidget, type WidgetMetric } from "./widget.ts";

/** The PNG that CloudWatch's `GetMetricWidgetImage` answers with, drawn from what is published by now. */
export function widgetImage(store: MetricStore, text: string, now: EpochMs): Uint8Array {
  const widget = readWidget(text, now);
  const read = (metric: WidgetMetric): Series => {
    const period: Ms = seconds(metric.periodSeconds);
    return store.read(metric, { from: widget.from, to: widget.to, period }, metric.statistic);
  };
  const raw = widget.metrics.map((metric) => ({ metric, series: read(metric) }));
  const byId = new Map(raw.flatMap(({ metric, series }) => (metric.id === undefined ? [] : [[metric.id, series] as const])));
  const periods = [...new Set([...byId.values()].flatMap((series) => [...series.keys()]))].sort((a, b) => a - b);
  const series = [
    ...raw.flatMap(({ metric, series: points }) => (metric.visible ? [{ label: metric.label, right: metric.right, points: [...points] }] : [])),
    ...widget.expressions.map(({ expression, label, right }) => ({ label, right, points: [...evaluateExpression(expression, byId, periods)] })),
  ];
  // Three seconds are a pixel or less: what differs by no pixel is the same picture.
  const marks = widget.marks.map((mark) => ({ ...mark, at: upTo(mark.at, 3_000) }));
  const chart = { ...widget, marks, to: upTo(widget.to, 60_000), series };
  const key = JSON.stringify(chart);
  // The drawing library numbers its parts by chance and asks for timers: neither may touch the lab's.
  const png = drawn.get(key) ?? outsideLab(() => pngOf(drawSvg(chart)));
  // Put back last: what was not asked for the longest goes first.
  drawn.delete(key);
  drawn.set(key, png);
  if (drawn.size > REMEMBERED) drawn.delete(drawn.keys().next().value ?? "");
  return png.slice();
}

const upTo = (at: EpochMs, step: number): EpochMs => epochMs(Math.ceil(at / step) * step);

/** A drawing takes a tenth of a second, and a sweep plays one story hundreds of times: what was drawn before is not drawn again. */
const drawn = new Map<string, Uint8Array>();
const REMEMBERED = 128;
