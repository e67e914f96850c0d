import { type BackupRecord, backupId, type BackupSettings, type DatabaseSettings, days, epochMs, hours, minutes } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { shopDatabase } from "./database.fixture.ts";
import { type DisasterFacts, planDisaster, sayDisaster } from "./disaster-plan.ts";

const at = epochMs(Date.UTC(2026, 10, 21, 12, 0));
const database: DatabaseSettings = shopDatabase;
const nightly = { hour: 2, minute: 0 };
const settings: BackupSettings = {
  databases: [database],
  tables: [{ name: "carts", table: "carts", nightly, keep: days(30), rpo: minutes(5), copyIn: "us-west-2" }],
  caches: [{ name: "sessions", cache: "s", nightly, keep: days(7) }],
  media: [{ name: "pictures", bucket: "p", replica: "p-west", within: minutes(15) }],
  configuration: { parameterPaths: ["/shop"], repositories: ["shop/api"] },
  secondRegion: "us-west-2",
};
const MIRROR = "mirror.shop.api";
const row = (of: string, kind: BackupRecord["kind"], hoursAgo: number, over: Partial<BackupRecord> = {}): BackupRecord => ({
  id: backupId(`${of}-${hoursAgo}`),
  of,
  kind,
  series: "nightly",
  state: "uploaded",
  proof: "exists",
  scheduled: epochMs(at - hours(hoursAgo)),
  contentsOf: epochMs(at - hours(hoursAgo)),
  times: {},
  version: 1,
  ...over,
});
const west = { copies: [{ region: "us-west-2", where: "arn:w", at }] };
const facts = (over: Partial<DisasterFacts> = {}): DisasterFacts => ({
  at,
  settings,
  rows: {
    shop: [row("shop", "rds-snapshot", 10, west)],
    pictures: [row("pictures", "media", 8)],
    configuration: [row("configuration", "configuration", 8)],
    [MIRROR]: [row(MIRROR, "configuration", 8)],
  },
  services: ["shop-api", "shop-worker"],
  dumpsThere: false,
  ...over,
});

test("a plan says what comes from what, in which order, how long it takes and what is lost", () => {
  expect(sayDisaster(planDisaster(facts()))).toEqual([
    "If this region were gone now: us-west-2 would serve again in about 1 h (not all of it measured).",
    "configuration: network, task definitions and parameters from the copy configuration-8; secret values are typed in again, 20 m (assumed), losing 8 h",
    "stores: database shop from the copied snapshot shop-10 (never restored yet), 20 m (assumed), losing 10 h",
    "stores: table carts from its replica in us-west-2, 0 s, losing 0 s",
    "stores: media pictures from its replica p-west, which a canary reached 8 h ago, 0 s",
    "stores: cache sessions from nothing: it begins empty, 20 m (assumed)",
    "services: deploy shop-api from its saved task definition, 5 m (assumed)",
    "services: deploy shop-worker from its saved task definition, 5 m (assumed)",
    "traffic: switch DNS over, and verify by the smoke tests from the record's time to live, 10 m (assumed)",
    "watch: watch the new region from alarms, 24 h (assumed)",
  ]);
});

describe("a database comes from what loses less", () => {
  const dump = row("shop", "dump", 2, { state: "verified", sourceBytes: 40e9, times: { download: minutes(2), restore: minutes(10), compare: minutes(3) } });
  const from = (rows: readonly BackupRecord[], dumpsThere: boolean) =>
    planDisaster(facts({ rows: { shop: rows }, dumpsThere })).steps.find(({ what }) => what === "database shop");
  test("a dump where dumps are copied, and take as long as was measured", () => {
    expect(from([row("shop", "rds-snapshot", 10, west), dump], true)).toMatchObject({
      from: "the copied dump shop-2, into a new instance",
      takes: minutes(40),
      lost: hours(2),
    });
  });
  test("a snapshot where they are not", () => {
    expect(from([row("shop", "rds-snapshot", 10, west), dump], false)).toMatchObject({
      from: "the copied snapshot shop-10 (never restored yet)",
      lost: hours(10),
    });
  });
  test("a drill's time stands in for an assumed one", () => {
    const drill = row("shop", "rds-snapshot", 30, { id: backupId("shop-1-drill"), state: "pruned", times: { available: minutes(9) } });
    expect(from([row("shop", "rds-snapshot", 10, { ...west, state: "verified" }), drill], false)).toMatchObject({
      from: "the copied snapshot shop-10 (proven by a drill)",
      takes: minutes(9),
      measured: true,
    });
  });
  test("nothing, where its snapshots never left the region or failed", () => {
    expect(from([row("shop", "rds-snapshot", 10), row("shop", "rds-snapshot", 9, { ...west, state: "failed" })], false)?.from).toBeUndefined();
  });
});

describe("a mirror counts from the day somebody confirmed it, not from its name in the config", () => {
  const gaps = (mirrors: readonly BackupRecord[]) => planDisaster(facts({ rows: { ...facts().rows, [MIRROR]: mirrors } })).gaps;
  test.each<[string, readonly BackupRecord[], readonly string[]]>([
    ["never", [], ["the mirror of shop/api was never confirmed: without the code nothing is built again"]],
    [
      "asked and not answered",
      [row(MIRROR, "configuration", 8, { state: "failed" })],
      ["the mirror of shop/api was never confirmed: without the code nothing is built again"],
    ],
    ["a week ago", [row(MIRROR, "configuration", 7 * 24)], []],
    ["longer ago", [row(MIRROR, "configuration", 7 * 24 + 1)], ["the mirror of shop/api was last confirmed 7 days ago"]],
  ])("%s", (_, mirrors, expected) => {
    expect(gaps(mirrors)).toEqual(expected);
  });
});

test("what is not in the second region is a gap, with what to do", () => {
  const bare: BackupSettings = {
    ...settings,
    secondRegion: undefined,
    configuration: undefined,
    caches: [],
    media: [{ name: "pictures", bucket: "p", replica: undefined, within: minutes(1) }],
  };
  expect(planDisaster(facts({ settings: bare, rows: {} })).gaps).toEqual([
    "no second region is named: set secondRegion in nightshift.config.ts",
    "network, task definitions and parameters: nothing of it is in the second region",
    "database shop: nothing of it is in the second region",
    "table carts: nothing of it is in the second region",
    "media pictures: nothing of it is in the second region",
    "no mirror of a repository is named: without the code nothing is built again",
  ]);
});
