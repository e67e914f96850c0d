import { drawSvg } from "@nightshift/lab/charts/draw";
import type { Workload } from "@nightshift/lab/flow/workload";
import { epochMs } from "@nightshift/model";
import type { PlayedPolicy } from "./scale-simulate-play.ts";

/** More points than this cannot be told apart in the picture. */
const POINTS = 480;
const MINUTE = 60_000;

/** Workers of each policy over time, and the arrivals a minute beside them, as SVG. */
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
  return drawSvg({
    title: `${name}: workers by policy`,
    width: 960,
    height: 420,
    from: epochMs(from),
    to: epochMs(from + length),
    series: [
      ...played.map(({ name: policy, workers }) => ({ label: policy, right: false, points: pointsOf(workers) })),
      { label: "due a minute (right)", right: true, points: pointsOf(arrivals) },
    ],
    lines: [],
    marks: [],
  });
}

function highest(values: ArrayLike<number>, from: number, step: number): number {
  let most = 0;
  for (let i = from; i < Math.min(values.length, from + step); i += 1) most = Math.max(most, values[i] ?? 0);
  return most;
}
