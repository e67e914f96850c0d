import { describe, expect, test } from "vitest";
import { checkConfig, resolve } from "./check.ts";
import { alarms, ecs, errorRate, errorsPerMinute, healthChecks, http, p95, smokeTests } from "./build.ts";
import { ConfigError } from "./problem.ts";
import type { NightshiftConfig } from "./sections/index.ts";
import { groupOf } from "./resolve.ts";
import { minutes, ms, percent, seconds } from "./units.ts";

const traffic = { loadBalancer: "app/shop/50dc6c495c0c9188", targetGroup: "targetgroup/shop-api/73e2d6bc24d8a067" };
const good: NightshiftConfig = { product: "shop", channels: { ops: "C0123" }, services: { "shop-api": ecs({ cluster: "prod", traffic }) } };

/** The config above with some of it replaced by anything at all. */
const withTop = (over: Record<string, unknown>): unknown => ({ ...good, ...over });
const withService = (over: Record<string, unknown>): unknown => withTop({ services: { "shop-api": { kind: "ecs", cluster: "prod", traffic, ...over } } });
const problemsOf = (raw: unknown) => checkConfig(raw).problems;
const warningsOf = (raw: unknown) => checkConfig(raw).warnings;

describe("a small config", () => {
  test("gets every default of the seeds", () => {
    const [group] = resolve(good).groups;
    expect(group).toEqual({
      product: "shop", group: "shop-api",
      budgets: {
        rollbacksPerDeployment: 1, rollbacksPerService: [{ count: 1, within: 1_800_000 }, { count: 2, within: 21_600_000 }], attemptsPerIntent: 3,
        mutationsPerAccount: { count: 10, within: 600_000 }, stampede: { services: 3, within: 300_000 },
      },
      services: [{
        name: "shop-api", cluster: "prod", group: "shop-api", mode: "shadow",
        triggers: [
          { kind: "health-checks", moreThan: 3 },
          { kind: "error-rate", above: 5, for: 120_000, minRequests: 60, minErrors: 3, noData: "wait" },
          { kind: "latency", statistic: "p95", above: 2_000, for: 300_000, minRequests: 60, noData: "wait" },
          { kind: "task-crashes", atLeast: 2, share: 50 },
        ],
        smoke: [], windows: { hot: 300_000, bake: 1_800_000, long: 3_600_000, tail: 86_400_000 }, schema: { unknown: "allow-without-migration" },
        dependencies: [], traffic, knownBad: "warn", nativeGrace: 30_000, askFor: 300_000,
      }],
    });
  });

  test("a listed trigger and an implied one have the same defaults", () => {
    const listed = resolve({ ...good, services: { "shop-api": ecs({ cluster: "prod", traffic, triggers: [healthChecks(), errorRate(), p95(), { kind: "task-crashes" }] }) } });
    expect(listed.groups[0]?.services[0]?.triggers).toEqual(resolve(good).groups[0]?.services[0]?.triggers);
  });

  test("a worker without a load balancer is watched for crashes", () => {
    const worker = resolve({ ...good, services: { "shop-worker": ecs({ cluster: "prod" }) } });
    expect(worker.groups[0]?.services[0]?.triggers).toEqual([{ kind: "task-crashes", atLeast: 2, share: 50 }]);
  });

  test("smoke tests count without being listed as a trigger", () => {
    const tested = resolve({ ...good, services: { api: ecs({ cluster: "prod", triggers: [], smoke: [http("https://api.example.com/health?deep=1")] }) } });
    expect(tested.groups[0]?.services[0]?.triggers.map((trigger) => trigger.kind)).toEqual(["task-crashes", "smoke-tests"]);
    expect(tested.groups[0]?.services[0]?.smoke).toEqual([{ name: "GET api.example.com/health", url: "https://api.example.com/health?deep=1", method: "GET", status: 200, within: 5_000 }]);
  });

  test("ARNs are cut to what CloudWatch and events call things", () => {
    const named = resolve({
      ...good, account: "123456789012", region: "eu-central-1",
      services: { api: ecs({
        cluster: "arn:aws:ecs:eu-central-1:123456789012:cluster/prod",
        traffic: {
          loadBalancer: "arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/shop/50dc6c495c0c9188",
          targetGroup: "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/shop-api/73e2d6bc24d8a067",
        },
      }) },
    });
    expect(named.groups[0]?.services[0]).toMatchObject({ cluster: "prod", traffic });
  });

  test("a service's mode stands over the product's", () => {
    const mixed = resolve({ ...good, mode: "ask", people: { lead: { roles: ["operator"] } }, services: { api: ecs({ cluster: "prod", mode: "auto" }), web: ecs({ cluster: "prod" }) } });
    expect(groupOf(mixed, "api")?.services[0]?.mode).toBe("auto");
    expect(groupOf(mixed, "web")?.services[0]?.mode).toBe("ask");
    expect(groupOf(mixed, "other")).toBeUndefined();
  });
});

