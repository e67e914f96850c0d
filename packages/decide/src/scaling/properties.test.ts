import { epochMs, minutes, type ScalingState, type ScalingVerdict, seconds, type WorkerSettings } from "@nightshift/model";
import fc from "fast-check";
import { expect, test } from "vitest";
import { decideScaling, firstScalingState } from "./decide-scaling.ts";
import { look, NOON, type Seen, task, usual, worker } from "./scaling.fixture.ts";

/** A service that carries out each verdict, with looks that lie, break off and come late as chance has it. */
interface Step {
  readonly arrive: number;
  readonly finish: number;
  readonly later: number;
  readonly fate: "fine" | "unknown" | "zero" | "doubt" | "held" | "deploying" | "rollback";
  readonly answers: boolean;
  readonly works: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  arrive: fc.nat(400),
  finish: fc.nat(200),
  later: fc.constantFrom(15, 15, 15, 60),
  fate: fc.constantFrom("fine", "fine", "fine", "fine", "fine", "fine", "fine", "fine", "unknown", "zero", "doubt", "held", "deploying", "rollback"),
  answers: fc.boolean(),
  works: fc.nat(3),
});
const calmStep = step.map((one): Step => ({ ...one, arrive: one.arrive % 4, finish: 4 }));
const settings: fc.Arbitrary<WorkerSettings> = fc
  .record({
    min: fc.nat(3),
    more: fc.nat(12),
    maxStep: fc.integer({ min: 1, max: 12 }),
    changes: fc.integer({ min: 1, max: 40 }),
    wait: fc.constantFrom(60, 120, 600),
    acksLate: fc.boolean(),
  })
  .map(({ min, more, maxStep, changes, wait, acksLate }) => ({
    ...usual,
    min,
    max: Math.max(1, min + more),
    maxStep,
    maxChangesPerHour: changes,
    acksLate,
    drainAtMost: minutes(5),
    queues: [{ name: "celery", wait: seconds(wait) }],
  }));
const story = fc.tuple(settings, fc.array(fc.oneof(step, { arbitrary: calmStep, weight: 3 }), { minLength: 5, maxLength: 60 }), fc.nat(15));

/** One look of a story: what was seen, what was decided, and how things stood. */
interface Told {
  readonly seen: Seen;
  readonly step: Step;
  readonly before: ScalingState;
  readonly verdict: ScalingVerdict;
  readonly desired: number;
  readonly settings: WorkerSettings;
  readonly seenAgain: () => ScalingVerdict;
}

function play([own, steps, start]: [WorkerSettings, Step[], number], check: (told: Told) => void): void {
  let state = firstScalingState(NOON);
  let at = NOON;
  let desired = Math.min(own.max, Math.max(own.min, start));
  let [waiting, arrived, finished] = [0, 0, 0];
  let ids = Array.from({ length: desired }, (_, i) => i + 1);
  let made = desired;
  for (const one of steps) {
    at = epochMs(at + one.later * 1_000);
    const done = Math.min(one.finish, waiting + one.arrive);
    waiting += one.arrive - done;
    arrived += one.arrive;
    finished += done;
    const lies = one.fate === "zero";
    const told = at;
    const seen: Seen = {
      waiting: lies ? 0 : waiting,
      running: lies ? 0 : Math.min(waiting, desired * 4),
      arrived,
      finished,
      desired,
      heard: ids.map(() => 0),
      tasks: ids.map((id) => task(id)),
      doubts: one.fate === "doubt" ? ["odd"] : [],
      drained: one.answers
        ? state.draining.map(({ worker: name }) => ({ ...worker(0, told, { active: one.works === 1 ? 1 : 0, reserved: 0, scheduled: 0 }), name }))
        : [],
      ...(one.fate === "deploying" ? { deploying: "revision 7" } : {}),
      ...(one.fate === "unknown" ? { broker: { kind: "unknown", at, broker: "redis", because: "gone" } as const } : {}),
      more: one.fate === "held" ? { held: "Ana" } : one.fate === "rollback" ? { rollback: "revision 7" } : {},
    };
    const observation = { ...look(at, seen), ...(seen.heard === undefined ? {} : {}) };
    const heard = ids.map((id) => worker(id, told));
    const full = observation.broker.kind === "seen" ? { ...observation, broker: { ...observation.broker, workers: heard } } : observation;
    const before = state;
    const verdict = decideScaling(full, before, own);
    check({ seen, step: one, before, verdict, desired, settings: own, seenAgain: () => decideScaling(full, before, own) });
    if (verdict.desired < desired) {
      const victims = verdict.state.lowering?.victims ?? [];
      ids = ids.filter((id) => !victims.includes(`arn:task/${id}`));
    }
    for (let more = verdict.desired - desired; more > 0; more -= 1) ids.push(++made);
    desired = verdict.desired;
    state = verdict.state;
  }
}

