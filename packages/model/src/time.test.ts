import { describe, expect, test } from "vitest";
import { epochMs, minutes, ms, sayClock, sayLength, sayStamp, seconds, since, utc } from "./time.ts";

describe("a moment in UTC", () => {
  test.each([
    ["the epoch", 0, "700101-0000", "00:00:00"],
    ["the second before a leap day ends", 1_709_251_199_000, "240229-2359", "23:59:59"],
    ["the first of March of a leap year", 1_709_251_200_000, "240301-0000", "00:00:00"],
    ["the last day of a century that is a leap year", 951_782_400_000, "000229-0000", "00:00:00"],
    ["the last millisecond of a year", 1_798_761_599_999, "261231-2359", "23:59:59"],
    ["the first of a year", 1_798_761_600_000, "270101-0000", "00:00:00"],
  ])("%s", (_, at, stamp, clock) => {
    expect(sayStamp(epochMs(at))).toBe(stamp);
    expect(sayClock(epochMs(at))).toBe(clock);
  });
  test("agrees with the platform's calendar on every day of 60 years", () => {
    for (let day = 0; day < 21_915; day++) {
      const at = epochMs(day * 86_400_000);
      const { year, month, day: date } = utc(at);
      const platform = new Date(at);
      expect([year, month, date]).toEqual([platform.getUTCFullYear(), platform.getUTCMonth() + 1, platform.getUTCDate()]);
    }
  });
});

describe("a length as people say it", () => {
  test.each([
    [seconds(0), "0 s"],
    [ms(59_499), "59 s"],
    [seconds(60), "1 m"],
    [seconds(207), "3 m 27 s"],
    [seconds(3_599), "59 m 59 s"],
    [minutes(60), "1 h"],
    [minutes(125), "2 h 5 m"],
    [minutes(2_879), "47 h 59 m"],
    [minutes(2_880), "2 days"],
    [minutes(15_840), "11 days"],
  ])("%d ms is %s", (length, said) => expect(sayLength(length)).toBe(said));
});

test("what lies in the future happened zero milliseconds ago", () => {
  expect(since(epochMs(1_001), epochMs(1_000))).toBe(0);
  expect(since(epochMs(999), epochMs(1_000))).toBe(1);
});
