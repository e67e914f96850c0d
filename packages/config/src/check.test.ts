import { describe, expect, test } from "vitest";
import { ecs, errorRate, healthChecks, http, p95 } from "./build.ts";
import { resolveChecked } from "./check.ts";
import { resolve } from "./shapes.ts";
import { good, problemsOf, traffic, withService, withTop } from "./good.fixture.ts";
import { ConfigError } from "./problem.ts";
import { groupOf } from "./resolve.ts";
import type { NightshiftConfig } from "./sections/index.ts";
import { minutes } from "./units.ts";

describe("a small config", () => {
  test("gets every default of the seeds", () => {
    const [group] = resolve(good).groups;
    expect(group).toEqual({
      product: "shop",
      group: "shop-api",
      budgets: {
        rollbacksPerDeployment: 1,
        rollbacksPerService: [
          { count: 1, within: 1_800_000 },
          { count: 2, within: 21_600_000 },
        ],
        attemptsPerIntent: 3,
        mutationsPerAccount: { count: 10, within: 600_000 },
        stampede: { services: 3, within: 300_000 },
      },
      services: [
        {
          name: "shop-api",
          cluster: "prod",
          group: "shop-api",
          mode: "shadow",
          triggers: [
            { kind: "health-checks", moreThan: 3 },
            { kind: "error-rate", above: 5, for: 120_000, minRequests: 60, minErrors: 3, noData: "wait" },
            { kind: "latency", statistic: "p95", above: 2_000, for: 300_000, minRequests: 60, noData: "wait" },
            { kind: "task-crashes", atLeast: 2, share: 50 },
          ],
          smoke: [],
          windows: { hot: 300_000, bake: 1_800_000, long: 3_600_000, tail: 86_400_000 },
          schema: { unknown: "allow-without-migration" },
          dependencies: [],
          traffic,
          knownBad: "warn",
          nativeGrace: 30_000,
          askFor: 300_000,
        },
      ],
    });
  });

  test("a listed trigger and an implied one have the same defaults", () => {
    const listed = resolve({
      ...good,
      services: { "shop-api": ecs({ cluster: "prod", traffic, triggers: [healthChecks(), errorRate(), p95(), { kind: "task-crashes" }] }) },
    });
    expect(listed.groups[0]?.services[0]?.triggers).toEqual(resolve(good).groups[0]?.services[0]?.triggers);
  });

  test("a worker without a load balancer is watched for crashes", () => {
    const worker = resolve({ ...good, services: { "shop-worker": ecs({ cluster: "prod" }) } });
    expect(worker.groups[0]?.services[0]?.triggers).toEqual([{ kind: "task-crashes", atLeast: 2, share: 50 }]);
  });

  test("smoke tests count without being listed as a trigger", () => {
    const tested = resolve({ ...good, services: { api: ecs({ cluster: "prod", triggers: [], smoke: [http("https://api.example.com/health?deep=1")] }) } });
    expect(tested.groups[0]?.services[0]?.triggers.map((trigger) => trigger.kind)).toEqual(["task-crashes", "smoke-tests"]);
    expect(tested.groups[0]?.services[0]?.smoke).toEqual([
      { name: "GET api.example.com/health", url: "https://api.example.com/health?deep=1", method: "GET", status: 200, within: 5_000 },
    ]);
  });

  test("ARNs are cut to what CloudWatch and events call things", () => {
    const named = resolve({
      ...good,
      account: "123456789012",
      region: "eu-central-1",
      services: {
        api: ecs({
          cluster: "arn:aws:ecs:eu-central-1:123456789012:cluster/prod",
          traffic: {
            loadBalancer: "arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/shop/50dc6c495c0c9188",
            targetGroup: "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/shop-api/73e2d6bc24d8a067",
          },
        }),
      },
    });
    expect(named.groups[0]?.services[0]).toMatchObject({ cluster: "prod", traffic });
  });

  test("a service's mode stands over the product's", () => {
    const mixed = resolve({
      ...good,
      mode: "ask",
      people: { lead: { roles: ["operator"] } },
      services: { api: ecs({ cluster: "prod", mode: "auto" }), web: ecs({ cluster: "prod" }) },
    });
    expect(groupOf(mixed, "api")?.services[0]?.mode).toBe("auto");
    expect(groupOf(mixed, "web")?.services[0]?.mode).toBe("ask");
    expect(groupOf(mixed, "other")).toBeUndefined();
  });
});

