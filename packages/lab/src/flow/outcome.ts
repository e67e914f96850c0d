import type { Workload } from "./workload.ts";

/** What a run came to. */
export interface Outcome {
  readonly workerHours: number;
  readonly tasks: number;
  /** Where the published tasks are at the end: together they are `tasks`, with those not yet due or lost. */
  readonly finished: number;
  readonly waiting: number;
  readonly running: number;
  readonly notYetDue: number;
  /** Killed while they ran under early acknowledgement: gone for good. */
  readonly lost: number;
  /** Minutes in which more than 1 % (at least one) of the tasks due in them started later than promised (decision 43). */
  readonly violatingMinutes: number;
  /** Tasks that started later than promised. */
  readonly late: number;
  /** Seconds from due to first start. */
  readonly wait: { readonly p50: number; readonly p95: number; readonly p99: number; readonly longest: number };
  /** Running tasks that a scale-in killed. */
  readonly killed: number;
  /** Running tasks that a Spot reclaim killed. */
  readonly reclaimed: number;
  /** Tasks that began again after they were killed. */
  readonly reRun: number;
  /** Changes of the desired count. */
  readonly actions: number;
  /** Changes against the direction of the one before, within 10 minutes of it. */
  readonly reversals: number;
  readonly peakWorkers: number;
  readonly meanWorkers: number;
}

/** Tasks of a minute that may start late before the minute violates. */
const SHARE = 0.01;

/** Judges waits: `started` holds the first start of each task, not a number for those that never started before `end`. */
export function judgeWaits({ tasks: { due }, wait }: Workload, started: Float64Array, end: number): Pick<Outcome, "violatingMinutes" | "late" | "wait"> {
  const minutes = Math.ceil(end / 60_000) + 1;
  const dueIn = new Int32Array(minutes);
  const lateIn = new Int32Array(minutes);
  const waits = new Float64Array(due.length);
  let known = 0;
  let late = 0;
  for (let task = 0; task < due.length; task += 1) {
    const from = due[task] ?? 0;
    if (from >= end) continue;
    const began = started[task] ?? Number.NaN;
    const waited = (Number.isNaN(began) ? end : began) - from;
    // One that still waits and may yet keep its promise is no wait that anybody knows.
    if (Number.isNaN(began) && waited <= wait) continue;
    waits[known] = waited;
    known += 1;
    const minute = Math.floor(from / 60_000);
    dueIn[minute] = (dueIn[minute] ?? 0) + 1;
    if (waited <= wait) continue;
    late += 1;
    lateIn[minute] = (lateIn[minute] ?? 0) + 1;
  }
  let violatingMinutes = 0;
  for (let minute = 0; minute < minutes; minute += 1) {
    const many = lateIn[minute] ?? 0;
    if (many > 0 && many > SHARE * (dueIn[minute] ?? 0)) violatingMinutes += 1;
  }
  const sorted = waits.subarray(0, known).sort();
  return { violatingMinutes, late, wait: { p50: rank(sorted, 0.5), p95: rank(sorted, 0.95), p99: rank(sorted, 0.99), longest: rank(sorted, 1) } };
}

/** Seconds that a share does not exceed (nearest rank); 0 of nothing. */
const rank = (sorted: Float64Array, share: number): number => (sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0) / 1_000;
