import type { AlarmRule, GuardSettings } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { guarded, settingsFor, worker } from "../fixtures.ts";
import { second } from "./fold.fixture.ts";
import { type AlarmSign, dependenciesOf, roleOfAlarm, severityOfAlarm, type SignMetric, subjectOfAlarm, titleOfAlarm } from "./severity.ts";

const metric = (name: string, over: Partial<Extract<SignMetric, { kind: "metric" }>> = {}): SignMetric => ({
  kind: "metric",
  id: "m1",
  namespace: "AWS/ApplicationELB",
  metric: name,
  dimensions: {},
  statistic: "Sum",
  returned: true,
  ...over,
});
const sign = (metrics: readonly SignMetric[], points: readonly (number | null)[] = [], over: Partial<AlarmSign> = {}): AlarmSign => ({
  name: "shop-api/alarm",
  value: "ALARM",
  since: second(0),
  reason: "Threshold Crossed",
  metrics,
  reasonData: { recentDatapoints: points, threshold: 5 },
  ...over,
});
const rate = (formula: string): readonly SignMetric[] => [
  { kind: "formula", id: "rate", formula, returned: true },
  metric("HTTPCode_Target_5XX_Count", { id: "errors", returned: false }),
  metric("RequestCount", { id: "requests", returned: false }),
];
const none = { alarms: [] };
const ruled = (rule: Partial<AlarmRule>) => ({ alarms: [{ match: "shop-api/*", ...rule }], product: "shop" });

describe("how bad an alarm is", () => {
  test.each([
    [50, "P1"],
    [49.9, "P2"],
    [5.1, "P2"],
    [5, "P3"],
    [1, "P3"],
    [0.9, "P4"],
  ])("%s percent of requests that fail are %s (decision 5)", (percent, severity) => {
    expect(severityOfAlarm(sign(rate("100 * errors / requests"), [0, percent, null]), none)).toBe(severity);
    expect(severityOfAlarm(sign(rate("errors / requests"), [0, percent / 100, null]), none)).toBe(severity);
    expect(severityOfAlarm(sign([metric("ErrorRate", { unit: "Percent" })], [percent]), none)).toBe(severity);
  });
  test.each<[string, AlarmSign, string]>([
    ["a mere count of errors", sign([metric("HTTPCode_Target_5XX_Count")], [60]), "P3"],
    [
      "a share of something else",
      sign([{ kind: "formula", id: "e", formula: "100 * used / size", returned: true }, metric("FreeStorageSpace", { returned: false })], [90]),
      "P3",
    ],
    ["API Gateway's average of errors", sign([metric("5XXError", { namespace: "AWS/ApiGateway", statistic: "Average" })], [0.6]), "P1"],
    ["API Gateway's sum of errors", sign([metric("5XXError", { namespace: "AWS/ApiGateway" })], [60]), "P3"],
    ["no healthy host", sign([metric("HealthyHostCount")], [1, 0]), "P1"],
    ["one healthy host left", sign([metric("HealthyHostCount")], [0, 1]), "P2"],
    ["healthy hosts, unknown how many", sign([metric("HealthyHostCount")], [], { reasonData: undefined }), "P2"],
    ["an unhealthy host", sign([metric("UnHealthyHostCount")], [0]), "P2"],
    ["slowness", sign([metric("TargetResponseTime")], [3]), "P3"],
    ["an alarm without any metric", sign([]), "P3"],
  ])("%s", (_, it, severity) => {
    expect(severityOfAlarm(it, none)).toBe(severity);
  });
  test("is what the config's rule says, before anything else", () => {
    expect(severityOfAlarm(sign([metric("HealthyHostCount")], [0]), ruled({ severity: "P4" }))).toBe("P4");
    expect(severityOfAlarm(sign([metric("HealthyHostCount")], [0]), ruled({ match: "other", severity: "P4" }))).toBe("P1");
  });
});

test.each<[string, AlarmSign, boolean, string]>([
  ["an alarm about hosts", sign([metric("UnHealthyHostCount")]), false, "down"],
  ["an alarm about running tasks", sign([metric("RunningTaskCount")]), false, "down"],
  ["a dependency's alarm", sign([metric("CPUUtilization")]), true, "cause"],
  ["an alarm about latency", sign([metric("TargetResponseTime")]), false, "symptom"],
])("the role of %s", (_, it, dependency, role) => {
  expect(roleOfAlarm(it, none, { dependency })).toBe(role);
});
test("a rule gives another role", () => {
  expect(roleOfAlarm(sign([]), ruled({ role: "down" }), { dependency: false })).toBe("down");
});

