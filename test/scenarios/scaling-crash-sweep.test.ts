import { countsSet } from "@nightshift/lab/scenario/scaling";
import { WORKERS } from "@nightshift/lab/scenarios/workers";
import { describe, expect, it } from "vitest";
import { boundariesOfEffects, play, sweep } from "./scaling-story.ts";

const calm = await play();
const all = await boundariesOfEffects();

describe("a scale-in ends the same wherever it is interrupted, and no job is cut off", () => {
  it("without faults three of four workers go", () => {
    expect(calm.problems).toEqual([]);
    expect(
      countsSet(calm.stage, WORKERS)
        .map(({ to }) => to)
        .at(-1),
    ).toBe(1);
    expect(all.length).toBeGreaterThan(20);
    expect(new Set(all.map(({ name }) => name))).toContain("broker:PUBLISH");
    expect(new Set(all.map(({ name }) => name))).toContain("ecs:UpdateTaskProtection");
    expect(new Set(all.map(({ name }) => name))).toContain("ecs:UpdateService");
  });
  it("a crash before each effect", async () => expect(await sweep(all, { kind: "crash-before" })).toEqual([]), 240_000);
  it("a crash after each effect", async () => expect(await sweep(all, { kind: "crash-after" })).toEqual([]), 240_000);
  it("an answer that is lost after each word to a worker and each change of ECS", async () => {
    const changes = all.filter(({ name }) => name.startsWith("ecs:Update") || name.startsWith("broker:"));
    expect(await sweep(changes, { kind: "timeout-after" })).toEqual([]);
  }, 240_000);
});
