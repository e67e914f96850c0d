import type { WireOperation } from "@aws/durable-execution-sdk-js";
import type { Ms } from "@nightshift/model";
import type { Invocation } from "../time/scope.ts";

/** Where an execution stands. */
export type ExecutionStatus = "RUNNING" | "SUCCEEDED" | "FAILED" | "TIMED_OUT";

/** A request to start one. */
export interface Start {
  readonly functionName: string;
  readonly qualifier: string;
  readonly executionName: string;
  /** JSON text. */
  readonly input: string;
  readonly executionTimeout: Ms;
  readonly invocationTimeout: Ms;
  /** One run of the function's code, inside the invocation's scope. Called again for every replay. */
  readonly run: (event: unknown, invocation: Invocation) => Promise<unknown>;
}

/** One durable execution, with everything the service keeps of it. */
export interface Execution {
  readonly arn: string;
  readonly start: Start;
  readonly rootId: string;
  readonly startedAt: number;
  readonly operations: Map<string, WireOperation>;
  status: ExecutionStatus;
  endedAt: number | undefined;
  /** JSON text; undefined until it succeeded with a value. */
  result: string | undefined;
  error: { readonly ErrorType?: string | undefined; readonly ErrorMessage?: string | undefined } | undefined;
  /** The only token the next checkpoint may carry. */
  token: string;
  active: RunningInvocation | undefined;
  invocations: number;
  checkpoints: number;
  crashesInARow: number;
  /** Operations that changed while no invocation was told. */
  readonly changed: Set<string>;
}

/** The invocation that runs now, and what it was told of each operation. */
export interface RunningInvocation {
  readonly invocation: Invocation;
  readonly told: Map<string, string>;
}

/** Statuses after which an operation does not change any more. */
export const ended = (operation: WireOperation): boolean =>
  operation.Status === "SUCCEEDED" ||
  operation.Status === "FAILED" ||
  operation.Status === "TIMED_OUT" ||
  operation.Status === "CANCELLED" ||
  operation.Status === "STOPPED";

/** What changed, in one string: an invocation is told again only when this differs. */
export const fingerprint = (operation: WireOperation): string => `${operation.Status} ${operation.StepDetails?.Attempt ?? 0}`;

/**
 * The operations a new invocation receives: children of a finished context are left out unless it asked for them
 * (`ReplayChildren`), and so are their children.
 * Source: durable SDK 2.4.0, `ContextOptions.ReplayChildren` (type documentation, read 2026-11-21).
 */
export function replayed(execution: Execution): readonly WireOperation[] {
  const dropped = new Set<string>();
  const kept: WireOperation[] = [];
  for (const operation of execution.operations.values()) {
    const parent = operation.ParentId === undefined ? undefined : execution.operations.get(operation.ParentId);
    const hidden =
      parent?.Id !== undefined && (dropped.has(parent.Id) || (ended(parent) && parent.Type === "CONTEXT" && !parent.ContextDetails?.ReplayChildren));
    if (hidden && operation.Id !== undefined) dropped.add(operation.Id);
    else kept.push(operation);
  }
  return kept;
}
