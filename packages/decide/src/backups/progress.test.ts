import { epochMs, minutes, seconds } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { progressDue, type ShownProgress, sayProgress } from "./progress.ts";

const began = epochMs(Date.UTC(2026, 10, 21, 2, 0));
const on = (length: number) => epochMs(began + length);
const fresh: ShownProgress = { began, phase: undefined, shownAt: undefined };

describe("progress of a run is shown", () => {
  test("only once it takes longer than three minutes", () => {
    expect(progressDue(fresh, { phase: "dumping" }, on(minutes(3) - 1)).show).toBeUndefined();
    expect(progressDue(fresh, { phase: "dumping" }, on(minutes(3))).show).toEqual({ at: on(minutes(3)), phase: "dumping" });
  });
  test("once a minute at most", () => {
    const shown: ShownProgress = { ...fresh, shownAt: on(minutes(4)) };
    expect(progressDue(shown, { phase: "dumping" }, on(minutes(5) - 1)).show).toBeUndefined();
    expect(progressDue(shown, { phase: "dumping" }, on(minutes(5))).next.shownAt).toBe(on(minutes(5)));
  });
  test("with what is left of its phase, counted from when that began", () => {
    const first = progressDue(fresh, { phase: "restoring", share: 0.1 }, on(minutes(2))).next;
    const { show } = progressDue(first, { phase: "restoring", share: 0.25, bytesPerSecond: 148e6 }, on(minutes(12)));
    expect(show).toEqual({ at: on(minutes(12)), phase: "restoring", share: 0.25, bytesPerSecond: 148e6, left: minutes(30) });
    expect(progressDue(first, { phase: "comparing", share: 0.25 }, on(minutes(12))).show?.left).toBeUndefined();
  });
  test.each([[0.019], [1.5]])("without a guess from a share of %d", (share) => {
    const at = { ...fresh, phase: { name: "dumping", since: began } };
    expect(progressDue(at, { phase: "dumping", share }, on(minutes(9))).show?.left).toBeUndefined();
  });
  test("not at all while the run says nothing", () => {
    expect(progressDue(fresh, undefined, on(minutes(30)))).toEqual({ next: fresh, show: undefined });
  });
});

test.each([
  [{ phase: "yielding" }, "● shop  yielding · 12 m since 02:00 UTC"],
  [
    { phase: "restoring", share: 0.629, bytesPerSecond: 148e6, left: seconds(250) },
    "● shop  restoring 62 % · 148 MB/s · about 4 m 10 s left of it · 12 m since 02:00 UTC",
  ],
] as const)("progress in one line (%#)", (said, line) => {
  expect(sayProgress({ of: "shop", scheduled: began }, { at: on(minutes(12)), ...said })).toBe(line);
});
