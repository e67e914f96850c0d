import { type BackupRecord, backupId, days, epochMs, hours, minutes, ms, type RecoverySample, seconds } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { forecastRto, keptOver, rpoOf, rtoOf, sayEstimate } from "./recovery.ts";

const now = epochMs(Date.UTC(2026, 10, 21, 3, 0));

describe("what would be lost now", () => {
  test("is what the best way back lacks", () => {
    const ways = [
      { by: "dump", contentsOf: epochMs(now - hours(1)) },
      { by: "point in time", contentsOf: epochMs(now - seconds(192)) },
      { by: "snapshot", contentsOf: epochMs(now - hours(2)) },
    ] as const;
    expect(rpoOf(ways, now)).toEqual({ by: "point in time", contentsOf: now - 192_000, lost: 192_000 });
  });
  test("a stamp ten minutes ahead is zero, one further ahead is not believed", () => {
    expect(rpoOf([{ by: "dump", contentsOf: epochMs(now + minutes(10)) }], now)?.lost).toBe(0);
    expect(rpoOf([{ by: "dump", contentsOf: epochMs(now + minutes(10) + 1) }], now)).toBeUndefined();
  });
  test("without a way back it is unknown", () => {
    expect(rpoOf([], now)).toBeUndefined();
  });
});

const proven = (over: Partial<BackupRecord> = {}): BackupRecord => ({
  id: backupId("shop-261121-0200-nightly"),
  of: "shop",
  kind: "dump",
  series: "nightly",
  state: "verified",
  proof: "restored-and-compared",
  scheduled: now,
  sourceBytes: 40e9,
  times: { dump: minutes(5), download: minutes(2), restore: minutes(10), compare: minutes(3) },
  version: 1,
  ...over,
});

describe("how long a restore would take", () => {
  test("is measured parts at today's size, and says what is assumed", () => {
    const rto = rtoOf({ rows: [proven()], sourceBytes: 80e9, available: undefined });
    expect(rto?.parts.map(({ what, length, measured }) => [what, length / 60_000, measured])).toEqual([
      ["create target", 20, false],
      ["download", 4, true],
      ["restore", 20, true],
      ["verify", 6, true],
      ["switch over", 5, false],
    ]);
    expect(rto === undefined ? "" : sayEstimate(rto, hours(1))).toBe("55 m of 1 h (create target, switch over assumed)");
    expect(rto === undefined ? "" : sayEstimate(rto, minutes(15))).toBe("55 m of 15 m: too long (create target, switch over assumed)");
  });
  test("uses what the drill measured", () => {
    expect(rtoOf({ rows: [proven()], sourceBytes: 40e9, available: minutes(7) })?.total).toBe(27 * 60_000);
  });
  test("is unknown while nothing was restored and proven", () => {
    expect(rtoOf({ rows: [proven({ state: "failed" }), proven({ times: {} })], sourceBytes: 40e9, available: undefined })).toBeUndefined();
  });
});

test("a target is judged over samples; one that could not be read was missed", () => {
  const values = [...Array.from({ length: 98 }, () => minutes(3)), minutes(9), undefined];
  expect(keptOver(values, minutes(5))).toEqual({ p50: 180_000, p99: 540_000, max: 540_000, share: 0.98, samples: 100 });
  expect(keptOver([undefined], minutes(5))).toBeUndefined();
});

describe("the restore time as the database grows", () => {
  const sample = (day: number, gb: number, rto = minutes(30)): RecoverySample => ({ at: epochMs(now + days(day)), of: "shop", sourceBytes: gb * 1e9, rto });
  test("is too long in so many days, from the growth", () => {
    // 1 GB a day, 30 minutes at 60 GB: half a minute a GB, so that 10 GB more reach 35 minutes.
    const forecast = forecastRto(
      [0, 1, 2, 3].map((day) => sample(day, 57 + day)),
      minutes(35),
    );
    expect(forecast?.growth).toBeCloseTo(1e9, 0);
    expect(forecast?.exceedsIn).toBe(days(10));
  });
  test("is too long now", () => {
    expect(forecastRto([sample(0, 57), sample(3, 60)], minutes(29))?.exceedsIn).toBe(0);
  });
  test("never gets too long where nothing grows", () => {
    expect(forecastRto([sample(0, 60), sample(3, 60)], hours(1))).toEqual({ growth: 0, exceedsIn: undefined });
  });
  test("is not foretold from less than three days", () => {
    expect(forecastRto([sample(0, 57), { ...sample(3, 60), at: epochMs(now + days(3) - 1) }], hours(1))).toBeUndefined();
    expect(forecastRto([], ms(1))).toBeUndefined();
  });
});
