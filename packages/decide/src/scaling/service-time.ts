import type { ScalingMemory, ScalingSample } from "@nightshift/model";
import { tuning } from "./tuning.ts";

/** What the last tasks say of how long one takes. */
export interface ServiceTime {
  readonly seconds: number | undefined;
  readonly busySeconds: number;
  readonly completions: number;
  /** Tasks that ended a second over the last minute or so. */
  readonly perSecond: number;
  /** It changed of late: the last minute alone tells. */
  readonly changing: boolean;
}

/**
 * Busy slot-seconds over tasks ended, over the shortest window that has enough of both: a ratio of integrals, because the mean of
 * what ended is too short while long ones still run (facts/scaling.md 2.4). Too few ends are made up with what was known before. Where
 * the newest looks saw more or fewer ends than chance allows, they alone tell.
 */
export function readServiceTime(samples: readonly ScalingSample[], memory: ScalingMemory): ServiceTime {
  const last = samples.at(-1);
  const known = memory.serviceSeconds;
  if (last?.finished === undefined) return { seconds: known, busySeconds: 0, completions: 0, perSecond: 0, changing: false };
  let busySeconds = 0;
  let completions = 0;
  let perSecond = 0;
  let seen = 0;
  let scatter = 0;
  let recent = { busySeconds: 0, completions: 0, scatter: 0 };
  let newer = last;
  for (let back = samples.length - 2; back >= 0; back -= 1) {
    const older = samples[back];
    if (older?.finished === undefined) break;
    const length = (newer.at - older.at) / 1_000;
    busySeconds += ((newer.busy + older.busy) / 2) * length;
    completions = last.finished - older.finished;
    // While tasks wait every slot is busy all the time; else a look is one draw of how many are.
    const steady = newer.waiting > 0 && older.waiting > 0;
    seen += steady ? tuning.plentyCompletions : older.busy;
    if (!steady) scatter += older.busy * length * length;
    const whole = (last.at - older.at) / 1_000;
    if (whole <= 75) perSecond = completions / Math.max(1, whole);
    if (whole <= tuning.serviceRecentSeconds + 5) recent = { busySeconds, completions, scatter };
    newer = older;
    if (
      (completions >= tuning.plentyCompletions && seen >= tuning.plentyCompletions && whole >= tuning.serviceSlowSeconds) ||
      whole >= tuning.serviceWindowSeconds
    )
      break;
  }
  const slow = mix(busySeconds, completions, known);
  const changed = slow === undefined ? undefined : changeOf(recent, slow);
  return { seconds: changed ?? slow, busySeconds, completions, perSecond, changing: changed !== undefined };
}

/** The service time of the newest looks where their ends are no chance of the slower figure; undefined: they may be. */
function changeOf(recent: { readonly busySeconds: number; readonly completions: number; readonly scatter: number }, slow: number): number | undefined {
  const { busySeconds, completions } = recent;
  const expected = busySeconds / slow;
  // Ends scatter, and so does what a few looks at busy slots say of the time between them.
  const scatter = Math.sqrt(Math.max(1, expected) + recent.scatter / (slow * slow));
  if (Math.abs(completions - expected) <= tuning.serviceSurprise * scatter) return undefined;
  return Math.max(MIN_SECONDS, (busySeconds + STAND_IN * slow) / (completions + STAND_IN));
}

/** The slower figure counts as so many ends among the newest. */
const STAND_IN = 5;

function mix(busySeconds: number, completions: number, known: number | undefined): number | undefined {
  if (completions >= tuning.enoughCompletions) return Math.max(MIN_SECONDS, busySeconds / completions);
  if (known === undefined) return busySeconds > 0 ? Math.max(MIN_SECONDS, busySeconds / (completions + 1)) : undefined;
  // What was known stands in for the ends that are missing; a window without ends still shows when tasks last longer than that.
  const standIn = tuning.enoughCompletions - completions;
  return Math.max(MIN_SECONDS, busySeconds / (completions + 1), completions === 0 ? known : (busySeconds + standIn * known) / (completions + standIn));
}

/** Shorter than this is not told apart: a division by it must stay tame. */
const MIN_SECONDS = 0.02;