describe("what is not a config at all", () => {
  test.each([[undefined, "nothing"], [null, "null"], [[], "an empty list"], ["shop", '"shop"'], [() => good, "a function"], [Promise.resolve(good), "an object"]])("%s is refused in one sentence", (raw, got) => {
    expect(problemsOf(raw)).toEqual([{ path: "", expected: "export default defineNightshift({...})", got, remedy: "let nightshift.config.ts export the config as its default, not a promise or a function" }]);
  });
});

describe("wrong values", () => {
  const limits = "a length from minutes(1) to minutes(30), whole minutes";
  test.each([
    ["mode", withTop({ mode: "automatic" }), "mode", 'one of "shadow", "ask", "auto"', '"automatic"', 'write "shadow", "ask" or "auto"'],
    ["a near miss", withTop({ mode: "shaddow" }), "mode", 'one of "shadow", "ask", "auto"', '"shaddow"', 'did you mean "shadow"?'],
    ["a number for an account", withTop({ account: 123456789012 }), "account", "12 digits, as a text", "123456789012", 'write "123456789012", in quotes: a number would lose leading zeros'],
    ["a channel's name", withTop({ channels: { ops: "#ops" } }), "channels.ops", "a Slack channel id such as C0123ABCD", '"#ops"', "copy the id from the channel's details in Slack (below the name): names can change, ids cannot"],
    ["a bare number of minutes", withService({ triggers: [{ kind: "error-rate", for: 2 }] }), "services.shop-api.triggers[0].for", limits, "2", "a bare 2 is 2 ms: did you mean minutes(2)?"],
    ["half a minute over", withService({ triggers: [{ kind: "error-rate", for: seconds(90) }] }), "services.shop-api.triggers[0].for", limits, "90000", "CloudWatch keeps one datapoint a minute: write minutes(2)"],
    ["too long", withService({ triggers: [{ kind: "error-rate", for: minutes(31) }] }), "services.shop-api.triggers[0].for", limits, "1860000", "lower it to minutes(30) or less"],
    ["a text for a length", withService({ askFor: "5m" }), "services.shop-api.askFor", "a length from minutes(1) to days(1)", '"5m"', "write a length, for example minutes(1)"],
    ["bare seconds", withService({ triggers: [p95({ above: 2 as never })] }), "services.shop-api.triggers[0].above", "a length from ms(10) to minutes(1)", "2", "a bare 2 is 2 ms: did you mean seconds(2)?"],
    ["a share over 100", withService({ triggers: [errorRate({ above: percent(500) })] }), "services.shop-api.triggers[0].above", "a share above 0 and up to 100, as percent(5)", "500", "no share is above 100: divide by 100, or use errorsPerMinute for a count"],
    ["no share", withService({ triggers: [errorRate({ above: percent(0) })] }), "services.shop-api.triggers[0].above", "a share above 0 and up to 100, as percent(5)", "0", "write a share above 0, for example percent(1)"],
    ["an empty alarm name", withService({ triggers: [alarms([" "])] }), "services.shop-api.triggers[0].names[0]", "the name of an alarm, 1 to 255 characters", '" "', "write the alarm's name (not its ARN), as `aws cloudwatch describe-alarms` lists it"],
    ["a database address", withService({ smoke: [http("postgres://db/shop")] }), "services.shop-api.smoke[0].url", "an http:// or https:// address that a function in AWS can reach", '"postgres://db/shop"', "postgres:// cannot be asked: let an endpoint of the app reach the database or cache and test that endpoint"],
    ["a laptop's address", withService({ smoke: [http("http://localhost:3000/")] }), "services.shop-api.smoke[0].url", "an http:// or https:// address that a function in AWS can reach", '"http://localhost:3000/"', "use the name that the load balancer answers to: Nightshift runs in AWS, not on this machine"],
    ["a password in an address", withService({ smoke: [http("https://me:secret@api.example.com/", { name: "x" })] }), "services.shop-api.smoke[0].url", "an address without user name and password", '"https://…@api.example.com/"', "give the app an open health endpoint: a config is not a place for secrets"],
    ["a network load balancer", withService({ traffic: { ...traffic, loadBalancer: "net/shop/50dc6c495c0c9188" } }), "services.shop-api.traffic.loadBalancer", "an application load balancer: its ARN, or app/NAME/ID", '"net/shop/50dc6c495c0c9188"', "`aws elbv2 describe-load-balancers --query 'LoadBalancers[].LoadBalancerArn'` prints it; network load balancers count no HTTP errors"],
    ["a trigger's kind", withService({ triggers: [{ kind: "errorRate" }] }), "services.shop-api.triggers[0]", "healthChecks(), errorRate(), p95(), errorsPerMinute(), taskCrashes(), smokeTests(), alarms([...])", 'the kind "errorRate"', "did you mean errorRate()?"],
    ["a service without ecs()", withTop({ services: { api: { cluster: "prod" } } }), "services.api", "ecs({...})", "an object", "use ecs({...})"],
    ["a list of services", withTop({ services: [] }), "services", "an object", "an empty list", "write it between { and }"],
    ["one trigger, not a list", withService({ triggers: healthChecks() }), "services.shop-api.triggers", "a list", "an object", "write it between [ and ]"],
    ["a second automatic rollback", withTop({ budgets: { rollbacksPerDeployment: 2 } }), "budgets.rollbacksPerDeployment", "a whole number from 0 to 1", "2", "lower it to 1 or less"],
    ["half a failure", withService({ triggers: [healthChecks({ moreThan: 2.5 })] }), "services.shop-api.triggers[0].moreThan", "a whole number from 1 to 30", "2.5", "write 3"],
    ["a service's name", withTop({ services: { "shop api": ecs({ cluster: "prod" }) } }), "services.shop api", "the ECS service's name: letters, digits, hyphens, underscores", 'the key "shop api"', "write it exactly as `aws ecs list-services` does"],
    ["a dependency without a side", withService({ dependencies: [{ name: "x", namespace: "AWS/RDS", metric: "CPUUtilization", dimensions: {}, statistic: "Average", bad: 90 }] }), "services.shop-api.dependencies[0].bad", "{ above: … } or { below: … }", "90", "say on which side trouble begins: bad: { above: 90 }"],
  ])("%s", (_what, raw, path, expected, got, remedy) => {
    expect(problemsOf(raw)).toEqual([{ path, expected, got, remedy }]);
  });

  test("missing settings are named", () => {
    expect(problemsOf({}).map((problem) => [problem.path, problem.got])).toEqual([["product", "nothing"], ["services", "nothing"]]);
  });
});

