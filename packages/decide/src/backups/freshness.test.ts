import { type BackupRecord, backupId, days, epochMs, hours, minutes } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { type FreshFacts, judgeFreshness } from "./freshness.ts";

const due = epochMs(Date.UTC(2026, 10, 21, 2, 0));
const row = (over: Partial<BackupRecord> = {}): BackupRecord => ({
  id: backupId("shop-261121-0200-nightly"),
  of: "shop",
  kind: "dump",
  series: "nightly",
  state: "verified",
  proof: "restored-and-compared",
  scheduled: due,
  contentsOf: epochMs(due + minutes(1)),
  times: {},
  version: 1,
  ...over,
});
const yesterday = row({ id: backupId("shop-261120-0200-nightly"), scheduled: epochMs(due - days(1)), contentsOf: epochMs(due - days(1)) });
const facts = (over: Partial<FreshFacts> = {}): FreshFacts => ({
  of: "shop",
  at: epochMs(due + hours(2)),
  nightly: { hour: 2, minute: 0 },
  lateAfter: hours(2),
  rows: [yesterday, row()],
  counts: ["verified"],
  stored: undefined,
  lookingSince: epochMs(due - days(30)),
  heldBecause: undefined,
  ...over,
});
const kinds = (over: Partial<FreshFacts>) => judgeFreshness(facts(over)).map(({ kind, severity }) => `${kind} ${severity}`);

test("a proven night is fresh", () => {
  expect(judgeFreshness(facts())).toEqual([]);
});

describe("a night that nothing ever started", () => {
  test("is late at the first look after its hour and its length", () => {
    expect(kinds({ rows: [yesterday] })).toEqual(["late P3"]);
    expect(judgeFreshness(facts({ rows: [yesterday] }))[0]?.says).toBe(
      "the backup of shop that was due on 2026-11-21 at 02:00:00 UTC is not there 2 h later: nothing was started. The newest backup that is still proven is shop-261120-0200-nightly of 2026-11-20, 26 h old.",
    );
  });
  test("is not late a moment before", () => {
    expect(kinds({ rows: [yesterday], at: epochMs(due + hours(2) - 1) })).toEqual([]);
  });
  test("is graver when nothing was proven for a day and twice its length", () => {
    const at = epochMs(due - days(1) + days(1) + hours(4) + 1);
    expect(kinds({ rows: [yesterday], at })).toEqual(["none proven P2"]);
    expect(kinds({ rows: [yesterday], at: epochMs(at - 1) })).toEqual(["late P3"]);
  });
  test("is nobody's fault before somebody looked", () => {
    expect(kinds({ rows: [], lookingSince: epochMs(due + 1) })).toEqual([]);
    expect(kinds({ rows: [], lookingSince: undefined })).toEqual([]);
    expect(kinds({ rows: [], lookingSince: due })).toEqual(["late P3"]);
  });
});

test.each([
  ["runs", row({ state: "running" }), "it still runs"],
  ["failed", row({ state: "failed", because: "no room" }), "it failed: no room"],
  ["was never proven", row({ state: "uploaded" }), "it is uploaded"],
] as const)("a night that %s is late, and says so", (_, own, says) => {
  expect(judgeFreshness(facts({ rows: [yesterday, own] }))[0]?.says).toContain(`2 h later: ${says}.`);
});

test("a night that need not be proven is fresh once it was taken", () => {
  expect(kinds({ rows: [yesterday, row({ state: "uploaded" })], counts: ["verified", "uploaded"] })).toEqual([]);
});

test("a backup that somebody took later in the day is as good as the night's own", () => {
  const later = row({ series: "manual", scheduled: epochMs(due + hours(1)), contentsOf: epochMs(due + hours(1)) });
  expect(kinds({ rows: [yesterday, later] })).toEqual([]);
});

test("rows that cannot be read are no good news", () => {
  expect(kinds({ rows: undefined, unread: "the ledger is away" })).toEqual(["unread P3"]);
});

test("what the ledger calls proven must lie in the store, with its proof", () => {
  const id = backupId("shop-261121-0200-nightly");
  expect(kinds({ stored: [{ id, verified: true }] })).toEqual([]);
  expect(kinds({ stored: [{ id, verified: false }] })).toEqual(["missing P2"]);
  expect(kinds({ stored: [] })).toEqual(["missing P2"]);
});

test("a suspect backup is told for a week", () => {
  const suspect = row({ state: "suspect", because: "orders lost 40 % of its rows" });
  expect(kinds({ rows: [suspect, row({ scheduled: due })], at: epochMs(due + hours(2)) })).toEqual(["suspect P3"]);
  expect(kinds({ rows: [{ ...suspect, acknowledgedBy: "lead" }, row()] })).toEqual([]);
  const old = row({ state: "suspect", scheduled: epochMs(due + hours(2) - days(7) - 1) });
  expect(kinds({ rows: [old, row()] })).toEqual([]);
});
