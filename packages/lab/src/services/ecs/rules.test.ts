import { describe, expect, it } from "vitest";
import { breakerThreshold, resetsOnHealthy, startPause } from "./breaker.ts";
import { rollingStep } from "./rolling.ts";

describe("the circuit breaker's threshold", () => {
  it.each([
    [1, 3],
    [6, 3],
    [7, 4],
    [25, 13],
    [399, 200],
    [400, 200],
    [1_000, 200],
  ])("for %i tasks is %i", (desired, threshold) => {
    expect(breakerThreshold(desired, undefined)).toBe(threshold);
  });
  it("is the number given when it is counted, and not clamped when unbounded", () => {
    expect(breakerThreshold(10, { enable: true, rollback: true, thresholdConfiguration: { type: "COUNT", value: 1 } })).toBe(1);
    expect(breakerThreshold(10, { enable: true, rollback: true, thresholdConfiguration: { type: "UNBOUNDED_PERCENT", value: 10 } })).toBe(1);
    expect(breakerThreshold(10, { enable: true, rollback: true, thresholdConfiguration: { type: "BOUNDED_PERCENT", value: 10 } })).toBe(3);
  });
  it("starts again after a healthy task unless that is switched off", () => {
    expect(resetsOnHealthy(undefined)).toBe(true);
    expect(resetsOnHealthy({ enable: true, rollback: true, resetOnHealthyTask: false })).toBe(false);
  });
});

describe("the scheduler's back-off", () => {
  it.each([
    [0, 0],
    [2, 0],
    [3, 15_000],
    [4, 30_000],
    [9, 960_000],
    [10, 1_620_000],
    [50, 1_620_000],
  ])("after %i tasks that never ran waits %i ms", (failures, pause) => {
    expect(startPause(failures)).toBe(pause);
  });
});

describe("a rolling step", () => {
  const steady = { desired: 4, minimumHealthyPercent: 100, maximumPercent: 200, mine: 0, mineHealthy: 0, older: 4, olderHealthy: 4 };
  it("starts all new tasks at once when the maximum leaves room, and stops none yet", () => {
    expect(rollingStep(steady)).toEqual({ start: 4, stopOlder: 0, stopMine: 0 });
  });
  it("stops an old task for each new one that is healthy", () => {
    expect(rollingStep({ ...steady, mine: 4, mineHealthy: 1 })).toEqual({ start: 0, stopOlder: 1, stopMine: 0 });
    expect(rollingStep({ ...steady, mine: 4, mineHealthy: 4 })).toEqual({ start: 0, stopOlder: 4, stopMine: 0 });
  });
  it("makes room first when the maximum leaves none", () => {
    expect(rollingStep({ ...steady, minimumHealthyPercent: 50, maximumPercent: 100 })).toEqual({ start: 0, stopOlder: 2, stopMine: 0 });
  });
  it("cannot move at 100 and 100 percent", () => {
    expect(rollingStep({ ...steady, maximumPercent: 100 })).toEqual({ start: 0, stopOlder: 0, stopMine: 0 });
  });
  it("rounds the minimum up and the maximum down", () => {
    expect(rollingStep({ ...steady, desired: 3, older: 3, olderHealthy: 3, minimumHealthyPercent: 50, maximumPercent: 150 })).toEqual({
      start: 1,
      stopOlder: 1,
      stopMine: 0,
    });
  });
  it("stops surplus tasks of the primary when the desired count fell", () => {
    expect(rollingStep({ ...steady, desired: 2, mine: 4, mineHealthy: 4, older: 0, olderHealthy: 0 })).toEqual({ start: 0, stopOlder: 0, stopMine: 2 });
  });
});
