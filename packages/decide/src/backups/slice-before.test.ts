import { type BackupRecord, backupId, epochMs, minutes } from "@nightshift/model";
import { expect, test } from "vitest";
import { provenBefore, sayNothingBefore } from "./slice-before.ts";

const moment = epochMs(Date.UTC(2026, 10, 3, 4, 0));
const dump = (id: string, age: number, over: Partial<BackupRecord> = {}): BackupRecord => ({
  id: backupId(id),
  of: "shop",
  kind: "dump",
  series: "nightly",
  state: "verified",
  proof: "restored-and-compared",
  scheduled: epochMs(moment - age),
  contentsOf: epochMs(moment - age),
  times: {},
  version: 1,
  ...over,
});

test("a copy is held against the newest proven dump that is ten minutes older than it", () => {
  const rows = [dump("newest", minutes(10)), dump("older", minutes(60)), dump("too-near", minutes(10) - 1)];
  expect(provenBefore(rows, moment)?.id).toBe("newest");
});

test("what is not proven, no dump, gone, or of no known moment says nothing", () => {
  const { contentsOf: _, ...undated } = dump("undated", minutes(60));
  const rows = [
    dump("suspect", minutes(60), { state: "suspect" }),
    dump("pruned", minutes(60), { state: "pruned" }),
    dump("snapshot", minutes(60), { kind: "rds-snapshot" }),
    undated,
  ];
  expect(provenBefore(rows, moment)).toBeUndefined();
  expect(provenBefore([dump("older", minutes(60))], undefined)).toBeUndefined();
});

test("what is missing is said with what to do", () => {
  expect(sayNothingBefore("shop", moment)).toBe(
    "no dump of shop is proven whose contents are surely older than 2026-11-03 04:00:00 UTC, so that nothing says what a copy of that moment must hold: wait for a good night, or /ops backup now shop",
  );
  expect(sayNothingBefore("shop", undefined)).toBe("RDS does not say of which moment the copy of shop is, so that nothing says what it must hold");
});
