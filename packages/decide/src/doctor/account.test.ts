import { type AccountFacts, epochMs, type GuardSettings, hours, minutes, seconds } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { facts, withAlarm, withContainer, withGroup, withService } from "./build.fixture.ts";
import { estimateRollback } from "./estimate.ts";
import { alarm, healthy, now, service, settings } from "./healthy.fixture.ts";
import { accountChecks, checkAccount } from "./index.ts";
import { sickRevisions } from "./sick-revisions.fixture.ts";
import { sickServices } from "./sick-services.fixture.ts";
import { sickSignals } from "./sick-signals.fixture.ts";

/** What one check says of an account. */
const said = (id: string, account: AccountFacts, config: GuardSettings = settings) =>
  checkAccount(account, [config])
    .filter((finding) => finding.id === id)
    .map(({ severity, about, says }) => [severity, about, says]);

test("a healthy account has no finding", () => {
  expect(checkAccount(healthy, [settings])).toEqual([]);
});

const clusterUpdate = "aws ecs update-service --cluster prod --service shop-api";

describe("each check finds its own sick account", () => {
  const sick = [...sickRevisions, ...sickServices, ...sickSignals];

  test.each(sick.map(([id, what, account, expected, config]) => ({ id, what, account, expected, config })))(
    "$id: $what",
    ({ id, account, expected, config }) => {
      expect(said(id, account, config)).toEqual(expected);
    },
  );

  test("no check goes without a sick account here", () => {
    expect(accountChecks.map((check) => check.id).filter((id) => !sick.some(([other]) => other === id))).toEqual([]);
  });
});

describe("what is still fine", () => {
  test.each([
    [
      "D7",
      "an image nobody could ask for",
      facts({ knownGood: healthy.knownGood.map((it) => ({ ...it, images: it.images.map((image) => ({ ...image, present: undefined })) })) }),
    ],
    [
      "D8",
      "five images kept",
      facts({
        repositories: healthy.repositories.map((it) => ({
          ...it,
          lifecycle: [{ priority: 1, tagStatus: "any" as const, countType: "imageCountMoreThan", countNumber: 5 }],
        })),
      }),
    ],
    [
      "D8",
      "30 days kept",
      facts({
        repositories: healthy.repositories.map((it) => ({
          ...it,
          lifecycle: [{ priority: 1, tagStatus: "any" as const, countType: "sinceImagePushed", countNumber: 30 }],
        })),
      }),
    ],
    [
      "D8",
      "untagged images of an immutable repository",
      facts({
        repositories: healthy.repositories.map((it) => ({
          ...it,
          lifecycle: [{ priority: 1, tagStatus: "untagged" as const, countType: "sinceImagePushed", countNumber: 1 }],
        })),
      }),
    ],
    ["D9", "movable tags nobody uses", facts({ repositories: healthy.repositories.map((it) => ({ ...it, tagMutability: "MUTABLE" })) })],
    ["D15", "two checks of 30 s", withGroup({ healthInterval: seconds(30) })],
    ["D16", "120 s of draining", withGroup({ deregistrationDelay: seconds(120) })],
    ["D18", "grace as long as the start", withService({ healthCheckGrace: seconds(30) })],
    ["D20", "deployment alarms switched off", withService({ deploymentAlarms: { enabled: false, rollback: false, names: ["gone"] } })],
    ["D25", "an error count that is silent", withAlarm({ lastDatapoint: "none" })],
    ["D26", "a datapoint 24 h old", facts({ series: healthy.series.map((it) => ({ ...it, lastDatapoint: epochMs(now - hours(24)) })) })],
    ["D1", "a service that could not be read", facts({ services: [], unread: [{ what: "prod/shop-api", because: "AccessDenied" }] })],
    [
      "D10",
      "no ledger to ask",
      facts({ services: [{ ...service, previous: undefined }], knownGood: [], unread: [{ what: "known good images", because: "x" }] }),
    ],
    ["D20", "alarms that could not be read", facts({ alarms: [], unread: [{ what: "alarms", because: "AccessDenied" }] })],
    ["D27", "alarms that could not be read", facts({ alarms: [], unread: [{ what: "alarms", because: "AccessDenied" }] })],
    ["D31", "nobody knows which roles may be passed", facts({ passableRoles: undefined })],
  ])("%s: %s", (id, _what, account) => {
    expect(said(id, account)).toEqual([]);
  });

  test("a datapoint a millisecond older than 24 h is blind", () => {
    expect(said("D26", facts({ series: healthy.series.map((it) => ({ ...it, lastDatapoint: epochMs(now - hours(24) - 1) })) }))).toHaveLength(1);
  });

  test("alarms of other products are left alone", () => {
    expect(
      checkAccount(
        facts({
          alarms: [
            alarm,
            {
              ...alarm,
              name: "billing",
              treatMissingData: "breaching",
              metric: { namespace: "AWS/ApplicationELB", name: "5XXError", dimensions: {}, statistic: "Sum" },
            },
          ],
        }),
        [settings],
      ),
    ).toEqual([]);
  });

  test("an alarm named after the product is looked at", () => {
    expect(
      said(
        "D22",
        facts({
          alarms: [alarm, { ...alarm, name: "Shop-errors", metric: { namespace: "AWS/ApplicationELB", name: "5XXError", dimensions: {}, statistic: "Sum" } }],
        }),
      ),
    ).toHaveLength(1);
  });
});

describe("findings", () => {
  test("name the command that mends them", () => {
    const remedies = checkAccount(withService({ desired: 1, minimumHealthyPercent: 0, healthCheckGrace: seconds(0) }), [settings]).map((finding) => [
      finding.id,
      finding.remedy,
    ]);
    expect(remedies).toEqual([
      ["D13", `${clusterUpdate} --deployment-configuration "minimumHealthyPercent=100,maximumPercent=200"`],
      ["D11", `${clusterUpdate} --desired-count 2`],
      ["D18", `${clusterUpdate} --health-check-grace-period-seconds 60`],
    ]);
  });

  test("come with the worst first", () => {
    expect(
      checkAccount(withService({ circuitBreaker: { enabled: false, rollback: false }, desired: 1, minimumHealthyPercent: 0 }), [settings]).map(
        (finding) => finding.severity,
      ),
    ).toEqual(["danger", "warning", "note"]);
  });
});

describe("how long a rollback takes", () => {
  const estimate = (account: AccountFacts, index = 0) => {
    const [wanted] = settings.services;
    const found = account.services[index];
    return wanted === undefined || found === undefined
      ? undefined
      : estimateRollback({ facts: account, groups: [settings] }, { settings: wanted, service: found });
  };
  test("one wave: start, two checks, then draining and stopping", () => {
    expect(estimate(healthy)).toEqual({ trafficRestored: 60_000, steady: 150_000, becomesHealthy: 20_000, drains: 60_000, waves: 1 });
  });
  test("a worker without load balancer counts by its container's health check", () => {
    expect(estimate(withService({ targetGroupArns: [] }))).toEqual({ trafficRestored: 80_000, steady: 110_000, becomesHealthy: 40_000, drains: 0, waves: 1 });
  });
  test("a stop timeout of its own", () => {
    expect(estimate(withContainer({ stopTimeout: seconds(120) }))?.steady).toBe(minutes(4));
  });
  test("no room or no task: no estimate", () => {
    expect(estimate(withService({ maximumPercent: 100 }))).toBeUndefined();
    expect(estimate(withService({ desired: 0 }))).toBeUndefined();
  });
});
