import { drawFlow } from "@nightshift/lab/flow/chart";
import type { Workload } from "@nightshift/lab/flow/workload";
import type { PlayedPolicy } from "./scale-simulate-play.ts";

/** More points than this cannot be told apart in the picture. */
const POINTS = 480;
const MINUTE = 60_000;

/** Workers of each policy over time, and what came to be due in each minute above them, as SVG. */
export function chartOf({ name, length, tasks }: Workload, played: readonly PlayedPolicy[], from: number): string {
  const minutes = Math.ceil(length / MINUTE);
  const step = Math.max(1, Math.ceil(minutes / POINTS));
  const arrivals = new Float64Array(minutes);
  for (const due of tasks.due) {
    const minute = Math.floor(due / MINUTE);
    arrivals[minute] = (arrivals[minute] ?? 0) + 1;
  }
  const pointsOf = (values: ArrayLike<number>): readonly (readonly [number, number])[] =>
    Array.from({ length: Math.ceil(values.length / step) }, (_, i) => [from + i * step * MINUTE, highest(values, i * step, step)] as const);
  return drawFlow({
    title: `${name}: workers by policy`,
    from,
    to: from + length,
    arrivals: pointsOf(arrivals),
    policies: played.map(({ name: policy, workers }) => ({ name: policy, workers: pointsOf(workers) })),
  });
}

function highest(values: ArrayLike<number>, from: number, step: number): number {
  let most = 0;
  for (let i = from; i < Math.min(values.length, from + step); i += 1) most = Math.max(most, values[i] ?? 0);
  return most;
}
