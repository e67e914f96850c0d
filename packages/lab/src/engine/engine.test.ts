import { retryPresets } from "@aws/durable-execution-sdk-js";
import { minutes } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { replayed } from "./execution.ts";
import { die, type Flow, type Played, play } from "./testing.ts";

const elapsed = ({ execution }: Played): number => (execution.endedAt ?? 0) - execution.startedAt;

describe("a durable execution", () => {
  test("steps keep their results and the execution ends with its value", async () => {
    const { execution } = await play(async (event, context) => {
      const a = await context.step("a", async () => 2);
      return { event, sum: a + (await context.step("b", async () => 3)) };
    });
    expect(execution.status).toBe("SUCCEEDED");
    expect(execution.result).toBe('{"event":{"n":1},"sum":5}');
    expect([...execution.operations.values()].map((o) => [o.Name, o.Type, o.Status])).toEqual([
      [undefined, "EXECUTION", "SUCCEEDED"],
      ["a", "STEP", "SUCCEEDED"],
      ["b", "STEP", "SUCCEEDED"],
    ]);
  });

  test("a wait of six hours ends the invocation and costs no real time", async () => {
    const played = await play(async (_event, context) => {
      await context.wait("night", { hours: 6 });
      return "morning";
    });
    expect(played.execution.result).toBe('"morning"');
    expect(played.execution.invocations).toBe(2);
    expect(elapsed(played)).toBeGreaterThanOrEqual(6 * 3_600_000);
    expect(elapsed(played)).toBeLessThan(6 * 3_600_000 + 1_000);
  });

  test("a failing step is tried again after its delay, and its counter moves", async () => {
    let calls = 0;
    const played = await play((_event, context) =>
      context.step(
        "flaky",
        async () => {
          calls += 1;
          if (calls < 3) throw new Error("not yet");
          return calls;
        },
        { retryStrategy: (_error, attempt) => ({ shouldRetry: attempt < 5, delay: { seconds: 30 } }) },
      ),
    );
    expect(played.execution.result).toBe("3");
    expect([...played.execution.operations.values()][1]?.StepDetails?.Attempt).toBe(2);
    expect(elapsed(played)).toBeGreaterThanOrEqual(60_000);
  });

  test("a step whose retries are spent fails the execution with its error", async () => {
    const { execution } = await play((_event, context) =>
      context.step(
        "never",
        async () => {
          throw new RangeError("no such revision");
        },
        { retryStrategy: retryPresets.noRetry },
      ),
    );
    expect(execution.status).toBe("FAILED");
    expect(execution.error).toMatchObject({ ErrorMessage: "no such revision" });
  });

  test("looking again and again is one operation, however many looks", async () => {
    const played = await play((_event, context) =>
      context.waitForCondition("look", async (n: number) => n + 1, {
        initialState: 0,
        waitStrategy: (n) => (n >= 8 ? { shouldContinue: false } : { shouldContinue: true, delay: { seconds: 15 } }),
      }),
    );
    expect(played.execution.result).toBe("8");
    expect(played.execution.operations.size).toBe(2);
    expect(elapsed(played)).toBeGreaterThanOrEqual(105_000);
  });

  test("a callback is answered from outside and wakes the execution", async () => {
    const played = await play(
      (_event, context) =>
        context.waitForCallback("approval", async (id) => {
          ids.push(id);
        }),
      {},
      (account) => account.clock.in(minutes(3), () => account.lambda.handle("SendDurableExecutionCallbackSuccess", { CallbackId: ids[0], Result: '"ann"' })),
    );
    expect(played.execution.result).toBe('"\\"ann\\""');
    expect(elapsed(played)).toBeGreaterThanOrEqual(180_000);
    expect(() => played.account.lambda.handle("SendDurableExecutionCallbackSuccess", { CallbackId: ids[0] })).toThrow(
      expect.objectContaining({ name: "CallbackTimeoutException" }),
    );
    expect(() => played.account.lambda.handle("SendDurableExecutionCallbackSuccess", { CallbackId: "nonsense" })).toThrow(
      expect.objectContaining({ name: "InvalidParameterValueException" }),
    );
  });
  const ids: string[] = [];

  test("a callback that nobody answers times out at its timeout", async () => {
    const played = await play(async (_event, context) => {
      try {
        return await context.waitForCallback("approval", async () => {}, { timeout: { minutes: 15 } });
      } catch (error) {
        return error instanceof Error ? error.name : "?";
      }
    });
    expect(played.execution.result).toBe('"CallbackTimeoutError"');
    expect(elapsed(played)).toBeGreaterThanOrEqual(900_000);
    expect(elapsed(played)).toBeLessThan(905_000);
  });

  test("the children of a finished context are not handed over again, unless it asked for them", async () => {
    const names = async (bytes: number): Promise<readonly (string | undefined)[]> => {
      const { execution } = await play(async (_event, context) => {
        const inner = await context.runInChildContext("group", async (child) => (await child.step("x", async () => "a")).repeat(bytes));
        await context.wait("pause", { seconds: 60 });
        return inner.length;
      });
      expect(execution.result).toBe(String(bytes));
      return replayed(execution).map((operation) => operation.Name);
    };
    expect(await names(1)).toEqual([undefined, "group", "pause"]);
    // A result too large to keep makes the SDK ask for the children instead.
    expect(await names(300_000)).toEqual([undefined, "group", "x", "pause"]);
  });
});

