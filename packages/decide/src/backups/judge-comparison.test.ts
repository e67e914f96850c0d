import { expect, test } from "vitest";
import { judgeComparison } from "./judge-comparison.ts";
import type { RunEnding } from "./judge-run.ts";

const end: RunEnding = { state: "verified", differences: [], findings: [], times: {} };
const judged = (over: Partial<RunEnding>) => judgeComparison({ kind: "ended", end: { ...end, ...over } }, 8);

test("only what was compared without a difference is proven", () => {
  expect(judged({})).toEqual({ kind: "proven", because: ["restored and compared without a difference"], end });
  expect(judged({ differences: ["orders: a row is missing"] })).toMatchObject({ kind: "red", because: ["it differs", "orders: a row is missing"] });
  expect(judged({ state: "failed", because: "nothing answers" })).toMatchObject({ kind: "red", because: ["nothing answers"] });
  expect(judged({ state: "restored" })).toMatchObject({ kind: "red", because: ["it differs"] });
});

test("a comparison that died or never ended proves nothing", () => {
  expect(judgeComparison({ kind: "died", because: "out of memory" }, 8)).toEqual({
    kind: "red",
    because: ["the comparison died: out of memory"],
    end: undefined,
  });
  expect(judgeComparison({ kind: "going" }, 8)).toEqual({ kind: "red", because: ["it was not compared within 8 hours"], end: undefined });
});
