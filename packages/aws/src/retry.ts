import { type Ms, ms } from "@nightshift/model";
import { PortError } from "@nightshift/ports";

/** Waits; real in production, virtual in the lab. */
export type Pause = (length: Ms) => Promise<void>;

/** How waiting and chance come in. */
export interface Patience {
  readonly pause: Pause;
  /** A number in [0, 1). */
  readonly random: () => number;
}

// Four more tries wait 0.3, 0.6, 1.2 and 2.4 s at most: less than one look in all. Longer patience is the step's.
const retries = 4;
const firstDelayMs = 300;
const longestDelayMs = 5_000;

/**
 * Calls until it succeeds, fails in a way that waiting does not mend, or four more tries are spent; then throws the
 * last error. Waits a random share of a doubling delay ("full jitter").
 * Source: "Exponential Backoff And Jitter", https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/, 2026-11-21.
 */
export async function withRetries<T>(call: () => Promise<T>, patience: Patience, worthIt: (error: PortError) => boolean): Promise<T> {
  for (let retry = 0; ; retry += 1) {
    try {
      return await call();
    } catch (error) {
      if (retry >= retries || !(error instanceof PortError) || !worthIt(error)) throw error;
      await patience.pause(ms(Math.floor(patience.random() * Math.min(longestDelayMs, firstDelayMs * 2 ** retry))));
    }
  }
}
