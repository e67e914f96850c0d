import { expect, test } from "vitest";
import { sampleText } from "../samples/load.ts";
import { EventError } from "./errors.ts";
import { mutationsOf } from "./mutations.ts";
import { parseEvent, parseEventText } from "./parse.ts";

const alarm = (name: string) => {
  const event = parseEventText(sampleText(name));
  if (event.kind !== "alarm-changed") throw new Error(`${name} is ${event.kind}`);
  return event;
};

test("a metric alarm says what changed, when, why and over which metric", () => {
  expect(alarm("alarm-metric")).toEqual({
    kind: "alarm-changed",
    id: "5a3c0001-6b1d-4e0f-9c27-d41f0b7e0001",
    account: "123456789012",
    region: "eu-west-1",
    at: 1_795_227_247_000,
    replay: undefined,
    name: "shop-api/5xx",
    arn: "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:shop-api/5xx",
    value: "ALARM",
    previous: "OK",
    since: 1_795_227_247_318,
    reason:
      "Threshold Crossed: 2 out of the last 2 datapoints [61.0 (21/11/26 02:13:00), 58.0 (21/11/26 02:12:00)] were greater than the threshold (20.0) (minimum 2 datapoints for OK -> ALARM transition).",
    reasonData: {
      queryDate: 1_795_227_247_311,
      startDate: 1_795_227_120_000,
      statistic: "Sum",
      period: 60_000,
      recentDatapoints: [58, 61],
      threshold: 20,
      evaluatedDatapoints: [
        { timestamp: 1_795_227_180_000, sampleCount: 61, value: 61 },
        { timestamp: 1_795_227_120_000, sampleCount: 58, value: 58 },
      ],
    },
    description: "More than 20 failed requests a minute",
    metrics: [
      {
        kind: "metric",
        id: "m1",
        label: undefined,
        returned: true,
        namespace: "AWS/ApplicationELB",
        metric: "HTTPCode_Target_5XX_Count",
        dimensions: { LoadBalancer: "app/shop-prod/3f1c9a7b5d2e8046", TargetGroup: "targetgroup/shop-api/7b24c1d9e05f3a68" },
        statistic: "Sum",
        period: 60_000,
        unit: undefined,
      },
    ],
    composite: undefined,
    suppressed: undefined,
    muted: undefined,
    tags: undefined,
  });
});

test("a formula over metrics is told apart from the metrics it is made of", () => {
  const { metrics, reasonData } = alarm("alarm-metric-math");
  expect(metrics.map((m) => [m.kind, m.id, m.returned])).toEqual([
    ["formula", "rate", true],
    ["metric", "errors", false],
    ["metric", "requests", false],
  ]);
  expect(metrics[0]).toMatchObject({ formula: "100 * errors / requests", label: "Error rate", period: undefined });
  expect(reasonData?.statistic).toBeUndefined();
});

test("an anomaly detection alarm has a band instead of a threshold", () => {
  const { reasonData } = alarm("alarm-anomaly");
  expect(reasonData).toMatchObject({ recentDatapoints: [1.84], recentLowerThresholds: [0.11], recentUpperThresholds: [0.43] });
  expect(reasonData?.threshold).toBeUndefined();
});

test("a composite alarm has a rule, no metrics, and names the alarm that set it off", () => {
  const event = alarm("alarm-composite");
  expect(event.metrics).toEqual([]);
  expect(event.composite).toEqual({
    rule: 'ALARM("shop-api/5xx") OR ALARM("shop-api/latency-anomaly")',
    suppressor: undefined,
    suppressorWait: undefined,
    suppressorExtension: undefined,
  });
  expect(event.reasonData?.triggeringAlarms).toEqual([
    { arn: "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:shop-api/5xx", state: { value: "ALARM", timestamp: 1_795_227_247_318 } },
  ]);
});

test("a composite alarm says that its actions are held back, by whom and how long it is muted", () => {
  const event = alarm("alarm-composite-suppressed");
  expect(event.suppressed).toEqual({ by: "WaitPeriod", reason: "Actions suppressed by WaitPeriod" });
  expect(event.composite).toMatchObject({ suppressor: "shop-maintenance", suppressorWait: 120_000, suppressorExtension: 180_000 });
  expect(event.muted).toEqual({
    by: "arn:aws:cloudwatch:eu-west-1:123456789012:alarm-mute-rule:nightly-window",
    from: 1_795_226_400_000,
    until: 1_795_230_000_000,
  });
});

test("insufficient data is a state of its own, with datapoints that have no value", () => {
  const event = alarm("alarm-insufficient-data");
  expect([event.value, event.previous]).toEqual(["INSUFFICIENT_DATA", "OK"]);
  expect(event.reasonData?.evaluatedDatapoints?.[0]).toEqual({ timestamp: 1_795_227_480_000 });
});

test("a state without reasonData is read, and shows that nothing was computed", () => {
  expect(alarm("alarm-without-reason-data").reasonData).toBeUndefined();
  expect(alarm("alarm-many-series").metrics).toEqual([
    {
      kind: "formula",
      id: "q1",
      label: undefined,
      returned: true,
      formula: 'SELECT SUM(ThrottledRequests) FROM "AWS/DynamoDB" GROUP BY TableName ORDER BY MAX() DESC',
      period: 60_000,
    },
  ]);
});

