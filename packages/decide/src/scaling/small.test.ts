import { epochMs, minutes, seconds, type ScalingState } from "@nightshift/model";
import { expect, test } from "vitest";
import { attentionNow, thrash } from "./attention.ts";
import { explainScaling } from "./explain-scaling.ts";
import { calmThenDrain, emptyWorker, look, NOON, tasks, usual, Watch, worker } from "./scaling.fixture.ts";
import { smallestPromise } from "./smallest-promise.ts";
import { whatToRead } from "./what-to-read.ts";
import { stateWithoutEffects, worthKeeping } from "./worth-keeping.ts";

test("a quiet look reads counts and depths alone; heartbeats once a minute", () => {
  const watch = new Watch();
  for (let i = 0; i < 14; i += 1) watch.see(i === 13 ? { heard: [0] } : {});
  const soon = whatToRead(watch.state, epochMs(watch.at + 54_999), watch.settings);
  expect(soon).toEqual({ tasks: false, namesOnly: false, theseOnly: undefined, heartbeats: false, drained: [], cpu: false, memory: false, rival: false });
  expect(whatToRead(watch.state, epochMs(watch.at + 55_000), watch.settings).heartbeats).toBe(true);
});

test("the first look asks for other scalers, a busy one again after a quarter of an hour, a quiet one does not", () => {
  const watch = new Watch();
  expect(whatToRead(watch.state, watch.at, watch.settings).rival).toBe(true);
  watch.see({ running: 1 });
  expect(whatToRead(watch.state, epochMs(watch.at + 869_999), watch.settings).rival).toBe(false);
  expect(whatToRead(watch.state, epochMs(watch.at + 870_000), watch.settings).rival).toBe(true);
  watch.see({});
  expect(whatToRead(watch.state, epochMs(watch.at + 900_000), watch.settings).rival).toBe(false);
});

test("a scale-in reads tasks when it gives up and when it proves, and asks each drained worker until then", () => {
  const watch = calmThenDrain();
  const names = ["celery@ip-10-0-0-3.ec2.internal", "celery@ip-10-0-0-2.ec2.internal"];
  const asks = () => {
    const { tasks: read, drained } = whatToRead(watch.state, epochMs(watch.at + 15_000), watch.settings);
    return { read, drained };
  };
  expect(asks()).toEqual({ read: true, drained: names });
  watch.see((at) => ({ running: 1, desired: 3, arrived: 40, finished: 40, tasks: tasks(3), drained: [emptyWorker(3, at), emptyWorker(2, at)] }));
  expect(asks()).toEqual({ read: true, drained: [] });
  watch.see({ running: 1, desired: 1, arrived: 41, finished: 41, tasks: tasks(1) });
  expect(asks()).toEqual({ read: false, drained: [] });
});

test("where every worker was heard and is ours by count, victims are chosen without reading tasks, and their tasks are found later", () => {
  const watch = new Watch();
  for (let i = 1; i < 30 && watch.last?.kind !== "drain"; i += 1) watch.see({ running: 1, desired: 3, heard: [1, 0, 0], arrived: i, finished: i });
  expect(watch.last?.drain.map(({ task }) => task)).toEqual(["", ""]);
  watch.see((at) => ({ running: 1, desired: 3, arrived: 40, finished: 40, tasks: tasks(3), drained: [emptyWorker(3, at), emptyWorker(2, at)] }));
  expect([watch.last?.kind, watch.state.lowering?.victims]).toEqual(["in", ["arn:task/2", "arn:task/3"]]);
});

test("a scale-in whose tasks are known lists names to give up, protects all others by name, and follows victims and protected ones alone", () => {
  const watch = calmThenDrain();
  const asks = () => {
    const { namesOnly, theseOnly } = whatToRead(watch.state, epochMs(watch.at + 15_000), watch.settings);
    return [namesOnly, theseOnly];
  };
  expect(asks()).toEqual([true, undefined]);
  const empty = { running: 1, desired: 3, arrived: 40, finished: 40 };
  const seen = watch.see((at) => ({
    ...empty,
    listed: ["arn:task/1", "arn:task/2", "arn:task/3", "arn:task/new"],
    drained: [emptyWorker(3, at), emptyWorker(2, at)],
  }));
  expect([seen.kind, seen.desired, seen.protect]).toEqual(["in", 1, ["arn:task/1", "arn:task/new"]]);
  expect(watch.state.lowering?.victims.toSorted()).toEqual(["arn:task/2", "arn:task/3"]);
  const [names, these] = asks();
  expect([names, Array.isArray(these) ? these.toSorted() : these]).toEqual([false, ["arn:task/1", "arn:task/2", "arn:task/3", "arn:task/new"]]);
  expect(watch.see({ running: 1, desired: 1, arrived: 41, finished: 41, followed: tasks(3) }).kind).toBe("hold");
  const proven = watch.see({ running: 1, desired: 1, arrived: 42, finished: 42, followed: tasks(1), stopped: [] });
  expect([proven.kind, proven.unprotect]).toEqual(["settle", ["arn:task/1", "arn:task/new"]]);
});

