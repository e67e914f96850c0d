import type { Draining, FleetState, FleetTask, ScalingObservation, ScalingState, WorkerReading, WorkerSettings } from "@nightshift/model";

/** The workers that serve, those that are leaving, and what they do. */
export interface Crew {
  /** Running and taking work. */
  readonly ready: number;
  /** Asked for and not running yet. */
  readonly missing: number;
  /** Told to take no more work, and still part of the desired count. */
  readonly draining: readonly Draining[];
  /** Tasks that drained workers execute and hold, as far as they said. */
  readonly drainingBusy: number;
  readonly drainingHeld: number;
  /** Workers heard that are this service's. */
  readonly heard: readonly WorkerReading[] | undefined;
  /** What they execute, with those that drain. */
  readonly heardBusy: number | undefined;
}

/** Counts the crew: a worker that is being given up, or that takes no more work, is none. */
export function countCrew(observation: ScalingObservation, fleet: FleetState, state: ScalingState, settings: WorkerSettings): Crew {
  const rows = state.draining.filter(({ task }) => state.lowering?.victims.includes(task) !== true);
  const heard = ours(observation, fleet);
  let drainingBusy = 0;
  let drainingHeld = 0;
  for (const row of rows) {
    const said = answerOf(row.worker, observation, heard);
    drainingBusy += said?.active ?? 0;
    drainingHeld += said?.reserved ?? 0;
  }
  // Nobody heard of those that run: they send no heartbeats, which says nothing of what they do.
  const heardBusy =
    heard === undefined || (heard.length === 0 && fleet.running > 0) ? undefined : Math.min(sumActive(heard), fleet.running * settings.concurrency);
  const serving = Math.min(fleet.running, fleet.desired);
  return {
    ready: Math.max(0, serving - rows.length),
    missing: Math.max(0, fleet.desired - fleet.running),
    draining: rows,
    drainingBusy,
    drainingHeld,
    heard,
    heardBusy,
  };
}

/** What a worker said last: when asked as a drained one, else as a heartbeat. */
export function answerOf(worker: string, observation: ScalingObservation, heard: readonly WorkerReading[] | undefined): WorkerReading | undefined {
  return observation.drained?.find(({ name }) => name === worker) ?? heard?.find(({ name }) => name === worker);
}

/** The task that a worker runs on. */
export const taskOf = (worker: WorkerReading, fleet: FleetState): FleetTask | undefined =>
  worker.ip === undefined ? undefined : fleet.tasks?.find(({ ip, status }) => ip === worker.ip && status === "running");

/** Heard workers that are this service's: a broker may serve others too. Without tasks to compare with, all. */
function ours(observation: ScalingObservation, fleet: FleetState): readonly WorkerReading[] | undefined {
  const heard = observation.broker.kind === "seen" ? observation.broker.workers : undefined;
  const { tasks } = fleet;
  if (heard === undefined || tasks === undefined) return heard;
  const ips = new Set<string>();
  for (const { ip } of tasks) if (ip !== undefined) ips.add(ip);
  return heard.every(({ ip }) => ip === undefined) ? heard : heard.filter(({ ip }) => ip !== undefined && ips.has(ip));
}

function sumActive(workers: readonly WorkerReading[]): number {
  let sum = 0;
  for (const { active } of workers) sum += active;
  return sum;
}