describe("bounds", () => {
  test.each([[10, 0], [9.9, 1], [60_000, 0], [60_001, 1]])("a p95 of %s ms has %s problems", (above, count) => {
    expect(problemsOf(withService({ triggers: [p95({ above: ms(above) })] }))).toHaveLength(count);
  });
  test.each([[100, 0], [100.1, 1], [0.1, 0], [-1, 1], [Number.NaN, 1]])("a share of %s has %s problems", (share, count) => {
    expect(problemsOf(withService({ triggers: [errorRate({ above: percent(share) })] }))).toHaveLength(count);
  });
});

describe("unknown settings", () => {
  test("a near miss is named", () => {
    expect(problemsOf(withTop({ chanels: {} }))).toEqual([{ path: "chanels", expected: "one of product, mode, region, account, channels, people, services, budgets, tags", got: 'the unknown setting "chanels"', remedy: 'did you mean "channels"?' }]);
    expect(problemsOf(withService({ knownbad: "warn" }))).toMatchObject([{ path: "services.shop-api.knownbad", remedy: 'did you mean "knownBad"?' }]);
    expect(problemsOf(withService({ triggers: [{ kind: "error-rate", over: 5 }] }))).toMatchObject([{ path: "services.shop-api.triggers[0].over", expected: "one of above, for, minRequests, minErrors, noData" }]);
  });

  test.each([
    [withTop({ workers: {} }), "workers", "workers: arrives with worker scaling (W1–W9); remove it for now"],
    [withTop({ databases: {} }), "databases", "databases: arrives with backups (B1–B10); remove it for now"],
    [withTop({ onCall: {} }), "onCall", "onCall: arrives with incidents and war rooms (I1–I10); remove it for now"],
    [withService({ canary: {} }), "services.shop-api.canary", "canary: arrives with canary steps (R3); remove it for now"],
  ])("a setting that no issue has delivered is refused by name (%#)", (raw, path, remedy) => {
    expect(problemsOf(raw)).toEqual([{ path, expected: "nothing yet", got: "an object", remedy }]);
  });
});

