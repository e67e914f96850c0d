import type { GetMetricDataOutput } from "@aws-sdk/client-cloudwatch";
import { days, type EpochMs, minutes, seconds } from "@nightshift/model";
import { describe, expect, it } from "vitest";
import { fiveHundreds, latencyCreep, memoryLeak, selfHealingWarmup, workerFails } from "../world/behaviours/index.ts";
import { apiAndWorker, call } from "../world/fixtures.ts";

type Shop = ReturnType<typeof apiAndWorker>;

/** Values of one metric by minute, oldest first; undefined where there is no point. */
function series(
  shop: Shop,
  metric: { readonly name: string; readonly namespace?: string; readonly dimensions?: Record<string, string>; readonly stat?: string },
  window: { readonly from: EpochMs; readonly minutes: number },
) {
  const traffic = shop.services.api.traffic;
  const dimensions = metric.dimensions ?? { LoadBalancer: traffic?.loadBalancer ?? "", TargetGroup: traffic?.targetGroup ?? "" };
  const result = call<GetMetricDataOutput>(shop.world, "cloudwatch", "GetMetricData", {
    StartTime: new Date(window.from),
    EndTime: new Date(window.from + window.minutes * 60_000),
    ScanBy: "TimestampAscending",
    MetricDataQueries: [
      {
        Id: "m",
        MetricStat: {
          Metric: {
            Namespace: metric.namespace ?? "AWS/ApplicationELB",
            MetricName: metric.name,
            Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
          },
          Period: 60,
          Stat: metric.stat ?? "Sum",
        },
      },
    ],
  }).MetricDataResults[0];
  const at = new Map(result?.Timestamps.map((time, i) => [time.getTime(), result.Values[i]]));
  return Array.from({ length: window.minutes }, (_, i) => at.get(window.from + i * 60_000));
}
const sum = (values: readonly (number | undefined)[]): number => values.reduce<number>((total, value) => total + (value ?? 0), 0);

describe("requests", () => {
  it("come as the curve says, and only minutes that ended are published, within half a minute", () => {
    const shop = apiAndWorker();
    const from = shop.kernel.clock.now();
    shop.kernel.pass(seconds(60));
    expect(series(shop, { name: "RequestCount" }, { from, minutes: 2 })).toEqual([undefined, undefined]);
    shop.kernel.pass(seconds(30));
    const [first, second] = series(shop, { name: "RequestCount" }, { from, minutes: 2 });
    expect(first).toBeGreaterThan(600);
    expect(first).toBeLessThan(850);
    expect(second).toBeUndefined();
  });

  it("without errors have no 5xx point at all", () => {
    const shop = apiAndWorker({ api: { traffic: { rpm: 600, base: { errorShare: 0 } } } });
    const from = shop.kernel.clock.now();
    shop.kernel.pass(minutes(5));
    expect(series(shop, { name: "HTTPCode_Target_5XX_Count" }, { from, minutes: 4 })).toEqual([undefined, undefined, undefined, undefined]);
    expect(sum(series(shop, { name: "HTTPCode_Target_2XX_Count" }, { from, minutes: 4 }))).toBe(
      sum(series(shop, { name: "RequestCount" }, { from, minutes: 4 })),
    );
  });

  it("fail in the share the bad revision serves: a part while both serve, all of it afterwards", () => {
    const shop = apiAndWorker();
    shop.world.deploy("api", { behaviour: fiveHundreds({ share: 0.12 }) });
    shop.kernel.pass(minutes(5));
    const from = shop.kernel.clock.now();
    shop.kernel.pass(minutes(11));
    const share =
      sum(series(shop, { name: "HTTPCode_Target_5XX_Count" }, { from, minutes: 10 })) / sum(series(shop, { name: "RequestCount" }, { from, minutes: 10 }));
    expect(share).toBeGreaterThan(0.1);
    expect(share).toBeLessThan(0.14);
  });

  it("are slower under a creep: p95 rises with the time since the start", () => {
    const shop = apiAndWorker();
    const before = shop.kernel.clock.now();
    shop.kernel.pass(minutes(5));
    shop.world.deploy("api", { behaviour: latencyCreep({ times: 10, over: minutes(10) }) });
    shop.kernel.pass(minutes(20));
    const p95 = series(shop, { name: "TargetResponseTime", stat: "p95" }, { from: before, minutes: 24 });
    expect(p95[2]).toBeGreaterThan(0.15);
    expect(p95[2]).toBeLessThan(0.22);
    expect(p95[22]).toBeGreaterThan(1.5);
    expect(p95[22]).toBeLessThan(2.2);
  });

  it("that nobody can take are the load balancer's own 5xx, and no RequestCount", () => {
    const shop = apiAndWorker();
    shop.world.interrupt("api", { count: 3, code: "SpotInterruption" });
    const from = shop.kernel.clock.now();
    shop.kernel.pass(seconds(20));
    shop.kernel.pass(minutes(2));
    const balancer = { LoadBalancer: shop.services.api.traffic?.loadBalancer ?? "" };
    expect(series(shop, { name: "HTTPCode_ELB_5XX_Count", dimensions: balancer }, { from, minutes: 1 })[0]).toBeGreaterThan(50);
    expect(shop.world.truth.minutes("api")[0]?.byDigest.none?.errors).toBeGreaterThan(50);
  });

  it("double in a spike", () => {
    const shop = apiAndWorker();
    const from = shop.kernel.clock.now();
    shop.world.spike("api", { from: minutes(2), for: minutes(2), times: 3 });
    shop.kernel.pass(minutes(5));
    const counts = series(shop, { name: "RequestCount" }, { from, minutes: 4 });
    expect((counts[2] ?? 0) / (counts[0] ?? 1)).toBeGreaterThan(2.6);
    expect((counts[1] ?? 0) / (counts[0] ?? 1)).toBeLessThan(1.3);
  });

  it("are remembered for the same hour of last week, without having been simulated", () => {
    const shop = apiAndWorker();
    const lastWeek = (shop.kernel.clock.now() - days(7)) as EpochMs; // A moment minus a length.
    const first = series(shop, { name: "RequestCount" }, { from: lastWeek, minutes: 60 });
    expect(first.every((value) => value !== undefined && value > 500 && value < 900)).toBe(true);
    expect(series(shop, { name: "RequestCount" }, { from: lastWeek, minutes: 60 })).toEqual(first);
    expect(series(shop, { name: "HealthyHostCount", stat: "Average" }, { from: lastWeek, minutes: 1 })).toEqual([3]);
  });

  it("heal by themselves after a cold start", () => {
    const shop = apiAndWorker();
    shop.world.deploy("api", { behaviour: selfHealingWarmup({ share: 0.4, lasts: minutes(3) }) });
    shop.kernel.pass(minutes(12));
    const rows = shop.world.truth.minutes("api");
    expect(Math.max(...rows.slice(0, 4).map((row) => row.errors / row.requests))).toBeGreaterThan(0.1);
    expect(Math.max(...rows.slice(7, 11).map((row) => row.errors / row.requests))).toBeLessThan(0.02);
  });

  it("meet a leak: slow before the kill, and exit code 137 with its reason", () => {
    const shop = apiAndWorker();
    shop.world.deploy("api", { behaviour: memoryLeak({ killedAt: minutes(20) }) });
    shop.kernel.pass(minutes(24));
    const dead = shop.kernel.events.find((event) => event.detail.stopCode === "EssentialContainerExited");
    expect(dead?.detail.containers).toMatchObject([{ exitCode: 137, reason: "OutOfMemoryError: Container killed due to memory usage" }]);
  });
});

