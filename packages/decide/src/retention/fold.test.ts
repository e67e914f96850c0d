import { type BackupRecord, backupId, days, type EpochMs, epochMs, type KeepSettings, type ShelvedMoment } from "@nightshift/model";
import { expect, it } from "vitest";
import { disputedOf, planPruning } from "./fold.ts";
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
/** Every backup of the store has a row that agrees, but for those that are handed in. */
const rowsFor = (there: readonly ShelvedMoment[], records: readonly BackupRecord[]): readonly BackupRecord[] => {
  const agreeing = there.map(({ id, contentsOf, scheduled }) => row(0, { id, contentsOf, scheduled }));
  return [...agreeing.filter(({ id }) => !records.some((one) => one.id === id)), ...records];
};
const plan = (there: readonly ShelvedMoment[], records: readonly BackupRecord[] = [], atMost?: number) => planWith(there, rowsFor(there, records), atMost);
const planWith = (there: readonly ShelvedMoment[], records: readonly BackupRecord[], atMost?: number) =>
  planPruning(records, { shelved: there, now: NOW, storeClock: NOW, ...(atMost === undefined ? {} : { atMost }) }, settings);
const four = [0, 1, 2, 3].map((count) => shelved(count));
const removed = (of: ReturnType<typeof plan>): readonly string[] => of.removed.map(({ id }) => id);

it("a backup that the store proves and the ledger does not know counts nowhere and stays; the others go on", () => {
  const made = planWith(
    [...four, shelved(200), shelved(201)],
    [...four, shelved(200)].map(({ id, contentsOf, scheduled }) => row(0, { id, contentsOf, scheduled })),
  );
  expect(removed(made)).toEqual(["shop-200-nightly"]);
  expect(made.refused).toEqual([{ id: "shop-201-nightly", because: "its proof in the store fits, and the ledger knows nothing of it" }]);
});

it("three that the ledger does not know stop everything, two do not", () => {
  const forged = [10, 11, 12].map((count) => shelved(count));
  const rows = rowsFor([...four, shelved(200)], []);
  expect(removed(planWith([...four, ...forged.slice(1), shelved(200)], rows))).toEqual(["shop-200-nightly"]);
  const made = planWith([...four, ...forged, shelved(200)], rows);
  expect(made.removed).toEqual([]);
  expect(made.stopped).toContain("3 backups are proven by the store alone (shop-10-nightly");
});

it("ninety-five forged backups delete no genuine one, however often it is run", () => {
  const genuine = Array.from({ length: 14 }, (_, n) => shelved(n + 100));
  const forged = Array.from({ length: 95 }, (_, n) => shelved(n));
  expect(planWith([...genuine, ...forged], rowsFor(genuine, [])).removed).toEqual([]);
});

it.each(["failed", "pruned"] as const)("rows that say %s delete nothing that the store proves, and stop everything until somebody looked", (state) => {
  const fourteen = Array.from({ length: 14 }, (_, n) => shelved(n));
  const made = plan(
    [...fourteen, shelved(200)],
    fourteen.slice(1).map((_, n) => row(n + 1, { state })),
  );
  expect(made.removed).toEqual([]);
  expect(made.stopped).toContain(`shop-1-nightly is suspect: its proof in the store fits, and the ledger calls it ${state}`);
});

it("once they are accepted they go as unproven ones do, but not while fewer than three are surely proven", () => {
  const accepted = (count: number) => row(count, { state: "failed", acknowledgedBy: "ana" });
  const made = plan([shelved(0), shelved(1), shelved(2), shelved(9)], [accepted(9)]);
  expect([made.stopped, removed(made)]).toEqual([undefined, ["shop-9-nightly"]]);
  const few = plan([shelved(0), shelved(1), shelved(9)], [accepted(9)]);
  expect([few.stopped, removed(few)]).toEqual([undefined, []]);
  expect(few.kept.find(({ id }) => id === "shop-9-nightly")?.reasons).toEqual(["its proof in the store fits, and only 2 are surely proven"]);
});

it("a night at work whose proof is written already is neither counted nor suspect", () => {
  const made = plan([...four, shelved(200)], [row(0, { state: "running" })]);
  expect([made.stopped, removed(made)]).toEqual([undefined, ["shop-200-nightly"]]);
  expect(made.pointers.map(({ id }) => id)).not.toContain("shop-0-nightly");
});

it("a row cannot call a night a safety copy", () => {
  expect(plan(four, [row(3, { series: "safety" })]).pointers.filter(({ folder }) => folder === "safety")).toEqual([]);
});

it("rows to be called suspect are those that the ledger contradicts, and the unknown once they are three; never one at work, and none twice", () => {
  const of = (there: readonly ShelvedMoment[], records: readonly BackupRecord[]) => disputedOf(records, there).map(({ id, because }) => `${id}: ${because}`);
  const says = "its proof in the store fits, and the ledger";
  expect(of(four, rowsFor(four, [row(1, { state: "failed", because: "it was not started" })]))).toEqual([
    `shop-1-nightly: ${says} calls it failed; it was not started`,
  ]);
  expect(of(four.slice(0, 2), [])).toEqual([]);
  expect(of(four.slice(0, 3), [])).toEqual([0, 1, 2].map((count) => `shop-${count}-nightly: ${says} knows nothing of it`));
  expect(of(four.slice(0, 3), [row(0, { state: "running" })])).toEqual([]);
  expect(of(four, rowsFor(four, [row(0, { state: "suspect" }), row(1, { state: "failed", acknowledgedBy: "ana" })]))).toEqual([]);
  expect(of([shelved(0, { verified: false }), shelved(1, { suspect: true })], [row(0, { state: "failed" }), row(1, { state: "failed" })])).toEqual([]);
});

it("rows of what is not in the store are passed over", () => {
  const made = plan(four, [row(200), row(9, { state: "running" })]);
  expect([...made.kept, ...made.removed, ...made.refused].map(({ id }) => id)).toEqual(four.map(({ id }) => id));
});

it.each(["failed", "pruned", "uploaded"] as const)("a row that says %s makes a proof in the store count nowhere", (state) => {
  const made = plan(four, [row(0, { state })]);
  expect(made.pointers.map(({ id }) => id)).not.toContain("shop-0-nightly");
});

it("what the ledger says was pruned and still lies there by half goes again", () => {
  expect(removed(plan([...four, shelved(5, { verified: false })], [row(5, { state: "pruned" })]))).toEqual(["shop-5-nightly"]);
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

it("a safety copy is known by its name", () => {
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
