import { describe, expect, test } from "vitest";
import { mergeAlarms } from "./alarms.ts";
import { changed, incident, move, second } from "./fold.fixture.ts";
import { type Around, decideGroup, decideOwn, stormSince } from "./grouping.ts";
import { newsOf } from "./grouping-news.ts";
import { policyFixture } from "./policy.fixture.ts";

const policy = policyFixture();
const ended = incident([changed("resolved/1", 100, { what: "resolved", how: "alarms" })]);
const endedRinging = incident([changed("resolved/1", 100, { what: "resolved", how: "person" })], [move("5xx", "ALARM", 50)]);
const endedClear = incident([changed("resolved/1", 100, { what: "resolved", how: "alarms" })], [move("5xx", "ALARM", 0), move("5xx", "OK", 50)]);
const own = (current: typeof ended | undefined, ...moves: readonly ReturnType<typeof move>[]) => {
  const decided = decideOwn({ group: "shop", alarms: mergeAlarms(current?.alarms ?? [], moves), current }, policy);
  return decided === undefined ? "a new one" : decided.kind;
};

describe("whether the group's incident takes an alarm", () => {
  const closed = incident([changed("resolved/1", 100, { what: "resolved", how: "alarms" }), changed("closed", 200, { what: "closed" })]);
  test.each([
    ["it runs", own(incident(), move("5xx", "ALARM", 9_999)), "join"],
    ["there is none", own(undefined, move("5xx", "ALARM", 0)), "a new one"],
    ["there is none, and it is over already", own(undefined, move("5xx", "ALARM", 0), move("5xx", "OK", 1)), "a new one"],
    ["there is none, and nothing rang", own(undefined, move("5xx", "OK", 0)), "none"],
    ["it rings at the moment of the end", own(ended, move("5xx", "ALARM", 100)), "reopen"],
    ["it rang before the end, still rings, and nobody knew of it", own(ended, move("5xx", "ALARM", 97)), "reopen"],
    ["it rang before the end, and was over at the end", own(ended, move("5xx", "ALARM", 97), move("5xx", "OK", 99)), "past"],
    ["it rang before the end, and is over since the end", own(ended, move("5xx", "ALARM", 97), move("5xx", "OK", 103)), "past"],
    ["it was known to ring at the end", own(endedRinging, move("5xx", "ALARM", 50)), "past"],
    ["it was known to ring at the end, and another one rings that nobody knew of", own(endedRinging, move("down", "ALARM", 97)), "reopen"],
    ["it was known to have cleared at the end, and its next ring was under way", own(endedClear, move("5xx", "ALARM", 97)), "reopen"],
    ["it rings a second after the end", own(ended, move("5xx", "ALARM", 101)), "reopen"],
    ["it rings ten minutes after the end", own(ended, move("5xx", "ALARM", 700)), "reopen"],
    ["it rings a second more after the end", own(ended, move("5xx", "ALARM", 701)), "a new one"],
    ["it rang after the end and is over, too", own(ended, move("5xx", "ALARM", 101), move("5xx", "OK", 102)), "past"],
    ["an alarm ends after the end", own(ended, move("5xx", "OK", 101)), "past"],
    ["it was closed, and it rings within ten minutes", own(closed, move("5xx", "ALARM", 101)), "a new one"],
    ["it was closed, and the alarm is older and over", own(closed, move("5xx", "ALARM", 98), move("5xx", "OK", 99)), "past"],
    ["it was closed, and the alarm is older, rings, and nobody knew of it", own(closed, move("5xx", "ALARM", 99)), "a new one"],
  ])("%s", (_, decided, expected) => {
    expect(decided).toBe(expected);
  });
});

describe("where the alarms of a group without an incident go", () => {
  const running = (id: string, group: string, commit?: string) =>
    incident(
      commit === undefined ? [] : [changed("suspect", 1, { what: "suspect", suspect: { what: `deployment of ${group}`, at: second(-60), commit } })],
      [],
      {
        id,
        group,
      },
    );
  const around = (over: Partial<Around>): Around => ({ suspect: undefined, running: [], standsOn: [], carries: [], lately: [], stormOf: 1, policy, ...over });
  const a = running("INC-a", "a", "c0ffee");
  const b = running("INC-b", "b");
  const storm = running("INC-storm", "*");
  const suspect = { what: "deployment of shop", at: second(-30), commit: "c0ffee" };
  test.each<[string, Partial<Around>, object]>([
    ["into a new one", { running: [a, b] }, { kind: "open", group: "shop", absorbs: [] }],
    ["into the one that the same commit caused", { running: [b, a], suspect }, { kind: "join", incident: "INC-a" }],
    ["not into one of another commit", { running: [a], suspect: { ...suspect, commit: "beef" } }, { kind: "open" }],
    ["into the one of what it stands on", { running: [a, b], standsOn: [{ group: "b", incident: "INC-b" }] }, { kind: "join", incident: "INC-b" }],
    ["not into one that is over", { running: [a], standsOn: [{ group: "b", incident: "INC-b" }] }, { kind: "open" }],
    ["into the one that stands on it", { running: [a, b], carries: [{ group: "b", incident: "INC-b" }] }, { kind: "join", incident: "INC-b" }],
    [
      "into the one that two of its dependants have together",
      { running: [b], carries: ["x", "y"].map((group) => ({ group, incident: "INC-b" })) },
      { kind: "join", incident: "INC-b" },
    ],
    [
      "into a new one that takes in several that stand on it",
      {
        running: [a, b],
        carries: [
          { group: "a", incident: "INC-a" },
          { group: "b", incident: "INC-b" },
        ],
      },
      { kind: "open", group: "shop", absorbs: ["INC-a", "INC-b"] },
    ],
    ["into no storm at twenty groups", { running: [a, b], stormOf: 20, lately: ["INC-a"] }, { kind: "open", group: "shop" }],
    [
      "into a storm at twenty-one, which takes in what began lately",
      { running: [a, b], stormOf: 21, lately: ["INC-a"] },
      { kind: "open", group: "*", absorbs: ["INC-a"] },
    ],
    ["into the storm that runs", { running: [a, storm], stormOf: 21, lately: ["INC-a"] }, { kind: "join", incident: "INC-storm" }],
  ])("%s", (_, over, expected) => {
    expect(decideGroup({ group: "shop" }, around(over))).toMatchObject(expected);
  });
  test("a storm counts two minutes back", () => {
    expect(stormSince(second(0), policy.storm)).toBe(second(-120));
  });
});

describe("what a war room is woken for", () => {
  const quiet = incident([], [move("5xx", "ALARM", 0), move("5xx", "OK", 10)]);
  const rings = incident([], [move("5xx", "ALARM", 0)]);
  test.each([
    ["nothing new", rings, incident([], [move("5xx", "ALARM", 0), move("cpu", "ALARM", 1)]), undefined],
    ["a worse alarm", rings, incident([], [move("5xx", "ALARM", 0, { severity: "P1" })]), "it is P1 now"],
    ["the last alarm cleared", rings, quiet, "all alarms cleared"],
    ["an alarm after all had cleared", quiet, rings, "an alarm rings again"],
    ["opened again", incident([changed("resolved/1", 100, { what: "resolved", how: "alarms" })]), rings, "it was opened again"],
  ])("%s", (_, before, after, news) => {
    expect(newsOf(before, after)).toBe(news);
  });
});
