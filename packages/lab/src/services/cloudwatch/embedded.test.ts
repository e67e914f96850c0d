import { epochMs, minutes } from "@nightshift/model";
import { expect, it } from "vitest";
import { TestKernel } from "../../world/testKernel.ts";
import { publishEmbedded } from "./embedded.ts";
import { MetricStore } from "./metricStore.ts";

const line = (root: object, directive: object = {}) =>
  JSON.stringify({
    _aws: {
      Timestamp: Date.UTC(2026, 10, 18, 12, 0, 30),
      CloudWatchMetrics: [{ Namespace: "Nightshift", Dimensions: [["Service"]], Metrics: [{ Name: "Waiting" }, { Name: "Wait" }], ...directive }],
    },
    ...root,
  });

it.each([
  ["a metric whose value is there", line({ Service: "worker", Waiting: 3 }), 1],
  ["each set of dimensions", line({ Service: "worker", Waiting: 3 }, { Dimensions: [["Service"], []] }), 2],
  ["no metric whose value is no number", line({ Service: "worker", Waiting: "3" }), 0],
  ["no line that is no JSON", "REPORT RequestId: 1", 0],
  ["no line of another log", '{"did":"looked"}', 0],
])("of %s so many points are published", (_name, text, points) => {
  const kernel = new TestKernel();
  expect(publishEmbedded(new MetricStore(kernel), text, kernel.clock.now())).toBe(points);
});

it("a point lies in the minute of its timestamp", () => {
  const kernel = new TestKernel();
  const store = new MetricStore(kernel);
  publishEmbedded(store, line({ Service: "worker", Waiting: 3 }), kernel.clock.now());
  const metric = { namespace: "Nightshift", name: "Waiting", dimensions: { Service: "worker" } };
  const noon = epochMs(Date.UTC(2026, 10, 18, 12));
  const window = { from: epochMs(noon - minutes(1)), to: epochMs(noon + minutes(2)), period: minutes(1) };
  expect([...store.read(metric, window, "Sum")]).toEqual([[noon, 3]]);
});