test("a drained worker whose task is not listed any more is not given up, and of followed tasks alone nobody is", () => {
  const empty = { running: 1, desired: 3, arrived: 40, finished: 40 };
  const gone = calmThenDrain();
  gone.see((at) => ({ ...empty, listed: ["arn:task/1", "arn:task/2"], drained: [emptyWorker(3, at), emptyWorker(2, at)] }));
  expect([gone.last?.kind, gone.state.lowering?.victims, gone.state.draining.map(({ task }) => task)]).toEqual(["in", ["arn:task/2"], ["arn:task/2"]]);
  const some = calmThenDrain();
  const kept = some.see((at) => ({ ...empty, followed: tasks(3), drained: [emptyWorker(3, at), emptyWorker(2, at)] }));
  expect([kept.kind, kept.desired, kept.protect]).toEqual(["hold", 3, []]);
});

test("with workers of somebody else on the broker nobody is told to leave before tasks were read", () => {
  const watch = new Watch();
  for (let i = 1; i < 30; i += 1) watch.see({ running: 1, desired: 3, heard: [1, 0, 0, 0], arrived: i, finished: i });
  expect([watch.last?.kind, whatToRead(watch.state, watch.at, watch.settings).tasks]).toEqual(["hold", true]);
});

test("where nobody says what runs, three minutes in which nothing waited are quiet; what waits or is known to run is not", () => {
  const next = (running: number | undefined, looks: number, { waiting = 0, heard = false } = {}) => {
    const watch = new Watch();
    const queue = (value: number) => ({ value, at: watch.at, confidence: 0.9, how: "about" });
    const see = (waits: number) =>
      watch.see((at) => ({
        more: {
          broker: {
            ...{ kind: "seen", at, broker: "sqs", counters: undefined, doubts: [] },
            workers: heard && watch.at % 60_000 === 15_000 ? [worker(1, at, { active: 3 })] : undefined,
            queues: [
              {
                ...{ queue: "celery", dueLater: undefined, due: [], oldest: undefined, byPriority: [], arrived: undefined, finished: undefined },
                ...{ waiting: { ...queue(waits), at }, reserved: { ...queue(0), at }, running: running === undefined ? undefined : { ...queue(running), at } },
              },
            ],
          },
        },
      }));
    see(3);
    for (let i = 0; i < looks; i += 1) see(0);
    return see(waiting).next;
  };
  expect([next(undefined, 10), next(undefined, 14), next(undefined, 14, { waiting: 1 }), next(2, 14)]).toEqual([
    seconds(15),
    seconds(60),
    seconds(15),
    seconds(15),
  ]);
  // Workers that were heard say what runs; between two windows of listening nobody does.
  expect(next(undefined, 14, { heard: true })).toBe(seconds(15));
});

test("a quiet service is not written until a quarter of an hour passed; a change is written at once", () => {
  const watch = new Watch();
  for (let i = 0; i < 14; i += 1) watch.see({});
  const kept = watch.state;
  watch.see({}, 60);
  expect(worthKeeping(kept, watch.state, watch.at)).toBe(false);
  watch.see({}, 839);
  expect(worthKeeping(kept, watch.state, watch.at)).toBe(false);
  watch.see({}, 1);
  expect(worthKeeping(kept, watch.state, watch.at)).toBe(true);
  const now = watch.state;
  watch.see({ waiting: 1, arrived: 1 });
  expect(worthKeeping(now, watch.state, watch.at)).toBe(true);
  expect(worthKeeping(new Watch().state, now, watch.at)).toBe(true);
});

test("counts alone are written at every second look, what was heard at once", () => {
  const watch = new Watch();
  for (let i = 1; i <= 8; i += 1) watch.see({ running: 2, arrived: 15 * i, finished: 15 * i - 2 });
  const kept = watch.state;
  watch.see({ running: 2, arrived: 135, finished: 133 });
  expect(worthKeeping(kept, watch.state, watch.at)).toBe(false);
  watch.see({ running: 2, arrived: 145, finished: 143 }, 9);
  expect(worthKeeping(kept, watch.state, watch.at)).toBe(false);
  watch.see({ running: 2, arrived: 146, finished: 144 }, 1);
  expect(worthKeeping(kept, watch.state, watch.at)).toBe(true);
  const silent = watch.state;
  watch.see({ running: 2, arrived: 160, finished: 158, heard: [2] });
  expect(worthKeeping(silent, watch.state, watch.at)).toBe(true);
});

