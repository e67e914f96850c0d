import type { DescribeAlarmsOutput, GetMetricDataOutput } from "@aws-sdk/client-cloudwatch";
import type { EpochMs } from "@nightshift/model";
import { minutes, seconds } from "@nightshift/model";
import { describe, expect, it } from "vitest";
import { TestKernel } from "../../world/testKernel.ts";
import { AlarmBook, type MetricAlarmSpec } from "./alarms.ts";
import { evaluateExpression } from "./expression.ts";
import { type MetricName, MetricStore, single, statisticOf } from "./metricStore.ts";
import { CloudWatchModule } from "./module.ts";
import { evaluateRule } from "./rule.ts";

const metric: MetricName = { namespace: "App", name: "Errors", dimensions: { Service: "api" } };

function cloudWatch() {
  const kernel = new TestKernel();
  const store = new MetricStore(kernel);
  const alarms = new AlarmBook(kernel, store);
  const module = new CloudWatchModule(kernel, store, alarms);
  /** Publishes a value for the minute that began now, to be seen when it ends, and lets the minute pass. */
  const minute = (value: number | undefined): void => {
    const now = kernel.clock.now();
    if (value !== undefined) store.publish(metric, now, single(value), (now + 61_000) as EpochMs); // A moment plus a length.
    kernel.pass(minutes(1));
  };
  const read = (more: object = {}) =>
    module.handle("GetMetricData", {
      StartTime: new Date("2026-11-18T12:00:00Z"),
      EndTime: new Date("2026-11-18T12:10:00Z"),
      MetricDataQueries: [
        {
          Id: "m1",
          MetricStat: { Metric: { Namespace: "App", MetricName: "Errors", Dimensions: [{ Name: "Service", Value: "api" }] }, Period: 60, Stat: "Sum" },
        },
      ],
      ...more,
    }) as GetMetricDataOutput; // The operation's own answer.
  return { kernel, store, alarms, module, minute, read };
}

const spec = (more: Partial<MetricAlarmSpec> = {}): MetricAlarmSpec => ({
  kind: "metric",
  name: "errors",
  metrics: [{ id: "m1", metric, statistic: "Sum" }],
  period: minutes(1),
  evaluationPeriods: 2,
  threshold: 10,
  comparison: "GreaterThanThreshold",
  ...more,
});

describe("GetMetricData", () => {
  it("answers newest first unless asked otherwise, without points for minutes nothing was published in", () => {
    const { minute, read } = cloudWatch();
    for (const value of [1, undefined, 3, undefined]) minute(value);
    expect(read().MetricDataResults?.[0]).toEqual({
      Id: "m1",
      Label: "Errors",
      Timestamps: [new Date("2026-11-18T12:02:00Z"), new Date("2026-11-18T12:00:00Z")],
      Values: [3, 1],
      StatusCode: "Complete",
    });
    expect(read({ ScanBy: "TimestampAscending" }).MetricDataResults?.[0]?.Values).toEqual([1, 3]);
  });

  it("does not answer with a point before it is published", () => {
    const { kernel, minute, read } = cloudWatch();
    minute(5);
    expect(read().MetricDataResults?.[0]?.Values).toEqual([]);
    kernel.pass(seconds(1));
    expect(read().MetricDataResults?.[0]?.Values).toEqual([5]);
  });

  it("pages: PartialData and a token until the last page", () => {
    const { minute, read } = cloudWatch();
    for (const value of [1, 2, 3, undefined]) minute(value);
    const first = read({ MaxDatapoints: 2, ScanBy: "TimestampAscending" });
    expect([first.MetricDataResults?.[0]?.Values, first.MetricDataResults?.[0]?.StatusCode]).toEqual([[1, 2], "PartialData"]);
    const last = read({ MaxDatapoints: 2, ScanBy: "TimestampAscending", NextToken: first.NextToken });
    expect([last.MetricDataResults?.[0]?.Values, last.MetricDataResults?.[0]?.StatusCode, last.NextToken]).toEqual([[3], "Complete", undefined]);
  });

  it("says PartialData and leaves the newest points out while CloudWatch is unsure", () => {
    const { kernel, store, minute, read } = cloudWatch();
    for (const value of [1, 2, 3, undefined]) minute(value);
    store.answerPartially(kernel.clock.now(), (kernel.clock.now() + 60_000) as EpochMs); // A moment plus a length.
    expect(read().MetricDataResults?.[0]).toMatchObject({ Values: [1], StatusCode: "PartialData" });
  });

  it("computes metric math, and refuses a window that is none", () => {
    const { minute, read } = cloudWatch();
    for (const value of [4, undefined]) minute(value);
    const stat = {
      Id: "m1",
      ReturnData: false,
      MetricStat: { Metric: { Namespace: "App", MetricName: "Errors", Dimensions: [{ Name: "Service", Value: "api" }] }, Period: 60, Stat: "Sum" },
    };
    expect(read({ MetricDataQueries: [stat, { Id: "e", Expression: "100 * m1 / 8" }] }).MetricDataResults).toMatchObject([{ Id: "e", Values: [50] }]);
    expect(() => read({ StartTime: new Date("2026-11-18T13:00:00Z") })).toThrow(expect.objectContaining({ name: "ValidationError" }));
  });

  it("reads what PutMetricData wrote", () => {
    const { module, read } = cloudWatch();
    module.handle("PutMetricData", {
      Namespace: "App",
      MetricData: [
        { MetricName: "Errors", Dimensions: [{ Name: "Service", Value: "api" }], Value: 7 },
        { MetricName: "Errors", Dimensions: [{ Name: "Service", Value: "api" }], Value: 2 },
      ],
    });
    expect(read().MetricDataResults?.[0]?.Values).toEqual([9]);
  });
});

