import type { Ms } from "@nightshift/model";

/** Tasks and the fleet that works them off. Moments are milliseconds since the run began. */
export interface Workload {
  readonly name: string;
  /** What it is, in one sentence, with what was scaled and what was made up. */
  readonly says: string;
  readonly source: "synthetic" | "trace" | "own";
  readonly length: Ms;
  readonly tasks: Tasks;
  /** The promise: publish (or ETA) to start. */
  readonly wait: Ms;
  readonly fleet: FleetShape;
  /** How much slower than alone a task runs that starts at a moment beside so many others: a dependency that is short of breath. Absent: not at all. */
  readonly stretch?: (at: number, beside: number) => number;
}

/** Tasks in the order they are published, one row each over the three columns. */
export interface Tasks {
  readonly published: Float64Array;
  /** When they may start: `published`, or their ETA. */
  readonly due: Float64Array;
  /** How long they run, alone. */
  readonly service: Float64Array;
}

/** The workers as ECS and Celery were told to run them. */
export interface FleetShape {
  readonly concurrency: number;
  /** Celery's `worker_prefetch_multiplier`. */
  readonly prefetch: number;
  readonly acksLate: boolean;
  readonly min: number;
  readonly max: number;
  /** Call to first task, evenly between the two (measured 53 to 62 s for a 413-MB image: facts/scaling.md 4.1). */
  readonly startAtLeast: Ms;
  readonly startAtMost: Ms;
  /** SIGTERM to SIGKILL. */
  readonly stopTimeout: Ms;
  /** How long after a worker was killed its unacknowledged tasks can be taken again: at once on RabbitMQ, up to the visibility timeout on Redis. */
  readonly redeliverAfter: Ms;
  /** Workers beyond the base run on Spot and are taken back so often in an hour of one worker. */
  readonly spot?: { readonly onDemandBase: number; readonly reclaimsPerHour: number };
}

/** Four slots, one task reserved a slot at most, late acknowledgement, starts of 30 to 60 s, stop timeout at ECS's default of 30 s (facts/scaling.md 5.1). */
export const usualFleet: FleetShape = {
  concurrency: 4,
  prefetch: 1,
  acksLate: true,
  min: 1,
  max: 20,
  startAtLeast: 30_000 as Ms, // A plain literal of milliseconds.
  startAtMost: 60_000 as Ms, // The same.
  stopTimeout: 30_000 as Ms, // The same.
  redeliverAfter: 0 as Ms, // The same.
};

/** Mean seconds of one task, alone. Baselines are told it, as their users would measure it; ours learns it. */
export function meanServiceSeconds({ service }: Tasks): number {
  if (service.length === 0) return 1;
  let sum = 0;
  for (const one of service) sum += one;
  return sum / service.length / 1_000;
}
