import { describe, expect, test } from "vitest";
import { mergeAlarms, rangAt, shardOf } from "./alarms.ts";
import { move, second } from "./fold.fixture.ts";
import { isFlapping } from "./flapping.ts";
import { inhibitedAlarms } from "./inhibit.ts";

const one = (...moves: Parameters<typeof mergeAlarms>[1]) => {
  const [alarm] = mergeAlarms([], moves);
  if (alarm === undefined) throw new Error("no alarm was merged");
  return alarm;
};

describe("an alarm as an incident remembers it", () => {
  test("is what the newest move says; it keeps its first ring, its last ring and the worst", () => {
    expect(one(move("5xx", "ALARM", 30), move("5xx", "OK", 40), move("5xx", "ALARM", 10, { severity: "P1", role: "down" }), move("5xx", "OK", 20))).toEqual({
      name: "5xx",
      service: "shop-api",
      value: "OK",
      since: second(40),
      reason: "5xx is OK",
      first: second(10),
      rang: second(30),
      severity: "P1",
      role: "down",
      changes: [second(40), second(30), second(20), second(10)],
    });
  });
  test("is not rung again by a late ALARM that is older than its OK", () => {
    expect([one(move("5xx", "OK", 20), move("5xx", "ALARM", 10)).value, one(move("5xx", "ALARM", 10), move("5xx", "OK", 20)).value]).toEqual(["OK", "OK"]);
  });
  test("rings where both came at one moment", () => {
    expect([one(move("5xx", "OK", 20), move("5xx", "ALARM", 20)).value, one(move("5xx", "ALARM", 20), move("5xx", "OK", 20)).value]).toEqual([
      "ALARM",
      "ALARM",
    ]);
  });
  test("remembers its newest twelve changes, each once", () => {
    const changes = Array.from({ length: 14 }, (_, n) => move("5xx", n % 2 === 0 ? "ALARM" : "OK", n));
    expect(one(...changes, ...changes).changes).toEqual([13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2].map(second));
  });
  test("stands beside the others in the order of names", () => {
    expect(mergeAlarms([one(move("b", "ALARM", 1))], [move("c", "ALARM", 1), move("a", "ALARM", 1)]).map(({ name }) => name)).toEqual(["a", "b", "c"]);
  });
});

test.each([
  ["before it first rang", 9, false],
  ["when it first rang", 10, true],
  ["just before it ended", 19, true],
  ["when it ended", 20, false],
  ["just before it rang again", 29, false],
  ["when it rang again", 30, true],
  ["long after", 99, true],
])("an alarm that rang from 10 to 20 and again from 30, asked %s", (_, at, rang) => {
  expect(rangAt(one(move("5xx", "ALARM", 10), move("5xx", "OK", 20), move("5xx", "ALARM", 30)), second(at))).toBe(rang);
});

test("an alarm that changed more often than is remembered is taken to have rung", () => {
  const alarm = one(...Array.from({ length: 14 }, (_, n) => move("5xx", n % 2 === 0 ? "ALARM" : "OK", n)));
  expect([rangAt(alarm, second(1)), rangAt(alarm, second(2)), rangAt(alarm, second(3))]).toEqual([true, true, false]);
});

test("a shard is one of eight, the same for the same name, and a thousand names fill them all", () => {
  const shards = Array.from({ length: 1_000 }, (_, n) => shardOf(`shop-api/alarm-${n}`));
  const counts = [0, 1, 2, 3, 4, 5, 6, 7].map((shard) => shards.filter((one) => one === shard).length);
  expect([Math.min(...counts) > 80, Math.max(...counts) < 170, shardOf("shop-api/5xx")]).toEqual([true, true, shardOf("shop-api/5xx")]);
});

test.each([
  ["three changes in exactly 15 minutes", [0, 10, 900], true],
  ["three changes in a second more", [0, 10, 901], false],
  ["two changes", [0, 10], false],
  ["the newest three count, not the oldest", [0, 1, 2, 10_000, 20_000], false],
])("flapping: %s", (_, seconds, flaps) => {
  expect(isFlapping({ changes: seconds.map(second).toReversed() })).toBe(flaps);
});

test.each([
  ["a service that is down mutes its own symptoms", [move("down", "ALARM", 0, { role: "down" }), move("cpu", "ALARM", 0)], ["cpu"]],
  ["not those of another service", [move("down", "ALARM", 0, { role: "down", service: "shop-worker" }), move("cpu", "ALARM", 0)], []],
  ["a dependency mutes every symptom", [move("rds", "ALARM", 0, { role: "cause", service: "RDS shop" }), move("cpu", "ALARM", 0)], ["cpu"]],
  ["but not that a service is down", [move("rds", "ALARM", 0, { role: "cause" }), move("down", "ALARM", 0, { role: "down" })], []],
  ["a dependency that is well again mutes nothing", [move("rds", "ALARM", 0, { role: "cause" }), move("rds", "OK", 1), move("cpu", "ALARM", 0)], []],
  ["a symptom that is over is not muted", [move("rds", "ALARM", 0, { role: "cause" }), move("cpu", "ALARM", 0), move("cpu", "OK", 1)], []],
])("%s", (_, moves, muted) => {
  expect([...inhibitedAlarms(mergeAlarms([], moves))]).toEqual(muted);
});
