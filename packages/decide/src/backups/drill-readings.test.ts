import { type BackupRecord, backupId, type EpochMs, epochMs, hours, minutes, type SandwichRecord, type SliceRecord } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { readingsAround } from "./drill-readings.ts";

const moment = epochMs(Date.UTC(2026, 10, 3, 2, 10));
const slice = (name: string, at: EpochMs): SliceRecord => ({ key: name, bytes: 1, sha256: name, at });
const row = (id: string, over: Partial<BackupRecord> = {}): BackupRecord => ({
  id: backupId(id),
  of: "shop",
  kind: "rds-snapshot",
  series: "nightly",
  state: "uploaded",
  proof: "exists",
  scheduled: moment,
  times: {},
  where: `arn:aws:rds:eu-west-1:123456789012:snapshot:${id}`,
  version: 1,
  ...over,
});
const dump = row("dump", { kind: "dump", state: "verified", contentsOf: epochMs(moment - hours(1)) });
const own = (slices: SandwichRecord, over: Partial<BackupRecord> = {}) => row("own", { slices, ...over });
const keysOf = (rows: readonly BackupRecord[], over: { readonly moment?: EpochMs | undefined; readonly snapshot?: string | undefined } = {}) => {
  const { before, after, dump: held } = readingsAround({ moment, snapshot: "own", ...over, rows });
  return [before?.key, after?.key, held];
};
const ago = (length: number) => epochMs(moment - length);
const later = (length: number) => epochMs(moment + length);

test("a snapshot is held against its own two manifests, however near they are; the dump stands by", () => {
  expect(keysOf([dump, own({ before: slice("b", ago(1)), after: slice("a", later(1)) })])).toEqual(["b", "a", "dump"]);
});

test("they are enough without a dump, and where RDS does not say the moment: they were taken in order", () => {
  const rows = [own({ before: slice("b", ago(minutes(3))), after: slice("a", later(minutes(3))) })];
  expect(keysOf(rows)).toEqual(["b", "a", undefined]);
  expect(keysOf([dump, ...rows], { moment: undefined })).toEqual(["b", "a", undefined]);
});

test("one that is missing leaves its side to the dump, or to the live database", () => {
  expect(keysOf([dump, own({ after: slice("a", later(1)), lacks: "no manifest before it: it died" })])).toEqual([undefined, "a", "dump"]);
  expect(keysOf([dump, own({ before: slice("b", ago(1)) })])).toEqual(["b", undefined, "dump"]);
});

describe("clocks differ by up to ten minutes", () => {
  test("a manifest that says it was read ten minutes on the wrong side still counts, and no more", () => {
    expect(keysOf([own({ before: slice("b", later(minutes(10))), after: slice("a", ago(minutes(10))) })])).toEqual(["b", "a", undefined]);
    expect(keysOf([own({ before: slice("b", later(minutes(10) + 1)), after: slice("a", ago(minutes(10) + 1)) })])).toEqual([undefined, undefined, undefined]);
  });
  test("another snapshot's manifest counts from ten minutes off on, on either side", () => {
    const other = (before: number, after: number) => row("other", { slices: { before: slice("b", ago(before)), after: slice("a", later(after)) } });
    expect(keysOf([other(minutes(10), minutes(10))])).toEqual(["b", "a", undefined]);
    expect(keysOf([other(minutes(10) - 1, minutes(10) - 1)])).toEqual([undefined, undefined, undefined]);
  });
});

test("of others the nearest is taken; an older one than the dump is not", () => {
  const near = row("near", { slices: { after: slice("near", ago(minutes(30))) } });
  const far = row("far", { slices: { after: slice("far", ago(hours(2))), before: slice("farther", ago(hours(3))) } });
  const [next, last] = [
    row("next", { slices: { before: slice("next", later(hours(1))) } }),
    row("last", { slices: { before: slice("last", later(hours(2))) } }),
  ];
  expect(keysOf([far, near, last, next])).toEqual(["near", "next", undefined]);
  expect(keysOf([dump, far])).toEqual([undefined, undefined, "dump"]);
});

test("what retention removed has no manifests any more", () => {
  expect(keysOf([own({ before: slice("b", ago(1)), after: slice("a", later(1)) }, { state: "pruned" })])).toEqual([undefined, undefined, undefined]);
});

test("the end of a point in time is not known before it is restored: only the live database is surely newer", () => {
  const rows = [row("other", { slices: { before: slice("b", ago(minutes(20))), after: slice("a", later(hours(1))) } })];
  expect(keysOf(rows, { snapshot: undefined })).toEqual(["b", undefined, undefined]);
});
