import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { describeConfig } from "./describe.ts";
import { editDistance, nearest } from "./nearest.ts";
import { configReferenceMarkdown } from "./reference.ts";
import { lengthAsCode } from "./units.ts";

const lines = describeConfig().flatMap((section) => section.settings);
const line = (path: string) => lines.find((it) => it.path === path);

describe("the reference of settings", () => {
  test("docs/config.md holds exactly what the schema says; `npm run docs:check` rewrites it", () => {
    const page = readFileSync(new URL("../../../docs/config.md", import.meta.url), "utf8");
    const block = page.split("<!-- generated:config -->\n")[1]?.split("\n<!-- /generated:config -->")[0]?.trim();
    expect(block).toBe(configReferenceMarkdown());
  });

  test("every setting has a sentence and a unit, and none is listed twice", () => {
    expect(lines.filter((it) => it.says.length < 5 || it.unit === "")).toEqual([]);
    expect(new Set(lines.map((it) => it.path)).size).toBe(lines.length);
    expect(lines.length).toBeGreaterThan(50);
  });

  test("units, bounds and defaults come from the schema", () => {
    expect(line("services.<name>.triggers[] error-rate.for")).toMatchObject({
      unit: "length",
      default: "minutes(2)",
      bounds: "minutes(1) to minutes(30), whole minutes",
      required: false,
    });
    expect(line("services.<name>.triggers[] error-rate.above")).toMatchObject({ unit: "percent", default: "percent(5)" });
    expect(line("services.<name>.cluster")).toMatchObject({ default: undefined, required: true });
    expect(line("services.<name>.windows.tail")).toMatchObject({ default: "days(1)" });
    expect(line("budgets.stampede.services")).toMatchObject({ default: "3", bounds: "2 to 20" });
  });
});

describe("words that look alike", () => {
  test.each([
    ["shop", "shop", 0],
    ["shop", "shpo", 1],
    ["mode", "modes", 1],
    ["a", "", 1],
    ["kitten", "sitting", 3],
  ])("%s → %s takes %i edits", (from, to, edits) => {
    expect(editDistance(from, to)).toBe(edits);
  });
  test.each([
    ["knownbad", "knownBad"],
    ["triger", "triggers"],
    ["zzz", undefined],
    ["cluser", "cluster"],
  ])("%s means %s", (word, meant) => {
    expect(nearest(word, ["knownBad", "triggers", "cluster"])).toBe(meant);
  });
});

test.each([
  [0, "seconds(0)"],
  [250, "ms(250)"],
  [2_000, "seconds(2)"],
  [90_000, "seconds(90)"],
  [86_400_000, "days(1)"],
])("%i ms is written %s", (length, code) => {
  expect(lengthAsCode(length)).toBe(code);
});