describe("whom an alarm is about", () => {
  const groups: readonly GuardSettings[] = [settingsFor(guarded("shop-api"), worker("shop-worker"))];
  const about = (it: AlarmSign, rule?: Partial<AlarmRule>) => subjectOfAlarm(it, rule === undefined ? { alarms: [], product: "shop" } : ruled(rule), groups);
  const api = { service: "shop-api", group: "shop", dependency: false };
  const dims = (dimensions: Readonly<Record<string, string>>, over: Partial<Extract<SignMetric, { kind: "metric" }>> = {}) =>
    sign([metric("X", { dimensions, ...over })]);

  test.each<[string, ReturnType<typeof about>, ReturnType<typeof about>]>([
    ["its ECS service", about(dims({ ServiceName: "shop-worker", ClusterName: "prod" })), { service: "shop-worker", group: "shop", dependency: false }],
    ["its ECS service without a cluster", about(dims({ ServiceName: "shop-api" })), api],
    ["its target group", about(dims({ TargetGroup: "targetgroup/shop-api/1", LoadBalancer: "app/other/1" })), api],
    ["its load balancer alone", about(dims({ LoadBalancer: "app/shop/1" })), api],
    ["a trigger that lists it", about(sign([], [], { name: "shop-slo" })), api],
    ["a rule", about(sign([]), { service: "shop-worker" }), { service: "shop-worker", group: "shop", dependency: false }],
    ["a rule, and no service of the config", about(sign([]), { service: "billing" }), { service: "billing", group: "billing", dependency: false }],
    ["a rule that names nobody", about(sign([]), { severity: "P2" }), { service: "shop", group: "shop", dependency: false }],
    [
      "a dependency",
      about(dims({ DBInstanceIdentifier: "shop-prod" }, { namespace: "AWS/RDS" })),
      { service: "RDS shop-prod", group: "dep:RDS shop-prod", dependency: true },
    ],
    ["a dependency by rule", about(sign([]), { service: "RDS shop-prod" }), { service: "RDS shop-prod", group: "dep:RDS shop-prod", dependency: true }],
  ])("%s", (_, found, expected) => {
    expect(found).toEqual(expected);
  });
  test.each<[string, AlarmSign]>([
    ["a service of that name in another cluster", dims({ ServiceName: "shop-api", ClusterName: "staging" })],
    ["another target group behind its balancer", dims({ LoadBalancer: "app/shop/1", TargetGroup: "targetgroup/blog/1" })],
    ["another database", dims({ DBInstanceIdentifier: "blog-prod" }, { namespace: "AWS/RDS" })],
    ["that name in another namespace", dims({ DBInstanceIdentifier: "shop-prod" }, { namespace: "Custom" })],
    ["an alarm without dimensions", dims({}, { namespace: "AWS/RDS" })],
  ])("nobody: %s", (_, it) => {
    expect(about(it)).toEqual({ nobody: "no rule, trigger or dimension says which service the alarm shop-api/alarm is about" });
  });
  test("nobody, when a rule says to ignore it", () => {
    expect(about(dims({ ServiceName: "shop-api" }), { ignore: true })).toEqual({ nobody: "the config's rule shop-api/* says to ignore it" });
  });
  test("what services stand on is the config's map and what they list themselves", () => {
    expect(dependenciesOf({ dependsOn: { "shop-api": ["cache"], mail: ["shop-api"] } }, groups)).toEqual({
      "shop-api": ["cache", "RDS shop-prod"],
      "shop-worker": [],
      mail: ["shop-api"],
    });
  });
});

test.each<[string, AlarmSign, string]>([
  ["a share", sign(rate("errors / requests"), [0.124], { reasonData: { recentDatapoints: [0.124], threshold: 0.05 } }), "shop-api/alarm: 12.4 % (limit 5 %)"],
  ["a figure", sign([metric("X")], [61.234]), "shop-api/alarm: 61.23 (limit 5)"],
  ["no figure", sign([metric("X")], [null]), "shop-api/alarm rings"],
  ["no limit", sign([metric("X")], [], { reasonData: undefined }), "shop-api/alarm rings"],
])("an incident is called after its alarm: %s", (_, it, title) => {
  expect(titleOfAlarm(it)).toBe(title);
});
