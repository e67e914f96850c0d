import { guarded, settingsFor, worker } from "@nightshift/decide/fixtures";
import { policyFixture } from "@nightshift/decide/incidents/policy.fixture";
import { type NightshiftEvent, parseEventText } from "@nightshift/events";
import { type AlarmRule, type GuardSettings, serviceName } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { loadSamples, sampleText } from "../../events/samples/load.ts";
import { type Routed, routeEvent } from "./route.ts";

/** The shop of the samples: both services listen to `shop-trouble`, the api alone to its 5xx alarm. */
const groups: readonly GuardSettings[] = [
  settingsFor(
    guarded("shop-api", { cluster: "shop-prod", triggers: [{ kind: "alarms", names: ["shop-api/5xx", "shop-trouble"] }] }),
    worker("shop-worker", { cluster: "shop-prod", triggers: [{ kind: "alarms", names: ["shop-trouble"] }] }),
  ),
];

function said(routed: Routed): string {
  switch (routed.kind) {
    case "watch":
      return `watch ${routed.started.group} ${routed.started.service} ${routed.started.deployment} ${routed.started.at}`;
    case "alarm": {
      const { group, move, listening } = routed.alarm;
      const told = listening.length === 0 ? "" : `, heard by ${listening.join(", ")}`;
      return `${group ?? "no incident"}: ${move.service} ${move.severity} ${move.role} ${move.name} ${move.value} ${move.at}${told}`;
    }
    case "beat":
      return `beat ${routed.at}`;
    case "change":
      return `${routed.note.service} had a ${routed.note.kind} ${routed.note.at}`;
    case "backup":
      return `${routed.job} of ${routed.due.of} ${routed.due.scheduled}`;
    case "restored":
      return `restored by ${routed.job} ${routed.at}`;
    case "tick":
      return `look at ${routed.tick.service} ${routed.tick.due}`;
    case "ignore":
      return `ignored: ${routed.because}`;
  }
}
const route = (sample: string, config = groups, alarms: readonly AlarmRule[] = []) =>
  routeEvent(parseEventText(sampleText(sample)), config, policyFixture({ alarms })).map(said);

const both = (at: number) => [`shop: shop-api P3 symptom shop-trouble ALARM ${at}, heard by shop-api, shop-worker`];
const fivexx = (value: string, at: number) => [`shop: shop-api P3 symptom shop-api/5xx ${value} ${at}, heard by shop-api`];
const fromTheApi = ["ignored: a watch reads tasks and service events from the API, every few seconds"];
const notYet = ["ignored: it is read and understood, but no automation acts on it yet"];
const looksItself = ["ignored: a backup or drill that waits for it reads it from the API"];
const started = ["watch shop shop-api ecs-svc/4719083255108276431 1795227031000"];
const unlisted = (alarm: string) => [`ignored: no rule, trigger or dimension says which service the alarm ${alarm} is about`];

