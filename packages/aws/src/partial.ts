import { guard } from "@nightshift/model/guards";
import { PortError } from "@nightshift/ports";
import type { Call } from "./calls.ts";

/** A row of ECS's `failures`. */
export interface Failure {
  readonly arn?: string | undefined;
  readonly reason?: string | undefined;
  readonly detail?: string | undefined;
}

/**
 * Throws when an answer holds failures beside results, so that a partial answer is never read as absence (invariant 42).
 * `MISSING` is `not-found`; any other reason, and an unknown one, is `unavailable`.
 * Source: "API failure reasons", https://docs.aws.amazon.com/AmazonECS/latest/developerguide/api_failures_messages.html, 2026-11-21.
 */
export function refuseFailures(call: Call, failures: readonly Failure[] | undefined): void {
  if (failures === undefined || failures.length === 0 || !guard("partial answer is no absence")) return;
  const missing = failures.every((failure) => failure.reason === "MISSING");
  const says = failures
    .map((failure) => [failure.arn ?? "?", failure.reason ?? "no reason given", failure.detail].filter((part) => part !== undefined).join(" "))
    .join("; ");
  throw new PortError(missing ? "not-found" : "unavailable", call.operation, call.on, `partial answer: ${says}`);
}

/**
 * Whether a failure says that the task is no longer there to be protected.
 * Source: "API failure reasons", https://docs.aws.amazon.com/AmazonECS/latest/developerguide/api_failures_messages.html, 2026-11-21.
 */
export const isGone = ({ reason }: Failure): boolean => reason === "MISSING" || reason === "TASK_NOT_VALID";

/** The field, or an error that names it: a required field that AWS left out is not understood, and never guessed. */
export function need<T>(call: Call, field: string, value: T | undefined | null): T {
  if (value === undefined || value === null) throw new PortError("unavailable", call.operation, call.on, `the answer has no ${field}`);
  return value;
}