describe("what is not a config at all", () => {
  test.each([
    [undefined, "nothing"],
    [null, "null"],
    [[], "an empty list"],
    ["shop", '"shop"'],
    [() => good, "a function"],
    [Promise.resolve(good), "an object"],
  ])("%s is refused in one sentence", (raw, got) => {
    expect(problemsOf(raw)).toEqual([
      {
        path: "",
        expected: "export default defineNightshift({...})",
        got,
        remedy: "let nightshift.config.ts export the config as its default, not a promise or a function",
      },
    ]);
  });
});

describe("unknown settings", () => {
  test("a near miss is named", () => {
    expect(problemsOf(withTop({ chanels: {} }))).toEqual([
      {
        path: "chanels",
        expected:
          "one of product, mode, region, account, channels, slack, people, roleGroups, onCall, escalation, severities, incidents, maintenance, heartbeatUrl, services, workers, databases, tables, caches, media, backups, network, budgets",
        got: 'the unknown setting "chanels"',
        remedy: 'did you mean "channels"?',
      },
    ]);
    expect(problemsOf(withService({ knownbad: "warn" }))).toMatchObject([{ path: "services.shop-api.knownbad", remedy: 'did you mean "knownBad"?' }]);
    expect(problemsOf(withService({ triggers: [{ kind: "error-rate", over: 5 }] }))).toMatchObject([
      { path: "services.shop-api.triggers[0].over", expected: "one of above, for, minRequests, minErrors, noData" },
    ]);
  });

  test("a setting that nothing would read is refused like any other unknown one", () => {
    expect(problemsOf(withTop({ tags: { team: "shop" } }))).toMatchObject([{ path: "tags", got: 'the unknown setting "tags"' }]);
  });

  test("what is done elsewhere is refused with where that is", () => {
    expect(problemsOf(withService({ snapshot: true }))).toMatchObject([
      {
        path: "services.shop-api.snapshot",
        got: 'the unknown setting "snapshot"',
        remedy: "let the pipeline ask before it deploys: npx nightshift gate deploy SERVICE --snapshot; remove it here",
      },
    ]);
  });

  test.each([
    [withTop({ capacity: {} }), "capacity", "capacity: arrives with capacity reports (W9); remove it for now"],
    [withTop({ dashboards: {} }), "dashboards", "dashboards: arrives with alarms and dashboards (H1–H4); remove it for now"],
    [withTop({ gates: {} }), "gates", "gates: arrives with deployment windows and freezes (R13); remove it for now"],
    [withService({ canary: {} }), "services.shop-api.canary", "canary: arrives with canary steps (R3); remove it for now"],
  ])("a setting that no issue has delivered is refused by name (%#)", (raw, path, remedy) => {
    expect(problemsOf(raw)).toEqual([{ path, expected: "nothing yet", got: "an object", remedy }]);
  });
});

describe("all at once", () => {
  const bad = withTop({
    mode: "autoo",
    dashboards: {},
    services: {
      "shop-api": {
        kind: "ecs",
        cluster: "prod",
        triggers: [{ kind: "error-rate", above: 0, window: 2 }],
        smoke: [http("ftp://x/")],
        windows: { hot: minutes(15), bake: minutes(5) },
      },
      "shop-worker": ecs({ cluster: "", group: "shop" }),
    },
  });

  test("wrong values, unknown settings and contradictions stand in one report", () => {
    expect(problemsOf(bad).map((problem) => problem.path)).toEqual([
      "dashboards",
      "mode",
      "services.shop-api.triggers[0].above",
      "services.shop-api.triggers[0].window",
      "services.shop-api.smoke[0].url",
      "services.shop-worker.cluster",
    ]);
  });

  test("resolve throws one error that lists them all", () => {
    expect(() => resolveChecked(bad as NightshiftConfig)).toThrow(ConfigError);
    expect(() => resolveChecked(bad as NightshiftConfig)).toThrow(/has 6 problems:[\s\S]*dashboards: arrives with alarms[\s\S]*services\.shop-worker\.cluster/);
  });

  test("a contradiction is reported beside a wrong value of the same service", () => {
    expect(problemsOf(withService({ askFor: "soon", windows: { hot: minutes(15), bake: minutes(5) } })).map((problem) => problem.path)).toEqual([
      "services.shop-api.askFor",
      "services.shop-api.windows.bake",
    ]);
  });
});
