// AWS's own runner replaces the process's clocks, so it has this file (and with it a process) to itself: our engine runs
// first, under the real clocks, and the runner last.
import { type DurableContext, type DurableExecutionHandler, retryPresets, withDurableExecution } from "@aws/durable-execution-sdk-js";
import { LocalDurableTestRunner, WaitingOperationStatus } from "@aws/durable-execution-sdk-js-testing";
import { epochMs, hours, minutes } from "@nightshift/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createAccount } from "../account.ts";

interface Shown {
  readonly status: string | undefined;
  readonly result: unknown;
  readonly operations: readonly string[];
}

const describeOperation = (name: string | undefined, type: string | undefined, subType: string | undefined, status: string | undefined): string =>
  [name ?? "-", type, subType ?? "-", status].join(" ");

/** Tries twice, fails twice, then works: counted from outside, since a step's body knows only its own attempt. */
const toys: Readonly<Record<string, () => DurableExecutionHandler>> = {
  "steps, a retry, a wait and looks": () => async (_event: unknown, context: DurableContext) => {
    const a = await context.step("a", async () => 1);
    const b = await context.step(
      "flaky",
      async ({ attempt }) => {
        if (attempt < 3) throw new Error("not yet");
        return attempt;
      },
      { retryStrategy: (_error, attempt) => ({ shouldRetry: attempt < 5, delay: { seconds: 2 } }) },
    );
    await context.wait("pause", { seconds: 90 });
    const looks = await context.waitForCondition("look", async (n: number) => n + 1, {
      initialState: 0,
      waitStrategy: (n) => (n >= 4 ? { shouldContinue: false } : { shouldContinue: true, delay: { seconds: 15 } }),
    });
    return { a, b, looks };
  },
  "a callback that is answered, in a child context": () => async (_event: unknown, context: DurableContext) =>
    context.runInChildContext("ask", async (child) => child.waitForCallback("approval", async () => {}, { timeout: { minutes: 15 } })),
  "a step that fails for good": () => async (_event: unknown, context: DurableContext) => {
    try {
      await context.step(
        "broken",
        async () => {
          throw new TypeError("no");
        },
        { retryStrategy: retryPresets.noRetry },
      );
    } catch (error) {
      return error instanceof Error ? [error.name, error.message] : [];
    }
    return [];
  },
};

async function ours(flow: DurableExecutionHandler): Promise<Shown> {
  const account = createAccount({ seed: 1 });
  account.lambda.register({
    name: "toy",
    kind: "durable",
    timeout: minutes(15),
    executionTimeout: hours(1),
    handler: ({ durable }) => {
      const handler = withDurableExecution(flow, { durableExecutionClient: durable });
      return (event, context) => handler(event as never, context as never); // The SDK's own event type; the engine made it.
    },
  });
  account.lambda.handle("Invoke", { FunctionName: "toy:1", InvocationType: "Event", DurableExecutionName: "toy", Payload: "{}" });
  const [execution] = account.engine.executions;
  if (!execution) throw new Error("nothing was started");
  const operations = (): readonly { readonly CallbackDetails?: { readonly CallbackId?: string | undefined } | undefined }[] => [
    ...execution.operations.values(),
  ];
  account.clock.in(minutes(2), () => {
    const id = operations().find((operation) => operation.CallbackDetails)?.CallbackDetails?.CallbackId;
    if (id !== undefined) account.lambda.handle("SendDurableExecutionCallbackSuccess", { CallbackId: id, Result: "yes" });
  });
  await account.runUntilTrue(() => execution.status !== "RUNNING", epochMs(account.clock.now() + hours(2)));
  return {
    status: execution.status,
    result: execution.result === undefined ? undefined : JSON.parse(execution.result),
    operations: [...execution.operations.values()]
      .filter((operation) => operation.Type !== "EXECUTION")
      .map((operation) => describeOperation(operation.Name, operation.Type, operation.SubType, operation.Status)),
  };
}

async function theirs(flow: DurableExecutionHandler): Promise<Shown> {
  const runner = new LocalDurableTestRunner({ handlerFunction: withDurableExecution(flow) });
  const running = runner.run({ payload: {} });
  const asks = flow.toString().includes("waitForCallback");
  if (asks) {
    const callback = runner.getOperation("approval");
    await callback.waitForData(WaitingOperationStatus.SUBMITTED);
    await callback.sendCallbackSuccess("yes");
  }
  const run = await running;
  return {
    status: run.getStatus(),
    result: run.getResult(),
    operations: run
      .getOperations()
      .map((operation) => describeOperation(operation.getName(), operation.getType(), operation.getSubType(), operation.getStatus())),
  };
}

const shown = new Map<string, Shown>();
beforeAll(async () => {
  for (const [name, make] of Object.entries(toys)) shown.set(name, await ours(make()));
  await LocalDurableTestRunner.setupTestEnvironment({ skipTime: true });
});
afterAll(() => LocalDurableTestRunner.teardownTestEnvironment());

test.each(Object.keys(toys))(
  "AWS's local runner and the lab's engine agree on %s",
  async (name) => {
    const make = toys[name];
    if (!make) throw new Error(name);
    expect(await theirs(make())).toEqual(shown.get(name));
  },
  30_000,
);

test("what the engine itself makes of the toys", () => {
  expect(shown.get("steps, a retry, a wait and looks")).toEqual({
    status: "SUCCEEDED",
    result: { a: 1, b: 3, looks: 4 },
    operations: ["a STEP Step SUCCEEDED", "flaky STEP Step SUCCEEDED", "pause WAIT Wait SUCCEEDED", "look STEP WaitForCondition SUCCEEDED"],
  });
  expect(shown.get("a step that fails for good")).toEqual({ status: "SUCCEEDED", result: ["StepError", "no"], operations: ["broken STEP Step FAILED"] });
});