const always = (check: (told: Told) => void): void =>
  fc.assert(
    fc.property(story, (one) => play(one, check)),
    { seed: 20_261_121, numRuns: 300 },
  );

test("the count never leaves its bounds, and no decision changes it by more than a step", () => {
  always(({ verdict, desired, settings: own }) => {
    expect(verdict.desired).toBeGreaterThanOrEqual(Math.min(own.min, desired));
    expect(verdict.desired).toBeLessThanOrEqual(own.max);
    expect(Math.abs(verdict.desired - desired)).toBeLessThanOrEqual(own.maxStep);
  });
}, 60_000);

test("the count falls only by workers that said at this very look, after they were told, that they hold nothing, with all others protected", () => {
  let falls = 0;
  always(({ verdict, desired, before, seen }) => {
    if (verdict.desired >= desired) return;
    falls += 1;
    const victims = verdict.state.lowering?.victims ?? [];
    expect(victims.length).toBe(desired - verdict.desired);
    for (const arn of victims) {
      const row = before.draining.find(({ task: own }) => own === arn);
      const said = seen.drained?.find(({ name }) => name === row?.worker);
      expect([said?.active, said?.reserved, said?.scheduled]).toEqual([0, 0, 0]);
      expect((said?.at ?? 0) > (row?.since ?? 0)).toBe(true);
    }
    const others = (seen.tasks ?? []).map(({ arn }) => arn).filter((arn) => !victims.includes(arn));
    expect([...verdict.protect].toSorted()).toEqual(others.toSorted());
  });
  expect(falls).toBeGreaterThan(50);
}, 60_000);

test("nothing at all is done while held, during a rollback, or while nobody knows what waits; nobody is taken away while deploying or in doubt", () => {
  always(({ verdict, desired, step: { fate } }) => {
    if (fate === "held" || fate === "rollback" || fate === "unknown") {
      expect([verdict.kind, verdict.desired, verdict.drain, verdict.undrain, verdict.protect, verdict.unprotect]).toEqual(["hold", desired, [], [], [], []]);
    }
    if (fate === "deploying" || fate === "doubt") {
      expect(verdict.desired).toBeGreaterThanOrEqual(desired);
      expect(verdict.drain).toEqual([]);
    }
  });
}, 60_000);

test("the same look at the same state gives the same verdict", () => {
  always(({ verdict, seenAgain }) => expect(seenAgain()).toEqual(verdict));
}, 60_000);

test("no more changes are made in an hour than the settings allow", () => {
  always(({ before, verdict, desired, settings: own }) => {
    if (verdict.desired === desired) return;
    const hour = before.changes.filter(({ at }) => verdict.state.at - at < 3_600_000);
    expect(hour.length).toBeLessThan(own.maxChangesPerHour);
  });
}, 60_000);

test("what is remembered stays below 16 kB, with fifty workers and forty of them draining", () => {
  let largest = 0;
  always(({ verdict }) => {
    largest = Math.max(largest, JSON.stringify(verdict.state).length);
    expect(verdict.state.memory.samples.length).toBeLessThanOrEqual(40);
    expect(Object.keys(verdict.state.memory.more).length).toBeLessThanOrEqual(20);
    expect(verdict.state.memory.startSeconds.length).toBeLessThanOrEqual(20);
    expect(verdict.state.changes.length).toBeLessThanOrEqual(60);
    expect(verdict.state.draining.length).toBeLessThanOrEqual(40);
  });
  // A real ARN is 100 letters longer than the fixtures', and fifty workers are at most protected at a time.
  expect(largest + 50 * 100 + 80 * 100).toBeLessThan(16_384);
}, 60_000);
