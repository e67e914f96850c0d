import { decideScaling } from "@nightshift/decide/scaling/decide-scaling";
import { nightshift } from "@nightshift/lab/flow/policies/nightshift";
import { simulate } from "@nightshift/lab/flow/simulate";
import { synthetic } from "@nightshift/lab/flow/workloads/synthetic";
import type { ScalingObservation, ScalingState, WorkerSettings } from "@nightshift/model";

/** Decisions timed together: a clock that knows microseconds cannot time one. */
const BATCH = 50;
/** Times everything is decided before it is timed, and timed. */
const WARM = 3;
const ROUNDS = 5;

/** The median time of one decision in microseconds, over what the scaler really sees in a day that comes and goes, two bursts and a long tail. */
export function decisionMicroseconds(seed: number): number {
  const seen: (readonly [ScalingObservation, ScalingState, WorkerSettings])[] = [];
  for (const name of ["diurnal", "flash", "longtail"] as const)
    simulate(synthetic(name, seed), nightshift({ onLook: (observation, state, settings) => seen.push([observation, state, settings]) }), { seed });
  const times: number[] = [];
  for (let round = 0; round < WARM + ROUNDS; round += 1) {
    for (let from = 0; from + BATCH <= seen.length; from += BATCH) {
      const began = performance.now();
      for (let i = from; i < from + BATCH; i += 1) {
        const one = seen[i];
        if (one !== undefined) decideScaling(...one);
      }
      if (round >= WARM) times.push((1_000 * (performance.now() - began)) / BATCH);
    }
  }
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN;
}
