import { type BackupRecord, backupId, days, type EpochMs, epochMs, minutes, type RetentionPlan } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { cloudRemovals, decidePrune, type PruneFacts } from "./decide-prune.ts";

const at = epochMs(Date.UTC(2026, 10, 21, 6, 30));
const plan: RetentionPlan = { kept: [], removed: [{ id: backupId("old"), because: "no class keeps it" }], refused: [], pointers: [] };
const facts = (over: Partial<PruneFacts> = {}): PruneFacts => ({ of: "shop", at, plan, cloud: [], heldBecause: undefined, ...over });

test.each([
  ["deletes what the plan removes", {}, "prune: old: no class keeps it"],
  ["points at what is kept where nothing goes", { plan: { ...plan, removed: [] } }, "prune: nothing is to be deleted"],
  ["obeys a hold", { heldBecause: "lead holds everything" }, "leave: nothing is deleted inside a hold: lead holds everything"],
  ["obeys a plan that was stopped, whatever it lists", { plan: { ...plan, stopped: "the clocks differ by 2 m" } }, "leave: the clocks differ by 2 m"],
] as const)("pruning %s", (_, over, says) => {
  const verdict = decidePrune(facts(over as Partial<PruneFacts>));
  expect(`${verdict.kind}: ${verdict.because.join("; ")}`).toBe(says);
});

const row = (daysAgo: number, over: Partial<BackupRecord> = {}): BackupRecord => ({
  id: backupId(`s${daysAgo}`),
  of: "shop",
  kind: "rds-snapshot",
  series: "nightly",
  state: "uploaded",
  proof: "exists",
  scheduled: epochMs(at - days(daysAgo)),
  contentsOf: epochMs(at - days(daysAgo)),
  where: `arn:${daysAgo}`,
  times: {},
  version: 1,
  ...over,
});
const gone = (rows: readonly BackupRecord[], keep = days(30)) => cloudRemovals(rows, { keep, at }).map(({ id }) => String(id));

describe("of what AWS keeps", () => {
  test("what is older than its time goes, and what is just as old stays", () => {
    expect(gone([row(31), row(30), row(2), row(1), row(0)])).toEqual(["s31"]);
  });
  test("age is counted from the newest that stands, not from now", () => {
    expect(gone([row(80), row(70), row(60), row(50)])).toEqual([]);
    expect(gone([row(81), row(70), row(60), row(50)])).toEqual(["s81"]);
  });
  test("the newest three stay, however old", () => {
    expect(gone([row(300), row(200), row(100), row(0)])).toEqual(["s300"]);
    expect(gone([row(200), row(100), row(0)])).toEqual([]);
  });
  test("the newest proven one stays", () => {
    expect(gone([row(90, { state: "verified" }), row(60), row(2), row(1), row(0)])).toEqual(["s60"]);
  });
  test("the newest copy in another region stays, with what it is a copy of", () => {
    const copy = (n: number) => ({ copies: [{ region: "us-west-2", where: `copy:${n}`, at }] });
    expect(gone([row(91, copy(91)), row(90, copy(90)), row(2), row(1), row(0)])).toEqual(["s91"]);
  });
  test("what is pinned, locked or running stays", () => {
    const later = epochMs(at + 1);
    expect(gone([row(90, { pinnedUntil: later }), row(89, { lockedUntil: later }), row(87, { state: "running" }), row(2), row(1), row(0)])).toEqual([]);
    expect(gone([row(90, { pinnedUntil: at }), row(2), row(1), row(0)])).toEqual(["s90"]);
  });
  test("ten at most go in one run", () => {
    expect(gone([...Array.from({ length: 15 }, (_, n) => row(100 - n)), row(2), row(1), row(0)]).length).toBe(10);
  });
  test("what failed, or whose moment or place nobody wrote down, goes after the same time, by the name that it was given", () => {
    const lost = ({ contentsOf: _, where: __, ...rest }: BackupRecord): BackupRecord => rest;
    const rows = [lost(row(400, { state: "failed" })), lost(row(399)), row(31, { state: "failed" }), row(30, { state: "failed" }), row(2), row(1), row(0)];
    expect(cloudRemovals(rows, { keep: days(30), at }).map(({ id, where }) => `${id} ${where}`)).toEqual([
      "s400 nightshift-s400",
      "s399 nightshift-s399",
      "s31 arn:31",
    ]);
  });
  test("but not while fewer than three others stand", () => {
    expect(gone([row(400, { state: "failed" }), row(1), row(0)])).toEqual([]);
  });
  test("a row from the future makes no other one old, and stays; ten minutes ahead are none", () => {
    const ahead = (by: number) => row(0, { id: backupId("ahead"), contentsOf: epochMs(at + by) });
    expect(gone([ahead(days(3_650)), row(6), row(5), row(4), row(3)])).toEqual([]);
    expect(gone([ahead(minutes(10)), row(31), row(5), row(4), row(3)])).toEqual(["s31"]);
    expect(gone([row(60, { scheduled: epochMs(at + days(1)) }), row(2), row(1), row(0)])).toEqual([]);
  });
  test("a copy that came too late for its row goes with what it is of", () => {
    const copied = row(40, { copies: [{ region: "us-west-2", where: "copy:40", at }] });
    const removals = cloudRemovals([row(41), copied, row(2, { copies: [{ region: "us-west-2", where: "copy:2", at }] }), row(1), row(0)], {
      ...{ keep: days(30), at },
      copyTo: "us-west-2",
    });
    expect(removals.map(({ copies }) => copies.map(({ region, where }) => `${region} ${where}`))).toEqual([["us-west-2 arn:41"], ["us-west-2 copy:40"]]);
  });
  test("where only safety copies are taken they are no floor, and are old beside what else is proven", () => {
    const safety = (beside: EpochMs | undefined) =>
      cloudRemovals([row(9), row(8), row(7)], { keep: days(7), at, safetyAlone: true, beside }).map(({ id }) => String(id));
    expect(safety(at)).toEqual(["s9", "s8"]);
    expect(safety(epochMs(at - days(1)))).toEqual(["s9"]);
    expect(safety(undefined)).toEqual([]);
  });
});

