import { type EpochMs, epochMs, type OnCallOverride, type Rota } from "@nightshift/model";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { weekOnCall, whoIsOnCall } from "./on-call.ts";

const at = (iso: string): EpochMs => epochMs(Date.parse(iso));
const iso = (moment: EpochMs | undefined): string | undefined => (moment === undefined ? undefined : new Date(moment).toISOString());

const weekly: Rota = {
  kind: "rotation",
  name: "tier 1",
  people: ["ana", "bob", "cem"],
  handoff: { weekday: "monday", hour: 9, minute: 0 },
  zone: "Europe/Berlin",
  from: "2026-01-05",
};
const sydney: Rota = { ...weekly, zone: "Australia/Sydney" };
const daily: Rota = { ...weekly, handoff: { weekday: "daily", hour: 2, minute: 30 } };
const handOver = (over: Partial<OnCallOverride> = {}): OnCallOverride => ({
  id: "o-1",
  rota: "tier 1",
  person: "dora",
  by: "lead",
  from: at("2026-01-06T10:00:00Z"),
  until: at("2026-01-06T18:00:00Z"),
  ...over,
});
const who = (rota: Rota, moment: string, overrides: readonly OnCallOverride[] = []) => whoIsOnCall(rota, overrides, at(moment)).people;

describe("a weekly rotation, Mondays at 09:00", () => {
  test.each<[string, Rota, string, string]>([
    ["begins with the first person", weekly, "2026-01-05T08:00:00Z", "ana"],
    ["hands over at the local hour, not a millisecond earlier", weekly, "2026-01-12T07:59:59.999Z", "ana"],
    ["hands over then", weekly, "2026-01-12T08:00:00Z", "bob"],
    ["comes round after three weeks", weekly, "2026-01-26T08:00:00Z", "ana"],
    ["was the last person's before it began", weekly, "2026-01-05T07:59:59Z", "cem"],
    ["Berlin, last winter-time hand-over", weekly, "2026-03-23T07:59:59Z", "bob"],
    ["Berlin, the Monday after the clocks went forward: an hour earlier in UTC", weekly, "2026-03-30T06:59:59Z", "cem"],
    ["Berlin, at that hour", weekly, "2026-03-30T07:00:00Z", "ana"],
    ["Berlin, the Monday after they went back, not yet", weekly, "2026-10-26T07:59:59Z", "cem"],
    ["Berlin, at that hour", weekly, "2026-10-26T08:00:00Z", "ana"],
    ["Sydney, daylight time at home", sydney, "2026-01-11T21:59:59Z", "ana"],
    ["Sydney, at its hour", sydney, "2026-01-11T22:00:00Z", "bob"],
    ["Sydney, after the clocks went back in April, not yet", sydney, "2026-04-05T22:59:59Z", "ana"],
    ["Sydney, at its hour", sydney, "2026-04-05T23:00:00Z", "bob"],
    ["Sydney, after they went forward in October, not yet", sydney, "2026-10-04T21:59:59Z", "cem"],
    ["Sydney, at its hour", sydney, "2026-10-04T22:00:00Z", "ana"],
  ])("%s", (_, rota, moment, person) => {
    expect(who(rota, moment)).toEqual([person]);
  });

  test.each<[string, string, string]>([
    ["in winter", "2026-01-06T00:00:00Z", "2026-01-12T08:00:00.000Z"],
    ["over the change to summer time, a week that is an hour shorter", "2026-03-23T08:00:00Z", "2026-03-30T07:00:00.000Z"],
    ["over the change back, a week that is an hour longer", "2026-10-19T07:00:00Z", "2026-10-26T08:00:00.000Z"],
  ])("says when the next one begins: %s", (_, moment, expected) => {
    expect(iso(whoIsOnCall(weekly, [], at(moment)).until)).toBe(expected);
  });

  test("that is said to begin on a Wednesday began on the Monday before", () => {
    expect(who({ ...weekly, from: "2026-01-07" }, "2026-01-12T08:00:00Z")).toEqual(["bob"]);
  });
});

describe("a daily rotation at 02:30 in Berlin", () => {
  test.each([
    ["hands over at 03:30 summer time on the day that 02:30 is skipped, not before", "2026-03-29T01:29:59Z", "bob"],
    ["then", "2026-03-29T01:30:00Z", "cem"],
    ["and at 02:30 the day after", "2026-03-30T00:30:00Z", "ana"],
    ["hands over at the first 02:30 of the day that has two", "2026-10-25T00:30:00Z", "cem"],
    ["and not again at the second", "2026-10-25T01:30:00Z", "cem"],
  ])("%s", (_, moment, person) => {
    expect(who(daily, moment)).toEqual([person]);
  });
});

