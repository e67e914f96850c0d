import { hours, seconds } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import type { FlowAccount } from "../policy.ts";
import { usualFleet, type Workload } from "../workload.ts";
import { tasksOf } from "../workloads/draw.ts";
import { documentsRule } from "./documents-rule.ts";
import { keda, kedaPerSlot } from "./keda.ts";
import { latency } from "./latency.ts";
import type { Rule } from "./rule.ts";
import { stepScaling } from "./step-scaling.ts";
import { targetTracking } from "./target-tracking.ts";

/** Tasks of 10 s under a promise of 60 s: a worker of four slots can start 24 in time. */
const workload = (min = 1): Workload => ({
  name: "ten seconds",
  says: "made for a test",
  source: "own",
  length: hours(1),
  wait: seconds(60),
  fleet: { ...usualFleet, min, max: 20 },
  tasks: tasksOf([{ published: 0, service: 10_000 }]),
});

type Seen = Partial<Pick<FlowAccount, "waiting" | "reserved" | "running" | "ready">> & { readonly age?: number; readonly busy?: number };

/** What a rule wants when it looks again and again: `seen` tells what there is at each second. */
function wants(
  rule: Rule,
  seen: (second: number) => Seen,
  { until, from = 1, min = 1 }: { readonly until: number; readonly from?: number; readonly min?: number },
): readonly number[] {
  const shape = workload(min);
  const decide = rule.begin(shape);
  const said: number[] = [];
  let current = from;
  let [busyArea, slotArea] = [0, 0];
  for (let now = 0; now <= until * 1_000; ) {
    const { waiting = 0, reserved = 0, running = 0, ready = current, age = 0, busy = 0 } = seen(now / 1_000);
    const account = { workload: shape, now, waiting, reserved, running, ready, busyArea, slotArea, headAge: () => age * 1_000 };
    // A rule reads these and nothing else.
    const { want, next } = decide(account as unknown as FlowAccount, current);
    current = want;
    said.push(want);
    busyArea += busy * next;
    slotArea += 4 * Math.max(1, ready) * next;
    now += next;
  }
  return said;
}

describe("KEDA with its HPA", () => {
  test("doubles at most, or goes to four, each 15 s, until the target is met", () => {
    expect(wants(keda("LLEN", 1), () => ({ waiting: 480 }), { until: 60 })).toEqual([4, 8, 16, 20, 20]);
  });

  test("comes down only when nothing asked for more in the last 300 s", () => {
    const said = wants(keda("LLEN", 1), (second) => ({ waiting: second < 30 ? 96 : 0 }), { until: 345 });
    expect(said.slice(0, 3)).toEqual([4, 4, 4]);
    expect([said.at(-3), said.at(-2), said.at(-1)]).toEqual([4, 1, 1]);
  });

  test("counts running tasks where it reads unacknowledged ones, and not by LLEN", () => {
    expect(wants(keda("ready+unacked", 1 / 4), () => ({ waiting: 3, running: 15 }), { until: 0 })).toEqual([3]);
    expect(wants(keda("LLEN", 1 / 4), () => ({ waiting: 3, running: 15 }), { until: 0 })).toEqual([1]);
    expect(wants(kedaPerSlot(1), () => ({ waiting: 2, running: 11 }), { until: 0 })).toEqual([4]);
  });

  test("does nothing within a tenth of the target", () => {
    expect(wants(kedaPerSlot(1), () => ({ running: 43 }), { until: 0, from: 10 })).toEqual([10]);
    expect(wants(kedaPerSlot(1), () => ({ running: 45 }), { until: 0, from: 10 })).toEqual([12]);
  });

  test("starts one from zero at its next poll, and goes to zero 300 s after the last task", () => {
    const said = wants(keda("LLEN", 1), (second) => ({ waiting: second >= 40 && second < 70 ? 1 : 0 }), { until: 390, from: 0, min: 0 });
    expect(said.slice(0, 5)).toEqual([0, 0, 0, 0, 1]);
    expect(said.indexOf(0, 5) * 15).toBe(360);
  });
});

describe("target tracking", () => {
  test("goes out at the third minute above, in after fifteen below, never in twice within 300 s", () => {
    const said = wants(targetTracking(1), (second) => ({ waiting: second < 240 ? 100 : 0 }), { until: 1_500 });
    expect(said.slice(0, 4)).toEqual([1, 1, 5, 5]);
    // Five workers are enough from the fourth minute on, which is the first of fifteen.
    expect(said.indexOf(1, 4)).toBe(17);
  });

  test("starts one from zero", () => {
    expect(wants(targetTracking(1), () => ({ waiting: 1 }), { until: 0, from: 0, min: 0 })).toEqual([1]);
  });
});

describe("step scaling", () => {
  test("adds one from the first step and five from five times that, takes one when nothing is visible, and leaves all between alone", () => {
    const at = (waiting: number): readonly number[] => wants(stepScaling(1, "100"), () => ({ waiting, busy: 2 * 10 }), { until: 0, from: 10 });
    expect([at(0), at(1), at(99), at(100), at(499), at(500)]).toEqual([[9], [10], [10], [11], [11], [15]]);
  });

  test("looks at the highest of five minutes where its period is five", () => {
    const said = wants(stepScaling(5, "100"), (second) => ({ waiting: second === 60 ? 600 : 0, busy: 4 }), { until: 240, from: 2 });
    expect(said).toEqual([2, 2, 2, 2, 7]);
  });
});

describe("the documents' rule", () => {
  test("adds two a minute above the backlog and never has fewer than two", () => {
    expect(wants(documentsRule(1_000, 60, 20), () => ({ waiting: 1_001, busy: 1 }), { until: 120 })).toEqual([3, 5, 7]);
    expect(wants(documentsRule(1_000, 60, 20), () => ({ waiting: 1_000, busy: 1 }), { until: 0 })).toEqual([2]);
  });

  test("adds one at the fifth busy minute, and takes one after ten idle ones and 300 s", () => {
    expect(wants(documentsRule(1_000, 60, 20), () => ({ busy: 100 }), { until: 360, from: 2 })).toEqual([2, 2, 2, 2, 2, 3, 4]);
    const idle = wants(documentsRule(1_000, 60, 20), () => ({ busy: 0 }), { until: 900, from: 5 });
    expect([idle[8], idle[9], idle[13], idle[14]]).toEqual([5, 4, 4, 3]);
  });
});

describe("latency", () => {
  test("adds its step above its share of the promise, once a minute", () => {
    expect(wants(latency(1 / 2, 2), () => ({ waiting: 1, age: 31 }), { until: 60 })).toEqual([3, 3, 3, 3, 3, 3, 5]);
    expect(wants(latency(1 / 2, 2), () => ({ waiting: 1, age: 30 }), { until: 0 })).toEqual([1]);
  });

  test("takes one after five calm minutes, and keeps the last while anything runs", () => {
    const said = wants(latency(1 / 2, 1), () => ({ running: 1 }), { until: 900, from: 3, min: 0 });
    expect([said[29], said[30], said[60], said[90]]).toEqual([3, 2, 1, 1]);
  });
});
