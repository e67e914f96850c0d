import { translate } from "./errors.ts";
import { type Patience, withRetries } from "./retry.ts";

/** One AWS call: its name for people and for grants, and what it is made on. */
export interface Call {
  /** `ecs:DescribeServices`. */
  readonly operation: string;
  readonly on: string;
}

/** How adapters call AWS. Every failure comes out as a `PortError`. */
export interface Calls {
  /** A call that changes nothing: repeated while a repeat may help. */
  read<T>(call: Call, send: () => Promise<T>): Promise<T>;
  /** A call that changes something: repeated only when AWS refused it for its rate, so it cannot have happened. */
  change<T>(call: Call, send: () => Promise<T>): Promise<T>;
}

/** Calls with our own backoff (decision 17: the SDK's is off). */
export const callsWith = (patience: Patience): Calls => ({
  read: (call, send) =>
    withRetries(
      () => translated({ ...call, changes: false }, send),
      patience,
      (error) => error.retryable,
    ),
  change: (call, send) =>
    withRetries(
      () => translated({ ...call, changes: true }, send),
      patience,
      (error) => error.kind === "throttled",
    ),
});

async function translated<T>(call: Call & { readonly changes: boolean }, send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    throw translate(call, error);
  }
}
