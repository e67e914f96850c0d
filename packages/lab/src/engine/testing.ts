import { type DurableContext, withDurableExecution } from "@aws/durable-execution-sdk-js";
import { epochMs, hours, minutes } from "@nightshift/model";
import { type AccountSettings, createAccount, type LabAccount } from "../account.ts";
import { currentScope, never } from "../time/scope.ts";
import type { Execution } from "./execution.ts";

/** A durable handler under test. */
export type Flow = (event: unknown, context: DurableContext) => Promise<unknown>;

/** A flow that was played to its end. */
export interface Played {
  readonly account: LabAccount;
  readonly execution: Execution;
}

/** Plays one execution of `flow` in an account of its own; `answer` sees the account right after the start. */
export async function play(flow: Flow, settings: Partial<AccountSettings> = {}, answer?: (account: LabAccount) => void): Promise<Played> {
  const account = createAccount({ seed: 1, ...settings });
  account.lambda.register({
    name: "flow",
    kind: "durable",
    timeout: minutes(15),
    executionTimeout: hours(10),
    handler: ({ durable }) => {
      const handler = withDurableExecution(flow, { durableExecutionClient: durable });
      return (event, context) => handler(event as never, context as never); // The SDK's own event type; the engine made it.
    },
  });
  account.lambda.handle("Invoke", { FunctionName: "flow:1", InvocationType: "Event", DurableExecutionName: "run-1", Payload: JSON.stringify({ n: 1 }) });
  answer?.(account);
  const [execution] = account.engine.executions;
  if (!execution) throw new Error("nothing was started");
  await account.runUntilTrue(() => execution.status !== "RUNNING", epochMs(account.clock.now() + hours(11)));
  return { account, execution };
}

/** Kills the sandbox of the running code, as running out of memory does. */
export const die = (): Promise<never> => {
  currentScope()?.invocation?.kill("out of memory");
  return never();
};
