import { epochMs, minutes } from "@nightshift/model";
import { beforeAll, describe, expect, test } from "vitest";
import { MetricStore, single } from "../services/cloudwatch/metricStore.ts";
import { AlarmBook } from "../services/cloudwatch/alarms.ts";
import { CloudWatchModule } from "../services/cloudwatch/module.ts";
import { TestKernel } from "../world/testKernel.ts";
import { drawSvg } from "./draw.ts";
import { loadCharts } from "./png.ts";
import { readWidget } from "./widget.ts";

const now = epochMs(Date.parse("2026-11-18T12:00:00Z"));
const widget = (more: object = {}) =>
  JSON.stringify({ metrics: [["App", "Errors", "Service", "api"]], title: "Errors", width: 640, height: 320, start: "-PT20M", ...more });

function cloudWatch() {
  const kernel = new TestKernel();
  const store = new MetricStore(kernel);
  const module = new CloudWatchModule(kernel, store, new AlarmBook(kernel, store));
  for (const value of [3, 40, 5]) {
    const at = kernel.clock.now();
    store.publish({ namespace: "App", name: "Errors", dimensions: { Service: "api" } }, at, single(value), at);
    kernel.pass(minutes(1));
  }
  const draw = (text: string): Uint8Array => {
    // The operation's own answer.
    const { MetricWidgetImage } = module.handle("GetMetricWidgetImage", { MetricWidget: text }) as { MetricWidgetImage: Uint8Array };
    return MetricWidgetImage;
  };
  return { draw };
}

describe("GetMetricWidgetImage", () => {
  beforeAll(() => loadCharts());

  test("answers with a PNG of the size that was asked for", () => {
    const png = Buffer.from(cloudWatch().draw(widget()));
    expect(png.subarray(0, 8).toString("latin1")).toBe("\u0089PNG\r\n\u001a\n");
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([640, 320]);
  });

  test("draws the same picture twice, and another one for another threshold or mark", () => {
    const { draw } = cloudWatch();
    const plain = Buffer.from(draw(widget()));
    expect(Buffer.from(draw(widget())).equals(plain)).toBe(true);
    const threshold = Buffer.from(draw(widget({ annotations: { horizontal: [{ value: 20, label: "limit" }] } })));
    const mark = Buffer.from(draw(widget({ annotations: { vertical: [{ value: "2026-11-18T11:50:00Z", label: "api:43" }] } })));
    expect([threshold.equals(plain), mark.equals(plain), mark.equals(threshold)]).toEqual([false, false, false]);
  });

  test("draws what was published: other figures, another picture", () => {
    const { draw } = cloudWatch();
    expect(Buffer.from(draw(widget())).equals(Buffer.from(draw(widget({ metrics: [["App", "Errors", "Service", "web"]] }))))).toBe(false);
  });

  test("evaluates expressions over hidden metrics", () => {
    const { draw } = cloudWatch();
    const metrics = [["App", "Errors", "Service", "api", { id: "m1", visible: false }], [{ expression: "m1 * 2", label: "twice" }]];
    expect(() => draw(widget({ metrics }))).not.toThrow();
    expect(() => draw(widget({ metrics: [...metrics, [{ expression: "ANOMALY(m1)" }]] }))).toThrow('cannot evaluate the metric math expression "ANOMALY(m1)"');
  });

  test.each([
    ["no JSON", "{", "MetricWidget: it is not JSON."],
    ["no metric", widget({ metrics: [] }), "MetricWidget: metrics must hold 1 to 100 entries, not 0."],
    ["101 metrics", widget({ metrics: Array.from({ length: 101 }, () => ["A", "b"]) }), "MetricWidget: metrics must hold 1 to 100 entries, not 101."],
    ["a dimension without a value", widget({ metrics: [["A", "b", "c"]] }), 'MetricWidget: ["A","b","c"] is no metric.'],
    ["a width of 0", widget({ width: 0 }), "MetricWidget: width and height must be 1 to 2000, not 0."],
    ["a width of 2001", widget({ width: 2001 }), "MetricWidget: width and height must be 1 to 2000, not 2001."],
    ["an end before the start", widget({ end: "-PT30M" }), "MetricWidget: start must be before end."],
  ])("refuses %s", (_, text, message) => {
    expect(() => cloudWatch().draw(text)).toThrow(message);
  });
});

describe("a drawing", () => {
  const drawn = (errors: number) =>
    drawSvg({
      title: "api",
      width: 900,
      height: 400,
      from: epochMs(now - minutes(20)),
      to: now,
      series: [
        { label: "5xx", right: false, points: [10, 9, 8].map((ago) => [now - minutes(ago), errors] as const) },
        { label: "requests", right: false, points: [10, 9, 8].map((ago) => [now - minutes(ago), 600] as const) },
      ],
      lines: [],
      marks: [
        { at: epochMs(now - minutes(9)), text: "deployment of api:43" },
        { at: epochMs(now - minutes(8)), text: "rolled back to api:42" },
      ],
    });
  const says = (svg: string, words: string): boolean => svg.includes(`>${words}</text>`);

  test("measures a few errors beside many requests by an axis of their own, and by the same one from a fifth on", () => {
    expect([says(drawn(60), "60"), says(drawn(60), "600")]).toEqual([true, true]);
    expect([says(drawn(120), "120"), says(drawn(120), "600")]).toEqual([false, true]);
  });

  test("says what its marks mean, each on a line of its own, in words that are read at half their size", () => {
    const svg = drawn(60);
    const heights = ["deployment of api:43", "rolled back to api:42"].map((words) => {
      const label = svg.split("<text").find((part) => part.includes(`>${words}<`)) ?? "";
      return [/font-size:20px/.test(label), /translate\([\d.]+ ([\d.]+)\)/.exec(label)?.[1]];
    });
    expect(heights.map(([large]) => large)).toEqual([true, true]);
    expect(heights[0]?.[1]).not.toBe(heights[1]?.[1]);
  });
});

describe("a widget's text", () => {
  test("repeats what stands above a dot, and all of it above three", () => {
    const text = widget({
      metrics: [
        ["App", "Errors", "Service", "api"],
        [".", "Requests", ".", "."],
        ["...", "web", { stat: "Sum", period: 60, yAxis: "right" }],
      ],
    });
    expect(readWidget(text, now).metrics).toMatchObject([
      { namespace: "App", name: "Errors", dimensions: { Service: "api" }, statistic: "Average", periodSeconds: 300, right: false },
      { namespace: "App", name: "Requests", dimensions: { Service: "api" } },
      { namespace: "App", name: "Requests", dimensions: { Service: "web" }, statistic: "Sum", periodSeconds: 60, right: true },
    ]);
  });

  test("reads times as moments or as a length before now", () => {
    const { from, to } = readWidget(widget({ start: "-P1DT2H3M", end: "2026-11-18T11:59:00Z" }), now);
    expect([new Date(from).toISOString(), new Date(to).toISOString()]).toEqual(["2026-11-17T09:57:00.000Z", "2026-11-18T11:59:00.000Z"]);
  });
});
