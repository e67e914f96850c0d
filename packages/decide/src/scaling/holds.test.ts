import { epochMs, minutes, type ScalingObservation } from "@nightshift/model";
import { expect, test } from "vitest";
import { calmThenDrain, emptyWorker, NOON, tasks, Watch, type Seen } from "./scaling.fixture.ts";

const wave: Seen = { waiting: 400, running: 4, arrived: 500, finished: 96 };
const steady = (): Watch => {
  const watch = new Watch();
  for (let i = 1; i <= 8; i += 1) watch.see({ running: 2, arrived: 12 * i, finished: 12 * i - 2 });
  return watch;
};
const gone: Seen = { broker: { kind: "unknown", at: NOON, broker: "redis", because: "no answer within 1 s" } };

test("a person's hold, a rollback and another scaler each keep everything as it is, whatever waits", () => {
  const holds: readonly (readonly [Partial<ScalingObservation>, string])[] = [
    [{ held: "Ana holds it until 15:00" }, "held: Ana holds it until 15:00"],
    [{ rollback: "revision 7 is taken back" }, "a rollback works on the service: revision 7 is taken back"],
    [{ rival: "Application Auto Scaling" }, "another scaler acts on the service: Application Auto Scaling"],
  ];
  for (const [more, because] of holds) {
    const verdict = steady().see({ ...wave, more });
    expect([verdict.kind, verdict.desired, verdict.drain, verdict.undrain, verdict.because[0]]).toEqual(["hold", 1, [], [], because]);
  }
  expect(steady().see(wave).kind).toBe("out");
});

test("a held service keeps its drained workers as they are until it is released", () => {
  const watch = calmThenDrain();
  const empty: (at: typeof NOON) => Seen = (at) => ({
    running: 1,
    desired: 3,
    arrived: 40,
    finished: 40,
    tasks: tasks(3),
    drained: [emptyWorker(3, at), emptyWorker(2, at)],
  });
  const held = watch.see((at) => ({ ...empty(at), more: { held: "Ana holds it" } }));
  expect([held.kind, held.desired, held.protect, watch.state.draining.length]).toEqual(["hold", 3, [], 2]);
  expect(watch.see(empty).kind).toBe("in");
});

test("another scaler is told once, is taken to be there until asked again, and is forgotten when it is gone", () => {
  const watch = new Watch();
  const told = watch.see({ more: { rival: "Application Auto Scaling" } });
  expect(told.attention.map(({ kind, since }) => [kind, since])).toEqual([["rival", watch.at]]);
  const since = watch.at;
  expect(watch.see(wave).kind).toBe("hold");
  expect(watch.last?.attention.map((one) => [one.kind, one.since])).toEqual([["rival", since]]);
  watch.see(wave, 300);
  expect(watch.last?.attention.map(({ kind }) => kind)).toEqual([]);
});

test("an unknown broker changes nothing, is told after half a minute and once, and two fresh looks later one step is made at most", () => {
  const watch = steady();
  expect(watch.see(gone).attention).toEqual([]);
  expect(watch.see(gone).attention).toEqual([]);
  const told = watch.see(gone).attention;
  expect(told.map(({ kind }) => kind)).toEqual(["broker-unreachable"]);
  for (let i = 0; i < 37; i += 1) {
    const dark = watch.see(gone);
    expect([dark.kind, dark.desired, dark.attention]).toEqual(["hold", 1, told]);
    expect([dark.figures.waiting, dark.figures.worstNowSeconds]).toEqual([undefined, undefined]);
  }
  const first = watch.see({ ...wave, waiting: 5_000, arrived: 5_100 });
  expect([first.kind, first.desired]).toEqual(["hold", 1]);
  const second = watch.see({ ...wave, waiting: 5_000, arrived: 5_100, finished: 100 });
  expect([second.kind, second.desired, second.attention.map(({ kind }) => kind)]).toEqual(["out", 11, []]);
});

test("a reading of a minute is fresh, an older one is unknown; so is one count in it", () => {
  const aged = (watch: Watch, age: number): string => {
    const { broker } = { broker: steadyReading(watch, age) };
    return watch.see({ broker }).because[0] ?? "";
  };
  expect(aged(steady(), 60)).not.toContain("old");
  expect(aged(steady(), 61)).toBe("the newest look at the broker is 61 s old");
});

const steadyReading = (watch: Watch, age: number): NonNullable<Seen["broker"]> => ({
  kind: "seen",
  at: epochMs(watch.at + 15_000 - age * 1_000),
  broker: "redis",
  queues: [
    {
      queue: "celery",
      waiting: { value: 0, at: epochMs(watch.at + 15_000), confidence: 1, how: "counted" },
      reserved: undefined,
      running: undefined,
      dueLater: undefined,
      due: [],
      oldest: undefined,
      byPriority: [],
      arrived: undefined,
      finished: undefined,
    },
  ],
  counters: undefined,
  workers: undefined,
  doubts: [],
});

test("a queue whose depth nobody told is unknown, never empty", () => {
  const watch = steady();
  const reading = steadyReading(watch, 0);
  const blind = watch.see({ broker: { ...reading, kind: "seen", queues: [] } as NonNullable<Seen["broker"]> }); // A reading without a queue.
  expect([blind.kind, blind.because[0]]).toEqual(["hold", "no watched queue told how much waits"]);
});