/** Every sample there is, and where it goes. */
const table: Readonly<Record<string, readonly string[]>> = {
  "alarm-metric": fivexx("ALARM", 1_795_227_247_318),
  "alarm-metric-ok": fivexx("OK", 1_795_227_907_422),
  "alarm-metric-math": unlisted("shop-api/error-rate"),
  "alarm-anomaly": unlisted("shop-api/latency-anomaly"),
  "alarm-composite": both(1_795_227_248_031),
  "alarm-composite-suppressed": both(1_795_227_248_031),
  "alarm-insufficient-data": ["shop: shop-worker P3 symptom shop-worker/heartbeat INSUFFICIENT_DATA 1795227547318"],
  "alarm-without-reason-data": fivexx("ALARM", 1_795_228_200_100),
  "alarm-many-series": unlisted("shop-tables-throttled"),
  "alarm-tagged": fivexx("ALARM", 1_795_227_247_318),
  "alarm-replayed": fivexx("ALARM", 1_795_227_247_318),
  "alarm-action-metric": fivexx("ALARM", 1_795_227_247_318),
  "alarm-action-composite": both(1_795_227_368_138),
  "ecs-deployment-in-progress": started,
  "ecs-deployment-completed": ["ignored: SERVICE_DEPLOYMENT_COMPLETED needs no new watch"],
  "ecs-deployment-failed": ["ignored: SERVICE_DEPLOYMENT_FAILED needs no new watch"],
  "ecs-deployment-rolling-back": ["watch shop shop-api ecs-svc/2085517739940163827 1795227345000"],
  "ecs-deployment-short-arn": started,
  "ecs-task-running": fromTheApi,
  "ecs-task-crashed": fromTheApi,
  "ecs-task-cannot-pull": fromTheApi,
  "ecs-task-unhealthy": fromTheApi,
  "ecs-task-spot-reclaimed": fromTheApi,
  "ecs-task-one-off": fromTheApi,
  "ecs-service-steady": fromTheApi,
  "ecs-service-start-impaired": fromTheApi,
  "ecs-service-placement-failure": fromTheApi,
  "codedeploy-start": notYet,
  "codedeploy-failure": notYet,
  "rds-snapshot-manual": looksItself,
  "rds-snapshot-automated": looksItself,
  "rds-snapshot-deleted": looksItself,
  "rds-instance-failover": looksItself,
  "rds-instance-backup": looksItself,
  "rds-cluster-failover": looksItself,
  "rds-cluster-snapshot": looksItself,
  "backup-restore-test": ["restored by 7D21A6C4-1F0B-4E55-9A38-0C9E5B7D1A42 1795231301000"],
  "schedule-rule": ["ignored: no automation is started by nightshift-sweep"],
  "scheduler-default": ["ignored: no automation is started by nightshift-sweep"],
  "scheduler-input": ["ignored: no automation is started by sweep"],
  "nightshift-migration": ["shop-api had a migration 1795226980000"],
  "nightshift-deployment": ["shop-api had a deployment 1795226980000"],
  "nightshift-mirror": ["ignored: shop/api is not in nightshift.config.ts"],
  "nightshift-mirror-asked": ["ignored: shop/api is not in nightshift.config.ts"],
  "nightshift-scaling-tick": ["ignored: shop-worker is no worker service of nightshift.config.ts"],
};

describe("where an event goes", () => {
  test.each(Object.entries(table))("%s", (sample, expected) => {
    expect(route(sample)).toEqual(expected);
  });

  test("is said for every sample there is, and for every kind of event", () => {
    const samples = loadSamples();
    expect(samples.map(({ about }) => about.file).sort()).toEqual(
      Object.keys(table)
        .map((name) => `${name}.json`)
        .sort(),
    );
    const kinds = [...new Set(samples.map(({ text }) => parseEventText(text).kind))].sort();
    expect(kinds).toEqual([
      "alarm-changed",
      "change-noted",
      "cluster-changed",
      "codedeploy-changed",
      "deployment-changed",
      "instance-changed",
      "mirror-asked",
      "restore-finished",
      "scaling-tick",
      "schedule-fired",
      "service-acted",
      "snapshot-changed",
      "task-changed",
    ] satisfies NightshiftEvent["kind"][]);
  });

  const other = [settingsFor(guarded("other-api", { cluster: "shop-prod" }))];
  const elsewhere = [settingsFor(guarded("shop-api", { cluster: "staging" }))];
  test.each([
    ["a deployment of a service nobody configured", "ecs-deployment-in-progress", other, "ignored: shop-api is not in nightshift.config.ts"],
    ["a note about a service nobody configured", "nightshift-migration", other, "ignored: shop-api is not in nightshift.config.ts"],
    [
      "a service of that name in another cluster",
      "ecs-deployment-in-progress",
      elsewhere,
      "ignored: shop-api runs in shop-prod, the config watches it in staging",
    ],
    ["an ARN of the old kind, which names no cluster: it is looked up", "ecs-deployment-short-arn", elsewhere, started[0]],
    ["a config without any service", "ecs-deployment-in-progress", [], "ignored: shop-api is not in nightshift.config.ts"],
    [
      "an alarm, and a config without any service",
      "alarm-metric",
      [],
      "ignored: no rule, trigger or dimension says which service the alarm shop-api/5xx is about",
    ],
  ])("%s", (_, sample, config, expected) => {
    expect(route(sample, config)).toEqual([expected]);
  });

  test("an alarm that two groups list is heard by both, and is told in the first one's incident", () => {
    const second = { ...settingsFor(guarded("blog", { triggers: [{ kind: "alarms", names: ["shop-api/5xx"] }] })), group: "blog" };
    expect(route("alarm-metric", [...groups, second])).toEqual(["shop: shop-api P3 symptom shop-api/5xx ALARM 1795227247318, heard by shop-api, blog"]);
  });

  test.each<[string, AlarmRule, string]>([
    ["names its severity", { match: "shop-api/*", severity: "P1" }, "shop: shop-api P1 symptom shop-api/5xx ALARM 1795227247318, heard by shop-api"],
    ["names another service", { match: "*", service: "billing" }, "billing: billing P3 symptom shop-api/5xx ALARM 1795227247318, heard by shop-api"],
    [
      "ignores it: those who listen hear it all the same",
      { match: "*5xx", ignore: true },
      "no incident: shop-api P3 symptom shop-api/5xx ALARM 1795227247318, heard by shop-api",
    ],
  ])("a rule of the config %s", (_, rule, expected) => {
    expect(route("alarm-metric", groups, [rule])).toEqual([expected]);
  });

  test("an alarm about the service's target group is the service's, and a share of failed requests says how bad it is", () => {
    const traffic = { loadBalancer: "app/shop-prod/3f1c9a7b5d2e8046", targetGroup: "targetgroup/shop-api/7b24c1d9e05f3a68" };
    const config = [settingsFor(guarded("shop-api", { traffic }))];
    expect(route("alarm-metric-math", config)).toEqual(["shop: shop-api P2 symptom shop-api/error-rate ALARM 1795227312640"]);
  });

  const workers = [{ service: serviceName("shop-worker"), cluster: "shop-prod" }];
  const reclaimed = sampleText("ecs-task-spot-reclaimed");
  const warned = reclaimed.replace('"lastStatus": "STOPPED",\n    "desiredStatus"', '"lastStatus": "RUNNING",\n    "desiredStatus"');
  test.each([
    ["a look that the scaler asked for", sampleText("nightshift-scaling-tick"), workers, "look at shop-worker 1795227015000"],
    ["a worker on Spot that is being reclaimed: it is looked at at once", warned, workers, "look at shop-worker 1795229412000"],
    ["the end of that worker, two minutes later", reclaimed, workers, fromTheApi[0]],
    ["a worker that stops for another reason", warned.replace("SpotInterruption", "ServiceSchedulerInitiated"), workers, fromTheApi[0]],
    ["a reclaimed task of a service that is not scaled", warned, [], fromTheApi[0]],
    ["a reclaimed task of that name in another cluster", warned, [{ service: serviceName("shop-worker"), cluster: "staging" }], fromTheApi[0]],
  ])("%s", (_, text, scaled, expected) => {
    expect(routeEvent(parseEventText(text), groups, policyFixture(), { workers: scaled }).map(said)).toEqual([expected]);
  });

  test("the heartbeat's schedule is the heartbeat", () => {
    const text = sampleText("scheduler-input").replace("nightshift/sweep", "nightshift/shop-heartbeat");
    expect(routeEvent(parseEventText(text), groups, policyFixture()).map(said)).toEqual(["beat 1795230000000"]);
  });
});

