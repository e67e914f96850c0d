import { hours, minutes, seconds } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { drained, nameOf, used } from "../../../../bench/scaling/grid.ts";
import { fewestWorkerHours } from "../../../../bench/scaling/bound.ts";
import { seededNumbers } from "../time/chance.ts";
import { nightshift } from "./policies/nightshift.ts";
import { simulate } from "./simulate.ts";
import { usualFleet, type Workload } from "./workload.ts";
import { momentsAt, tasksOf } from "./workloads/draw.ts";

const workload = (over: Partial<Workload>): Workload => ({
  name: "bounded",
  says: "made for a test",
  source: "own",
  length: hours(1),
  wait: minutes(10),
  fleet: { ...usualFleet, min: 0 },
  tasks: tasksOf([]),
  ...over,
});

describe("the bound", () => {
  test("of nothing is the minimum that must stand", () => {
    expect(fewestWorkerHours(workload({}))).toBeCloseTo(0, 6);
    expect(fewestWorkerHours(workload({ fleet: { ...usualFleet, min: 2 } }))).toBeCloseTo(2, 6);
  });

  test("is the work over the slots and the shortest start of as much of a worker as the promise needs", () => {
    // 120 tasks of 60 s fill four slots for 30 min; in the 41 min that they have, 30/41 of a worker does it, and so much of a start of 30 s is billed.
    const tasks = tasksOf(Array.from({ length: 120 }, () => ({ published: 0, service: 60_000 })));
    expect(fewestWorkerHours(workload({ tasks, wait: minutes(40) }))).toBeCloseTo(0.506_098, 5);
  });

  test("has several workers where the promise asks for them", () => {
    const tasks = tasksOf(Array.from({ length: 120 }, () => ({ published: 0, service: 60_000 })));
    const few = fewestWorkerHours(workload({ tasks, wait: minutes(40) }));
    expect(fewestWorkerHours(workload({ tasks, wait: minutes(4) }))).toBeGreaterThan(few + 4 * (30 / 3_600));
  });

  test("is solved where even the maximum cannot keep the promise", () => {
    const tasks = tasksOf(Array.from({ length: 500 }, () => ({ published: 0, service: 60_000 })));
    const hard = workload({ tasks, wait: seconds(30), fleet: { ...usualFleet, min: 0, max: 2 } });
    expect(fewestWorkerHours(hard)).toBeGreaterThan(1);
    expect(fewestWorkerHours(hard)).toBeLessThan(2.1);
  });

  test("is below what every policy without a late task comes to", () => {
    const moments = momentsAt((at) => (at > 1_200_000 && at < 2_400_000 ? 3 : 0.5), { from: 0, to: 3_600_000, most: 3 }, seededNumbers(5));
    const small = workload({ tasks: tasksOf(moments.map((published) => ({ published, service: 8_000 }))), fleet: usualFleet });
    const bound = fewestWorkerHours(small);
    const kept = [nightshift(), ...used, ...drained].flatMap((policy) => {
      const { late, workerHours } = simulate(small, policy, { seed: 3 });
      return late === 0 ? [{ policy: nameOf(policy), workerHours }] : [];
    });
    expect(kept.length).toBeGreaterThan(40);
    expect(kept.filter(({ workerHours }) => workerHours < bound)).toEqual([]);
  });
});
