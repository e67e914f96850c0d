import type { EpochMs, FleetState, ScalingMemory, ScalingObservation, ScalingSample, WorkerSettings } from "@nightshift/model";
import { sayLength, seconds } from "@nightshift/model";
import type { Demand } from "./demand.ts";

/** What figures that stand still are held against. */
export interface Listened {
  readonly observation: ScalingObservation;
  readonly fleet: FleetState;
  readonly demand: Demand;
  readonly memory: ScalingMemory;
  readonly settings: WorkerSettings;
}

/** Whether the workers can be listened to at all. */
const canListen = ({ control, broker }: WorkerSettings): boolean => control === "celery" && broker.kind !== "sqs";

/**
 * Since when none of the running workers was heard: the first of the listening windows in a row that brought nothing. Workers that
 * never say anything (`--without-heartbeat`) are unheard from the first window for ever. Undefined: heard, or not listened to yet.
 */
export function unheardSince({ observation, fleet, memory, settings }: Omit<Listened, "demand">): EpochMs | undefined {
  const heard = observation.broker.kind === "seen" ? observation.broker.workers : undefined;
  const before = memory.more["unheardSince"];
  if (heard === undefined) return before as EpochMs | undefined; // Written below as a moment.
  if (heard.length > 0 || !canListen(settings)) return undefined;
  if (before !== undefined) return before as EpochMs; // As above.
  return hadStarted(memory.samples, fleet, settings, observation.at) ? observation.at : undefined;
}

/** Why nothing is believed, and what is remembered of having listened. */
export interface Still {
  readonly because: string;
  readonly more: ScalingMemory["more"];
}

/**
 * Why figures that stand still are not believed: a broker can go on to say what was so before, and then nobody hears its workers.
 * Believed is what moves, what a worker confirms, and after ten minutes whatever is said: such workers may send no heartbeats.
 */
export function standsStill(listened: Listened): Still | undefined {
  const { observation, memory, settings, fleet } = listened;
  const { at } = observation;
  const still = stillSeconds(listened);
  if (!canListen(settings) || fleet.running === 0 || still < STILL) return undefined;
  const listens = observation.broker.kind === "seen" && observation.broker.workers !== undefined;
  const quiet = unheardSince(listened);
  if (quiet !== undefined) {
    const length = (at - quiet) / 1_000;
    if (length > BELIEVED_AFTER || !(length >= WINDOW || movesWereDue(memory.samples, still, at))) return undefined;
    const workers = fleet.running === 1 ? "the one worker was not heard" : `none of ${fleet.running} workers was heard`;
    const because = `the broker answers, but its figures stand still and ${workers}${length > 0 ? ` for ${sayLength(seconds(Math.round(length)))}` : ""}`;
    return { because, more: { ...memory.more, unheardSince: quiet, ...(listens ? { heardAt: at } : {}) } };
  }
  // Once in a stretch of stillness: a broker that cannot be listened to at all must not keep everything as it is.
  const asked = Math.max(memory.more["askedAt"] ?? 0, listens ? at : 0) >= at - 1_000 * still;
  const { waiting, reserved, running } = listened.demand;
  // Nothing there adds nobody, and only who is seen empty leaves.
  if (asked || waiting + reserved + (running ?? 0) === 0 || !movesWereDue(memory.samples, still, at)) return undefined;
  const because = `the broker's figures stand still for ${sayLength(seconds(Math.round(still)))}, and its workers are listened to before they are believed`;
  return { because, more: { ...memory.more, askedAt: at, heardAt: 0 } };
}

/** Whether nobody is heard and nothing moves, so that what was told of it stays true. */
export const isStillUnheard = (listened: Listened): boolean => unheardSince(listened) !== undefined && stillSeconds(listened) >= STILL;

/** Whether a worker ran for as long as one takes to start, so that it must be heard. */
function hadStarted(samples: readonly ScalingSample[], fleet: FleetState, settings: WorkerSettings, at: EpochMs): boolean {
  if (fleet.running === 0) return false;
  for (let back = samples.length - 1; back >= 0; back -= 1) {
    const one = samples[back];
    if (one === undefined || one.ready === 0) return false;
    if (at - one.at >= settings.startTime) return true;
  }
  return false;
}

/** For how long every figure is the same, in seconds; 0: one moved, or nothing is there and nothing was due. */
function stillSeconds({ demand, memory, observation }: Pick<Listened, "demand" | "memory" | "observation">): number {
  const { waiting, reserved, running } = demand;
  const still = (observation.at - figuresSeen({ demand, memory, observation }).stillSince) / 1_000;
  return waiting + reserved + (running ?? 0) > 0 || movesWereDue(memory.samples, still, observation.at) ? still : 0;
}

/** What a broker says in one number, and since when it says the same. */
export function figuresSeen({ demand, memory, observation }: Pick<Listened, "demand" | "memory" | "observation">): Seen {
  let figures = 0;
  const { waiting, reserved, running, later, arrived, finished } = demand;
  for (const one of [waiting, reserved, running, later, arrived, finished]) figures = (figures * FACTOR + (one ?? 0)) % LARGEST;
  const since = memory.more["figures"] === figures ? memory.more["stillSince"] : undefined;
  return { figures, stillSince: since ?? observation.at };
}

interface Seen {
  readonly figures: number;
  readonly stillSince: number;
}

/** Primes that tell a handful of figures apart and keep every product exact. */
const FACTOR = 1_000_003;
const LARGEST = 2_147_483_647;

/** Whether, going by the minutes before, so many tasks should have come and ended meanwhile that chance cannot have kept all of them away. */
function movesWereDue(samples: readonly ScalingSample[], still: number, at: EpochMs): boolean {
  let newest: ScalingSample | undefined;
  for (let back = samples.length - 1; back >= 0; back -= 1) {
    const one = samples[back];
    if (one?.arrived === undefined || one.finished === undefined) return false;
    if (at - one.at < still * 1_000) continue;
    newest ??= one;
    const length = newest.at - one.at;
    if (length < 45_000) continue;
    const share = (still * 1_000) / length;
    return ((newest.arrived ?? 0) - one.arrived) * share >= SURELY && ((newest.finished ?? 0) - one.finished) * share >= SURELY;
  }
  return false;
}

/** Tasks of which chance keeps none away: once in 20,000 times. */
const SURELY = 10;
/** Two looks of 15 s, less their slack; seconds. */
const STILL = 25;
/** Two listening windows, a minute apart; seconds. */
const WINDOW = 55;
/** Silence of so long is how these workers are; seconds. */
const BELIEVED_AFTER = 600;