test("what was only told leaves no drain, no change and no start behind", () => {
  const watch = calmThenDrain();
  const told = watch.last;
  const before: ScalingState = { ...watch.state, draining: [], memory: { ...watch.state.memory, lastIn: undefined } };
  expect(told).toBeDefined();
  if (told === undefined) return;
  const kept = stateWithoutEffects(before, told);
  expect([kept.draining, kept.changes, kept.memory.lastIn, kept.version]).toEqual([[], [], undefined, watch.state.version]);
  const out = new Watch();
  out.see({});
  const first = out.state;
  const verdict = out.see({ waiting: 400, arrived: 400, running: 4 });
  expect([verdict.kind, verdict.state.memory.starting.length]).toEqual(["out", 1]);
  const shadow = stateWithoutEffects(first, verdict);
  expect([shadow.memory.starting, shadow.changes, shadow.memory.lastOut]).toEqual([[], [], undefined]);
});

test("from zero a promise needs a look, a start and five seconds; with workers standing, a look", () => {
  expect(smallestPromise({ min: 0, startTime: seconds(60) })).toBe(80_000);
  expect(smallestPromise({ min: 1, startTime: seconds(60) })).toBe(15_000);
});

test("what lasts is told once, what happened stays a quarter of an hour, and what is over is gone", () => {
  const later = (ms: number) => epochMs(NOON + ms);
  const first = attentionNow(
    [],
    [
      { kind: "saturated", says: ["a"] },
      { kind: "wrong-victim", says: ["b"] },
    ],
    NOON,
  );
  const second = attentionNow(first, [{ kind: "saturated", says: ["c"] }], later(899_999));
  expect(second).toBe(first);
  expect(attentionNow(first, [], later(899_999)).map(({ kind }) => kind)).toEqual(["wrong-victim"]);
  expect(attentionNow(first, [], later(900_000))).toEqual([]);
});

test("six turns within an hour are thrash; five, slow ones, and to zero and back are not", () => {
  const state = (count: number, apart: number, least = 1): ScalingState => ({
    ...new Watch().state,
    changes: Array.from({ length: count }, (_, i) => ({ at: epochMs(NOON + i * apart), from: i % 2 === 0 ? least : 2, to: i % 2 === 0 ? 2 : least })),
  });
  const told = (s: ScalingState) => thrash(s, 40, epochMs(NOON + minutes(59)))?.kind;
  expect([told(state(7, 300_000)), told(state(6, 300_000)), told(state(7, 600_000)), told(state(7, 300_000, 0))]).toEqual([
    "thrash",
    undefined,
    undefined,
    undefined,
  ]);
  expect(thrash(state(4, 60_000, 0), 4, epochMs(NOON + minutes(5)))?.says[0]).toContain("All 4 changes of this hour are made");
});

test("an explanation says what was done, why, and from which figures", () => {
  const watch = new Watch();
  watch.see({ running: 0 });
  const from = watch.state;
  const verdict = watch.see({ waiting: 400, running: 4, arrived: 404 });
  const lines = explainScaling({ service: "worker", at: watch.at, observation: look(watch.at, { waiting: 400, running: 4, arrived: 404 }), from, verdict });
  expect(lines[0]).toBe("2026-03-16 12:00:30 UTC: 1 → 11 workers");
  expect(lines).toContain("queue: 400 waiting, 0 reserved, 4 running, 0 due soon");
  expect(lines).toContain("workers: 1 running, 0 starting, 0 draining; a start takes 60 s");
  expect(lines.at(-1)).toBe("next look in 15 s");
});

test("an unknown figure is explained as unknown, not as nought", () => {
  const watch = new Watch();
  const gone = { kind: "unknown", at: NOON, broker: "redis", because: "refused" } as const;
  const verdict = watch.see({ broker: gone });
  const lines = explainScaling({ service: "worker", at: watch.at, observation: look(watch.at, { broker: gone }), from: watch.state, verdict });
  expect(lines).toContain("queue: unknown waiting, unknown reserved, unknown running, unknown due soon");
});

test("settings that the fixtures share are those of the documents' defaults", () => {
  expect([usual.min, usual.max, usual.maxStep, usual.maxChangesPerHour]).toEqual([1, 20, 10, 40]);
});
