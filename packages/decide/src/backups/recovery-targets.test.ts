import { hours, minutes, ms, seconds } from "@nightshift/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cloudTimes } from "./cloud-times.ts";
import { cloudPart, dumpBack, judgeTarget, largestThatFits, ratedPart, type RecoveryTarget, type RecoveryWay, sayBytes } from "./recovery-targets.ts";

const rates = { dump: 150e6, download: 300e6, restore: 60e6, compare: 200e6, source: "the bench" };
const way = (by: string, usual: number, worst: number): RecoveryWay => ({
  by,
  parts: [{ what: "restore", usual: minutes(usual), worst: minutes(worst), sure: "measured", source: "the bench" }],
});
const target = (asked: number | undefined, ...ways: readonly RecoveryWay[]): RecoveryTarget => ({
  kind: "RTO",
  when: "the database is damaged",
  asked: asked === undefined ? undefined : minutes(asked),
  says: "RTO",
  ways,
});

describe("a target stands by the way that is shortest on a bad day", () => {
  it.each([
    ["met where even a bad day keeps it", 30, "met"],
    ["at risk one minute below the bad day", 29, "at risk"],
    ["at risk where the ordinary day just keeps it", 20, "at risk"],
    ["not to be met below the ordinary day", 19, "cannot be met"],
    ["without a target", undefined, "no target"],
  ] as const)("%s", (_, asked, stands) => {
    expect(judgeTarget(target(asked, way("a dump", 20, 30))).stands).toBe(stands);
  });

  it("of two ways the one with the better bad day is judged", () => {
    const judged = judgeTarget(target(25, way("a dump", 10, 40), way("a snapshot", 15, 25)));
    expect([judged.stands, judged.way?.by, judged.usual, judged.worst]).toEqual(["met", "a snapshot", minutes(15), minutes(25)]);
  });

  it("without a way it cannot be met, and the remark says why", () => {
    const judged = judgeTarget({ ...target(60), remark: "no copy of the database lies in the other region" });
    expect([judged.stands, judged.worst, judged.because]).toEqual(["cannot be met", undefined, "no copy of the database lies in the other region"]);
    expect(judgeTarget({ ...target(undefined), remark: "nothing is kept" }).stands).toBe("no target");
  });

  it("says in one sentence what is too much, and of what most", () => {
    const parts = [cloudPart("new instance"), ratedPart("restore", 120e9, { perSecond: 60e6, source: "the bench" })];
    expect(judgeTarget(target(15, { by: "a dump into a new instance", parts })).because).toBe(
      "a dump into a new instance takes 43 m 20 s, and 28 m 20 s of that is too much, most of it restore (1 h 6 m)",
    );
    expect(judgeTarget(target(60, { by: "a dump into a new instance", parts })).because).toBe(
      "a dump into a new instance takes 43 m 20 s on an ordinary day and 1 h 26 m on a bad one, most of it restore (1 h 6 m)",
    );
    expect(judgeTarget(target(90, { by: "a dump into a new instance", parts })).because).toBe("a dump into a new instance takes 1 h 26 m even on a bad day");
  });
});

it("a length by a rate is the size over it, twice that on a bad day", () => {
  expect(ratedPart("restore", 6e9, { perSecond: 60e6, source: "the bench" })).toEqual({
    what: "restore",
    usual: seconds(100),
    worst: seconds(200),
    sure: "measured",
    source: "6 GB at 60 MB/s (the bench); half of it on a bad day",
  });
});

describe("the largest database that fits", () => {
  it("is the size at which the way just takes as long as the target", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 600 }), (asked) => {
        const fixed = [cloudPart("new database")];
        const bytes = largestThatFits(minutes(asked), fixed, rates) ?? 0;
        const total = [...fixed, ...dumpBack(bytes, rates)].reduce((sum, part) => sum + part.usual, 0);
        expect(Math.abs(total - minutes(asked))).toBeLessThanOrEqual(2);
      }),
      { seed: 5, numRuns: 200 },
    );
  });
  it("is none where the making of the target takes it all", () => {
    expect(largestThatFits(minutes(10), [cloudPart("new instance")], rates)).toBeUndefined();
    expect(largestThatFits(ms(minutes(10) + 1), [cloudPart("new instance")], rates)).toBeGreaterThan(0);
  });
});

it("every cloud time names its source, and a bad day is no better than an ordinary one", () => {
  for (const [name, { usual, worst, source }] of Object.entries(cloudTimes)) {
    expect(source.length, name).toBeGreaterThan(20);
    expect(worst, name).toBeGreaterThanOrEqual(usual);
    expect(worst, name).toBeLessThanOrEqual(hours(1));
  }
});

it.each([
  [850e6, "850 MB"],
  [1e9, "1 GB"],
  [9.94e9, "9.9 GB"],
  [41.4e9, "41 GB"],
])("%d bytes are said as %s", (bytes, said) => {
  expect(sayBytes(bytes)).toBe(said);
});
