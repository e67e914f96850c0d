import { type BackupRecord, backupId, days, type EpochMs, epochMs, type KeepSettings, type ShelvedMoment } from "@nightshift/model";
import { expect, it } from "vitest";
import { planPruning } from "./fold.ts";
import { NIGHT, NOW } from "./retention.fixture.ts";

const settings: KeepSettings = { daily: days(7), weekly: days(30), monthly: days(90), safety: days(7), atLeast: 3 };
const ago = (count: number): EpochMs => epochMs(NIGHT - days(count));
const shelved = (count: number, over: Partial<ShelvedMoment> = {}): ShelvedMoment => ({
  id: backupId(`shop-${count}-nightly`),
  of: "shop",
  contentsOf: ago(count),
  scheduled: ago(count),
  verified: true,
  suspect: false,
  ...over,
});
const row = (count: number, over: Partial<BackupRecord> = {}): BackupRecord => ({
  id: backupId(`shop-${count}-nightly`),
  of: "shop",
  kind: "dump",
  series: "nightly",
  state: "verified",
  proof: "restored-and-compared",
  scheduled: ago(count),
  contentsOf: ago(count),
  times: {},
  version: 1,
  ...over,
});
const plan = (there: readonly ShelvedMoment[], records: readonly BackupRecord[] = [], atMost?: number) =>
  planPruning(records, { shelved: there, now: NOW, storeClock: NOW, ...(atMost === undefined ? {} : { atMost }) }, settings);
const four = [0, 1, 2, 3].map((count) => shelved(count));
const removed = (of: ReturnType<typeof plan>): readonly string[] => of.removed.map(({ id }) => id);

it("the store's own proof is enough: a ledger that lost its rows changes nothing", () => {
  expect(removed(plan([...four, shelved(200)]))).toEqual(["shop-200-nightly"]);
});

it("rows of what is not in the store are passed over", () => {
  const made = plan(four, [row(200), row(9, { state: "running" })]);
  expect([...made.kept, ...made.removed, ...made.refused].map(({ id }) => id)).toEqual(four.map(({ id }) => id));
});

it.each(["failed", "pruned"] as const)("a row that says %s outweighs a proof in the store", (state) => {
  const made = plan(four, [row(0, { state })]);
  expect(made.pointers.map(({ id }) => id)).not.toContain("shop-0-nightly");
});

it("what the ledger says was pruned and still lies there goes again", () => {
  expect(removed(plan([...four, shelved(5)], [row(5, { state: "pruned" })]))).toEqual(["shop-5-nightly"]);
});

it("a suspect one stops everything, whoever says so, until somebody acknowledged it", () => {
  const old = shelved(200);
  expect(plan([shelved(0, { suspect: true }), ...four.slice(1), old]).stopped).toContain("shop-0-nightly is suspect");
  expect(plan([...four, old], [row(0, { state: "suspect" })]).stopped).toContain("shop-0-nightly is suspect");
  const rest = [1, 2, 3, 4].map((count) => shelved(count));
  expect(removed(plan([shelved(0, { suspect: true }), ...rest, old], [row(0, { state: "suspect", acknowledgedBy: "ana" })]))).toEqual(["shop-200-nightly"]);
});

it("the later of two locks holds, pins and copies come from the ledger", () => {
  const soon = epochMs(NOW + 60_000);
  const old = (there: Partial<ShelvedMoment>, record: Partial<BackupRecord>) => removed(plan([...four, shelved(200, there)], [row(200, record)]));
  expect(old({ lockedUntil: ago(1) }, { lockedUntil: soon })).toEqual([]);
  expect(old({ lockedUntil: soon }, { lockedUntil: ago(1) })).toEqual([]);
  expect(old({ lockedUntil: ago(1) }, { lockedUntil: ago(2) })).toEqual(["shop-200-nightly"]);
  expect(old({}, { pinnedUntil: soon })).toEqual([]);
  expect(old({}, { copies: [{ region: "us-west-2", where: "arn", at: ago(200) }] })).toEqual([]);
});

it("a safety copy is known by its name where the ledger has no row", () => {
  const copy = shelved(2, { id: backupId("shop-260312-0900-safety"), contentsOf: epochMs(ago(2) - 60_000) });
  expect(plan([...four, copy]).pointers.filter(({ folder }) => folder === "safety")).toEqual([{ folder: "safety", id: "shop-260312-0900-safety", at: ago(2) }]);
});

it("one run removes ten unless it may more", () => {
  const old = Array.from({ length: 12 }, (_, n) => shelved(200 + n));
  expect(plan([...four, ...old]).removed).toHaveLength(10);
  expect(plan([...four, ...old], [], 12).removed).toHaveLength(12);
});

it("clocks that differ remove nothing", () => {
  const facts = { shelved: [...four, shelved(200)], now: NOW, storeClock: epochMs(NOW + 60_001) };
  expect(planPruning([], facts, settings).removed).toEqual([]);
});
