import type { ScalingSample } from "@nightshift/model";
import { tuning } from "./tuning.ts";

/** Tasks a second, over the last minute and the last five, and what the near future is taken to be. */
export interface Arrivals {
  readonly fast: number;
  readonly slow: number;
  /** What the next minutes are taken to bring. */
  readonly expected: number;
  /** What they bring at most, chance aside: what a scale-in counts with. */
  readonly high: number;
}

/** How fast tasks become startable, from differences of the cumulative count. Chance is told from a change by how a Poisson count scatters. */
export function readArrivals(samples: readonly ScalingSample[], acksLate: boolean): Arrivals {
  const fast = rateOver(samples, tuning.fastSeconds, acksLate);
  const slow = rateOver(samples, tuning.slowSeconds, acksLate);
  if (fast === undefined || slow === undefined) return { fast: 0, slow: 0, expected: 0, high: 0 };
  const window = tuning.fastSeconds;
  const surprise = ((fast - slow) * window) / Math.sqrt(Math.max(1, slow * window));
  const expected = surprise > tuning.surprise ? fast + 0.5 * (fast - slow) : surprise < -tuning.surprise ? (fast + slow) / 2 : 0.3 * fast + 0.7 * slow;
  const calm = surprise < -tuning.surprise ? fast : Math.max(slow, fast - Math.sqrt(fast / window));
  return { fast, slow, expected: Math.max(0, expected), high: Math.max(0, calm) };
}

/**
 * Tasks that ever became startable: those that wait, are held or run, and those that ended. Better than the count of published ones,
 * which has tasks that wait for their time long before they are work. Under early acknowledgement a running one is counted as ended.
 */
export const entered = ({ finished, waiting, reserved, busy, arrived }: ScalingSample, acksLate: boolean): number | undefined =>
  finished === undefined ? arrived : finished + waiting + reserved + (acksLate ? busy : 0);

/** Tasks a second over about so many seconds; undefined: fewer than two counts. */
function rateOver(samples: readonly ScalingSample[], window: number, acksLate: boolean): number | undefined {
  const last = samples.at(-1);
  const until = last === undefined ? undefined : entered(last, acksLate);
  if (last === undefined || until === undefined) return undefined;
  let from: number | undefined;
  let since = last.at;
  for (let back = samples.length - 2; back >= 0; back -= 1) {
    const one = samples[back];
    const count = one === undefined ? undefined : entered(one, acksLate);
    if (one === undefined || count === undefined) break;
    from = count;
    since = one.at;
    if (last.at - since >= window * 950) break;
  }
  if (from === undefined || last.at <= since) return undefined;
  return Math.max(0, until - from) / ((last.at - since) / 1_000);
}

/** How many of those that wait are older than each of the last looks: the queue's ages, though the broker tells none (facts/scaling.md 2.4). */
export function agesOf(samples: readonly ScalingSample[], backlog: number, acksLate: boolean): readonly { readonly age: number; readonly tasks: number }[] {
  const last = samples.at(-1);
  const until = last === undefined ? undefined : entered(last, acksLate);
  if (last === undefined || until === undefined || backlog <= 0) return NONE;
  const ages: { age: number; tasks: number }[] = [];
  for (let back = samples.length - 2; back >= 0; back -= 1) {
    const one = samples[back];
    const count = one === undefined ? undefined : entered(one, acksLate);
    if (one === undefined || count === undefined) break;
    const tasks = backlog - (until - count);
    if (tasks <= 0) break;
    ages.push({ age: (last.at - one.at) / 1_000, tasks });
  }
  return ages;
}

const NONE: readonly never[] = [];