describe("an outage of a dependency", () => {
  it("fails every service that needs it, whatever revision, and shows in its own metrics", () => {
    const shop = apiAndWorker();
    const from = shop.kernel.clock.now();
    shop.world.outage("database", { from: minutes(3), for: minutes(4) });
    shop.kernel.pass(minutes(10));
    const rate = (service: string, minute: number) => {
      const row = shop.world.truth.minutes(service)[minute];
      return (row?.errors ?? 0) / (row?.requests ?? 1);
    };
    for (const service of ["api", "worker"]) {
      expect(rate(service, 1)).toBeLessThan(0.05);
      expect(rate(service, 4)).toBeGreaterThan(0.5);
      expect(rate(service, 8)).toBeLessThan(0.05);
    }
    const cpu = series(
      shop,
      { namespace: "AWS/RDS", name: "CPUUtilization", dimensions: { DBInstanceIdentifier: "shop-db" }, stat: "Average" },
      { from, minutes: 9 },
    );
    expect(cpu[1]).toBeLessThan(45);
    expect(cpu[4]).toBeGreaterThan(90);
    expect(cpu[8]).toBeLessThan(45);
    expect(
      sum(series(shop, { name: "HTTPCode_ELB_5XX_Count", dimensions: { LoadBalancer: shop.services.api.traffic?.loadBalancer ?? "" } }, { from, minutes: 9 })),
    ).toBeGreaterThan(100);
  });
});

describe("a gap in the metrics", () => {
  it("hides the points of the metric it names, and only those", () => {
    const shop = apiAndWorker();
    const from = shop.kernel.clock.now();
    shop.world.metricGap({ from: minutes(1), for: minutes(2), metric: "RequestCount" });
    shop.kernel.pass(minutes(5));
    expect(series(shop, { name: "RequestCount" }, { from, minutes: 4 }).map((value) => value !== undefined)).toEqual([true, false, false, true]);
    expect(series(shop, { name: "TargetResponseTime", stat: "p95" }, { from, minutes: 4 }).every((value) => value !== undefined)).toBe(true);
  });
});

describe("a worker", () => {
  it("that fails its jobs counts them and complains in its log", () => {
    const shop = apiAndWorker();
    shop.world.deploy("worker", { behaviour: workerFails({ share: 0.8 }) });
    shop.kernel.pass(minutes(2));
    const from = (Math.floor(shop.kernel.clock.now() / 60_000) * 60_000) as EpochMs; // A whole minute is a moment.
    shop.kernel.pass(minutes(4));
    const failed = sum(series(shop, { namespace: "App/Jobs", name: "Failed", dimensions: { Service: "worker" } }, { from, minutes: 3 }));
    const processed = sum(series(shop, { namespace: "App/Jobs", name: "Processed", dimensions: { Service: "worker" } }, { from, minutes: 3 }));
    expect(failed / processed).toBeGreaterThan(0.7);
    const lines = call<{ events: { message: string }[] }>(shop.world, "logs", "FilterLogEvents", {
      logGroupName: "/ecs/shop/worker",
      filterPattern: "KeyError",
    }).events;
    expect(lines.length).toBeGreaterThan(10);
  });

  it("that is gone lets the queue grow old", () => {
    const shop = apiAndWorker({ ecs: { start: { least: minutes(20), most: minutes(21) } } });
    const from = shop.kernel.clock.now();
    shop.world.interrupt("worker", { count: 2, code: "SpotInterruption" });
    shop.kernel.pass(minutes(6));
    const age = series(
      shop,
      { namespace: "AWS/SQS", name: "ApproximateAgeOfOldestMessage", dimensions: { QueueName: "jobs" }, stat: "Maximum" },
      { from, minutes: 5 },
    );
    expect(age[4]).toBeGreaterThan(250);
    expect(age[0]).toBeLessThan(90);
  });
});
