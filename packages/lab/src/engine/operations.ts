import type { OperationUpdate, WireOperation } from "@aws/durable-execution-sdk-js";
import { type Ms, seconds } from "@nightshift/model";
import { AwsFault } from "../kernel.ts";
import { ended } from "./execution.ts";
import type { EngineLimits } from "./limits.ts";

/** The refusal of a request that cannot become right by sending it again. */
export const invalid = (message: string): AwsFault => new AwsFault("InvalidParameterValueException", message, 400);

/** What an update asks the service to do later. */
export interface Alarm {
  readonly after: Ms;
  /** Changes the operation when its time comes, if it still waits. */
  readonly ring: (operation: WireOperation, now: Date) => void;
}

/** Actions each type of operation takes. Source: AWS's local checkpoint server in durable SDK testing 1.1.4 (read 2026-11-21). */
const actions: Readonly<Record<string, readonly string[]>> = {
  STEP: ["START", "SUCCEED", "FAIL", "RETRY"],
  CONTEXT: ["START", "SUCCEED", "FAIL"],
  WAIT: ["START", "CANCEL"],
  CALLBACK: ["START"],
  EXECUTION: ["SUCCEED", "FAIL"],
};

/** Refuses what the service would refuse, before anything of the checkpoint is applied. */
export function checkUpdate(update: OperationUpdate, known: WireOperation | undefined, limits: EngineLimits): void {
  const { Type: type = "", Action: action = "", Id: id } = update;
  if (id === undefined || id.length > 64) throw invalid("Operation id must have between 1 and 64 characters");
  if (type === "CHAINED_INVOKE") throw invalid("The lab does not model chained invokes");
  if (!actions[type]?.includes(action)) throw invalid(`Invalid action ${action} for operation type ${type}`);
  if (known && known.Type !== type) throw invalid(`Operation ${id} is a ${known.Type}, not a ${type}`);
  if (known && ended(known)) throw invalid(`Invalid operation update: ${update.Name ?? id} has ended`);
  const bytes = Buffer.byteLength(update.Payload ?? "", "utf8");
  if (type !== "EXECUTION" && bytes > limits.payloadBytes) {
    throw invalid(`${type} output payload size must be less than or equal to ${limits.payloadBytes} bytes.`);
  }
}

/** A new operation, as its first update describes it. */
export function begin(update: OperationUpdate, now: Date): WireOperation {
  return { Id: update.Id, ParentId: update.ParentId, Name: update.Name, Type: update.Type, SubType: update.SubType, StartTimestamp: now, Status: "STARTED" };
}

/** Applies one update to its operation; returns what has to happen later. */
export function applyUpdate(operation: WireOperation, update: OperationUpdate, now: Date): Alarm | undefined {
  switch (update.Type) {
    case "STEP":
      return applyStep(operation, update, now);
    case "CONTEXT":
      return applyContext(operation, update, now);
    case "WAIT":
      return applyWait(operation, update, now);
    case "CALLBACK":
      return applyCallback(operation, update, now);
    case "EXECUTION":
    case "CHAINED_INVOKE":
    case undefined:
      return undefined;
  }
}

function end(operation: WireOperation, status: NonNullable<WireOperation["Status"]>, now: Date): undefined {
  operation.Status = status;
  operation.EndTimestamp = now;
}

// The attempt counter moves with RETRY only; the SDK adds one to it for the attempt that runs.
function applyStep(operation: WireOperation, update: OperationUpdate, now: Date): Alarm | undefined {
  const attempt = operation.StepDetails?.Attempt ?? 0;
  switch (update.Action) {
    case "SUCCEED":
      operation.StepDetails = { Attempt: attempt, Result: update.Payload };
      return end(operation, "SUCCEEDED", now);
    case "FAIL":
      operation.StepDetails = { Attempt: attempt, Error: update.Error };
      return end(operation, "FAILED", now);
    case "RETRY": {
      const after = seconds(update.StepOptions?.NextAttemptDelaySeconds ?? 0);
      operation.Status = "PENDING";
      operation.StepDetails = { Attempt: attempt + 1, NextAttemptTimestamp: new Date(now.getTime() + after), Result: update.Payload, Error: update.Error };
      return {
        after,
        ring: (waiting) => {
          if (waiting.Status === "PENDING") waiting.Status = "READY";
        },
      };
    }
    default:
      operation.Status = "STARTED";
      operation.StepDetails = { ...operation.StepDetails, Attempt: attempt };
      return undefined;
  }
}

function applyContext(operation: WireOperation, update: OperationUpdate, now: Date): undefined {
  const replayChildren = update.ContextOptions?.ReplayChildren ?? operation.ContextDetails?.ReplayChildren;
  operation.ContextDetails = { ReplayChildren: replayChildren, Result: update.Payload, Error: update.Error };
  if (update.Action === "SUCCEED") end(operation, "SUCCEEDED", now);
  if (update.Action === "FAIL") end(operation, "FAILED", now);
}

function applyWait(operation: WireOperation, update: OperationUpdate, now: Date): Alarm | undefined {
  if (update.Action === "CANCEL") return end(operation, "CANCELLED", now);
  const after = seconds(update.WaitOptions?.WaitSeconds ?? 0);
  operation.WaitDetails = { ScheduledEndTimestamp: new Date(now.getTime() + after) };
  return {
    after,
    ring: (waiting, then) => {
      if (!ended(waiting)) end(waiting, "SUCCEEDED", then);
    },
  };
}

function applyCallback(operation: WireOperation, update: OperationUpdate, now: Date): Alarm | undefined {
  operation.StartTimestamp = now;
  const timeout = update.CallbackOptions?.TimeoutSeconds;
  if (timeout === undefined) return undefined;
  return {
    after: seconds(timeout),
    ring: (waiting, then) => {
      if (ended(waiting)) return;
      waiting.CallbackDetails = { ...waiting.CallbackDetails, Error: { ErrorType: "Callback.Timeout", ErrorMessage: "Callback timed out" } };
      end(waiting, "TIMED_OUT", then);
    },
  };
}
