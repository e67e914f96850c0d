import { expect, test } from "vitest";
import { bothEnds, screenfulOf } from "./format.ts";

const lines = (count: number): readonly string[] => Array.from({ length: count }, (_, n) => `line ${n + 1}`);

test("a long thread keeps its beginning and its end, and says how much is between", () => {
  expect(bothEnds(lines(28), "--long")).toEqual(lines(28));
  const shown = bothEnds(lines(29), "--long");
  expect(shown).toHaveLength(28);
  expect([shown[13], shown[14], shown[15], shown.at(-1)]).toEqual(["line 14", "… and 2 more: --long", "line 17", "line 29"]);
});

test("problems are counted as problems, not as lines, and none is cut", () => {
  const problems = lines(20).map((line) => [line, `  → mend ${line}`]);
  expect(screenfulOf(problems.slice(0, 14), "--json")).toHaveLength(28);
  expect(screenfulOf(problems, "--json").slice(-2)).toEqual(["  → mend line 13", "… and 7 more: --json"]);
});
