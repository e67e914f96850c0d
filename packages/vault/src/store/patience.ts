import { setTimeout as wait } from "node:timers/promises";
import { type Ms, ms } from "@nightshift/model";
import { PortError } from "@nightshift/ports";

/** How waiting and chance come in. */
export interface Patience {
  readonly pause: (length: Ms, signal: AbortSignal | undefined) => Promise<void>;
  /** A number in [0, 1). */
  readonly random: () => number;
}

/** Real waiting and real chance. */
export const patience: Patience = {
  pause: async (length, signal) => void (await wait(length, undefined, signal === undefined ? {} : { signal })),
  random: Math.random,
};

/**
 * Ten attempts in all: with the SDK's three, a dump that met 20 % of answers 503 did not come through (facts/backups.md, section 2, S3).
 * Nine waits of at most 0.1 s, doubled up to 10 s, are half a minute: longer than a partition of S3 takes to split.
 */
const attempts = 10;
const firstDelayMs = 100;
const longestDelayMs = 10_000;

/**
 * Calls until it succeeds, fails in a way that waiting does not mend, or ten attempts are spent; then throws the last error.
 * Waits a random share of a doubling delay. Source: "Exponential Backoff And Jitter", https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/, 2026-11-21.
 */
export async function withPatience<T>(call: (attempt: number) => Promise<T>, { pause, random }: Patience, signal?: AbortSignal): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    signal?.throwIfAborted();
    try {
      return await call(attempt);
    } catch (error) {
      signal?.throwIfAborted();
      if (attempt === attempts || !(error instanceof PortError) || !error.retryable) throw error;
      await pause(ms(Math.floor(random() * Math.min(longestDelayMs, firstDelayMs * 2 ** (attempt - 1)))), signal);
    }
  }
}