test("in twenty thousand histories of snapshots the newest three that stand stay, and nothing goes for a row from the future or the ledger's bad word alone", () => {
  let state = 20_261_121;
  const chance = (): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  const broken: string[] = [];
  const seen = { removed: 0, leftover: 0, ahead: 0 };
  for (let n = 0; n < 20_000; n++) {
    const rows = Array.from({ length: Math.floor(chance() * 14) }, (_, k): BackupRecord => {
      const over = row(Math.floor(chance() * 90), { id: backupId(`s${k}`), state: chance() < 0.3 ? "failed" : "uploaded" });
      const { where: _where, contentsOf: _moment, ...lost } = over;
      if (chance() < 0.1) return lost;
      return chance() < 0.08 ? { ...over, contentsOf: epochMs(at + Math.floor(chance() * days(4_000))) } : over;
    });
    const future = (one: BackupRecord): boolean => Math.max(one.contentsOf ?? 0, one.scheduled) > at + minutes(10);
    const stands = rows.filter((one) => one.state === "uploaded" && one.contentsOf !== undefined && !future(one));
    const newest = stands.toSorted((a, b) => (a.contentsOf ?? 0) - (b.contentsOf ?? 0));
    const removed = new Set<string>(cloudRemovals(rows, { keep: days(30), at }).map(({ id }) => id));
    if (newest.slice(-3).some(({ id }) => removed.has(id))) broken.push(`${n}: one of the newest three went`);
    if (rows.some((one) => removed.has(one.id) && future(one))) broken.push(`${n}: one from the future went`);
    if (removed.size > 0 && stands.length < 3) broken.push(`${n}: something went though fewer than three stand`);
    if (rows.some((one) => removed.has(one.id) && (newest.at(-1)?.contentsOf ?? 0) - (one.contentsOf ?? one.scheduled) <= days(30)))
      broken.push(`${n}: a young one went`);
    if (removed.size > 10) broken.push(`${n}: more than ten went`);
    seen.removed += removed.size;
    seen.leftover += rows.some((one) => removed.has(one.id) && !stands.includes(one)) ? 1 : 0;
    seen.ahead += rows.some(future) ? 1 : 0;
  }
  expect(broken.slice(0, 3)).toEqual([]);
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(1_000);
});
