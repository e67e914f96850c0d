import { describe, expect, it } from "vitest";
import { decideGuard } from "./decide-guard.ts";
import { decisionCases, decisionTableMarkdown, sayCase } from "./decide-guard.cases.ts";

describe("the guard's decision", () => {
  it.each(decisionCases.map((one) => [one.name, one] as const))("%s", (_, one) => {
    const { prepared, memory, settings } = one.given;
    expect(sayCase(one.given), JSON.stringify(decideGuard(prepared, memory, settings).because)).toBe(one.verdict);
  });
  it("names every case once", () => {
    expect(new Set(decisionCases.map((one) => one.name)).size).toBe(decisionCases.length);
  });
  it("renders one row a case, with the verdict the code gives", () => {
    const table = decisionTableMarkdown();
    expect(table.split("\n")).toHaveLength(decisionCases.length + 2);
    expect(table).toContain("| a clear 5xx regression | 12 % since exposure, 0.2 % before | roll-back given |");
  });
  it("never moves without saying why", () => {
    for (const { given } of decisionCases) expect(decideGuard(given.prepared, given.memory, given.settings).because.length).toBeGreaterThan(0);
  });
});
