import { ms } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { type Fault, faultAt, faultWhere } from "../boundary/fault.ts";
import { die, type Flow, play } from "./testing.ts";

describe("crashes", () => {
  const flow: Flow = async (_event, context) => {
    const a = await context.step("a", async () => 1);
    await context.wait("w", { seconds: 30 });
    const b = await context.step("b", async () => 2);
    return a + b;
  };
  const kinds: readonly Fault[] = [
    { kind: "crash-before" },
    { kind: "crash-after" },
    { kind: "throttle" },
    { kind: "unavailable" },
    { kind: "timeout-after" },
    { kind: "slow", by: ms(4_000) },
  ];

  test("every fault at every checkpoint leaves the same result", async () => {
    const calm = await play(flow);
    expect(calm.execution.result).toBe("3");
    const boundaries = calm.account.boundary.met;
    expect(boundaries).toBe(3);
    for (let n = 0; n < boundaries; n += 1) {
      for (const fault of kinds) {
        const { execution } = await play(flow, { faults: () => faultAt(n, fault) });
        expect([n, fault.kind, execution.status, execution.result]).toEqual([n, fault.kind, "SUCCEEDED", "3"]);
      }
    }
  });

  test("a crash inside a body runs it again, and is told in the history", async () => {
    let calls = 0;
    const { account, execution } = await play((_event, context) =>
      context.step("a", async () => {
        calls += 1;
        return calls === 1 ? die() : calls;
      }),
    );
    expect(execution.result).toBe("2");
    expect(account.history.filter((line) => line.kind === "world" && line.what === "invocation-crashed")).toHaveLength(1);
  });

  test("a service that is down for good fails nothing: the execution waits until its timeout", async () => {
    const { execution } = await play(flow, {
      faults: () => faultWhere((at) => at.name === "lambda:CheckpointDurableExecution", { kind: "unavailable" }),
      limits: { crashesInARow: 1_000_000 },
    });
    expect(execution.status).toBe("TIMED_OUT");
  });
});
