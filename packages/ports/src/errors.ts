import type { Ms } from "@nightshift/model";

/** Who must act on a failure, and whether trying again can help. */
export type PortErrorKind =
  | "throttled"
  | "unavailable"
  | "timeout"
  | "conflict" // may pass by itself
  | "not-found"
  | "denied"
  | "invalid"
  | "unsupported"; // somebody must act

/**
 * What every port throws. `retryable` says whether the same call may succeed later;
 * `outcomeUnknown` is true when a mutating call may have happened although no answer came.
 */
export class PortError extends Error {
  override readonly name = "PortError";
  readonly kind: PortErrorKind;
  /** `ecs:UpdateService`. */
  readonly operation: string;
  /** What it was called on. */
  readonly on: string;
  /** How long the other side asked us to wait before the next try, when it said so. */
  readonly retryAfter: Ms | undefined;
  constructor(kind: PortErrorKind, operation: string, on: string, message: string, cause?: unknown, retryAfter?: Ms) {
    super(`${operation} on ${on}: ${message}`, cause === undefined ? undefined : { cause });
    this.kind = kind;
    this.operation = operation;
    this.on = on;
    this.retryAfter = retryAfter;
  }
  get retryable(): boolean {
    return this.kind === "throttled" || this.kind === "unavailable" || this.kind === "timeout";
  }
  get outcomeUnknown(): boolean {
    return this.kind === "timeout";
  }
}
