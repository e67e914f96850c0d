import type { ScalingMemory, ScalingSample } from "@nightshift/model";
import { tuning } from "./tuning.ts";

/** What the last tasks say of how long one takes. */
export interface ServiceTime {
  readonly seconds: number | undefined;
  readonly busySeconds: number;
  readonly completions: number;
  /** Tasks that ended a second over the last minute or so. */
  readonly perSecond: number;
}

/**
 * Busy slot-seconds over tasks ended, over the shortest window that has enough of both: a ratio of integrals, because the mean of
 * what ended is too short while long ones still run (facts/scaling.md 2.4). Too few ends are made up with what was known before.
 */
export function readServiceTime(samples: readonly ScalingSample[], memory: ScalingMemory): ServiceTime {
  const last = samples.at(-1);
  const known = memory.serviceSeconds;
  if (last?.finished === undefined) return { seconds: known, busySeconds: 0, completions: 0, perSecond: 0 };
  let busySeconds = 0;
  let completions = 0;
  let perSecond = 0;
  let newer = last;
  for (let back = samples.length - 2; back >= 0; back -= 1) {
    const older = samples[back];
    if (older?.finished === undefined) break;
    const length = (newer.at - older.at) / 1_000;
    busySeconds += ((newer.busy + older.busy) / 2) * length;
    completions = last.finished - older.finished;
    const whole = (last.at - older.at) / 1_000;
    if (whole <= 75) perSecond = completions / Math.max(1, whole);
    newer = older;
    if ((completions >= 3 * tuning.enoughCompletions && whole >= 120) || whole >= tuning.serviceWindowSeconds) break;
  }
  return { seconds: mix(busySeconds, completions, known), busySeconds, completions, perSecond };
}

function mix(busySeconds: number, completions: number, known: number | undefined): number | undefined {
  if (completions >= tuning.enoughCompletions) return Math.max(MIN_SECONDS, busySeconds / completions);
  if (known === undefined) return busySeconds > 0 ? Math.max(MIN_SECONDS, busySeconds / (completions + 1)) : undefined;
  // What was known stands in for the ends that are missing; a window without ends still shows when tasks last longer than that.
  const standIn = tuning.enoughCompletions - completions;
  return Math.max(MIN_SECONDS, busySeconds / (completions + 1), completions === 0 ? known : (busySeconds + standIn * known) / (completions + standIn));
}

/** Shorter than this is not told apart: a division by it must stay tame. */
const MIN_SECONDS = 0.02;
