import type { WireOperation } from "@aws/durable-execution-sdk-js";
import type { EpochMs } from "@nightshift/model";
import { AwsFault } from "../kernel.ts";
import { ended, type Execution } from "./execution.ts";
import { invalid } from "./operations.ts";

/** How somebody answered a callback. */
export type CallbackOutcome =
  | { readonly kind: "succeeded"; readonly result: string | undefined }
  | { readonly kind: "failed"; readonly error: NonNullable<NonNullable<WireOperation["CallbackDetails"]>["Error"]> };

/** Where a callback is looked for, and when. */
export interface CallbackDesk {
  readonly executions: ReadonlyMap<string, Execution>;
  readonly now: EpochMs;
}

/**
 * Closes a callback with its answer. A closed or timed-out one refuses a second answer.
 * Source: "SendDurableExecutionCallbackSuccess", https://docs.aws.amazon.com/lambda/latest/api/API_SendDurableExecutionCallbackSuccess.html (2026-11-21).
 */
export function completeCallback(
  desk: CallbackDesk,
  callbackId: string,
  outcome: CallbackOutcome,
): { readonly execution: Execution; readonly operation: WireOperation } {
  const [arn, id] = readId(callbackId);
  const execution = desk.executions.get(arn);
  const operation = execution?.operations.get(id);
  if (!execution || !operation) throw new AwsFault("ResourceNotFoundException", "No such callback", 404);
  if (execution.status !== "RUNNING" || ended(operation)) throw new AwsFault("CallbackTimeoutException", "The callback has expired or was closed", 400);
  if (outcome.kind === "succeeded") {
    if (Buffer.byteLength(outcome.result ?? "") > 262_144) throw invalid("Result must have at most 262144 bytes");
    operation.CallbackDetails = { ...operation.CallbackDetails, Result: outcome.result };
    operation.Status = "SUCCEEDED";
  } else {
    operation.CallbackDetails = { ...operation.CallbackDetails, Error: outcome.error };
    operation.Status = "FAILED";
  }
  operation.EndTimestamp = new Date(desk.now);
  return { execution, operation };
}

function readId(callbackId: string): readonly [string, string] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(callbackId, "base64").toString("utf8"));
    if (Array.isArray(parts) && typeof parts[0] === "string" && typeof parts[1] === "string") return [parts[0], parts[1]];
  } catch {
    // Not ours: said below, in AWS's words for a bad parameter.
  }
  throw invalid("Invalid callback id");
}
