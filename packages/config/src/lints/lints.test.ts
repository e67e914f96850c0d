import { describe, expect, test } from "vitest";
import { alarms, ecs, errorRate, errorsPerMinute, http, p95, smokeTests } from "../build.ts";
import { always } from "../build-incidents.ts";
import { good, problemsOf, traffic, warningsOf, withService, withTop } from "../good.fixture.ts";
import { minutes } from "../units.ts";

describe("settings that contradict each other", () => {
  test("a trigger over a load balancer's metrics needs the load balancer", () => {
    expect(problemsOf(withService({ traffic: undefined, triggers: [errorRate(), p95(), errorsPerMinute()] })).map((problem) => problem.path)).toEqual([
      "services.shop-api.triggers[0]",
      "services.shop-api.triggers[1]",
      "services.shop-api.triggers[2]",
    ]);
  });
  test("windows end one after the other", () => {
    expect(problemsOf(withService({ windows: { hot: minutes(10), bake: minutes(9) } }))).toMatchObject([
      { path: "services.shop-api.windows.bake", got: "minutes(9)" },
    ]);
    expect(problemsOf(withService({ windows: { hot: minutes(10), bake: minutes(10) } }))).toEqual([]);
  });
  test("a trigger must be able to fire inside the bake window", () => {
    expect(problemsOf(withService({ windows: { bake: minutes(6) }, triggers: [p95({ for: minutes(6) })] }))).toMatchObject([
      { path: "services.shop-api.triggers[0].for" },
    ]);
    expect(problemsOf(withService({ windows: { bake: minutes(6) }, triggers: [p95({ for: minutes(5) })] }))).toEqual([]);
  });
  test("smoke tests as a trigger need smoke tests", () => {
    expect(problemsOf(withService({ triggers: [smokeTests()] }))).toMatchObject([{ path: "services.shop-api.triggers[0]" }]);
  });
  test("two smoke tests of one name", () => {
    expect(problemsOf(withService({ smoke: [http("https://a.example.com/"), http("https://a.example.com/")] }))).toMatchObject([
      { path: "services.shop-api.smoke[1].name" },
    ]);
  });
  test("no alarms to watch", () => {
    expect(problemsOf(withService({ triggers: [alarms([])] }))).toMatchObject([{ path: "services.shop-api.triggers[0].names" }]);
  });
  test("no services, and no bound", () => {
    expect(problemsOf(withTop({ services: {} }))).toMatchObject([{ path: "services" }]);
    expect(problemsOf(withTop({ budgets: { rollbacksPerService: [] } }))).toMatchObject([{ path: "budgets.rollbacksPerService" }]);
  });
  test("two services whose names are the same but for case", () => {
    expect(problemsOf(withTop({ services: { "shop-api": ecs({ cluster: "a" }), Shop_API: ecs({ cluster: "b" }) } }))).toMatchObject([
      { path: "services.Shop_API" },
    ]);
  });
  test("an ARN of another account or region", () => {
    expect(
      problemsOf({
        ...good,
        account: "123456789012",
        region: "us-east-1",
        services: { api: ecs({ cluster: "arn:aws:ecs:eu-west-1:999999999999:cluster/prod" }) },
      }).map((problem) => problem.got),
    ).toEqual(["account 999999999999", "eu-west-1"]);
  });
  test("one Slack member under two names", () => {
    expect(
      problemsOf(withTop({ onCall: always(["a"]), people: { a: { slack: "U012", roles: ["owner"] }, b: { slack: "U012", roles: ["viewer"] } } })),
    ).toMatchObject([{ path: "people.b.slack" }]);
  });
  test("a secret is named and never shown", () => {
    const [problem, ...rest] = problemsOf(withTop({ people: { lead: { arn: "xoxb-12345-abcdef", roles: ["owner"] } } }));
    expect(rest).toEqual([]);
    expect(problem).toMatchObject({ path: "people.lead.arn", got: "a text that looks like a secret" });
    expect(JSON.stringify(problemsOf(withTop({ product: "xoxb-12345-abcdef" })))).not.toContain("12345");
  });
});

describe("warnings", () => {
  test("a group written in two ways", () => {
    expect(
      warningsOf(
        withTop({
          services: { a: ecs({ cluster: "c", group: "shop" }), b: ecs({ cluster: "c", group: "shop" }), worker: ecs({ cluster: "c", group: "shpo" }) },
        }),
      ),
    ).toEqual([
      {
        path: "services.worker.group",
        expected: "a group that other services share",
        got: '"shpo", with one member',
        remedy: 'did you mean "shop"? otherwise worker would stay behind when shop rolls back',
      },
    ]);
  });
  test("members of one group with different modes", () => {
    expect(warningsOf(withTop({ services: { a: ecs({ cluster: "c", group: "shop", mode: "auto" }), b: ecs({ cluster: "c", group: "shop" }) } }))).toMatchObject(
      [{ path: "services.b.mode", got: "auto and shadow" }],
    );
  });
  test("nobody to ask, and nowhere to speak", () => {
    expect(warningsOf({ product: "shop", mode: "ask", services: good.services }).map((warning) => warning.path)).toEqual(["people", "channels.ops"]);
    expect(warningsOf(withTop({ mode: "ask", people: { lead: { slack: "U012", roles: ["operator"] } } }))).toEqual([]);
    expect(warningsOf(withTop({ mode: "ask", people: { lead: { slack: "U012", roles: ["responder"] } } })).map((warning) => warning.path)).toEqual(["people"]);
  });
  test.each([
    [60, "10 a minute at 60 requests a minute: fires at 18.3 % errors or more"],
    [10, "10 a minute at 10 requests a minute: fires never, not even when every request fails"],
    [10_000, "10 a minute at 10000 requests a minute: 0.1 % of honest errors already make 10"],
  ])("ten errors a minute at %s requests a minute", (requestsPerMinute, got) => {
    expect(warningsOf(withService({ traffic: { ...traffic, requestsPerMinute }, triggers: [errorsPerMinute()] }))).toMatchObject([
      { path: "services.shop-api.triggers[0].moreThan", got },
    ]);
  });
  test("ten errors a minute at 1,000 requests a minute is a fair count", () => {
    expect(warningsOf(withService({ traffic: { ...traffic, requestsPerMinute: 1_000 }, triggers: [errorsPerMinute()] }))).toEqual([]);
  });
  test("too little traffic for a rate", () => {
    expect(warningsOf(withService({ traffic: { ...traffic, requestsPerMinute: 29 }, triggers: [errorRate({ for: minutes(2) })] }))).toMatchObject([
      { remedy: "write for: minutes(3), or add a smoke test: little traffic proves little" },
    ]);
    expect(warningsOf(withService({ traffic: { ...traffic, requestsPerMinute: 30 }, triggers: [errorRate({ for: minutes(2) })] }))).toEqual([]);
  });
});