test("counters that fall contradict the look before: nothing is done until two looks agree", () => {
  const watch = steady();
  const lie = watch.see({ ...wave, arrived: 3, finished: 0 });
  expect([lie.kind, lie.because[0]]).toEqual(["hold", "the count of arrived tasks fell from 96 to 3"]);
  expect(watch.see(wave).kind).toBe("hold");
  expect(watch.see({ ...wave, finished: 100, arrived: 504 }).kind).toBe("out");
});

test("counters of another epoch begin anew and contradict nothing", () => {
  const watch = steady();
  expect(watch.see({ running: 2, arrived: 1, finished: 0, epoch: "two" }).because[0]).not.toContain("fell");
});

test("zeros while tasks were there and were not finished are no truth: nobody is told to leave for as long as they are said", () => {
  const watch = new Watch();
  for (let i = 1; i <= 12; i += 1)
    watch.see({ waiting: 30, running: 12, desired: 3, arrived: 40 * i + 42, finished: 40 * i, heard: [4, 4, 4], tasks: tasks(3) });
  for (let i = 0; i < 5; i += 1) {
    const lie = watch.see({ waiting: 0, running: 0, desired: 3, arrived: 525, finished: 482, heard: [0, 0, 0], tasks: tasks(3) });
    expect([lie.kind, lie.desired, lie.drain]).toEqual(["hold", 3, []]);
    expect(lie.because[0]).toContain("are gone and were not finished");
  }
  expect(watch.last?.attention.map(({ kind }) => kind)).toEqual(["broker-unreachable"]);
});

test("zeros that the counters account for are believed", () => {
  const watch = new Watch();
  for (let i = 1; i <= 12; i += 1) watch.see({ waiting: 30, running: 12, desired: 3, arrived: 40 * i + 42, finished: 40 * i });
  expect(watch.see({ desired: 3, arrived: 523, finished: 523 }).because[0]).not.toContain("gone");
});

test("zeros without counters are believed only where the workers can have been so fast", () => {
  const after = (waiting: number): string => {
    const watch = new Watch();
    for (let i = 0; i < 6; i += 1) watch.see({ waiting: 600 - 60 * i, running: 12, desired: 3, counters: false });
    watch.see({ waiting, running: 12, desired: 3, counters: false });
    return watch.see({ desired: 3, counters: false }).because[0] ?? "";
  };
  expect(after(2_000)).toContain("cannot have done");
  expect(after(40)).not.toContain("cannot have done");
});

test("a look that doubts itself adds workers but takes nobody away", () => {
  const watch = calmThenDrain();
  const next = watch.see((at) => ({
    running: 1,
    desired: 3,
    arrived: 40,
    finished: 40,
    tasks: tasks(3),
    drained: [emptyWorker(3, at), emptyWorker(2, at)],
    doubts: ["two statistics disagree"],
  }));
  expect([next.kind, next.desired, next.because[0]]).toEqual(["hold", 3, "nobody is taken away: two statistics disagree"]);
  expect(steady().see({ ...wave, doubts: ["two statistics disagree"] }).kind).toBe("out");
});

test("nobody is given up while the oldest task waits longer and longer", () => {
  const watch = calmThenDrain();
  watch.see({ running: 1, desired: 3, arrived: 17, finished: 16, oldest: 10, tasks: tasks(3), drained: [] });
  const ages = watch.see((at) => ({
    running: 1,
    desired: 3,
    arrived: 17,
    finished: 16,
    oldest: 25,
    tasks: tasks(3),
    drained: [emptyWorker(3, at), emptyWorker(2, at)],
  }));
  expect([ages.kind, ages.desired]).toEqual(["hold", 3]);
  const calm = watch.see((at) => ({
    running: 1,
    desired: 3,
    arrived: 17,
    finished: 16,
    oldest: 12,
    tasks: tasks(3),
    drained: [emptyWorker(3, at), emptyWorker(2, at)],
  }));
  expect(calm.kind).toBe("in");
});

test("a service that cannot be read is left as it is, and nothing is forgotten", () => {
  const watch = calmThenDrain();
  const before = watch.state.memory;
  const blind = watch.see({ more: { fleet: { ok: false, because: "throttled" } } });
  expect([blind.kind, blind.because]).toEqual(["hold", ["the service could not be read: throttled"]]);
  expect(watch.state.memory).toEqual(before);
  expect(watch.state.draining.length).toBe(2);
});

test("a person's order is obeyed up at once and down through the drain, within bounds, until it ends", () => {
  const order = (workers: number | undefined, max: number | undefined) => ({
    service: "worker",
    workers,
    max,
    by: "Ana",
    because: "the sale",
    at: NOON,
    until: epochMs(NOON + minutes(60)),
  });
  const watch = new Watch({ max: 8, maxStep: 20 });
  watch.see({});
  expect(watch.see({ more: { order: order(6, undefined) } }).desired).toBe(6);
  expect(watch.see({ desired: 6, more: { order: order(30, undefined) } }).desired).toBe(8);
  expect(watch.see({ desired: 8, more: { order: order(30, 12) } }).desired).toBe(12);
  const down = watch.see({ desired: 12, heard: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], tasks: tasks(12), more: { order: order(2, undefined) } });
  expect([down.kind, down.drain.length, down.desired]).toEqual(["drain", 10, 12]);
  const over = new Watch({ max: 8 });
  over.see({}, 3_600);
  expect(over.see({ more: { order: order(6, undefined) } }).desired).toBe(1);
});
