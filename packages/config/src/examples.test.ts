import { checkConfig, type NightshiftConfig } from "@nightshift/config";
import { describe, expect, test } from "vitest";
import shop from "../../../nightshift.config.ts";
import accunode from "../../../examples/accunode.config.ts";
import customify from "../../../examples/customify.config.ts";
import leather from "../../../examples/leather-api.config.ts";
import sports from "../../../examples/sports-nutrition.config.ts";
import styling from "../../../examples/styling-adventures.config.ts";

const all: readonly (readonly [string, NightshiftConfig])[] = [
  ["shop", shop],
  ["customify", customify],
  ["leather", leather],
  ["styling", styling],
  ["accunode", accunode],
  ["nutrition", sports],
];

describe("every config that ships with Nightshift", () => {
  test.each(all)("%s has no problem and no warning", (product, config) => {
    const checked = checkConfig(config);
    expect(checked.problems).toEqual([]);
    expect(checked.warnings).toEqual([]);
    expect(checked.resolved?.product).toBe(product);
  });

  test("api and worker of the shop go back together", () => {
    expect(checkConfig(shop).resolved?.groups.map((group) => [group.group, group.services.map((service) => service.name)])).toEqual([
      ["shop", ["shop-api", "shop-worker"]],
    ]);
  });

  test.each(all)("somebody of %s is on call, may approve, and can be reached in Slack", (_, config) => {
    const policy = checkConfig(config).resolved?.incidents;
    const [first] = policy?.tiers ?? [];
    const named = first !== undefined && first.rota.kind !== "slack-group" ? first.rota.people : [];
    expect(policy?.people.find(({ name }) => name === named[0])?.slack).toMatch(/^U/);
    expect(policy?.slack?.team).toMatch(/^T/);
  });

  test("leather's escalation is its guide's: engineer, lead, CTO; 15, 30 more and 60 more minutes", () => {
    const policy = checkConfig(leather).resolved?.incidents;
    expect(policy?.tiers.map(({ name }) => name)).toEqual(["On-Call Engineer", "DevOps Lead", "CTO"]);
    expect(policy?.severities.P2.tiers.map(({ tier, after }) => [tier, after / 60_000])).toEqual([
      [1, 0],
      [1, 15],
      [2, 45],
      [3, 105],
    ]);
    expect(policy?.maintenance).toMatchObject([{ scope: "leather", weekday: "sunday", week: 1, hour: 2, lasts: 7_200_000, zone: "UTC" }]);
  });

  test("AccuNode's critical alerts page, an unavailable service first of all; its warnings are e-mailed", () => {
    const policy = checkConfig(accunode).resolved?.incidents;
    expect(policy?.alarms.map(({ match, severity, role }) => [match, severity, role])).toEqual([
      ["High Error Rate", "P2", undefined],
      ["Service Unavailable", "P1", "down"],
      ["Database Connection Issues", "P2", "cause"],
      ["High Response Time", "P3", undefined],
      ["Resource Utilization", "P3", undefined],
    ]);
    expect(policy?.severities.P2.tiers[0]).toEqual({ tier: 1, after: 0, by: ["slack-mention", "sns"] });
    expect(policy?.severities.P3.tiers).toEqual([{ tier: 1, after: 0, by: ["sns"] }]);
  });

  test("styling-adventures' response times are its guide's", () => {
    const severities = checkConfig(styling).resolved?.incidents.severities;
    expect(Object.entries(severities ?? {}).map(([severity, { ackWithin, resolveWithin }]) => [severity, ackWithin, resolveWithin / 60_000])).toEqual([
      ["P1", 300_000, 30],
      ["P2", 900_000, 60],
      ["P3", 3_600_000, 240],
      ["P4", undefined, 1_440],
    ]);
  });

  test("AccuNode's three triggers are its guide's", () => {
    expect(checkConfig(accunode).resolved?.groups[0]?.services[0]?.triggers).toEqual([
      { kind: "health-checks", moreThan: 3 },
      { kind: "error-rate", above: 5, for: 120_000, minRequests: 60, minErrors: 3, noData: "wait" },
      { kind: "latency", statistic: "p95", above: 2_000, for: 300_000, minRequests: 60, noData: "wait" },
      { kind: "task-crashes", atLeast: 2, share: 50 },
      { kind: "smoke-tests", failuresInARow: 2 },
    ]);
  });

  test("what each backs up, with its guide's targets", () => {
    const days = 86_400_000;
    const asked = all.map(([product, config]) => {
      const { databases = [], tables = [], caches = [], media = [], secondRegion } = checkConfig(config).resolved?.backups ?? {};
      const [database] = databases;
      return [
        product,
        database === undefined ? undefined : [database.keep.daily / days, database.rpo / 60_000, database.rto / 60_000, database.nightly.hour],
        [...tables, ...caches].map(({ name, keep }) => `${name} ${keep / days}`),
        media.map(({ replica }) => replica !== undefined),
        secondRegion,
      ];
    });
    expect(asked).toEqual([
      ["shop", [7, 1_440, 60, 2], ["carts 30", "sessions 7"], [true], "eu-north-1"],
      ["customify", [7, 5, 60, 2], [], [true], undefined],
      ["leather", [7, 1_440, 15, 2], [], [false], undefined],
      ["styling", undefined, ["users 30"], [], "us-west-2"],
      ["accunode", [7, 1_440, 60, 2], ["redis 7"], [], "us-west-2"],
      ["nutrition", [30, 1_440, 60, 3], [], [], undefined],
    ]);
  });

  test("AccuNode's snapshots stay a month, go to us-west-2 and are restored once a month", () => {
    const [database] = checkConfig(accunode).resolved?.backups.databases ?? [];
    expect(database).toMatchObject({ snapshots: { keep: 2_592_000_000, copyTo: { region: "us-west-2" } }, drill: { day: 1, instanceClass: "db.r5.xlarge" } });
  });
});
