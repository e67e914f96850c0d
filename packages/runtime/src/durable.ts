import type { DurableContext, RetryDecision } from "@aws/durable-execution-sdk-js";
import { type Ms, seconds } from "@nightshift/model";
import { PortError } from "@nightshift/ports";
import type { Checkpoints } from "./automation.ts";

/** Tries of one step before it fails for good: about ten minutes of throttling. */
export const STEP_ATTEMPTS = 40;

const whole = (length: Ms) => ({ seconds: Math.max(1, Math.ceil(length / 1_000)) });

/**
 * Keeps each finished effect as one checkpointed step of a Lambda durable function.
 * Waits are whole seconds, one at least: the service counts in seconds (WaitOptions.WaitSeconds, SDK 2.4.0).
 */
export const durableCheckpoints = (ctx: DurableContext): Checkpoints => ({
  once: (name, effect) => ctx.step(name, effect, { retryStrategy: retryStep }),
  // A throw inside the check would end the wait for good (SDK 2.4.0), so callers catch inside `look`.
  poll: (name, start, look, next) => {
    return ctx.waitForCondition(name, look, {
      initialState: start,
      waitStrategy: (state, looks) => {
        const wait = next(state, looks);
        return wait === "stop" ? { shouldContinue: false } : { shouldContinue: true, delay: whole(wait) };
      },
    });
  },
  awaitWord: async (name, submit, timeout) => {
    try {
      await ctx.waitForCallback(name, (callbackId) => submit(callbackId), { timeout: whole(timeout), retryStrategy: retryStep });
    } catch (error) {
      // Only the deadline is an answer ("nobody spoke"); anything else is a failure and must be seen.
      if (!isTimeout(error)) throw error;
    }
  },
});

/** Retries what a port calls retryable: 1, 2, 4, 8, then every 15 s. Deterministic: the durable service already spreads executions. */
export function retryStep(error: Error, attempt: number): RetryDecision {
  const retryable = error instanceof PortError && error.retryable;
  if (!retryable || attempt >= STEP_ATTEMPTS) return { shouldRetry: false };
  return { shouldRetry: true, delay: whole(seconds(Math.min(15, 2 ** (attempt - 1)))) };
}

/** Recognised by the SDK's `errorType`, which survives checkpoints; classes do not (the error may sit inside a ChildContextError). */
function isTimeout(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ("errorType" in error && error.errorType === "CallbackTimeoutError") return true;
  return isTimeout(error.cause);
}