describe("a hand-over", () => {
  test.each([
    ["not yet", "2026-01-06T09:59:59.999Z", ["ana"]],
    ["from its first moment", "2026-01-06T10:00:00Z", ["dora"]],
    ["to its last", "2026-01-06T17:59:59.999Z", ["dora"]],
    ["and no longer", "2026-01-06T18:00:00Z", ["ana"]],
  ])("stands above the rota: %s", (_, moment, people) => {
    expect(who(weekly, moment, [handOver()])).toEqual(people);
  });

  test("of another rota changes nothing", () => {
    expect(who(weekly, "2026-01-06T12:00:00Z", [handOver({ rota: "tier 2" })])).toEqual(["ana"]);
  });

  test("that began later stands above one that began before it", () => {
    const later = handOver({ id: "o-2", person: "emil", from: at("2026-01-06T12:00:00Z") });
    expect([who(weekly, "2026-01-06T11:59:59Z", [later, handOver()]), who(weekly, "2026-01-06T12:00:00Z", [handOver(), later])]).toEqual([["dora"], ["emil"]]);
  });

  test("names who entered it and when it ends", () => {
    const { by, until } = whoIsOnCall(weekly, [handOver()], at("2026-01-06T12:00:00Z"));
    expect([by, iso(until)]).toEqual(["lead", "2026-01-06T18:00:00.000Z"]);
  });

  test("stands above a static rota and a user group, too", () => {
    const group: Rota = { kind: "slack-group", name: "tier 1", group: "S0OPS" };
    const fixed: Rota = { kind: "static", name: "tier 1", people: ["ana", "bob"] };
    const now = at("2026-01-06T12:00:00Z");
    expect(whoIsOnCall(group, [handOver()], now, ["U0ANA"]).people).toEqual(["dora"]);
    expect(whoIsOnCall(fixed, [handOver()], now).people).toEqual(["dora"]);
  });
});

test("a static rota calls all of its people, a user group all of its members, and neither hands over by itself", () => {
  const now = at("2026-01-06T12:00:00Z");
  expect(whoIsOnCall({ kind: "static", name: "tier 1", people: ["ana", "bob"] }, [], now)).toEqual({ people: ["ana", "bob"], by: undefined, until: undefined });
  expect(whoIsOnCall({ kind: "slack-group", name: "ops", group: "S0OPS" }, [], now, ["U0ANA"]).people).toEqual(["U0ANA"]);
});

test.each<[string, Rota]>([
  ["a rota without people", { kind: "static", name: "tier 1", people: [] }],
  ["a rotation without people", { ...weekly, people: [] }],
  ["a user group that nobody could read", { kind: "slack-group", name: "tier 1", group: "S0OPS" }],
])("%s has nobody on call", (_, rota) => {
  expect(whoIsOnCall(rota, [], at("2026-01-06T12:00:00Z")).people).toEqual([]);
});

test("a week is told turn by turn, hand-overs included", () => {
  const week = weekOnCall(weekly, [handOver()], at("2026-01-06T00:00:00Z")).map(({ people, from, until }) => [people.join(), iso(from), iso(until)]);
  expect(week).toEqual([
    ["ana", "2026-01-06T00:00:00.000Z", "2026-01-06T10:00:00.000Z"],
    ["dora", "2026-01-06T10:00:00.000Z", "2026-01-06T18:00:00.000Z"],
    ["ana", "2026-01-06T18:00:00.000Z", "2026-01-12T08:00:00.000Z"],
    ["bob", "2026-01-12T08:00:00.000Z", "2026-01-13T00:00:00.000Z"],
  ]);
});

test("a week has no gaps and agrees with who is on call at every moment of it", () => {
  const hour = 3_600_000;
  const start = at("2026-03-25T00:00:00Z");
  const some = fc.array(fc.tuple(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 1, max: 60 }), fc.constantFrom("dora", "emil")), { maxLength: 5 });
  fc.assert(
    fc.property(some, fc.constantFrom(weekly, sydney, daily), fc.integer({ min: 0, max: 167 }), (made, rota, ahead) => {
      const overrides = made.map(([from, length, person], n) =>
        handOver({ id: `o-${n}`, person, from: epochMs(start + from * hour), until: epochMs(start + (from + length) * hour) }),
      );
      const week = weekOnCall(rota, overrides, start);
      const moment = epochMs(start + ahead * hour + 1);
      const shift = week.find((one) => one.from <= moment && moment < (one.until ?? 0));
      expect(week.every((one, n) => n === 0 || one.from === week[n - 1]?.until)).toBe(true);
      expect(shift?.people).toEqual(whoIsOnCall(rota, overrides, moment).people);
    }),
    { seed: 11, numRuns: 150 },
  );
});
