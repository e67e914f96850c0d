import { type BackupRecord, backupId, days, epochMs, type RetentionPlan } from "@nightshift/model";
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
  test("what is pinned, locked, failed or running stays", () => {
    const later = epochMs(at + 1);
    expect(
      gone([
        row(90, { pinnedUntil: later }),
        row(89, { lockedUntil: later }),
        row(88, { state: "failed" }),
        row(87, { state: "running" }),
        row(2),
        row(1),
        row(0),
      ]),
    ).toEqual([]);
    expect(gone([row(90, { pinnedUntil: at }), row(2), row(1), row(0)])).toEqual(["s90"]);
  });
  test("ten at most go in one run", () => {
    expect(gone([...Array.from({ length: 15 }, (_, n) => row(100 - n)), row(2), row(1), row(0)]).length).toBe(10);
  });
});
