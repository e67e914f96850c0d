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

/** How fast tasks arrive, from differences of the cumulative count. Chance is told from a change by how a Poisson count scatters. */
export function readArrivals(samples: readonly ScalingSample[]): Arrivals {
  const fast = rateOver(samples, tuning.fastSeconds);
  const slow = rateOver(samples, tuning.slowSeconds);
  if (fast === undefined || slow === undefined) return { fast: 0, slow: 0, expected: 0, high: 0 };
  const window = tuning.fastSeconds;
  const surprise = ((fast - slow) * window) / Math.sqrt(Math.max(1, slow * window));
  const expected = surprise > tuning.surprise ? fast + 0.5 * (fast - slow) : surprise < -tuning.surprise ? (fast + slow) / 2 : 0.3 * fast + 0.7 * slow;
  const calm = surprise < -tuning.surprise ? fast : Math.max(slow, fast - Math.sqrt(fast / window));
  return { fast, slow, expected: Math.max(0, expected), high: Math.max(0, calm) };
}

/** Tasks a second over about so many seconds; undefined: fewer than two counts. */
export function rateOver(samples: readonly ScalingSample[], window: number): number | undefined {
  const last = samples.at(-1);
  if (last?.arrived === undefined) return undefined;
  let from: ScalingSample | undefined;
  for (let back = samples.length - 2; back >= 0; back -= 1) {
    const one = samples[back];
    if (one?.arrived === undefined) break;
    from = one;
    if (last.at - one.at >= window * 950) break;
  }
  if (from?.arrived === undefined || last.at <= from.at) return undefined;
  return Math.max(0, last.arrived - from.arrived) / ((last.at - from.at) / 1_000);
}
