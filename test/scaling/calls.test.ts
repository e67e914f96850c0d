import { describe, expect, it } from "vitest";
import { looksOf, playIdle } from "./counted.ts";

describe("AWS calls", () => {
  it("a quiet look makes three or four, and one more where the broker's secret is read again after five minutes", async () => {
    const run = await playIdle(1);
    expect(run.problems).toEqual([]);
    const quiet = looksOf(run).filter(({ at }) => at > 5 * 60_000);
    expect(quiet.length).toBeGreaterThan(65);
    const without = quiet.map(({ calls }) => calls.filter((call) => call !== "ssm:GetParameter"));
    expect(without.filter((calls) => calls.length > 4)).toEqual([]);
    const total = quiet.reduce((sum, { calls }) => sum + calls.length, 0);
    expect(total / quiet.length).toBeLessThan(3.5);
  }, 60_000);

  for (const { n, most } of [
    { n: 9, most: 8 },
    { n: 25, most: 12 },
  ]) {
    it(`a scale-in of ${n} adds at most 6 + 2·⌈n/10⌉ = ${most} calls to ECS to the one of each look`, async () => {
      const run = await playIdle(n + 1);
      expect(run.problems).toEqual([]);
      const added = looksOf(run).flatMap(({ calls }) => {
        const ecs = calls.filter((call) => call.startsWith("ecs:"));
        // Every look describes the service once whatever happens.
        const own = ecs.indexOf("ecs:DescribeServices");
        return ecs.filter((_, i) => i !== own);
      });
      expect(added.filter((call) => call === "ecs:UpdateService")).toHaveLength(1);
      expect(added.length, added.join(" ")).toBeLessThanOrEqual(most);
    }, 60_000);
  }
});
