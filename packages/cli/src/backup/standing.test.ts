import { type BackupRecord, backupId, days, epochMs, hours, minutes, type RecoverySample } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { standOf, type Told } from "./standing.ts";
import { roughly, sayForecast, sparkline } from "./standing-lines.ts";
import type { Thing } from "./things.ts";

const at = epochMs(Date.UTC(2026, 10, 21, 9));
const thing: Thing = { of: "shop", kind: "dump", nightly: { hour: 2, minute: 0 }, rpo: hours(1), rto: hours(1) };
const dump = (hoursAgo: number, over: Partial<BackupRecord> = {}): BackupRecord => ({
  id: backupId(`shop-${hoursAgo}`),
  of: "shop",
  kind: "dump",
  series: "nightly",
  state: "verified",
  proof: "restored-and-compared",
  scheduled: epochMs(at - hours(hoursAgo)),
  contentsOf: epochMs(at - hours(hoursAgo)),
  verifiedAt: epochMs(at - hours(hoursAgo) + minutes(20)),
  sourceBytes: 40e9,
  times: { download: minutes(1), restore: minutes(10), compare: minutes(2) },
  version: 1,
  ...over,
});
const sample = (ago: number, over: Partial<RecoverySample> = {}): RecoverySample => ({ of: "shop", at: epochMs(at - ago), rpo: minutes(4), ...over });
const stand = (over: Partial<Told> = {}) => standOf(thing, { rows: [dump(7)], samples: [], at, storeAlone: false, ...over });

describe("what would be lost now", () => {
  test("is the sampler's word until it has been silent for more than fifteen minutes", () => {
    expect(stand({ samples: [sample(minutes(15))] }).rpo).toMatchObject({ lost: minutes(4), by: "sampler" });
    expect(stand({ samples: [sample(minutes(15) + 1)] }).rpo).toMatchObject({ lost: hours(7), by: "newest proven backup", silentFor: 900_001 });
  });

  test("is unknown where the sampler could read no way back, and never the age of something", () => {
    expect(stand({ samples: [{ of: "shop", at }] }).rpo).toMatchObject({ lost: undefined, by: "sampler" });
  });

  test("is unknown where nothing is proven and nobody samples", () => {
    expect(stand({ rows: [dump(7, { state: "uploaded" })] }).rpo.lost).toBeUndefined();
  });
});

test("a drill's time of a new instance stands in for the assumed one", () => {
  const drill = dump(200, { id: backupId("shop-261112-0400-drill"), kind: "rds-snapshot", state: "pruned", times: { available: minutes(9) } });
  expect([stand().rto.estimate?.total, stand({ rows: [drill, dump(7)] }).rto.estimate?.total]).toEqual([minutes(38), minutes(27)]);
});

test("a night stays proven when retention removes its backup, and the better of two of a day counts", () => {
  const rows = [dump(33, { state: "pruned" }), dump(9, { state: "failed" }), dump(7)];
  expect(
    stand({ rows })
      .nights.slice(-3)
      .map(({ state, id }) => [state, id]),
  ).toEqual([
    ["none", undefined],
    ["verified", "shop-33"],
    ["verified", "shop-7"],
  ]);
  expect(stand({ rows }).stored).toEqual({ proven: 1, all: 1 });
});

test("the next night is today's until its minute has come", () => {
  const next = (now: string) => new Date(stand({ at: epochMs(Date.parse(now)) }).nextNight ?? 0).toISOString();
  expect([next("2026-11-21T01:59:59Z"), next("2026-11-21T02:00:00Z")]).toEqual(["2026-11-21T02:00:00.000Z", "2026-11-22T02:00:00.000Z"]);
});

test("a forecast lets only what is copied grow: making the target and switching over take as long as ever", () => {
  // 13 minutes of 40 GB grow, 25 do not: 22 more fit into the hour after 67.7 GB more, at 1 GB a day.
  const samples = [10, 5, 0].map((ago) => sample(days(ago), { sourceBytes: 40e9 - ago * 1e9, rto: minutes(38) }));
  const { forecast } = stand({ samples });
  expect([Math.round(forecast?.growth ?? 0), Math.round((forecast?.exceedsIn ?? 0) / days(1))]).toEqual([1e9, 68]);
  expect(sayForecast(stand({ samples }))).toBe("+76 % a month; an RTO of 1 h is passed in about 2 months");
});

test("lengths are rounded up to their largest unit", () => {
  expect([1_000, minutes(1) - 1, minutes(1), minutes(14) + 1, hours(1), hours(47) + 1, hours(48) + 1].map((one) => roughly(minutes(one / 60_000)))).toEqual([
    "1 s",
    "60 s",
    "1 m",
    "15 m",
    "1 h",
    "48 h",
    "3 d",
  ]);
});

test("a sparkline reaches from the least to the most", () => {
  expect([sparkline([1, 2, 3]), sparkline([5, 5]), sparkline([0, 7, 0])]).toEqual(["▁▅█", "▃▃", "▁█▁"]);
});
