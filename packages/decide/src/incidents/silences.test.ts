import { type EpochMs, epochMs, hours, type MaintenanceWindow, type Silence } from "@nightshift/model";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fits, openUntil, silencedBecause } from "./silences.ts";

const at = (iso: string): EpochMs => epochMs(Date.parse(iso));
const silence = (over: Partial<Silence> = {}): Silence => ({
  id: "s-1",
  scope: "shop-api",
  by: "ana",
  because: "load test",
  from: at("2026-11-21T10:00:00Z"),
  until: at("2026-11-21T11:00:00Z"),
  ...over,
});
const names = ["shop-api-5xx", "shop-api", "shop"];

describe("a silence", () => {
  test.each([
    ["before it begins", "2026-11-21T09:59:59.999Z", undefined],
    ["at its first moment", "2026-11-21T10:00:00Z", "silenced by ana until 11:00:00 UTC: load test"],
    ["in its last millisecond", "2026-11-21T10:59:59.999Z", "silenced by ana until 11:00:00 UTC: load test"],
    ["at its end, by itself", "2026-11-21T11:00:00Z", undefined],
  ])("%s", (_, now, expected) => {
    expect(silencedBecause(names, [silence()], [], at(now))).toBe(expected);
  });

  test.each([
    ["all", true],
    ["shop-api", true],
    ["shop", true],
    ["shop-api-5xx", true],
    ["shop-api-*", true],
    ["*-5xx", true],
    ["blog", false],
    ["shop-ap", false],
    ["SHOP-API", false],
    ["blog-*", false],
  ])("of %s covers the alarm shop-api-5xx of shop-api in shop: %s", (scope, expected) => {
    expect(silencedBecause(names, [silence({ scope })], [], at("2026-11-21T10:30:00Z")) !== undefined).toBe(expected);
  });
});

test.each([
  ["a*c", "abc", true],
  ["a*c", "ac", true],
  ["a*c", "acb", false],
  ["*", "", true],
  ["*b*b*", "abb", true],
  ["*b*b*", "ab", false],
  ["ab*ba", "aba", false],
  ["a.c", "abc", false],
  ["(a+)+$", "aaaa", false],
])("the pattern %s on the name %s: %s", (pattern, name, expected) => {
  expect(fits(pattern, name)).toBe(expected);
});

test("a pattern made of a name by putting stars for parts of it fits that name", () => {
  const pieces = fc.array(fc.tuple(fc.constantFrom("a", "b", "-"), fc.boolean()), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(pieces, (made) => {
      const name = made.map(([letter]) => letter).join("");
      const pattern = made.map(([letter, starred]) => (starred ? "*" : letter)).join("");
      return fits(pattern, name);
    }),
    { seed: 3, numRuns: 500 },
  );
});

const sundays: MaintenanceWindow = {
  name: "patching",
  scope: "shop",
  weekday: "sunday",
  hour: 2,
  minute: 0,
  lasts: hours(2),
  zone: "Europe/Berlin",
};

describe("a maintenance window on Sundays from 02:00 to 04:00 in Berlin", () => {
  test.each([
    ["opens at 01:00 UTC in winter", "2026-11-22T00:59:59.999Z", false],
    ["is open then", "2026-11-22T01:00:00Z", true],
    ["is open in its last millisecond", "2026-11-22T02:59:59.999Z", true],
    ["closes at 03:00 UTC", "2026-11-22T03:00:00Z", false],
    ["opens at 00:00 UTC in summer", "2026-07-19T00:00:00Z", true],
    ["is closed at 02:00 UTC in summer", "2026-07-19T02:00:00Z", false],
    ["is closed on Saturday", "2026-11-21T01:30:00Z", false],
    ["opens at 03:00 summer time when 02:00 is skipped", "2026-03-29T01:00:00Z", true],
    ["not earlier", "2026-03-29T00:59:59.999Z", false],
    ["and lasts its two hours then, too", "2026-03-29T02:59:59.999Z", true],
    ["opens at the first of two times 02:00 in autumn", "2026-10-25T00:00:00Z", true],
    ["and closes two hours later, at 03:00 winter time", "2026-10-25T02:00:00Z", false],
  ])("%s", (_, now, open) => {
    expect(openUntil(sundays, at(now)) !== undefined).toBe(open);
  });

  test("says its name and its end", () => {
    expect(silencedBecause(names, [], [sundays], at("2026-11-22T01:30:00Z"))).toBe('inside the maintenance window "patching" until 03:00:00 UTC');
  });

  test("silences nothing outside its scope", () => {
    expect(silencedBecause(["blog-api", "blog"], [], [sundays], at("2026-11-22T01:30:00Z"))).toBeUndefined();
  });
});

test.each([
  ["the first Sunday", "2026-11-01T02:30:00Z", true],
  ["the second", "2026-11-08T02:30:00Z", false],
  ["the first of a month that begins on a Sunday's eve", "2026-08-02T02:30:00Z", true],
  ["the seventh of a month, its first Sunday", "2026-06-07T02:30:00Z", true],
  ["the eighth, its second", "2026-11-08T02:30:00Z", false],
])("a monthly window is open on %s", (_, now, open) => {
  expect(openUntil({ ...sundays, zone: "UTC", week: 1 }, at(now)) !== undefined).toBe(open);
});

test("a window over midnight is open on the day after its own", () => {
  const late: MaintenanceWindow = { ...sundays, weekday: "saturday", hour: 23, lasts: hours(3), zone: "America/New_York" };
  // 23:00 EST is 04:00 UTC.
  expect(openUntil(late, at("2026-11-22T06:59:59Z"))).toBe(at("2026-11-22T07:00:00Z"));
  expect(openUntil(late, at("2026-11-22T07:00:00Z"))).toBeUndefined();
});

test("a window of a whole week is open to its end, a longer one for eight days at most", () => {
  const start = "2026-11-01T00:00:00Z";
  const week: MaintenanceWindow = { ...sundays, zone: "UTC", hour: 0, week: 1, lasts: hours(7 * 24) };
  expect(openUntil(week, at("2026-11-07T23:59:59Z"))).toBe(at("2026-11-08T00:00:00Z"));
  expect(openUntil({ ...week, lasts: hours(20 * 24) }, at("2026-11-09T12:00:00Z"))).toBe(epochMs(at(start) + hours(20 * 24)));
  expect(openUntil({ ...week, lasts: hours(20 * 24) }, at("2026-11-10T12:00:00Z"))).toBeUndefined();
});
