import { describe, expect, test } from "vitest";
import { alarms, ecs, errorRate, healthChecks, http, p95 } from "./build.ts";
import { problemsOf, traffic, withService, withTop } from "./good.fixture.ts";
import { minutes, ms, percent, seconds } from "./units.ts";

describe("wrong values", () => {
  const limits = "a length from minutes(1) to minutes(30), whole minutes";
  test.each([
    ["mode", withTop({ mode: "automatic" }), "mode", 'one of "shadow", "ask", "auto"', '"automatic"', 'write "shadow", "ask" or "auto"'],
    ["a near miss", withTop({ mode: "shaddow" }), "mode", 'one of "shadow", "ask", "auto"', '"shaddow"', 'did you mean "shadow"?'],
    [
      "a number for an account",
      withTop({ account: 123456789012 }),
      "account",
      "12 digits, as a text",
      "123456789012",
      'write "123456789012", in quotes: a number would lose leading zeros',
    ],
    [
      "a channel's name",
      withTop({ channels: { ops: "#ops" } }),
      "channels.ops",
      "a Slack channel id such as C0123ABCD",
      '"#ops"',
      "copy the id from the channel's details in Slack (below the name): names can change, ids cannot",
    ],
    [
      "a bare number of minutes",
      withService({ triggers: [{ kind: "error-rate", for: 2 }] }),
      "services.shop-api.triggers[0].for",
      limits,
      "2",
      "a bare 2 is 2 ms: did you mean minutes(2)?",
    ],
    [
      "half a minute over",
      withService({ triggers: [{ kind: "error-rate", for: seconds(90) }] }),
      "services.shop-api.triggers[0].for",
      limits,
      "90000",
      "CloudWatch keeps one datapoint a minute: write minutes(2)",
    ],
    [
      "too long",
      withService({ triggers: [{ kind: "error-rate", for: minutes(31) }] }),
      "services.shop-api.triggers[0].for",
      limits,
      "1860000",
      "lower it to minutes(30) or less",
    ],
    [
      "a text for a length",
      withService({ askFor: "5m" }),
      "services.shop-api.askFor",
      "a length from minutes(1) to hours(1)",
      '"5m"',
      "write a length, for example minutes(1)",
    ],
    [
      "a question longer than an execution can wait",
      withService({ askFor: ms(3_600_001) }),
      "services.shop-api.askFor",
      "a length from minutes(1) to hours(1)",
      "3600001",
      "lower it to hours(1) or less",
    ],
    [
      "bare seconds",
      withService({ triggers: [p95({ above: 2 as never })] }),
      "services.shop-api.triggers[0].above",
      "a length from ms(10) to minutes(1)",
      "2",
      "a bare 2 is 2 ms: did you mean seconds(2)?",
    ],
    [
      "a share over 100",
      withService({ triggers: [errorRate({ above: percent(500) })] }),
      "services.shop-api.triggers[0].above",
      "a share above 0 and up to 100, as percent(5)",
      "500",
      "no share is above 100: divide by 100, or use errorsPerMinute for a count",
    ],
    [
      "no share",
      withService({ triggers: [errorRate({ above: percent(0) })] }),
      "services.shop-api.triggers[0].above",
      "a share above 0 and up to 100, as percent(5)",
      "0",
      "write a share above 0, for example percent(1)",
    ],
    [
      "an empty alarm name",
      withService({ triggers: [alarms([" "])] }),
      "services.shop-api.triggers[0].names[0]",
      "the name of an alarm, 1 to 255 characters",
      '" "',
      "write the alarm's name (not its ARN), as `aws cloudwatch describe-alarms` lists it",
    ],
    [
      "a database address",
      withService({ smoke: [http("postgres://db/shop")] }),
      "services.shop-api.smoke[0].url",
      "an http:// or https:// address that a function in AWS can reach",
      '"postgres://db/shop"',
      "postgres:// cannot be asked: let an endpoint of the app reach the database or cache and test that endpoint",
    ],
    [
      "a laptop's address",
      withService({ smoke: [http("http://localhost:3000/")] }),
      "services.shop-api.smoke[0].url",
      "an http:// or https:// address that a function in AWS can reach",
      '"http://localhost:3000/"',
      "use the name that the load balancer answers to: Nightshift runs in AWS, not on this machine",
    ],
    [
      "a password in an address",
      withService({ smoke: [http("https://me:secret@api.example.com/", { name: "x" })] }),
      "services.shop-api.smoke[0].url",
      "an address without user name and password",
      '"https://…@api.example.com/"',
      "give the app an open health endpoint: a config is not a place for secrets",
    ],
    [
      "a network load balancer",
      withService({ traffic: { ...traffic, loadBalancer: "net/shop/50dc6c495c0c9188" } }),
      "services.shop-api.traffic.loadBalancer",
      "an application load balancer: its ARN, or app/NAME/ID",
      '"net/shop/50dc6c495c0c9188"',
      "`aws elbv2 describe-load-balancers --query 'LoadBalancers[].LoadBalancerArn'` prints it; network load balancers count no HTTP errors",
    ],
    [
      "a trigger's kind",
      withService({ triggers: [{ kind: "errorRate" }] }),
      "services.shop-api.triggers[0]",
      "healthChecks(), errorRate(), p95(), errorsPerMinute(), taskCrashes(), smokeTests(), alarms([...])",
      'the kind "errorRate"',
      "did you mean errorRate()?",
    ],
    ["a service without ecs()", withTop({ services: { api: { cluster: "prod" } } }), "services.api", "ecs({...})", "an object", "use ecs({...})"],
    ["a list of services", withTop({ services: [] }), "services", "an object", "an empty list", "write it between { and }"],
    ["one trigger, not a list", withService({ triggers: healthChecks() }), "services.shop-api.triggers", "a list", "an object", "write it between [ and ]"],
    [
      "a second automatic rollback",
      withTop({ budgets: { rollbacksPerDeployment: 2 } }),
      "budgets.rollbacksPerDeployment",
      "a whole number from 0 to 1",
      "2",
      "lower it to 1 or less",
    ],
    [
      "half a failure",
      withService({ triggers: [healthChecks({ moreThan: 2.5 })] }),
      "services.shop-api.triggers[0].moreThan",
      "a whole number from 1 to 30",
      "2.5",
      "write 3",
    ],
    [
      "a service's name",
      withTop({ services: { "shop api": ecs({ cluster: "prod" }) } }),
      "services.shop api",
      "the ECS service's name: letters, digits, hyphens, underscores",
      'the key "shop api"',
      "write it exactly as `aws ecs list-services` does",
    ],
    [
      "a dependency without a side",
      withService({ dependencies: [{ name: "x", namespace: "AWS/RDS", metric: "CPUUtilization", dimensions: {}, statistic: "Average", bad: 90 }] }),
      "services.shop-api.dependencies[0].bad",
      "{ above: … } or { below: … }",
      "90",
      "say on which side trouble begins: bad: { above: 90 }",
    ],
  ])("%s", (_what, raw, path, expected, got, remedy) => {
    expect(problemsOf(raw)).toEqual([{ path, expected, got, remedy }]);
  });

  test("missing settings are named", () => {
    expect(problemsOf({}).map((problem) => [problem.path, problem.got])).toEqual([
      ["product", "nothing"],
      ["services", "nothing"],
    ]);
  });
});

describe("bounds", () => {
  test.each([
    [10, 0],
    [9.9, 1],
    [60_000, 0],
    [60_001, 1],
  ])("a p95 of %s ms has %s problems", (above, count) => {
    expect(problemsOf(withService({ triggers: [p95({ above: ms(above) })] }))).toHaveLength(count);
  });
  test.each([
    [100, 0],
    [100.1, 1],
    [0.1, 0],
    [-1, 1],
    [Number.NaN, 1],
  ])("a share of %s has %s problems", (share, count) => {
    expect(problemsOf(withService({ triggers: [errorRate({ above: percent(share) })] }))).toHaveLength(count);
  });
});

test("a question may wait a minute and an hour", () => {
  expect([...problemsOf(withService({ askFor: minutes(1) })), ...problemsOf(withService({ askFor: minutes(60) }))]).toEqual([]);
});