test("tags and the name of an archive replay are kept", () => {
  expect(alarm("alarm-tagged").tags).toEqual({ team: "shop", "nightshift:owner": "nightshift" });
  expect(alarm("alarm-replayed").replay).toBe("drill-2026-11-21");
});

test("an alarm that invokes a function itself says the same as by EventBridge, with an id made of what happened", () => {
  const { id: directId, at: _, ...direct } = alarm("alarm-action-metric");
  const { id: __, at: ___, ...bridged } = alarm("alarm-metric");
  expect(direct).toEqual(bridged);
  expect(directId).toBe("arn:aws:cloudwatch:eu-west-1:123456789012:alarm:shop-api/5xx/1795227247318/ALARM");
});

/** The metric sample with `change` made to its detail. */
const changed = (change: (detail: Record<string, Record<string, unknown>>) => void): unknown => {
  const event = JSON.parse(sampleText("alarm-metric"));
  change(event.detail);
  return event;
};
const errorOf = (raw: unknown): EventError => {
  try {
    parseEvent(raw);
  } catch (error) {
    if (error instanceof EventError) return error;
    throw error;
  }
  throw new Error("it was read");
};

test.each([
  [
    "an unknown state",
    (d: Record<string, Record<string, unknown>>) => {
      d["state"] = { ...d["state"], value: "ALRM" };
    },
    "detail.state.value",
    '"OK" or "ALARM" or "INSUFFICIENT_DATA"',
    'the string "ALRM"',
  ],
  [
    "a time without a zone",
    (d: Record<string, Record<string, unknown>>) => {
      d["state"] = { ...d["state"], timestamp: "2026-11-21T02:14:07" };
    },
    "detail.state.timestamp",
    "a time with its zone, like 2026-11-21T02:00:00Z",
    'the string "2026-11-21T02:14:07"',
  ],
  [
    "reasonData that is no JSON",
    (d: Record<string, Record<string, unknown>>) => {
      d["state"] = { ...d["state"], reasonData: '{"version":' };
    },
    "detail.state.reasonData",
    "a string that holds JSON",
    'the string "{\\"version\\":"',
  ],
  [
    "reasonData that holds a list",
    (d: Record<string, Record<string, unknown>>) => {
      d["state"] = { ...d["state"], reasonData: "[]" };
    },
    "detail.state.reasonData",
    "an object",
    "an empty array",
  ],
  [
    "a threshold in quotes",
    (d: Record<string, Record<string, unknown>>) => {
      d["state"] = { ...d["state"], reasonData: '{"threshold":"20"}' };
    },
    "detail.state.reasonData.threshold",
    "a number",
    'the string "20"',
  ],
  [
    "neither metrics nor a rule",
    (d: Record<string, Record<string, unknown>>) => {
      d["configuration"] = {};
    },
    "detail.configuration",
    "metrics (an alarm over metrics) or alarmRule (a composite alarm) in it",
    "an empty object",
  ],
  [
    "a metric that is neither",
    (d: Record<string, Record<string, unknown>>) => {
      d["configuration"] = { metrics: [{ id: "m1", returnData: true }] };
    },
    "detail.configuration.metrics[0]",
    "metricStat or expression in it",
    "an object of 2 fields",
  ],
  [
    "a period of half a second",
    (d: Record<string, Record<string, unknown>>) => {
      d["configuration"] = { metrics: [{ id: "q1", returnData: true, expression: "m1", period: 0.5 }] };
    },
    "detail.configuration.metrics[0].period",
    "a whole number of seconds, 0 or more",
    "the number 0.5",
  ],
])("%s is refused by name", (_, change, path, expected, got) => {
  const error = errorOf(changed(change));
  expect([error.path, error.expected, error.got]).toEqual([path, expected, got]);
});

test("a name of 255 characters is read, one of 256 is not", () => {
  const named = (name: string) => ({
    ...JSON.parse(sampleText("alarm-metric")),
    detail: { ...JSON.parse(sampleText("alarm-metric")).detail, alarmName: name },
  });
  expect(parseEvent(named("n".repeat(255))).kind).toBe("alarm-changed");
  expect(errorOf(named("n".repeat(256))).path).toBe("detail.alarmName");
});

test("a null among the datapoints is one that CloudWatch did not have", () => {
  const event = parseEvent(
    changed((d) => {
      d["state"] = { ...d["state"], reasonData: '{"recentDatapoints":[null,3]}' };
    }),
  );
  expect(event.kind === "alarm-changed" && event.reasonData?.recentDatapoints).toEqual([null, 3]);
});

test("no mutation inside reasonData gets through as another value", () => {
  const whole = JSON.parse(JSON.parse(sampleText("alarm-metric")).detail.state.reasonData);
  const others = [...mutationsOf(whole)].filter((m) => m.how !== "deleted" && m.path[0] !== "version");
  expect(others.length).toBe(85);
  for (const { event, path, how } of others) {
    const read = (): unknown =>
      parseEvent(
        changed((d) => {
          d["state"] = { ...d["state"], reasonData: JSON.stringify(event) };
        }),
      );
    if (path[0] === "recentDatapoints" && path.length === 2 && how === "null") read();
    else expect(read, `${path.join(".")} ${how}`).toThrow(/detail\.state\.reasonData\./);
  }
});