describe("settings that contradict each other", () => {
  test("a trigger over a load balancer's metrics needs the load balancer", () => {
    expect(problemsOf(withService({ traffic: undefined, triggers: [errorRate(), p95(), errorsPerMinute()] })).map((problem) => problem.path)).toEqual(["services.shop-api.triggers[0]", "services.shop-api.triggers[1]", "services.shop-api.triggers[2]"]);
  });
  test("windows end one after the other", () => {
    expect(problemsOf(withService({ windows: { hot: minutes(10), bake: minutes(9) } }))).toMatchObject([{ path: "services.shop-api.windows.bake", got: "minutes(9)" }]);
    expect(problemsOf(withService({ windows: { hot: minutes(10), bake: minutes(10) } }))).toEqual([]);
  });
  test("a trigger must be able to fire inside the bake window", () => {
    expect(problemsOf(withService({ windows: { bake: minutes(6) }, triggers: [p95({ for: minutes(6) })] }))).toMatchObject([{ path: "services.shop-api.triggers[0].for" }]);
    expect(problemsOf(withService({ windows: { bake: minutes(6) }, triggers: [p95({ for: minutes(5) })] }))).toEqual([]);
  });
  test("smoke tests as a trigger need smoke tests", () => {
    expect(problemsOf(withService({ triggers: [smokeTests()] }))).toMatchObject([{ path: "services.shop-api.triggers[0]" }]);
  });
  test("two smoke tests of one name", () => {
    expect(problemsOf(withService({ smoke: [http("https://a.example.com/"), http("https://a.example.com/")] }))).toMatchObject([{ path: "services.shop-api.smoke[1].name" }]);
  });
  test("no alarms to watch", () => {
    expect(problemsOf(withService({ triggers: [alarms([])] }))).toMatchObject([{ path: "services.shop-api.triggers[0].names" }]);
  });
  test("no services, and no bound", () => {
    expect(problemsOf(withTop({ services: {} }))).toMatchObject([{ path: "services" }]);
    expect(problemsOf(withTop({ budgets: { rollbacksPerService: [] } }))).toMatchObject([{ path: "budgets.rollbacksPerService" }]);
  });
  test("two services whose names are the same but for case", () => {
    expect(problemsOf(withTop({ services: { "shop-api": ecs({ cluster: "a" }), Shop_API: ecs({ cluster: "b" }) } }))).toMatchObject([{ path: "services.Shop_API" }]);
  });
  test("an ARN of another account or region", () => {
    expect(problemsOf({ ...good, account: "123456789012", region: "us-east-1", services: { api: ecs({ cluster: "arn:aws:ecs:eu-west-1:999999999999:cluster/prod" }) } }).map((problem) => problem.got)).toEqual(["account 999999999999", "eu-west-1"]);
  });
  test("one Slack member under two names", () => {
    expect(problemsOf(withTop({ people: { a: { slack: "U012", roles: ["owner"] }, b: { slack: "U012", roles: ["viewer"] } } }))).toMatchObject([{ path: "people.b.slack" }]);
  });
  test("a secret is named and never shown", () => {
    const [problem, ...rest] = problemsOf(withTop({ tags: { token: "xoxb-12345-abcdef" } }));
    expect(rest).toEqual([]);
    expect(problem).toMatchObject({ path: "tags.token", got: "a text that looks like a token or key" });
    expect(JSON.stringify(problemsOf(withTop({ product: "xoxb-12345-abcdef" })))).not.toContain("12345");
  });
});

