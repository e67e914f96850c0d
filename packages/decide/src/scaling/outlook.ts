import type { DueTasks, EpochMs, FleetState, ScalingObservation, ScalingSample, ScalingState, WorkerSettings } from "@nightshift/model";
import type { Arriving, Supply } from "./capacity.ts";
import type { Demand } from "./demand.ts";
import type { Crew } from "./fleet.ts";
import { type Arrivals, agesOf, readArrivals } from "./rates.ts";
import { keepSample } from "./samples.ts";
import { readServiceTime, type ServiceTime } from "./service-time.ts";
import { followStarts, type Starts } from "./starts.ts";
import { tuning } from "./tuning.ts";

/** All that a decision is made from, worked out once. Lengths are seconds. */
export interface Outlook {
  readonly at: EpochMs;
  readonly observation: ScalingObservation;
  readonly state: ScalingState;
  readonly settings: WorkerSettings;
  readonly fleet: FleetState;
  readonly demand: Demand;
  readonly crew: Crew;
  readonly busy: number;
  readonly samples: readonly ScalingSample[];
  readonly epoch: string;
  readonly arrivals: Arrivals;
  readonly service: ServiceTime;
  /** What a task is taken to last: measured, or assumed before the first one ended. */
  readonly serviceSeconds: number;
  readonly starts: Starts;
  readonly promise: number;
  readonly supply: Supply;
  readonly arriving: Arriving;
  readonly dueSoon: number;
  /** Until the next look at the latest. */
  readonly lookSeconds: number;
}

/** What a look is made of. */
export interface Looked {
  readonly observation: ScalingObservation;
  readonly state: ScalingState;
  readonly settings: WorkerSettings;
  readonly fleet: FleetState;
  readonly demand: Demand;
  readonly crew: Crew;
}

/** Works out what there is, how fast it comes and goes, and what can take it. */
export function lookAhead(looked: Looked): Outlook {
  const { observation, state, settings, demand, crew } = looked;
  const { at } = observation;
  const last = state.memory.samples.at(-1);
  const busy = countBusy(looked, last);
  const counts = demand.arrived === undefined ? countOurselves(looked, busy, last) : demand;
  const epoch = demand.arrived === undefined ? OWN_COUNT : demand.epoch;
  const now: ScalingSample = {
    at,
    waiting: demand.waiting,
    reserved: demand.reserved,
    busy: round(busy),
    ready: crew.ready,
    arrived: round(counts.arrived),
    finished: round(counts.finished),
  };
  const samples = keepSample(state.memory.samples, now, epoch === state.memory.epoch);
  const arrivals = readArrivals(samples, settings.acksLate);
  const service = readServiceTime(samples, state.memory);
  const promise = shortest(settings);
  const serviceSeconds = service.seconds ?? Math.min(tuning.unknownServiceAtMost, tuning.unknownServiceShare * promise);
  const gapSeconds = last === undefined ? 60 : (at - last.at) / 1_000;
  const starts = followStarts(state.memory, { at, missing: crew.missing, gapSeconds }, settings);
  const lookSeconds = 15;
  const dueWithin = 2 * starts.expectSeconds + promise;
  const lots = dueLots(demand.due, at, dueWithin);
  const backlog = Math.max(0, demand.waiting + demand.reserved - crew.drainingHeld);
  return {
    ...looked,
    at,
    busy,
    samples,
    epoch,
    arrivals,
    service,
    serviceSeconds,
    starts,
    promise,
    supply: supplyOf(crew, { busy, serviceSeconds, starts, settings, at }),
    arriving: { backlog, perSecond: arrivals.expected, lots, past: agesOf(samples, backlog, settings.acksLate) },
    dueSoon: lots.reduce((sum, { tasks }) => sum + tasks, 0),
    lookSeconds,
  };
}

/** The name of the count we make where a broker has none. */
const OWN_COUNT = "counted here";

/** Seconds of the shortest promise: a service scales for its worst queue (decision 43). */
export function shortest({ queues }: WorkerSettings): number {
  let least = Number.POSITIVE_INFINITY;
  for (const { wait } of queues) least = Math.min(least, wait);
  return least / 1_000;
}

/** Tasks being executed: the broker's figure under late acknowledgement, else what the workers said, else what is likely. */
function countBusy({ demand, crew, settings, fleet, state }: Looked, last: ScalingSample | undefined): number {
  const slots = fleet.running * settings.concurrency;
  if (crew.heardBusy !== undefined) return Math.min(slots, Math.max(crew.heardBusy, settings.acksLate ? (demand.running ?? 0) : 0));
  if (settings.acksLate && demand.running !== undefined) return Math.min(slots, demand.running);
  if (demand.waiting > 0) return slots;
  const service = state.memory.serviceSeconds;
  if (last === undefined || service === undefined) return Math.min(slots, Math.max(last?.busy ?? 0, demand.running ?? 0));
  const rate = readArrivals(state.memory.samples, settings.acksLate).fast;
  return Math.min(slots, Math.max(demand.running ?? 0, rate * service));
}

/** Arrivals and ends where the broker counts none: what the busy slots must have worked off, and what the queue grew by beside. */
function countOurselves({ demand, state, observation }: Looked, busy: number, last: ScalingSample | undefined): Pick<ScalingSample, "arrived" | "finished"> {
  if (last?.arrived === undefined || last.finished === undefined || state.memory.epoch !== OWN_COUNT) return { arrived: 0, finished: 0 };
  const seconds = (observation.at - last.at) / 1_000;
  const grew = demand.waiting + demand.reserved + busy - last.waiting - last.reserved - last.busy;
  const service = state.memory.serviceSeconds;
  const worked = service === undefined ? 0 : (((busy + last.busy) / 2) * seconds) / service;
  const ended = Math.max(worked, -grew);
  return { arrived: last.arrived + Math.max(0, grew + ended), finished: last.finished + ended };
}

function supplyOf(
  crew: Crew,
  now: { readonly busy: number; readonly serviceSeconds: number; readonly starts: Starts; readonly settings: WorkerSettings; readonly at: EpochMs },
): Supply {
  const { concurrency } = now.settings;
  const slots = crew.ready * concurrency;
  const busy = Math.min(slots, Math.max(0, now.busy - crew.drainingBusy));
  const coming = now.starts.starting.map(({ at, workers }) => ({
    inSeconds: Math.max(SOON, now.starts.expectSeconds - (now.at - at) / 1_000),
    slots: workers * concurrency,
  }));
  return { idle: slots - busy, busy, serviceSeconds: now.serviceSeconds, coming };
}

/** A start that takes longer than expected is expected any moment, in seconds. */
const SOON = 5;

function dueLots(due: readonly (readonly DueTasks[])[], at: EpochMs, within: number): { readonly inSeconds: number; readonly tasks: number }[] {
  const lots: { inSeconds: number; tasks: number }[] = [];
  for (const rows of due)
    for (const row of rows) {
      const inSeconds = Math.max(0, (row.at - at) / 1_000);
      if (inSeconds > within) break;
      lots.push({ inSeconds, tasks: row.tasks });
    }
  return lots;
}

/** Our own counts are of parts of tasks; two digits of them are remembered. */
const round = <T extends number | undefined>(n: T): T | number => (n === undefined ? n : Math.round(n * 100) / 100);
