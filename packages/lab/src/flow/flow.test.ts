import { hours, minutes, ms, seconds } from "@nightshift/model";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seededNumbers } from "../time/chance.ts";
import { Flow } from "./flow.ts";
import { mostAtOnce } from "./policies/most-at-once.ts";
import { keda } from "./policies/keda.ts";
import { latency } from "./policies/latency.ts";
import { asUsed, withDrain } from "./policies/rule.ts";
import type { FlowPolicy } from "./policy.ts";
import { simulate } from "./simulate.ts";
import { type FleetShape, usualFleet, type Workload } from "./workload.ts";
import { type Job, momentsAt, tasksOf } from "./workloads/draw.ts";

const workload = (jobs: readonly Job[], fleet: Partial<FleetShape> = {}, over: Partial<Workload> = {}): Workload => ({
  name: "small",
  says: "made for a test",
  source: "own",
  length: minutes(10),
  wait: seconds(60),
  fleet: { ...usualFleet, ...fleet },
  tasks: tasksOf(jobs),
  ...over,
});
const job = (publishedSeconds: number, serviceSeconds: number, dueSeconds = publishedSeconds): Job => ({
  published: publishedSeconds * 1_000,
  due: dueSeconds * 1_000,
  service: serviceSeconds * 1_000,
});
/** Changes the count at given seconds, and nothing else. */
const script = (...steps: readonly (readonly [second: number, count: number])[]): FlowPolicy => ({
  name: "script",
  setting: "",
  begin: () => (account) => {
    const due = steps.filter(([second]) => second * 1_000 <= account.now).at(-1);
    if (due !== undefined) account.setDesired(due[1]);
    return 1_000;
  },
});
const half = (): number => 0.5;

describe("a worker", () => {
  test("executes as many tasks at once as it has slots, in the order they came", () => {
    const flow = new Flow(workload([job(1, 10), job(2, 10), job(3, 10)], { concurrency: 2 }), half);
    flow.playTo(60_000);
    expect([...flow.firstStart]).toEqual([1_000, 2_000, 11_000]);
    expect(flow.finished).toBe(3);
  });

  test("holds what it prefetched, and others do not get it", () => {
    const jobs = [job(1, 100), job(2, 5), job(3, 5)];
    const flow = new Flow(workload(jobs, { concurrency: 1, prefetch: 2 }), half);
    flow.playTo(50_000);
    expect([flow.running, flow.reserved, flow.waiting]).toEqual([1, 1, 1]);
  });

  test("reserves beyond its slots under early acknowledgement even without prefetch beyond one", () => {
    const flow = new Flow(workload([job(1, 100), job(2, 5), job(3, 5)], { concurrency: 1, prefetch: 1, acksLate: false }), half);
    flow.playTo(50_000);
    expect([flow.running, flow.reserved, flow.waiting]).toEqual([1, 1, 1]);
  });

  test("takes a task with an ETA when it is due, not before", () => {
    const flow = new Flow(workload([job(1, 1, 90)]), half);
    flow.playTo(60_000);
    expect([flow.dueLater, flow.dueRows(60)]).toEqual([1, [{ at: 60_000, tasks: 1 }]]);
    flow.playTo(200_000);
    expect([flow.dueLater, flow.firstStart[0]]).toEqual([0, 90_000]);
  });

  test("that is drained finishes what it has and takes nothing more until it is undrained", () => {
    const flow = new Flow(workload([job(1, 10), job(5, 10)], { concurrency: 1 }), half);
    flow.playTo(2_000);
    flow.drain(0);
    flow.playTo(30_000);
    expect([flow.finished, flow.waiting, flow.running]).toEqual([1, 1, 0]);
    flow.undrain(0);
    flow.playTo(50_000);
    expect([flow.finished, flow.firstStart[1]]).toEqual([2, 30_000]);
  });

  test("starts 30 to 60 s after it was asked for", () => {
    const flow = new Flow(workload([], { min: 0 }), seededNumbers(7));
    flow.setDesired(20);
    flow.playTo(29_999);
    expect(flow.ready).toBe(0);
    flow.playTo(60_000);
    expect(flow.ready).toBe(20);
  });
});

