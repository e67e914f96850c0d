import { epochMs } from "@nightshift/model";
import type { Chart } from "@nightshift/ports";
import { describe, expect, it } from "vitest";
import { chartsFrom } from "./cloudwatch-charts.ts";
import { answering, awsError } from "./testing/answering.ts";

const at = Date.UTC(2026, 10, 21, 9, 0, 0);
const errors: Chart["series"][number] = {
  label: "5xx",
  namespace: "AWS/ApplicationELB",
  metric: "HTTPCode_Target_5XX_Count",
  dimensions: { LoadBalancer: "app/shop/1", TargetGroup: "targetgroup/shop/1" },
  statistic: "Sum",
  periodSeconds: 60,
};
const chart: Chart = { title: "5xx", from: epochMs(at - 3_600_000), to: epochMs(at), series: [errors], marks: [] };
const many = (count: number): Chart => ({ ...chart, series: Array.from({ length: count }, () => errors) });
const png = new Uint8Array([137, 80, 78, 71]);

describe("a chart", () => {
  it("is asked for with its series, threshold and marks, and comes back as it was drawn", async () => {
    const { reach, sent } = answering({ GetMetricWidgetImage: () => ({ MetricWidgetImage: png }) });
    const asked = { ...chart, series: [errors, { ...errors, label: "p95", right: true }], above: 10, marks: [{ at: epochMs(at - 60_000), text: "api:43" }] };
    expect(await chartsFrom(reach).draw(asked)).toEqual(png);
    const input = sent[0]?.input as { readonly MetricWidget: string; readonly OutputFormat: string }; // what the command was given
    expect(input.OutputFormat).toBe("png");
    const where = ["AWS/ApplicationELB", "HTTPCode_Target_5XX_Count", "LoadBalancer", "app/shop/1", "TargetGroup", "targetgroup/shop/1"];
    expect(JSON.parse(input.MetricWidget)).toEqual({
      title: "5xx",
      view: "timeSeries",
      width: 900,
      height: 400,
      start: "2026-11-21T08:00:00.000Z",
      end: "2026-11-21T09:00:00.000Z",
      timezone: "+0000",
      metrics: [
        [...where, { label: "5xx", stat: "Sum", period: 60, yAxis: "left" }],
        [...where, { label: "p95", stat: "Sum", period: 60, yAxis: "right" }],
      ],
      annotations: { horizontal: [{ value: 10, label: "threshold" }], vertical: [{ value: "2026-11-21T08:59:00.000Z", label: "api:43" }] },
    });
  });

  it("of no series, or of more than CloudWatch draws, is not asked for", async () => {
    const { reach, sent } = answering({ GetMetricWidgetImage: () => ({ MetricWidgetImage: png }) });
    await expect(chartsFrom(reach).draw(many(0))).rejects.toMatchObject({ kind: "invalid" });
    await expect(chartsFrom(reach).draw(many(101))).rejects.toMatchObject({ kind: "invalid" });
    expect(sent).toEqual([]);
    await chartsFrom(reach).draw(many(100));
    expect(sent).toHaveLength(1);
  });

  it("that comes without a picture, or not at all, is an error of the port", async () => {
    const empty = answering({ GetMetricWidgetImage: () => ({}) });
    await expect(chartsFrom(empty.reach).draw(chart)).rejects.toThrow("MetricWidgetImage");
    const denied = answering({
      GetMetricWidgetImage: () => {
        throw awsError("AccessDenied", 403);
      },
    });
    await expect(chartsFrom(denied.reach).draw(chart)).rejects.toMatchObject({ kind: "denied" });
  });
});
