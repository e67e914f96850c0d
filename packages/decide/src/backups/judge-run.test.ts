import { type BackupRecord, backupId, epochMs, minutes, seconds } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { judgeNight, judgeRun, type RunEnding, rowAfter } from "./judge-run.ts";
import { sayBytes, sayNewestProven, sayNight, sayShort } from "./say.ts";

const at = epochMs(Date.UTC(2026, 10, 21, 2, 31));
const good: RunEnding = {
  state: "verified",
  contentsOf: epochMs(at - minutes(30)),
  bytes: 12e9,
  sourceBytes: 41e9,
  tables: 214,
  rows: 88_100_000,
  differences: [],
  findings: [],
  times: { dump: seconds(276), restore: seconds(662), compare: seconds(120) },
  verifierFails: true,
};
const row: BackupRecord = {
  id: backupId("shop-261121-0200-nightly"),
  of: "shop",
  kind: "dump",
  series: "nightly",
  state: "running",
  proof: "none",
  scheduled: epochMs(at - minutes(31)),
  times: {},
  version: 1,
};

describe("a run", () => {
  const task = (state: "running" | "stopped", more = {}) => ({ state, ...more });
  test.each([
    ["that says how it ended has ended, whatever its task looks like", { task: task("running"), ended: good, phase: "ended" }, "ended"],
    ["whose task runs goes on", { task: task("running"), ended: undefined, phase: "dumping" }, "going"],
    ["whose task nobody saw goes on", { task: undefined, ended: undefined, phase: undefined }, "going"],
    ["whose task stopped without a word has died", { task: task("stopped", { exitCode: 137 }), ended: undefined, phase: "restoring" }, "died"],
  ] as const)("%s", (_, seen, kind) => {
    expect(judgeRun(seen).kind).toBe(kind);
  });
  test("that died says where", () => {
    const died = judgeRun({ task: task("stopped", { exitCode: 137, because: "OutOfMemoryError" }), ended: undefined, phase: "restoring" });
    expect(died).toEqual({ kind: "died", because: "its task stopped with exit code 137 while restoring: OutOfMemoryError" });
    expect(judgeRun({ task: task("stopped"), ended: undefined, phase: undefined })).toEqual({
      kind: "died",
      because: "its task stopped before it said anything",
    });
  });
});

describe("a night", () => {
  const judged = (end: Partial<RunEnding>, proves = true) => {
    const night = judgeNight({ kind: "ended", end: { ...good, ...end } }, { proves });
    const after = rowAfter(row, night, at);
    return [night.kind, after.state, after.proof, after.because];
  };
  test.each([
    ["compared without a difference is proven", {}, ["proven", "verified", "restored-and-compared", undefined]],
    [
      "whose verifier saw no damage is not",
      { verifierFails: false },
      ["red", "uploaded", "restored", "the verifier did not see a damage that was put into a copy on purpose, so that its yes means nothing"],
    ],
    [
      "whose verifier was never tried is not",
      { verifierFails: undefined as never },
      ["red", "uploaded", "restored", "the verifier did not see a damage that was put into a copy on purpose, so that its yes means nothing"],
    ],
    ["called verified with a difference failed", { differences: ["orders: 2 rows differ"] }, ["red", "failed", "none", "orders: 2 rows differ"]],
    ["called verified without a comparison failed", { times: {} }, ["red", "failed", "none", "it was called verified, and no comparison was made"]],
    ["that looks wrong is suspect", { state: "suspect", because: "orders lost 40 %" }, ["red", "suspect", "restored-and-compared", "orders lost 40 %"]],
    ["that failed says why", { state: "failed", because: "no room", times: {} }, ["red", "failed", "none", "no room"]],
    ["that was to be proven and was not is red", { state: "uploaded", times: {} }, ["red", "uploaded", "exists", "it was taken, and not proven"]],
  ] as const)("%s", (_, end, [kind, state, proof, because]) => {
    expect(judged(end as Partial<RunEnding>)).toEqual([kind, state, proof, because]);
  });
  test("that need not be proven is good once it was taken", () => {
    expect(judged({ state: "uploaded", times: {} }, false)).toEqual(["taken", "uploaded", "exists", undefined]);
  });
  test("that never came to its end failed", () => {
    expect(rowAfter(row, judgeNight({ kind: "going" }, { proves: true }), at)).toMatchObject({ state: "failed", proof: "none", finished: at });
  });
});

describe("the morning's line", () => {
  const proven = rowAfter(row, judgeNight({ kind: "ended", end: good }, { proves: true }), at);
  test("says what was taken, restored and compared, what is kept and what could be lost", () => {
    const sample = { at, of: "shop", rpo: seconds(192) };
    const kept = { kept: 13, daily: 7, weekly: 4, monthly: 2, oldestVerified: epochMs(at - 88 * 86_400_000) };
    const rto = { total: seconds(860), parts: [{ what: "restore", length: seconds(860), measured: true }] } as const;
    expect(sayNight(proven, { at, kept, sample, rto, target: minutes(60) })).toEqual([
      "✓ shop  41 GB dumped in 4 m 36 s · restored in 11 m 2 s · 214 tables, 88.1 M rows, 0 differences",
      "kept 13 (7 daily, 4 weekly, 2 monthly), oldest verified 88 days · RPO now 3 m 12 s · RTO 14 m 20 s of 1 h (measured)",
    ]);
  });
  test("leaves out what nobody knows", () => {
    const taken = rowAfter(row, { kind: "taken", end: { state: "uploaded", differences: [], findings: [], times: { dump: seconds(5) } } }, at);
    expect(sayNight(taken, { at })).toEqual(["✓ shop  dumped in 5 s · not proven tonight"]);
  });
  test("and a red one names the newest that is still proven", () => {
    expect(sayNewestProven([proven, row], at)).toBe("The newest backup that is still proven is shop-261121-0200-nightly of 2026-11-21, 30 m old.");
    expect(sayNewestProven([row], at)).toBe("No backup of it is proven.");
  });
});

test.each([
  [999, "999 B"],
  [610e6, "610 MB"],
  [2.14e9, "2.1 GB"],
  [9.96e9, "10 GB"],
  [41e9, "41 GB"],
  [3.2e15, "3200 TB"],
])("%d bytes are %s", (bytes, says) => {
  expect(sayBytes(bytes)).toBe(says);
});

test.each([
  [9_999, "9999"],
  [10_000, "10.0 k"],
  [88_100_000, "88.1 M"],
  [2e9, "2.0 G"],
])("%d is %s", (n, says) => {
  expect(sayShort(n)).toBe(says);
});
