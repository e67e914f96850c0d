import { gaussian, type Random } from "../../world/chance.ts";
import type { Tasks } from "../workload.ts";

/** One task to come: milliseconds since the beginning, and how long it runs. */
export interface Job {
  readonly published: number;
  readonly due?: number;
  readonly service: number;
}

/** Moments of a Poisson process whose rate a second changes over time, in `from` to `to` milliseconds. */
export function momentsAt(
  rate: (at: number) => number,
  { from, to, most }: { readonly from: number; readonly to: number; readonly most: number },
  random: Random,
): number[] {
  const moments: number[] = [];
  // Thinning: candidates at the highest rate, kept with the share that the rate is of it.
  for (let at = from; ; ) {
    at += (-Math.log(1 - random()) * 1_000) / most;
    if (at >= to) return moments;
    if (random() * most < rate(at)) moments.push(at);
  }
}

/** Evenly by chance within each minute's count, `scale` of it. */
export function momentsOfCounts(counts: readonly number[], scale: number, random: Random): number[] {
  const moments: number[] = [];
  let owed = 0;
  for (const [minute, count] of counts.entries()) {
    owed += count * scale;
    const whole = Math.floor(owed);
    owed -= whole;
    for (let i = 0; i < whole; i += 1) moments.push((minute + random()) * 60_000);
  }
  return moments.sort((a, b) => a - b);
}

/** Milliseconds around a mean in seconds, with a coefficient of variation of 1, as service times have that are neither fixed nor wild. */
export function lognormal(meanSeconds: number, random: Random): number {
  const sigma = Math.sqrt(Math.log(2));
  return 1_000 * meanSeconds * Math.exp(sigma * gaussian(random) - (sigma * sigma) / 2);
}

/** Milliseconds with the long tail of Pareto's law: `least` seconds or more, cut at `most`. */
export const pareto = (least: number, shape: number, most: number, random: Random): number => 1_000 * Math.min(most, least / (1 - random()) ** (1 / shape));

/** Tasks in the order they are published. */
export function tasksOf(jobs: readonly Job[]): Tasks {
  const sorted = [...jobs].sort((a, b) => a.published - b.published);
  return {
    published: Float64Array.from(sorted, ({ published }) => published),
    due: Float64Array.from(sorted, ({ due, published }) => due ?? published),
    service: Float64Array.from(sorted, ({ service }) => service),
  };
}
