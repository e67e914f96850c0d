import { guarded, settingsFor, worker } from "@nightshift/decide/fixtures";
import { type NightshiftEvent, parseEventText } from "@nightshift/events";
import type { GuardSettings } from "@nightshift/model";
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
    case "alarm":
      return `${routed.service} hears ${routed.alarm.name} ${routed.alarm.value} ${routed.alarm.since}`;
    case "change":
      return `${routed.note.service} had a ${routed.note.kind} ${routed.note.at}`;
    case "ignore":
      return `ignored: ${routed.because}`;
  }
}
const route = (sample: string, config = groups) => routeEvent(parseEventText(sampleText(sample)), config).map(said);

const both = (since: number) => [`shop-api hears shop-trouble ALARM ${since}`, `shop-worker hears shop-trouble ALARM ${since}`];
const fromTheApi = ["ignored: a watch reads tasks and service events from the API, every few seconds"];
const notYet = ["ignored: it is read and understood, but no automation acts on it yet"];
const started = ["watch shop shop-api ecs-svc/4719083255108276431 1795227031000"];
const unlisted = (alarm: string) => [`ignored: no service lists the alarm ${alarm} among its triggers`];

/** Every sample there is, and where it goes. */
const table: Readonly<Record<string, readonly string[]>> = {
  "alarm-metric": ["shop-api hears shop-api/5xx ALARM 1795227247318"],
  "alarm-metric-ok": ["shop-api hears shop-api/5xx OK 1795227907422"],
  "alarm-metric-math": unlisted("shop-api/error-rate"),
  "alarm-anomaly": unlisted("shop-api/latency-anomaly"),
  "alarm-composite": both(1_795_227_248_031),
  "alarm-composite-suppressed": both(1_795_227_248_031),
  "alarm-insufficient-data": unlisted("shop-worker/heartbeat"),
  "alarm-without-reason-data": ["shop-api hears shop-api/5xx ALARM 1795228200100"],
  "alarm-many-series": unlisted("shop-tables-throttled"),
  "alarm-tagged": ["shop-api hears shop-api/5xx ALARM 1795227247318"],
  "alarm-replayed": ["shop-api hears shop-api/5xx ALARM 1795227247318"],
  "alarm-action-metric": ["shop-api hears shop-api/5xx ALARM 1795227247318"],
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
  "rds-snapshot-manual": notYet,
  "rds-snapshot-automated": notYet,
  "rds-snapshot-deleted": notYet,
  "rds-instance-failover": notYet,
  "rds-instance-backup": notYet,
  "schedule-rule": notYet,
  "scheduler-default": notYet,
  "scheduler-input": notYet,
  "nightshift-migration": ["shop-api had a migration 1795226980000"],
  "nightshift-deployment": ["shop-api had a deployment 1795226980000"],
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
      "codedeploy-changed",
      "deployment-changed",
      "instance-changed",
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
    ["an alarm, and a config without any service", "alarm-metric", [], "ignored: no service lists the alarm shop-api/5xx among its triggers"],
  ])("%s", (_, sample, config, expected) => {
    expect(route(sample, config)).toEqual([expected]);
  });

  test("an alarm that two groups list is heard by both", () => {
    const second = { ...settingsFor(guarded("blog", { triggers: [{ kind: "alarms", names: ["shop-api/5xx"] }] })), group: "blog" };
    expect(route("alarm-metric", [...groups, second])).toEqual([
      "shop-api hears shop-api/5xx ALARM 1795227247318",
      "blog hears shop-api/5xx ALARM 1795227247318",
    ]);
  });
});
