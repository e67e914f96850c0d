import { type BrokerReading, epochMs, type Figure, type QueueReading } from "@nightshift/model";
import { expect, test } from "vitest";
import { readingLines, sayCount } from "./reading-lines.ts";

const now = epochMs(Date.UTC(2026, 10, 21, 9, 0, 10));
const figure = (value: number, over: Partial<Figure> = {}): Figure => ({ value, at: now, confidence: 1, how: "LLEN of 4 priority lists", ...over });
const queue: QueueReading = {
  queue: "celery",
  waiting: undefined,
  reserved: undefined,
  running: undefined,
  dueLater: undefined,
  due: [],
  oldest: undefined,
  byPriority: [],
  arrived: undefined,
  finished: undefined,
};
const seen = (over: Partial<Extract<BrokerReading, { kind: "seen" }>>): BrokerReading => ({
  kind: "seen",
  at: now,
  broker: "redis",
  queues: [queue],
  counters: undefined,
  workers: undefined,
  doubts: [],
  ...over,
});

test("what is unknown is never a zero", () => {
  expect(readingLines(seen({}), now)).toEqual([
    "redis, looked at 09:00:10 UTC",
    "● celery",
    "    waiting      unknown",
    "    reserved     unknown",
    "    running      unknown",
    "    due later    unknown",
    "workers: unknown, nobody listened or this broker has no heartbeats",
  ]);
  expect(readingLines({ kind: "unknown", at: now, broker: "rabbitmq", because: "the connection was refused" }, now)).toEqual([
    "rabbitmq: nothing is known, because the connection was refused",
  ]);
});

test("each figure has its age, its source and how sure it is", () => {
  const full: QueueReading = {
    ...queue,
    waiting: figure(12_345),
    reserved: figure(8_200, { confidence: 0.9, how: "sampled 500 of 50,000" }),
    running: figure(0),
    dueLater: figure(30, { at: epochMs(now - 5_000), confidence: 0, how: "guessed" }),
    due: [{ at: epochMs(now + 290_000), tasks: 30 }],
    oldest: figure(95, { how: "a header" }),
    byPriority: [
      { priority: 0, waiting: 12_000 },
      { priority: 3, waiting: 345 },
    ],
  };
  expect(readingLines(seen({ queues: [full], workers: [], doubts: ["the counters do not close"] }), now)).toEqual([
    "redis, looked at 09:00:10 UTC",
    "● celery",
    "    waiting       12,345  LLEN of 4 priority lists, 0 s old, counted",
    "    reserved       8,200  sampled 500 of 50,000, 0 s old, 90 % sure",
    "    running            0  LLEN of 4 priority lists, 0 s old, counted",
    "    due later         30  guessed, 5 s old, a guess, the first at 09:05:00 UTC",
    "    oldest          95 s  a header, 0 s old, counted",
    "    by priority  0: 12,000, 3: 345",
    "workers: none was heard",
    "! the counters do not close",
  ]);
});

test("workers are listed, and counted beyond eight", () => {
  const worker = (n: number) => ({
    name: `celery@w${n}`,
    ip: undefined,
    at: now,
    active: 1,
    reserved: n === 0 ? 2 : undefined,
    scheduled: undefined,
    processed: 5,
    slots: n === 0 ? 4 : undefined,
    queues: undefined,
  });
  const lines = (count: number) => readingLines(seen({ queues: [], workers: Array.from({ length: count }, (_, n) => worker(n)) }), now).slice(1);
  expect(lines(1)).toEqual(["● 1 worker, 1 task running", "    celery@w0: 1 of 4 slots busy, 2 reserved"]);
  expect(lines(8)).toHaveLength(9);
  expect(lines(9).at(-1)).toBe("    … and 1 more");
});

test.each([
  [0, "0"],
  [999, "999"],
  [1_000, "1,000"],
  [1_234_567.4, "1,234,567"],
])("%d is said %s", (count, text) => {
  expect(sayCount(count)).toBe(text);
});
