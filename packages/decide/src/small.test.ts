import { epochMs, minutes, ms, serviceName } from "@nightshift/model";
import { describe, expect, it } from "vitest";
import { endOfWatch } from "./end-of-watch.ts";
import { guarded, settingsFor, T0 } from "./fixtures.ts";
import { situation } from "./situation.ts";
import { phaseOf } from "./phase.ts";
import { baselineWindows, queryId, trafficQueries, windowToRead } from "./queries.ts";
import { severityOf } from "./severity.ts";

describe("phases", () => {
  const { windows } = guarded("shop-api");
  it.each([
    [0, "hot"],
    [299_999, "hot"],
    [300_000, "bake"],
    [1_799_999, "bake"],
    [1_800_000, "long"],
    [3_599_999, "long"],
    [3_600_000, "over"],
  ] as const)("%d ms after exposure is %s", (age, phase) => {
    expect(phaseOf({ exposedAt: T0 }, epochMs(T0 + age), windows)).toBe(phase);
  });
  it("there is no phase before exposure", () => expect(phaseOf({ exposedAt: undefined }, T0, windows)).toBe("before-exposure"));
});

describe("severity", () => {
  const breach = (errorShare: number | undefined, strength: "hard" | "soft" = "soft") => ({
    service: serviceName("a"),
    trigger: "error-rate" as const,
    strength,
    says: "",
    since: T0,
    errorShare,
  });
  it.each([
    [50, "P1"],
    [49.9, "P2"],
    [5.1, "P2"],
    [5, "P3"],
    [1, "P3"],
    [0.9, "P4"],
  ] as const)("%d %% is %s", (share, severity) => expect(severityOf([breach(share)])).toBe(severity));
  it("hard evidence is a partial outage at least, and the worst counts", () => {
    expect(severityOf([breach(undefined, "hard")])).toBe("P2");
    expect(severityOf([breach(undefined)])).toBe("P3");
    expect(severityOf([breach(2), breach(60)])).toBe("P1");
    expect(severityOf([])).toBe("P4");
  });
});

describe("queries", () => {
  const service = guarded("shop-api");
  it("name each series once, the balancer's own errors without a target group", () => {
    const queries = trafficQueries(service);
    expect(queries.map((query) => query.id)).toEqual([
      "m_shop_hapi_requests",
      "m_shop_hapi_target_5xx",
      "m_shop_hapi_elb_5xx",
      "m_shop_hapi_lb_requests",
      "m_shop_hapi_latency_p95",
      "m_shop_hapi_dep_0",
    ]);
    expect(queries.find((query) => query.metric === "HTTPCode_ELB_5XX_Count")?.dimensions).toEqual({ LoadBalancer: "app/shop/1" });
    expect(queries.every((query) => /^[a-z][A-Za-z0-9_]*$/.test(query.id))).toBe(true);
  });
  it("tell services apart whose names differ in a dash or an underscore only", () => {
    expect(queryId(serviceName("a-b"), "x")).not.toBe(queryId(serviceName("a_b"), "x"));
    expect(queryId(serviceName("a-_b"), "x")).not.toBe(queryId(serviceName("a_-b"), "x"));
  });
  it("are the dependencies alone for a worker", () =>
    expect(trafficQueries(guarded("w", { traffic: undefined })).map((query) => query.metric)).toEqual(["CPUUtilization"]));
  it("reach back half an hour in whole minutes, further for a longer trigger", () => {
    const settings = settingsFor(service);
    expect(windowToRead(epochMs(T0 + 10_000), settings)).toEqual({ from: T0 - 1_800_000, to: T0 + 10_000 });
    const long = settingsFor(
      guarded("b", { triggers: [{ kind: "latency", statistic: "p99", above: ms(1), for: minutes(20), minRequests: 1, noData: "wait" }] }),
    );
    expect(windowToRead(T0, long).from).toBe(T0 - 2_400_000);
  });
  it("compare with the hour before and the same hour last week", () => {
    const week = 604_800_000;
    expect(baselineWindows(epochMs(T0 + 59_999))).toEqual({
      before: { from: T0 - 3_600_000, to: T0 },
      lastWeek: { from: T0 - week, to: T0 - week + 3_600_000 },
    });
  });
});

describe("the end of a watch", () => {
  it("keeps a verdict, and makes an honest one of a wait", () => {
    const { prepared, memory, settings } = situation({ minutesIn: 60 });
    const left = endOfWatch({ kind: "wait", because: ["still watching"], suspicious: true }, { prepared, memory, settings });
    expect(left).toMatchObject({ kind: "leave", reason: "nothing-to-judge", severity: "P3", because: ["all 20 looks are spent", "still watching"] });
    expect(endOfWatch(left, { prepared, memory, settings })).toBe(left);
  });
});
