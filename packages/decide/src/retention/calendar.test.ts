import { epochMs } from "@nightshift/model";
import { expect, it } from "vitest";
import { calendarBefore, isoWeekOf, sayCalendarLength, sundayWeekOf } from "./calendar.ts";

const at = (text: string) => epochMs(Date.parse(text));
const length = (years: number, months: number, days: number, hours: number) => ({ years, months, days, hours });

it.each([
  ["2026-03-31T02:00:00Z", length(0, 1, 0, 0), "2026-03-03T02:00:00.000Z"],
  ["2024-03-31T02:00:00Z", length(0, 1, 0, 0), "2024-03-02T02:00:00.000Z"],
  ["2024-02-29T02:00:00Z", length(1, 0, 0, 0), "2023-03-01T02:00:00.000Z"],
  ["2024-02-29T02:00:00Z", length(4, 0, 0, 0), "2020-02-29T02:00:00.000Z"],
  ["2026-01-15T02:00:00Z", length(0, 1, 0, 0), "2025-12-15T02:00:00.000Z"],
  ["2026-01-15T02:00:00Z", length(0, 25, 0, 0), "2023-12-15T02:00:00.000Z"],
  ["2026-03-01T02:30:00Z", length(0, 0, 1, 3), "2026-02-27T23:30:00.000Z"],
  ["2026-05-07T12:00:00Z", length(1, 5, 7, 2), "2024-11-30T10:00:00.000Z"],
] as const)("before %s by %o is %s", (from, by, expected) => {
  expect(new Date(calendarBefore(at(from), by)).toISOString()).toBe(expected);
});

it("a week from Sunday and an ISO week begin at their own midnight", () => {
  const [saturday, sunday, monday] = ["2026-03-14T23:59:59.999Z", "2026-03-15T00:00:00Z", "2026-03-16T00:00:00Z"].map(at);
  expect([saturday, sunday, monday].map((day) => sundayWeekOf(day ?? at("")) - 2_932)).toEqual([0, 1, 1]);
  expect([saturday, sunday, monday].map((day) => isoWeekOf(day ?? at("")) - 2_932)).toEqual([0, 0, 1]);
});

it("a length is said as restic says it", () => {
  expect([length(1, 5, 7, 2), length(0, 0, 0, 30), length(0, 2, 0, 0), length(0, 0, 0, 0)].map(sayCalendarLength)).toEqual(["1y5m7d2h", "30h", "2m", "0h"]);
});
