import { type EpochMs, epochMs } from "@nightshift/model";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { businessDaysAfter, localDayOf, momentOn, nextBusinessMoment, readLocalDay, weekdayOf, weekOfMonth } from "./business-time.ts";

const at = (iso: string): EpochMs => epochMs(Date.parse(iso));
const iso = (moment: EpochMs): string => new Date(moment).toISOString();
const day = (date: string) => {
  const found = readLocalDay(date);
  if (found === undefined) throw new Error(`${date} is no date`);
  return found;
};

test.each([
  ["2026-11-21", "saturday", 3],
  ["2026-11-01", "sunday", 1],
  ["2026-11-07", "saturday", 1],
  ["2026-11-08", "sunday", 2],
  ["2024-02-29", "thursday", 5],
  ["1970-01-01", "thursday", 1],
  ["1969-12-31", "wednesday", 5],
])("%s is a %s, number %i of its month", (date, weekday, number) => {
  expect([weekdayOf(day(date)), weekOfMonth(day(date))]).toEqual([weekday, number]);
});

test.each(["2026-1-5", "05.01.2026", "", "2026-01-05T00:00"])("%j is no date", (text) => {
  expect(readLocalDay(text)).toBeUndefined();
});

test.each([
  ["Berlin in winter", "2026-01-05", { hour: 9, minute: 0 }, "Europe/Berlin", "2026-01-05T08:00:00.000Z"],
  ["Berlin in summer", "2026-07-06", { hour: 9, minute: 0 }, "Europe/Berlin", "2026-07-06T07:00:00.000Z"],
  ["Berlin, skipped in spring", "2026-03-29", { hour: 2, minute: 30 }, "Europe/Berlin", "2026-03-29T01:30:00.000Z"],
  ["Berlin, twice in autumn", "2026-10-25", { hour: 2, minute: 30 }, "Europe/Berlin", "2026-10-25T00:30:00.000Z"],
  ["Sydney in its summer", "2026-01-05", { hour: 9, minute: 0 }, "Australia/Sydney", "2026-01-04T22:00:00.000Z"],
  ["Sydney in its winter", "2026-07-06", { hour: 9, minute: 0 }, "Australia/Sydney", "2026-07-05T23:00:00.000Z"],
  ["Sydney, skipped in October", "2026-10-04", { hour: 2, minute: 30 }, "Australia/Sydney", "2026-10-03T16:30:00.000Z"],
  ["Sydney, twice in April", "2026-04-05", { hour: 2, minute: 30 }, "Australia/Sydney", "2026-04-04T15:30:00.000Z"],
  ["Lord Howe, half an hour put forward", "2026-10-04", { hour: 2, minute: 15 }, "Australia/Lord_Howe", "2026-10-03T15:45:00.000Z"],
  ["Kathmandu", "2026-11-21", { hour: 9, minute: 0 }, "Asia/Kathmandu", "2026-11-21T03:15:00.000Z"],
  ["midnight in Los Angeles", "2026-11-21", { hour: 0, minute: 0 }, "America/Los_Angeles", "2026-11-21T08:00:00.000Z"],
])("%s", (_, date, time, zone, expected) => {
  expect(iso(momentOn(day(date), time, zone))).toBe(expected);
});

test("a zone that does not exist is an error, not UTC", () => {
  expect(() => localDayOf(at("2026-11-21T00:00:00Z"), "Europe/Atlantis")).toThrow(RangeError);
});

test("the moment found for a day and noon is on that day, in every zone", () => {
  const zones = ["UTC", "Europe/Berlin", "America/New_York", "Australia/Sydney", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kathmandu"];
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 40_000 }), fc.constantFrom(...zones), (days, zone) => {
      const date = new Date(days * 86_400_000).toISOString().slice(0, 10);
      return localDayOf(momentOn(day(date), { hour: 12, minute: 0 }, zone), zone) === day(date);
    }),
    { seed: 5, numRuns: 300 },
  );
});

describe("the next business moment in Berlin", () => {
  test.each([
    ["a second before nine on a Monday is nine", "2026-11-23T07:59:59Z", "2026-11-23T08:00:00.000Z"],
    ["nine is now", "2026-11-23T08:00:00Z", "2026-11-23T08:00:00.000Z"],
    ["the last millisecond before five is now", "2026-11-23T15:59:59.999Z", "2026-11-23T15:59:59.999Z"],
    ["five is nine of the next day", "2026-11-23T16:00:00Z", "2026-11-24T08:00:00.000Z"],
    ["Friday evening is Monday", "2026-11-20T16:00:00Z", "2026-11-23T08:00:00.000Z"],
    ["Saturday is Monday", "2026-11-21T10:00:00Z", "2026-11-23T08:00:00.000Z"],
    ["Sunday night in UTC is Monday already", "2026-11-22T23:30:00Z", "2026-11-23T08:00:00.000Z"],
    ["over the weekend on which summer time begins", "2026-03-27T17:00:00Z", "2026-03-30T07:00:00.000Z"],
    ["over the weekend on which it ends", "2026-10-23T17:00:00Z", "2026-10-26T08:00:00.000Z"],
  ])("%s", (_, now, expected) => {
    expect(iso(nextBusinessMoment(at(now), "Europe/Berlin"))).toBe(expected);
  });
});

test.each([
  ["five from a Saturday are the next Friday", "2026-11-21T10:00:00Z", 5, "Europe/Berlin", "2026-11-27T10:00:00.000Z"],
  ["five from a Monday are the next Monday", "2026-11-16T10:00:00Z", 5, "Europe/Berlin", "2026-11-23T10:00:00.000Z"],
  ["one from a Friday is Monday", "2026-11-20T10:00:00Z", 1, "Europe/Berlin", "2026-11-23T10:00:00.000Z"],
  ["the local hour stays when the clocks change", "2026-10-23T10:00:00Z", 1, "Europe/Berlin", "2026-10-26T11:00:00.000Z"],
  ["none is the same minute", "2026-11-18T10:00:00Z", 0, "UTC", "2026-11-18T10:00:00.000Z"],
])("business days: %s", (_, from, count, zone, expected) => {
  expect(iso(businessDaysAfter(at(from), count, zone))).toBe(expected);
});