describe("statistics", () => {
  it("are the sum, the mean and the extremes of what was published", () => {
    const stat = { count: 4, sum: 20, min: 1, max: 9 };
    expect(["Sum", "Average", "Minimum", "Maximum", "SampleCount"].map((name) => statisticOf(stat, name))).toEqual([20, 5, 1, 9, 4]);
  });
});

describe("an alarm", () => {
  it("fires when M of the last N points breach, and says so as the documented event", () => {
    const { kernel, alarms, minute } = cloudWatch();
    alarms.put(spec({ evaluationPeriods: 3, datapointsToAlarm: 2 }));
    for (const value of [11, 0, 11]) minute(value);
    expect(alarms.find("errors")?.value).toBe("OK");
    minute(0);
    expect(alarms.find("errors")?.value).toBe("ALARM");
    const told = kernel.events.at(-1);
    expect(told).toMatchObject({
      source: "aws.cloudwatch",
      detailType: "CloudWatch Alarm State Change",
      resources: ["arn:aws:cloudwatch:eu-west-1:111122223333:alarm:errors"],
      detail: {
        alarmName: "errors",
        state: { value: "ALARM", timestamp: "2026-11-18T12:04:00.000+0000" },
        previousState: { value: "OK" },
        configuration: {
          metrics: [
            {
              id: "m1",
              returnData: true,
              metricStat: { metric: { namespace: "App", name: "Errors", dimensions: { Service: "api" } }, period: 60, stat: "Sum" },
            },
          ],
        },
      },
    });
    // The event keeps reasonData as a JSON text.
    const state = told?.detail.state as { reasonData: string };
    expect(JSON.parse(state.reasonData)).toMatchObject({ version: "1.0", statistic: "Sum", period: 60, recentDatapoints: [11, 0, 11], threshold: 10 });
  });

  it("does not fire at the threshold, only above it", () => {
    const { alarms, minute } = cloudWatch();
    alarms.put(spec());
    for (const value of [10, 10, 10, 10]) minute(value);
    expect(alarms.find("errors")?.value).toBe("OK");
  });

  it.each([
    ["missing", "INSUFFICIENT_DATA"],
    ["notBreaching", "OK"],
    ["breaching", "ALARM"],
    ["ignore", "ALARM"],
  ] as const)("without any data and with %s goes to %s from ALARM", (treatMissingData, value) => {
    const { alarms, minute } = cloudWatch();
    alarms.put(spec({ treatMissingData, initially: "ALARM" }));
    for (let i = 0; i < 6; i += 1) minute(undefined);
    expect(alarms.find("errors")?.value).toBe(value);
  });

  it("on metric math divides errors by requests", () => {
    const { kernel, store, alarms, minute } = cloudWatch();
    const requests = { ...metric, name: "Requests" };
    alarms.put(
      spec({
        metrics: [
          { id: "e", metric, statistic: "Sum" },
          { id: "r", metric: requests, statistic: "Sum" },
        ],
        expression: "100 * FILL(e, 0) / r",
        threshold: 5,
      }),
    );
    for (let i = 0; i < 4; i += 1) {
      store.publish(requests, kernel.clock.now(), single(100), kernel.clock.now());
      minute(6);
    }
    expect(alarms.find("errors")?.value).toBe("ALARM");
  });

  it("made of others follows its rule", () => {
    const { alarms, minute, module } = cloudWatch();
    alarms.put(spec({ treatMissingData: "ignore" }));
    alarms.put({ kind: "composite", name: "both", rule: 'ALARM("errors") AND NOT OK("errors")' });
    module.handle("SetAlarmState", { AlarmName: "errors", StateValue: "ALARM", StateReason: "a test" });
    minute(undefined);
    expect(alarms.find("both")?.value).toBe("ALARM");
    // The operation's own answer.
    const described = module.handle("DescribeAlarms", {
      AlarmNames: ["both", "errors"],
      AlarmTypes: ["MetricAlarm", "CompositeAlarm"],
    }) as DescribeAlarmsOutput;
    expect([
      described.MetricAlarms?.map((one) => [one.AlarmName, one.StateValue, one.Statistic]),
      described.CompositeAlarms?.map((one) => one.AlarmRule),
    ]).toEqual([[["errors", "ALARM", "Sum"]], ['ALARM("errors") AND NOT OK("errors")']]);
  });

  it("set by hand gives the same event as a real one, and its next evaluation sets it right", () => {
    const { kernel, alarms, minute, module } = cloudWatch();
    alarms.put(spec({ treatMissingData: "notBreaching" }));
    module.handle("SetAlarmState", { AlarmName: "errors", StateValue: "ALARM", StateReason: "a forgery" });
    expect(kernel.events.at(-1)).toMatchObject({ source: "aws.cloudwatch", detail: { state: { value: "ALARM", reason: "a forgery" } } });
    minute(undefined);
    expect(alarms.find("errors")?.value).toBe("OK");
    expect(() => module.handle("SetAlarmState", { AlarmName: "none", StateValue: "OK" })).toThrow(expect.objectContaining({ name: "ResourceNotFound" }));
  });
});

