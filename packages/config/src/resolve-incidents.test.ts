import { describe, expect, test } from "vitest";
import { always, onAlarm, rotation, slackGroup } from "./build-incidents.ts";
import { dependency, ecs } from "./build.ts";
import { resolve } from "./shapes.ts";
import { good } from "./good.fixture.ts";
import { hours, minutes, seconds } from "./units.ts";

const policy = (over: Partial<typeof good> = {}) => resolve({ ...good, ...over }).incidents;

describe("the incident policy", () => {
  test("of a small config has every default", () => {
    expect(policy()).toEqual({
      product: "shop",
      zone: "prod",
      timeZone: "UTC",
      channels: { ops: "C0123", incidents: "C0123", byService: {} },
      slack: { team: "T0123", app: "A0123" },
      people: [{ name: "lead", slack: "U0123", arn: undefined, roles: ["operator"], rolesFor: {} }],
      groupsWithRoles: [],
      severities: {
        P1: {
          groupWait: 0,
          tiers: [
            { tier: 1, after: 0, by: ["slack-mention", "sns"] },
            { tier: 1, after: 300_000, by: ["slack-dm", "sns"] },
            { tier: 2, after: 900_000, by: ["slack-dm", "sns"] },
            { tier: 3, after: 1_800_000, by: ["slack-dm", "sns"] },
          ],
          ackWithin: 300_000,
          resolveWithin: 1_800_000,
          ackLasts: 1_800_000,
          quietFor: 600_000,
          room: true,
          postMortem: true,
          businessHours: false,
        },
        P2: {
          groupWait: 5_000,
          tiers: [
            { tier: 1, after: 0, by: ["slack-mention"] },
            { tier: 1, after: 900_000, by: ["slack-dm", "sns"] },
            { tier: 2, after: 2_700_000, by: ["slack-dm", "sns"] },
            { tier: 3, after: 6_300_000, by: ["slack-dm", "sns"] },
          ],
          ackWithin: 900_000,
          resolveWithin: 3_600_000,
          ackLasts: 3_600_000,
          quietFor: 300_000,
          room: false,
          postMortem: true,
          businessHours: false,
        },
        P3: {
          groupWait: 30_000,
          tiers: [
            { tier: 1, after: 3_600_000, by: ["slack-mention"] },
            { tier: 2, after: 7_200_000, by: ["slack-mention"] },
          ],
          ackWithin: 3_600_000,
          resolveWithin: 14_400_000,
          ackLasts: undefined,
          quietFor: 300_000,
          room: false,
          postMortem: false,
          businessHours: false,
        },
        P4: {
          groupWait: 30_000,
          tiers: [],
          ackWithin: undefined,
          resolveWithin: 86_400_000,
          ackLasts: undefined,
          quietFor: 300_000,
          room: false,
          postMortem: false,
          businessHours: true,
        },
      },
      tiers: [
        { tier: 1, name: "On-Call Engineer", rota: { kind: "static", name: "tier 1", people: ["lead"] } },
        { tier: 2, name: "DevOps Lead", rota: { kind: "static", name: "tier 2", people: [] } },
        { tier: 3, name: "CTO", rota: { kind: "static", name: "tier 3", people: [] } },
      ],
      alarms: [],
      maintenance: [],
      dependsOn: { "shop-api": [] },
      reopenWithin: 600_000,
      suspectWithin: 1_800_000,
      storm: { moreThan: 20, within: 120_000 },
      digest: { hour: 9, minute: 0 },
      postMortem: { after: 86_400_000, remindAfterBusinessDays: 5 },
      heartbeatUrl: undefined,
      links: {},
    });
  });

  test("one value of one severity changes that value alone", () => {
    const changed = policy({ severities: { P4: { ackWithin: hours(8) }, P1: { room: false } } }).severities;
    expect(changed.P4).toEqual({ ...policy().severities.P4, ackWithin: 28_800_000 });
    expect(changed.P1).toEqual({ ...policy().severities.P1, room: false });
    expect(changed.P2).toEqual(policy().severities.P2);
  });

  test("turns are read from the words for them", () => {
    const turns = { people: ["lead"], zone: "Europe/Berlin" };
    expect(policy({ onCall: rotation({ ...turns, handoff: "wednesday 18:05", from: "2026-03-04" }) }).tiers[0]?.rota).toEqual({
      kind: "rotation",
      name: "tier 1",
      people: ["lead"],
      handoff: { weekday: "wednesday", hour: 18, minute: 5 },
      zone: "Europe/Berlin",
      from: "2026-03-04",
    });
    expect(policy({ onCall: slackGroup("S0123") }).tiers[0]?.rota).toEqual({ kind: "slack-group", name: "tier 1", group: "S0123" });
  });

  test.each([
    ["monday 09:00", "2026-01-05"],
    ["wednesday 09:00", "2026-01-07"],
    ["thursday 09:00", "2026-01-01"],
    ["sunday 09:00", "2026-01-04"],
    ["daily 09:00", "2026-01-01"],
  ])("without a date, turns of %s begin on %s", (handoff, from) => {
    const [tier] = policy({ onCall: rotation({ people: ["lead"], handoff, zone: "UTC" }) }).tiers;
    expect(tier?.rota).toMatchObject({ from });
  });

  test("what a team says is what it gets", () => {
    const said = policy({
      channels: { ops: "C0123", incidents: "C0456" },
      people: { lead: { slack: "U0123", roles: ["operator"], rolesFor: { "shop-api": ["owner"] } } },
      roleGroups: [{ slackGroup: "S0999", roles: ["responder"] }],
      escalation: { tier2: { name: "Lead", who: always(["lead"]) } },
      incidents: {
        environment: "live",
        zone: "Asia/Karachi",
        alarms: [onAlarm("api-*", { service: "shop-api", severity: "P1", role: "down" }), onAlarm("noise", { ignore: true })],
        reopenWithin: minutes(20),
        suspectWithin: hours(1),
        storm: { services: 5, within: seconds(60) },
        digest: "08:30",
        channels: { "shop-api": "C0789" },
        links: { "shop-api": { runbook: "https://example.com/runbook" } },
      },
      maintenance: [{ name: "monthly", scope: "shop-api", opens: "sunday 02:00", week: 1, lasts: hours(2) }],
      heartbeatUrl: "https://example.com/ping",
    });
    expect(said).toMatchObject({
      zone: "live",
      timeZone: "Asia/Karachi",
      channels: { ops: "C0123", incidents: "C0456", byService: { "shop-api": "C0789" } },
      people: [{ name: "lead", rolesFor: { "shop-api": ["owner"] } }],
      groupsWithRoles: [{ slackGroup: "S0999", roles: ["responder"] }],
      reopenWithin: 1_200_000,
      suspectWithin: 3_600_000,
      storm: { moreThan: 5, within: 60_000 },
      digest: { hour: 8, minute: 30 },
      heartbeatUrl: "https://example.com/ping",
    });
    expect(said.tiers[1]).toEqual({ tier: 2, name: "Lead", rota: { kind: "static", name: "tier 2", people: ["lead"] } });
    expect(said.alarms).toEqual([
      { match: "api-*", service: "shop-api", severity: "P1", role: "down" },
      { match: "noise", ignore: true },
    ]);
    expect(said.maintenance).toEqual([{ name: "monthly", scope: "shop-api", weekday: "sunday", week: 1, hour: 2, minute: 0, lasts: 7_200_000, zone: "UTC" }]);
    expect(said.links).toEqual({ "shop-api": { runbook: "https://example.com/runbook" } });
  });

  test("a service stands on its dependencies and on other services", () => {
    const database = dependency({ name: "RDS shop", namespace: "AWS/RDS", metric: "CPUUtilization", dimensions: {}, statistic: "Average", bad: { above: 90 } });
    expect(
      policy({
        services: { api: ecs({ cluster: "c", dependencies: [database] }), worker: ecs({ cluster: "c", dependencies: [database], dependsOn: ["api"] }) },
      }).dependsOn,
    ).toEqual({ api: ["RDS shop"], worker: ["RDS shop", "api"] });
  });
});
