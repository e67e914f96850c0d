import { hours, minutes, type Ms, sayLength } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import type { RunnerJob } from "@nightshift/ports";
import type { RunnerWorld } from "./world.ts";

/**
 * The longest that a run of each kind lives. Whoever started it gives up an hour earlier and stops the task (12, 8 and 20 hours); this is for
 * when nobody is left to: a run that hangs would hold a snapshot open on production, and cost money, for ever.
 */
export const longestRun: Readonly<Record<RunnerJob["do"], Ms>> = {
  night: hours(13),
  take: hours(13),
  verify: hours(13),
  manifest: hours(13),
  "compare-instance": hours(9),
  restore: hours(21),
};
/** How long work that was told to end has for it: undoing is quick, and what does not answer is left where it is. */
const GRACE = minutes(5);

/** Work that did not end within its time. */
export class TookTooLong extends Error {
  override readonly name = "TookTooLong";
}

/** Does a job's work for so long and no longer: then it is told to end by its signal, and soon left to itself. @throws {TookTooLong} with the limit. */
export async function withinLimit<T>(world: RunnerWorld, what: RunnerJob["do"], work: (limited: RunnerWorld) => Promise<T>): Promise<T> {
  const most = longestRun[what];
  const over = new AbortController();
  const done = new AbortController();
  const tooLong = new TookTooLong(
    `it did not end within ${sayLength(most)}, and ended itself: look at what it waited for, in the database's log and in its own`,
  );
  const limit = async (): Promise<never> => {
    await world.pause(most, done.signal);
    if (guard("a run that takes too long ends itself")) over.abort(tooLong);
    await world.pause(GRACE, done.signal);
    throw tooLong;
  };
  // Told to end, it says something else than why: the limit is the reason.
  const limited = work({ ...world, signal: AbortSignal.any([world.signal, over.signal]) }).catch((error: unknown) => {
    throw over.signal.aborted ? tooLong : error;
  });
  try {
    return await Promise.race([limited, limit()]);
  } finally {
    done.abort();
  }
}
