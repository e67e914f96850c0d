import { InvokeCommand, SendDurableExecutionCallbackSuccessCommand } from "@aws-sdk/client-lambda";
import { guarded } from "@nightshift/model/guards";
import { PortError, type Starter } from "@nightshift/ports";
import type { Reach } from "./reach.ts";

/** The qualified ARN of each automation's durable function, by the automation's name. */
export type FunctionArns = Readonly<Record<string, string>>;

/**
 * Starts and wakes durable functions. The execution name makes a second start with the same input find the first; another
 * input under the same name is a `conflict`. A durable function is invoked by version or alias.
 * Sources: "Invoke" and "SendDurableExecutionCallbackSuccess", https://docs.aws.amazon.com/lambda/latest/api/, and
 * "Idempotency", https://docs.aws.amazon.com/lambda/latest/dg/durable-execution-idempotency.html, 2026-11-21.
 */
export const starterFrom = ({ connections, calls }: Reach, functions: FunctionArns): Starter => ({
  async start(automation, executionName, input) {
    const call = { operation: "lambda:InvokeFunction", on: `${automation} ${executionName}` };
    const target = targetOf(functions[automation], automation);
    if (!/^[A-Za-z0-9_-]{1,64}$/.test(executionName)) {
      throw new PortError("invalid", call.operation, call.on, "an execution name has 1 to 64 letters, digits, hyphens and underscores");
    }
    const Payload = new TextEncoder().encode(JSON.stringify(input));
    const named = guarded("execution is started once", { DurableExecutionName: executionName });
    await calls.change(call, async () => (await connections.lambda()).send(new InvokeCommand({ ...target, InvocationType: "Event", ...named, Payload })));
  },
  async wake(callbackId) {
    const call = { operation: "lambda:SendDurableExecutionCallbackSuccess", on: `callback ${callbackId.slice(0, 12)}…` };
    try {
      await calls.change(call, async () => (await connections.lambda()).send(new SendDurableExecutionCallbackSuccessCommand({ CallbackId: callbackId })));
    } catch (error) {
      // The wait is over already: nobody is left to wake, and the row it would have read stands.
      if (error instanceof PortError && error.message.includes("CallbackTimeoutException")) return;
      throw error;
    }
  },
});

function targetOf(arn: string | undefined, automation: string): { readonly FunctionName: string; readonly Qualifier: string } {
  const match = arn === undefined ? null : /^(arn:[^:]+:lambda:[^:]+:\d{12}:function:[^:]+):([^:]+)$/.exec(arn);
  const [, FunctionName, Qualifier] = match ?? [];
  if (FunctionName === undefined || Qualifier === undefined) {
    throw new PortError(
      "invalid",
      "lambda:InvokeFunction",
      automation,
      `no qualified function ARN is set for this automation (${automation.toUpperCase().replaceAll("-", "_")}_FUNCTION_ARN)`,
    );
  }
  return { FunctionName, Qualifier };
}
