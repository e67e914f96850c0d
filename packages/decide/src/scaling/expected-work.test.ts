import { epochMs, type ExpectedWork, minutes } from "@nightshift/model";
import { expect, test } from "vitest";
import { scheduledFloor, workIsExpected } from "./expected-work.ts";
import { NOON, Watch } from "./scaling.fixture.ts";

const nine: ExpectedWork = { at: { hour: 9, minute: 0 }, days: [], zone: "UTC", tasks: undefined, workers: 6, for: minutes(30) };
const at = (hour: number, minute: number, second = 0, day = 0) => epochMs(NOON + ((hour - 12) * 3_600 + minute * 60 + second + day * 86_400) * 1_000);
const floor = (rows: readonly ExpectedWork[], now: ReturnType<typeof at>) => scheduledFloor(rows, { at: now, leadSeconds: 75, tasksPerWorker: 50 }).workers;

test("workers stand a start before their time, until it is over, and not a second more", () => {
  expect([at(8, 58, 44), at(8, 58, 45), at(9, 29, 59), at(9, 30)].map((now) => floor([nine], now))).toEqual([0, 6, 6, 0]);
});

test("a number of tasks is turned into workers, rounded up, and the largest row counts", () => {
  expect(floor([{ ...nine, workers: undefined, tasks: 101 }], at(9, 0))).toBe(3);
  expect(floor([{ ...nine, workers: undefined, tasks: 101 }, nine], at(9, 0))).toBe(6);
});

test("only the named days count: a Monday's row does not come on Tuesday", () => {
  const monday: ExpectedWork = { ...nine, days: ["monday"] };
  expect([floor([monday], at(9, 0)), floor([monday], at(9, 0, 0, 1)), floor([monday], at(9, 0, 0, 7))]).toEqual([6, 0, 6]);
});

test("a time of a zone follows its clocks: nine in Berlin is 08:00 UTC in winter and 07:00 in summer", () => {
  const berlin: ExpectedWork = { ...nine, zone: "Europe/Berlin" };
  expect([floor([berlin], at(8, 0)), floor([berlin], at(7, 0))]).toEqual([6, 0]);
  expect([floor([berlin], at(8, 0, 0, 30)), floor([berlin], at(7, 0, 0, 30))]).toEqual([0, 6]);
});

test("a row that lasts over midnight is on the next morning", () => {
  expect(floor([{ ...nine, at: { hour: 23, minute: 30 }, for: minutes(60) }], at(0, 15, 0, 1))).toBe(6);
});

test("moments asked for in any order give the same answer", () => {
  expect([at(9, 10), at(8, 0), at(9, 10), at(9, 10, 0, 1), at(9, 10)].map((now) => floor([nine], now))).toEqual([6, 0, 6, 6, 6]);
});

test("work is expected from so long before it on", () => {
  expect([at(8, 57, 59), at(8, 58)].map((now) => workIsExpected([nine], now, 120))).toEqual([false, true]);
});

test("scheduled workers are started in time and not taken away while their time lasts", () => {
  const watch = new Watch({ expected: [{ ...nine, at: { hour: 12, minute: 5 } }], maxStep: 3 }, at(12, 3));
  watch.see({});
  for (let i = 0; i < 10 && watch.last?.kind === "hold"; i += 1) watch.see({});
  expect([watch.last?.kind, watch.last?.desired, (watch.at - at(12, 5)) / 1_000]).toEqual(["out", 4, -75]);
  expect(watch.see({ desired: 4, ready: 1 }).desired).toBe(6);
  for (let i = 0; i < 20; i += 1) expect(watch.see({ desired: 6, heard: [0, 0, 0, 0, 0, 0] }).kind).toBe("hold");
});

test("ten thousand tasks with one ETA have their workers there when it comes", () => {
  const wave = at(12, 10);
  const watch = new Watch({ queues: [{ name: "celery", wait: minutes(5) }], maxStep: 20 });
  for (let i = 1; i <= 8; i += 1) watch.see({ running: 2, arrived: 15 * i, finished: 15 * i - 2 });
  let n = 8;
  while (watch.last?.kind === "hold" && n < 40) {
    n += 1;
    watch.see({ running: 2, arrived: 15 * n, finished: 15 * n - 2, due: [{ at: wave, tasks: 10_000 }] });
  }
  expect([watch.last?.desired, (wave - watch.at) / 1_000]).toEqual([20, 75]);
});