describe("warnings", () => {
  test("a group written in two ways", () => {
    expect(warningsOf(withTop({ services: { a: ecs({ cluster: "c", group: "shop" }), b: ecs({ cluster: "c", group: "shop" }), worker: ecs({ cluster: "c", group: "shpo" }) } }))).toEqual([
      { path: "services.worker.group", expected: "a group that other services share", got: '"shpo", with one member', remedy: 'did you mean "shop"? otherwise worker would stay behind when shop rolls back' },
    ]);
  });
  test("members of one group with different modes", () => {
    expect(warningsOf(withTop({ services: { a: ecs({ cluster: "c", group: "shop", mode: "auto" }), b: ecs({ cluster: "c", group: "shop" }) } }))).toMatchObject([{ path: "services.b.mode", got: "auto and shadow" }]);
  });
  test("nobody to ask, and nowhere to speak", () => {
    expect(warningsOf({ product: "shop", mode: "ask", services: good.services }).map((warning) => warning.path)).toEqual(["people", "channels.ops"]);
    expect(warningsOf(withTop({ mode: "ask", people: { lead: { roles: ["operator"] } } }))).toEqual([]);
    expect(warningsOf(withTop({ mode: "ask", people: { lead: { roles: ["responder"] } } })).map((warning) => warning.path)).toEqual(["people"]);
  });
  test.each([
    [60, "10 a minute at 60 requests a minute: fires at 18.3 % errors or more"],
    [10, "10 a minute at 10 requests a minute: fires never, not even when every request fails"],
    [10_000, "10 a minute at 10000 requests a minute: 0.1 % of honest errors already make 10"],
  ])("ten errors a minute at %s requests a minute", (requestsPerMinute, got) => {
    expect(warningsOf(withService({ traffic: { ...traffic, requestsPerMinute }, triggers: [errorsPerMinute()] }))).toMatchObject([{ path: "services.shop-api.triggers[0].moreThan", got }]);
  });
  test("ten errors a minute at 1,000 requests a minute is a fair count", () => {
    expect(warningsOf(withService({ traffic: { ...traffic, requestsPerMinute: 1_000 }, triggers: [errorsPerMinute()] }))).toEqual([]);
  });
  test("too little traffic for a rate", () => {
    expect(warningsOf(withService({ traffic: { ...traffic, requestsPerMinute: 29 }, triggers: [errorRate({ for: minutes(2) })] }))).toMatchObject([{ remedy: "write for: minutes(3), or add a smoke test: little traffic proves little" }]);
    expect(warningsOf(withService({ traffic: { ...traffic, requestsPerMinute: 30 }, triggers: [errorRate({ for: minutes(2) })] }))).toEqual([]);
  });
});

describe("all at once", () => {
  const bad = withTop({
    mode: "autoo", workers: {}, services: {
      "shop-api": { kind: "ecs", cluster: "prod", triggers: [{ kind: "error-rate", above: 0, window: 2 }], smoke: [http("ftp://x/")], windows: { hot: minutes(15), bake: minutes(5) } },
      "shop-worker": ecs({ cluster: "", group: "shop" }),
    },
  });

  test("wrong values, unknown settings and contradictions stand in one report", () => {
    expect(problemsOf(bad).map((problem) => problem.path)).toEqual([
      "workers", "mode", "services.shop-api.triggers[0].above", "services.shop-api.triggers[0].window", "services.shop-api.smoke[0].url", "services.shop-worker.cluster",
    ]);
  });

  test("resolve throws one error that lists them all", () => {
    expect(() => resolve(bad as NightshiftConfig)).toThrow(ConfigError);
    expect(() => resolve(bad as NightshiftConfig)).toThrow(/has 6 problems:[\s\S]*workers: arrives with worker scaling[\s\S]*services\.shop-worker\.cluster/);
  });

  test("a contradiction is reported beside a wrong value of the same service", () => {
    expect(problemsOf(withService({ askFor: "soon", windows: { hot: minutes(15), bake: minutes(5) } })).map((problem) => problem.path)).toEqual(["services.shop-api.askFor", "services.shop-api.windows.bake"]);
  });
});
