import { ecsDeploymentId, epochMs, type GuardVerdict, type Look, type Prepared } from "@nightshift/model";
import { describe, expect, it } from "vitest";
import { decideGuard } from "./decide-guard.ts";
import { guarded, memberLook, preparedMember, series, serviceState, settingsFor, T0, target, type Traffic } from "./fixtures.ts";
import { strictestMode } from "./mode.ts";
import { cadence, maxLooks } from "./phase.ts";
import { firstMemory, remember } from "./remember.ts";

const settings = settingsFor(guarded("shop-api"));

/** Plays a whole watch, look by look, at the cadence the guard itself asks for. */
function watch(traffic: Traffic, completesAt = 120): { readonly verdict: GuardVerdict; readonly afterSeconds: number; readonly looks: number } {
  const prepared: Prepared = {
    group: "shop",
    key: "k",
    preparedAt: T0,
    members: [preparedMember("shop-api", { baseline: { before: series("shop-api", [-62, -2], traffic), lastWeek: series("shop-api", [-62, -2]) } })],
  };
  let memory = firstMemory(prepared);
  let second = 0;
  for (let n = 0; n <= maxLooks(settings); n++) {
    const done = second >= completesAt;
    const usual = serviceState("shop-api");
    const deployed = memberLook("shop-api").deployment;
    const look: Look = {
      at: epochMs(T0 + second * 1_000),
      watchKey: "k",
      watched: { "shop-api": ecsDeploymentId("ecs-svc/shop-api-43") },
      heldBecause: undefined,
      members: [
        memberLook("shop-api", {
          state: {
            ok: true,
            value: {
              ...usual,
              deployments: usual.deployments
                .map((row) => (done && row.status === "PRIMARY" ? { ...row, rolloutState: "COMPLETED" as const } : row))
                .slice(0, done ? 1 : 2),
            },
          },
          targets: {
            ok: true,
            value: done ? [target("a", true), target("b", true)] : [target("a", true), target("b", true), target("c", false), target("d", false)],
          },
          metrics: { ok: true, value: series("shop-api", [Math.floor(second / 60) - 30, Math.floor(second / 60)], traffic) },
          olderRunning: done ? 0 : 2,
          deployment:
            deployed.ok && deployed.value !== undefined ? { ok: true, value: { ...deployed.value, status: done ? "SUCCESSFUL" : "IN_PROGRESS" } } : deployed,
        }),
      ],
    };
    memory = remember(prepared, memory, look, settings);
    const verdict = decideGuard(prepared, memory, settings);
    if (verdict.kind !== "wait") return { verdict, afterSeconds: second, looks: memory.looks };
    second += cadence(memory, settings) / 1_000;
  }
  throw new Error("the watch did not end by its count");
}

describe("a whole watch", () => {
  it("of a good deployment ends after an hour, passed, in some eighty looks", () => {
    const { verdict, afterSeconds, looks } = watch({});
    expect(verdict).toMatchObject({ kind: "leave", reason: "passed", because: ["shop-api is good: 34,800 requests in 60 min under watch, no trigger"] });
    expect([afterSeconds, looks]).toEqual([3_600, 86]);
  });
  it("of a bad one ends with the second bad minute", () => {
    const { verdict, afterSeconds } = watch({ errors: (minute) => (minute < 0 ? 1 : minute < 2 ? 36 : 72) });
    expect(verdict.kind).toBe("roll-back");
    expect(afterSeconds).toBe(120);
  });
  it("of one that turns bad after completion redeploys", () => {
    const { verdict, afterSeconds } = watch({ errors: (minute) => (minute >= 12 ? 120 : 1) });
    expect(verdict).toMatchObject({ kind: "roll-back", plan: { members: [{ how: "redeploy" }] } });
    expect(afterSeconds).toBe(840);
  });
  it("of a good one with noise ends passed", () => {
    expect(watch({ errors: (minute) => (minute % 7 === 3 ? 40 : 1) }).verdict).toMatchObject({ kind: "leave", reason: "passed" });
  });
  it("of one whose database failed before it left it alone", () => {
    const { verdict } = watch({ errors: (minute) => (minute >= -1 ? 360 : 1), database: (minute) => (minute >= -1 ? 99 : 40) });
    expect(verdict).toMatchObject({ kind: "leave", reason: "not-deploy", severity: "P1" });
  });
});

describe("modes", () => {
  it.each([
    [["auto", "auto"], "auto"],
    [["auto", "ask"], "ask"],
    [["ask", "shadow"], "shadow"],
    [[], "ask"],
  ] as const)("%j act as %s", (modes, expected) => {
    expect(strictestMode(modes.map((mode) => ({ mode })))).toBe(expected);
  });
});