describe("a scale-in", () => {
  test("lets a task end that needs 30 s at most, and kills one that needs longer, which runs again", () => {
    const short = simulate(workload([job(1, 45)], { min: 1, concurrency: 1 }), script([16, 0]), { seed: 1 });
    expect([short.killed, short.finished]).toEqual([0, 1]);
    const long = simulate(workload([job(1, 60)], { min: 1, concurrency: 1 }), script([16, 0], [200, 1]), { seed: 1 });
    expect([long.killed, long.reRun, long.finished, long.lost]).toEqual([1, 1, 1, 0]);
  });

  test("loses a killed task under early acknowledgement", () => {
    const run = simulate(workload([job(1, 60)], { min: 1, concurrency: 1, acksLate: false }), script([16, 0], [200, 1]), { seed: 1 });
    expect([run.killed, run.reRun, run.finished, run.lost]).toEqual([1, 0, 0, 1]);
  });

  test("gives back what was only reserved, without a kill", () => {
    const run = simulate(workload([job(1, 20), job(2, 5)], { min: 1, concurrency: 1, prefetch: 4 }), script([16, 0], [60, 1]), { seed: 1 });
    expect([run.killed, run.reRun, run.finished]).toEqual([0, 0, 2]);
  });

  test("waits with killed tasks until the broker gives them back", () => {
    const flow = new Flow(workload([job(1, 60)], { concurrency: 1, redeliverAfter: ms(3_600_000) }, { length: hours(2) }), half);
    flow.playTo(10_000);
    flow.setDesired(0);
    flow.playTo(41_000);
    expect([flow.killed, flow.waiting, flow.unseen]).toEqual([1, 0, 1]);
    flow.playTo(3_640_001);
    expect([flow.waiting, flow.unseen]).toEqual([1, 0]);
  });

  test("spares protected workers, and takes one when the protection ends", () => {
    const flow = new Flow(workload([], { min: 3 }), half);
    flow.playTo(1_000);
    for (const id of [0, 2]) flow.protect(id, minutes(5));
    flow.setDesired(1);
    expect(flow.workers().map(({ id }) => id)).toEqual([0, 2]);
    flow.playTo(301_001);
    flow.reconcile();
    expect(flow.workers()).toHaveLength(1);
  });

  test("after a drain kills nothing, where ECS alone would", () => {
    const jobs = momentsAt(() => 0.2, { from: 0, to: 3_600_000, most: 0.2 }, seededNumbers(3)).map((published) => ({ published, service: 120_000 }));
    const busy = workload(jobs, {}, { length: hours(2) });
    const policy = latency(1 / 4, 4);
    expect(simulate(busy, asUsed(policy), { seed: 4 }).killed).toBeGreaterThan(0);
    expect(simulate(busy, withDrain(policy), { seed: 4 }).killed).toBe(0);
  });
});

describe("the bill", () => {
  test("runs from the call to the end of each worker, a minute at least", () => {
    const quick = simulate(workload([], { min: 0 }, { length: hours(1) }), script([600, 1], [610, 0]), { seed: 1 });
    expect(quick.workerHours).toBeCloseTo(1 / 60, 9);
    const longer = simulate(workload([], { min: 0 }, { length: hours(1) }), script([600, 1], [960, 0]), { seed: 1 });
    expect(longer.workerHours).toBeCloseTo(0.1, 3);
  });

  test("of a standing fleet is its size times the time", () => {
    expect(simulate(workload([], { min: 5 }, { length: hours(2) }), script(), { seed: 1 }).workerHours).toBeCloseTo(10, 9);
  });
});

test("a Spot reclaim is replaced, and what it kills is told apart from a scale-in's kills", () => {
  const jobs = momentsAt(() => 0.05, { from: 0, to: 7_200_000, most: 0.05 }, seededNumbers(3)).map((published) => ({ published, service: 300_000 }));
  const run = simulate(workload(jobs, { min: 5, spot: { onDemandBase: 1, reclaimsPerHour: 2 } }, { length: hours(2) }), script([0, 5]), { seed: 2 });
  expect(run.killed).toBe(0);
  expect(run.reclaimed).toBe(run.reRun);
  expect(run.reclaimed).toBeGreaterThan(3);
});