test("a mirror of the config is asked for under the minute that was meant, and its answer is remembered", () => {
  const mirrored = (sample: string) => routeEvent(parseEventText(sampleText(sample)), groups, policyFixture(), { repositories: ["shop/api"] }).map(said);
  expect(mirrored("nightshift-mirror-asked")).toEqual(["snapshot of mirror.shop.api 1795231800000"]);
  expect(mirrored("nightshift-mirror")).toEqual(["shop/api had a mirror 1795232170000"]);
});

describe("a schedule of a backup", () => {
  const fired = (name: string, second = "04") =>
    routeEvent(
      parseEventText(
        JSON.stringify({
          ...(JSON.parse(sampleText("schedule-rule")) as object), // a sample is an object
          time: `2026-11-21T02:00:${second}Z`,
          resources: [`arn:aws:events:eu-west-1:123456789012:rule/${name}`],
        }),
      ),
      groups,
      policyFixture(),
    ).map(said);

  test.each(["night", "snapshot", "drill"])("starts its %s under the minute that it meant", (job) => {
    expect(fired(`nightshift-production-${job}.shop`)).toEqual([`${job} of shop 1795226400000`]);
    expect(fired(`nightshift-production-${job}.shop`, "59")).toEqual([`${job} of shop 1795226400000`]);
  });

  test("from Scheduler means the same work at every attempt", () => {
    const input = {
      scheduleArn: "arn:aws:scheduler:eu-west-1:123456789012:schedule/nightshift/night.shop",
      scheduledTime: "2026-11-21T02:00:00Z",
      executionId: "x",
    };
    const attempt = (n: string) => routeEvent(parseEventText(JSON.stringify({ ...input, attemptNumber: n })), groups, policyFixture()).map(said);
    expect(attempt("1")).toEqual(["night of shop 1795226400000"]);
    expect(attempt("2")).toEqual(attempt("1"));
  });
});
