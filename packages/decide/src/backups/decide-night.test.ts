import { shopDatabase } from "./database.fixture.ts";
import { type BackupRecord, backupId, type DatabaseSettings, days, epochMs, hours, minutes } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { decideNight, lateAfterOf, type NightFacts } from "./decide-night.ts";

const scheduled = epochMs(Date.UTC(2026, 10, 21, 2, 0));
const settings: DatabaseSettings = shopDatabase;
const night = (daysAgo: number, over: Partial<BackupRecord> = {}): BackupRecord => ({
  id: backupId(`shop-night-${daysAgo}`),
  of: "shop",
  kind: "dump",
  series: "nightly",
  state: "verified",
  proof: "restored-and-compared",
  scheduled: epochMs(scheduled - days(daysAgo)),
  contentsOf: epochMs(scheduled - days(daysAgo)),
  finished: epochMs(scheduled - days(daysAgo) + minutes(20)),
  times: {},
  version: 1,
  ...over,
});
const facts = (over: Partial<NightFacts> = {}): NightFacts => ({
  at: epochMs(scheduled + 4_000),
  scheduled,
  series: "nightly",
  rows: [night(1)],
  instance: { status: "available", allocatedGiB: 100 },
  deploying: [],
  heldBecause: undefined,
  ...over,
});
const decided = (over: Partial<NightFacts> = {}, set: Partial<DatabaseSettings> = {}) => {
  const verdict = decideNight(facts(over), { ...settings, ...set });
  return verdict.kind === "leave" ? `${verdict.red ? "red" : "leave"}: ${verdict.because[0]}` : verdict;
};

test("a night begins at its hour, and is proven", () => {
  expect(decided()).toMatchObject({ kind: "take", id: "shop-261121-0200-nightly", run: "shop-261121-0200-nightly", proves: true, because: ["it is its hour"] });
});

describe("nothing is taken", () => {
  const own = night(0, { id: backupId("shop-261121-0200-nightly") });
  test.each([
    ["twice", { rows: [own] }, "leave: shop-261121-0200-nightly is verified already"],
    ["inside a hold", { heldBecause: "lead holds everything" }, "leave: nothing is changed inside a hold: lead holds everything"],
    [
      "beside another one",
      { rows: [night(0, { state: "running" })] },
      "leave: shop-night-0 has been running since 02:00:00 UTC, and one backup of a database is enough",
    ],
    [
      "from a database that is stopped",
      { instance: { status: "stopped", allocatedGiB: 100 } },
      "red: shop-prod is stopped, so that nothing can be read from it",
    ],
    [
      "from a database that is gone",
      { instance: "gone" },
      "red: RDS knows no instance shop-prod: was it renamed or deleted? Put its name right under databases.shop.instance",
    ],
  ] as const)("%s", (_, over, says) => {
    expect(decided(over)).toBe(says);
  });
});

test("its own row that says running is its own earlier try", () => {
  expect(decided({ rows: [night(0, { id: backupId("shop-261121-0200-nightly"), state: "running" })] })).toMatchObject({ kind: "take" });
});

test("a row that says running since yesterday was left behind", () => {
  expect(decided({ rows: [night(1, { state: "running" })] })).toMatchObject({ kind: "take" });
});

test.each(["backing-up", "modifying", "storage-full", "something-new"])("a database that is %s is tried", (status) => {
  expect(decided({ instance: { status, allocatedGiB: 100 } })).toMatchObject({ kind: "take" });
});

describe("of three nights one is proven", () => {
  test.each([
    ["right after the proof", [night(1)], false],
    ["the second night", [night(2), night(1, { state: "uploaded" })], false],
    ["the third", [night(3), night(2, { state: "uploaded" }), night(1, { state: "uploaded" })], true],
    ["without any proof yet", [night(1, { state: "uploaded" })], true],
  ] as const)("%s", (_, rows, proves) => {
    expect(decided({ rows }, { proveEvery: 3 })).toMatchObject({ proves });
  });
  test("and every one that somebody asked for", () => {
    expect(decided({ series: "manual" }, { proveEvery: 3 })).toMatchObject({ proves: true, because: ["a backup was asked for (manual)"] });
  });
});

test.each([
  ["what the newest known size needs", [night(1, { sourceBytes: 40 * 2 ** 30 })], 70],
  ["what a night needs that failed for want of room", [night(2, { sourceBytes: 2 ** 30 }), night(1, { state: "failed", sourceBytes: 40 * 2 ** 30 })], 70],
  ["what the instance has, before the first night", [], 110],
  ["20 GiB at least", [night(1, { sourceBytes: 1 })], 20],
] as const)("the task's disk holds %s", (_, rows, diskGiB) => {
  expect(decided({ rows })).toMatchObject({ diskGiB });
});

test("a database that no task has room for is taken, and not proven there", () => {
  expect(decided({ rows: [night(1, { sourceBytes: 126 * 2 ** 30 })] })).toMatchObject({ diskGiB: 199, noRoom: undefined });
  expect(decided({ rows: [night(1, { sourceBytes: 127 * 2 ** 30 })] })).toMatchObject({
    diskGiB: 20,
    noRoom: expect.stringContaining("needs 201 GiB of disk"),
  });
});

test("a night is late after two hours, twice the last one's length, or what the config says", () => {
  expect(lateAfterOf([], settings)).toBe(hours(2));
  expect(lateAfterOf([night(1, { finished: epochMs(scheduled - days(1) + hours(1)) })], settings)).toBe(hours(2));
  expect(lateAfterOf([night(1, { finished: epochMs(scheduled - days(1) + minutes(61)) })], settings)).toBe(minutes(122));
  expect(lateAfterOf([night(1, { finished: epochMs(scheduled - days(1) + hours(5)) })], { maxDuration: hours(3) })).toBe(hours(3));
});
