import type { AlarmMove, Entry } from "@nightshift/model";
import { expect, test } from "vitest";
import { at, type Happening, move, type Playing, playRoom, sent } from "./duties.fixture.ts";

const header = sent(1, "header");
/** Second and text of every summary. */
const summaries = (happens: readonly Happening[], until: number, over: Partial<Playing> = {}): readonly (readonly [number, string])[] => {
  const { did, record } = playRoom({ severity: "P3", happens: [header, ...happens], until, ...over });
  const texts = record.entries.filter(({ key }) => key.startsWith("summary/")).map(({ text }: Entry) => text);
  return did.filter(([, key]) => key.startsWith("summary/")).map(([seconds], n) => [seconds, texts[n] ?? ""]);
};
const storm = (count: number, every: number): readonly Happening[] => Array.from({ length: count }, (_, n) => move(n * every, `alarm-${n}`, "ALARM"));

test("one alarm that rings is told by the first notice alone", () => {
  expect(summaries([move(0, "shop-5xx", "ALARM")], 3_600)).toEqual([]);
});

test("what comes after the first notice is summed up 5, 10, 20, 40, 80, 160 and 300 s after it, then once a minute", () => {
  const seconds = summaries(storm(300, 2), 600, { severity: "P1" }).map(([at]) => at);
  expect(seconds).toEqual([5, 10, 20, 40, 80, 160, 300, 360, 420, 480, 540, 600]);
});

test("three hundred alarms in a minute are five lines, and none after it", () => {
  expect(summaries(storm(300, 0.2), 900, { severity: "P1" }).map(([at]) => at)).toEqual([5, 10, 20, 40, 80]);
});

test("nothing is said while nothing changes", () => {
  expect(summaries([move(0, "a", "ALARM"), move(1, "b", "ALARM")], 3_600)).toEqual([[35, "2 alarms ring."]]);
});

test("a summary says how many ring, are muted, go on and off, and cleared, and names what is new", () => {
  const flaps = [40, 50, 60, 70].map((at, n) => move(at, "f", n % 2 === 0 ? "ALARM" : "OK"));
  const happens = [...["a", "b", "c", "d", "e", "g"].map((name) => move(31, name, "ALARM")), ...flaps, move(72, "f", "ALARM"), move(75, "a", "OK")];
  const said = summaries([move(0, "x", "ALARM"), ...happens], 111).map(([, text]) => text);
  expect(said).toEqual([
    "7 alarms ring. New: a rings, b rings, c rings, d rings, e rings and 1 more.",
    "8 alarms ring. New: f rings.",
    "7 alarms ring, 1 cleared. New: f cleared.",
    "8 alarms ring, 1 goes on and off.",
    "7 alarms ring, 1 goes on and off, 1 cleared. New: a cleared.",
  ]);
});

test("muted alarms are a count", () => {
  const down: AlarmMove = { name: "shop-down", service: "shop-api", value: "ALARM", at: at(2), reason: "no target is healthy", severity: "P3", role: "down" };
  const said = summaries([move(0, "a", "ALARM"), move(1, "b", "ALARM"), [3, down]], 60).map(([, text]) => text);
  expect(said).toEqual(["1 alarm rings, 2 more are muted by a graver one."]);
});

test("an alarm without data is no all-clear, and is said to be none", () => {
  const silent = (severity: Playing["severity"]) => summaries([move(0, "a", "ALARM"), move(50, "a", "INSUFFICIENT_DATA")], 200, { severity }).at(-1)?.[1];
  expect([silent("P3"), silent("P1")]).toEqual([
    "No alarm rings, but 1 alarm has no data: that is no all-clear. Resolved in 10 m if it stays so.",
    "No alarm rings, but 1 alarm has no data: that is no all-clear. Resolved in 1 h if it stays so.",
  ]);
  const mixed = [move(0, "a", "ALARM"), move(0, "b", "ALARM"), move(0, "c", "ALARM"), move(50, "a", "INSUFFICIENT_DATA"), move(50, "b", "OK")];
  expect(summaries(mixed, 200).at(-1)?.[1]).toBe("1 alarm rings, 1 without data, 1 cleared. New: a has no data, b cleared.");
});

test("when all are clear it says when that ends it, once", () => {
  const happens = [move(0, "a", "ALARM"), move(50, "a", "OK")];
  expect(summaries(happens, 200)).toEqual([[51, "The alarm is clear. Resolved in 5 m if it stays so."]]);
  expect(summaries([move(0, "a", "ALARM"), move(0, "b", "ALARM"), move(50, "a", "OK"), move(50, "b", "OK")], 200).at(-1)).toEqual([
    51,
    "All 2 alarms are clear. Resolved in 5 m if it stays so.",
  ]);
});
