import type { ScalingSample } from "@nightshift/model";

/** All samples are kept so long, then one a minute, and from ten minutes on one in three; seconds. A row is written in whole kilobytes. */
const DENSE = 120;
const SPARSE = 600;
/** Nothing older is kept; seconds. */
const OLDEST = 1_260;
/** A row holds at most so many (see `ScalingMemory.samples`). */
const MOST = 40;

/**
 * Adds a look to those kept: all of the last two minutes, fewer before. After a long silence it stands a minute earlier as well,
 * as the last one was: a look that changed nothing is not kept, so that what came since came since that look.
 */
export function keepSample(samples: readonly ScalingSample[], now: ScalingSample, sameEpoch: boolean): readonly ScalingSample[] {
  const last = samples.at(-1);
  if (last === undefined || !sameEpoch) return [now];
  const kept: ScalingSample[] = [];
  let before = Number.NEGATIVE_INFINITY;
  for (const one of samples) {
    const age = (now.at - one.at) / 1_000;
    if (age > OLDEST) continue;
    if (age > DENSE && (one.at - before) / 1_000 < (age > SPARSE ? 170 : 55)) continue;
    before = one.at;
    kept.push(one);
  }
  // The last look before a long silence stays, however old: cumulative counts go on from it.
  if (kept.length === 0) kept.push(last);
  // Written `at` as a sum of a moment and a length, which keeps its unit.
  if (now.at - last.at > 90_000) kept.push({ ...last, at: (now.at - 60_000) as typeof now.at });
  kept.push(now);
  return kept.length > MOST ? kept.slice(-MOST) : kept;
}