describe("the life of an execution", () => {
  const idle: Flow = async (_event, context) => {
    await context.wait("w", { seconds: 5 });
    return 1;
  };

  test("the same name and payload is the same execution; another payload is refused", async () => {
    const { account } = await play(idle);
    const start = (payload: object): unknown =>
      account.lambda.handle("Invoke", {
        FunctionName: "flow",
        Qualifier: "1",
        InvocationType: "Event",
        DurableExecutionName: "run-1",
        Payload: JSON.stringify(payload),
      });
    expect(start({ n: 1 })).toMatchObject({ StatusCode: 202, DurableExecutionArn: account.engine.executions[0]?.arn });
    expect(account.engine.executions).toHaveLength(1);
    expect(() => start({ n: 2 })).toThrow(expect.objectContaining({ name: "DurableExecutionAlreadyStartedException" }));
  });

  test("an unqualified name is refused", async () => {
    const { account } = await play(idle);
    expect(() => account.lambda.handle("Invoke", { FunctionName: "flow", InvocationType: "Event", Payload: "{}" })).toThrow("unqualified");
  });

  test("an execution that outlives its timeout ends as timed out", async () => {
    const played = await play(async (_event, context) => {
      await context.wait("too long", { hours: 11 });
      return 1;
    });
    expect(played.execution.status).toBe("TIMED_OUT");
    expect(elapsed(played)).toBe(36_000_000);
  });

  test("an invocation is killed at fifteen minutes and the step runs again", async () => {
    let calls = 0;
    const { execution } = await play((_event, context) =>
      context.step("hangs once", async () => {
        calls += 1;
        if (calls === 1)
          await new Promise((resolve) => {
            setTimeout(resolve, 16 * 60_000);
          });
        return calls;
      }),
    );
    expect(execution.result).toBe("2");
    expect(execution.invocations).toBe(2);
  });

  test("a body that kills its sandbox every time is given up after fifty crashes", async () => {
    const { execution } = await play((_event, context) => context.step("poison", die));
    expect(execution.status).toBe("FAILED");
    expect(execution.error?.ErrorType).toBe("TooManyCrashes");
    expect(execution.invocations).toBe(50);
  });

  test("the operation after the last one allowed fails the execution", async () => {
    const steps =
      (n: number): Flow =>
      async (_event, context) => {
        for (let i = 0; i < n; i += 1) await context.step(`s${i}`, async () => i);
        return "done";
      };
    expect((await play(steps(9), { limits: { operations: 10 } })).execution.result).toBe('"done"');
    const over = await play(steps(10), { limits: { operations: 10 } });
    expect(over.execution.status).toBe("FAILED");
    expect(over.account.engine.maxOperations).toBe(10);
  });

  test("a step result of 262,144 bytes is kept, one byte more is refused", async () => {
    const result =
      (bytes: number): Flow =>
      async (_event, context) =>
        (await context.step("big", async () => "x".repeat(bytes - 2))).length;
    expect((await play(result(262_144))).execution.result).toBe("262142");
    expect((await play(result(262_145))).execution.error?.ErrorMessage).toContain("262144 bytes");
  });

  test("a long history is read page by page", async () => {
    const { execution, account } = await play(
      async (_event, context) => {
        for (let i = 0; i < 7; i += 1) await context.step(`s${i}`, async () => i);
        await context.wait("w", { minutes: 30 });
        return "done";
      },
      { limits: { page: 3 } },
    );
    expect(execution.result).toBe('"done"');
    expect(account.meter.calls["lambda:GetDurableExecutionState"]).toBe(2);
  });

  test("a stale token is refused, so a sandbox given up cannot write", async () => {
    const { account, execution } = await play(idle);
    expect(() => account.engine.checkpoint({ DurableExecutionArn: execution.arn, CheckpointToken: "old" })).toThrow("Invalid Checkpoint Token");
  });
});
