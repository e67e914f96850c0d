import { describe, expect, it } from "vitest";
import { sayCase } from "./decide-guard.cases.ts";
import { epochMs } from "@nightshift/model";
import { alarm, target } from "./fixtures.ts";
import { type Change, situation } from "./situation.ts";

const verdict = (change: Change) => sayCase(situation(change));
const failing = { errors: (minute: number) => (minute >= 0 ? 72 : 1) };
const siblings = [{ service: "shop-admin", failing: true }];
const crash = (id: string) => ({
  id,
  at: situation().memory.startedAt,
  code: "EssentialContainerExited",
  reason: "exit",
  exitCodes: [1],
  cause: "app" as const,
});

describe("doubts that reach the verdict", () => {
  it("a failing neighbour keeps soft evidence from acting, and hard evidence not", () => {
    expect(verdict({ traffic: failing, siblings })).toBe("leave not-deploy");
    expect(verdict({ traffic: failing, siblings, remembered: { smokeFailures: { schema: 2 } } })).toBe("roll-back given");
    expect(verdict({ traffic: failing, siblings, remembered: { crashed: [crash("a"), crash("b")] } })).toBe("roll-back given");
  });
  it("an alarm alone at a worker asks; with crashed tasks it acts", () => {
    const worker: Change = { service: { traffic: undefined, dependencies: [] }, look: { alarms: [alarm()] } };
    expect(verdict(worker)).toBe("ask with plan");
    expect(verdict({ ...worker, remembered: { crashed: [crash("a"), crash("b")] } })).toBe("roll-back given");
  });
  it("one unhealthy target of four with no old one beside it asks; two of four act", () => {
    const unhealthy = (bad: number): Change => ({
      remembered: { unhealthyLooks: 4 },
      look: { targets: { ok: true, value: [0, 1, 2, 3].map((i) => target(`n${i}`, true, i < bad ? "unhealthy" : "healthy")) } },
    });
    expect(verdict(unhealthy(1))).toBe("ask with plan");
    expect(verdict(unhealthy(2))).toBe("roll-back given");
  });
  it("an alarm that has just rung waits 90 s for the service's figures, and no longer", () => {
    const now = situation().memory.latest?.at ?? 0;
    const ago = (seconds: number): Change => ({ look: { alarms: [alarm({ since: epochMs(now - seconds * 1_000) })] } });
    expect(verdict(ago(89))).toBe("wait");
    expect(verdict(ago(90))).toBe("ask with plan");
  });
});