test("changes of the count are counted, and those within ten minutes against the one before", () => {
  const run = simulate(workload([], { min: 1 }, { length: hours(1) }), script([60, 3], [120, 2], [719, 3], [1_400, 1]), { seed: 1 });
  expect([run.actions, run.reversals]).toEqual([4, 2]);
});

test("the same seed gives the same run, another one another", () => {
  const jobs = momentsAt(() => 1, { from: 0, to: 3_600_000, most: 1 }, seededNumbers(3)).map((published) => ({ published, service: 10_000 }));
  const busy = workload(jobs, {}, { length: hours(1) });
  const play = (seed: number) => simulate(busy, asUsed(keda("LLEN", 0.25)), { seed });
  expect(play(5)).toEqual(play(5));
  expect(play(5)).not.toEqual(play(6));
});

test("every published task is finished, waiting, running, not yet due or lost, whatever happens", () => {
  const jobs = fc.array(
    fc.record({ published: fc.integer({ min: 0, max: 600_000 }), wait: fc.integer({ min: 0, max: 300_000 }), service: fc.integer({ min: 1, max: 90_000 }) }),
    {
      maxLength: 60,
    },
  );
  const fleet = fc.record({
    concurrency: fc.integer({ min: 1, max: 4 }),
    prefetch: fc.integer({ min: 1, max: 4 }),
    acksLate: fc.boolean(),
    min: fc.integer({ min: 0, max: 3 }),
    redeliverAfter: fc.constantFrom(ms(0), ms(120_000)),
  });
  const counts = fc.array(fc.tuple(fc.integer({ min: 0, max: 600 }), fc.integer({ min: 0, max: 6 })), { maxLength: 12 });
  fc.assert(
    fc.property(jobs, fleet, counts, fc.nat(1_000), (rows, shape, steps, seed) => {
      const small = workload(
        rows.map(({ published, wait, service }) => ({ published, due: published + wait, service })),
        shape,
      );
      const run = simulate(small, script(...steps.toSorted(([a], [b]) => a - b)), { seed });
      expect(run.finished + run.waiting + run.running + run.notYetDue + run.lost).toBe(run.tasks);
      expect(run.tasks).toBe(rows.length);
      expect(run.lost).toBe(shape.acksLate ? 0 : run.killed);
    }),
    { seed: 20_261_121, numRuns: 150 },
  );
});

/** Mean seconds of waiting in a queue with c servers, Poisson arrivals and exponential service: Erlang's C formula. */
test.each([
  { slots: 1, rate: 0.7, meanWait: 2.333 },
  { slots: 4, rate: 3.2, meanWait: 0.746 },
  { slots: 8, rate: 6, meanWait: 0.178 },
])("an M/M/$slots queue waits as Erlang says", ({ slots, rate, meanWait }) => {
  const random = seededNumbers(11);
  const length = hours(60);
  const jobs = momentsAt(() => rate, { from: 0, to: length, most: rate }, random).map((published) => ({ published, service: -Math.log(1 - random()) * 1_000 }));
  const flow = new Flow(workload(jobs, { concurrency: slots }, { length }), half);
  flow.playTo(length);
  const { due } = flow.workload.tasks;
  let waited = 0;
  let begun = 0;
  for (let task = 0; task < due.length; task += 1) {
    const started = flow.firstStart[task] ?? Number.NaN;
    if (Number.isNaN(started)) continue;
    waited += started - (due[task] ?? 0);
    begun += 1;
  }
  expect(waited / begun / 1_000 / meanWait).toBeGreaterThan(0.93);
  expect(waited / begun / 1_000 / meanWait).toBeLessThan(1.07);
  expect(flow.busyArea / flow.slotArea).toBeCloseTo(rate / slots, 1);
});

test("the maximum comes at the first look that finds anything waiting, and stays", () => {
  const run = simulate(workload([job(60, 100), job(60, 100), job(60, 100)], { concurrency: 1, max: 7 }), mostAtOnce, { seed: 1 });
  expect([run.peakWorkers, run.actions]).toEqual([7, 1]);
});