describe("expressions and rules", () => {
  const inputs = new Map([
    [
      "a",
      new Map([
        [0, 6],
        [60, 8],
      ]),
    ],
    ["b", new Map([[0, 3]])],
  ]);
  it.each([
    ["a / b", [[0, 2]]],
    [
      "(a + 2) * 10",
      [
        [0, 80],
        [60, 100],
      ],
    ],
    [
      "SUM([a, FILL(b, 1)])",
      [
        [0, 9],
        [60, 9],
      ],
    ],
    ["a / 0", []],
    [
      "1 - 3 - 1",
      [
        [0, -3],
        [60, -3],
      ],
    ],
  ])("%s", (expression, values) => {
    expect([...evaluateExpression(expression, inputs, [0, 60])]).toEqual(values);
  });
  it.each(["a +", "UNKNOWN(a)", "c", "a b"])("refuses %s", (expression) => {
    expect(() => evaluateExpression(expression, inputs, [0, 60])).toThrow("cannot evaluate");
  });
  it.each([
    ["ALARM(x) OR ALARM(y)", true],
    ["ALARM(x) AND ALARM(y)", false],
    ["NOT (ALARM(x) AND OK(y))", false],
    ["INSUFFICIENT_DATA(z) OR FALSE", false],
    ["TRUE", true],
  ])("%s is %s", (rule, result) => {
    expect(evaluateRule(rule, (name) => (name === "x" ? "ALARM" : name === "y" ? "OK" : undefined))).toBe(result);
  });
  it("refuses a rule it cannot read", () => {
    expect(() => evaluateRule("ALARM(x) BUT", () => "OK")).toThrow("cannot read the alarm rule");
  });
});
