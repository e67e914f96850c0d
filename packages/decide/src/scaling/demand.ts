import type { BrokerReading, DueTasks, EpochMs, Figure, QueueReading, WatchedQueue } from "@nightshift/model";
import { tuning } from "./tuning.ts";

/** What the watched queues hold together. */
export interface Demand {
  readonly waiting: number;
  readonly reserved: number;
  /** As far as the broker tells; undefined: it does not. */
  readonly running: number | undefined;
  /** Seconds the oldest has waited, where a queue tells. */
  readonly oldest: number | undefined;
  /** One list of rows a queue, soonest first. */
  readonly due: readonly (readonly DueTasks[])[];
  /** Held until their time; undefined: not known of every queue. */
  readonly later: number | undefined;
  /** Cumulative counters with the name under which they count; undefined: none. */
  readonly arrived: number | undefined;
  readonly finished: number | undefined;
  readonly epoch: string;
  /** What keeps a worker from being taken away, in words; undefined: nothing is doubtful. */
  readonly doubt: string | undefined;
}

/** A reading as the decision uses it, or why it is not used. */
export type Understood = { readonly kind: "understood"; readonly demand: Demand } | { readonly kind: "unknown"; readonly because: string };

/** Adds the watched queues up. Stale or without a single figure is unknown, which is never zero. */
export function understandReading(reading: BrokerReading, queues: readonly WatchedQueue[], at: EpochMs): Understood {
  if (reading.kind === "unknown") return { kind: "unknown", because: `the broker could not be read: ${reading.because}` };
  const age = (at - reading.at) / 1_000;
  if (age > tuning.staleSeconds) return { kind: "unknown", because: `the newest look at the broker is ${Math.round(age)} s old` };
  const sums = addUp(reading.queues, queues, at);
  if (sums.stale !== undefined) return { kind: "unknown", because: sums.stale };
  if (sums.known === 0) return { kind: "unknown", because: "no watched queue told how much waits" };
  const { counters } = reading;
  // A pair that counts the same tasks: the queues' own, or else the broker's.
  const own = sums.arrived !== undefined && (sums.finished !== undefined || counters?.finished === undefined);
  return {
    kind: "understood",
    demand: {
      waiting: sums.waiting,
      reserved: sums.reserved,
      running: sums.running,
      oldest: sums.oldest,
      due: sums.due,
      later: sums.later,
      arrived: own ? sums.arrived : counters?.arrived,
      finished: own ? sums.finished : counters?.finished,
      epoch: `${counters?.epoch ?? ""}${own ? "/queues" : ""}`,
      doubt: reading.doubts[0] ?? (sums.known < queues.length ? "a watched queue did not tell how much waits" : undefined),
    },
  };
}

interface Sums {
  known: number;
  waiting: number;
  reserved: number;
  running: number | undefined;
  oldest: number | undefined;
  later: number | undefined;
  arrived: number | undefined;
  finished: number | undefined;
  stale: string | undefined;
  due: (readonly DueTasks[])[];
}

function addUp(readings: readonly QueueReading[], queues: readonly WatchedQueue[], at: EpochMs): Sums {
  const sums: Sums = { known: 0, waiting: 0, reserved: 0, running: 0, oldest: undefined, later: 0, arrived: 0, finished: 0, stale: undefined, due: [] };
  for (const { name } of queues) {
    const queue = readings.find((one) => one.queue === name);
    if (queue?.waiting === undefined) continue;
    const age = (at - queue.waiting.at) / 1_000;
    if (age > tuning.staleSeconds) sums.stale = `what ${name} holds was last counted ${Math.round(age)} s ago`;
    sums.known += 1;
    sums.waiting += queue.waiting.value;
    sums.reserved += queue.reserved?.value ?? 0;
    sums.running = plus(sums.running, queue.running);
    sums.later = plus(sums.later, queue.dueLater);
    sums.arrived = plus(sums.arrived, queue.arrived);
    sums.finished = plus(sums.finished, queue.finished);
    if (queue.oldest !== undefined) sums.oldest = Math.max(sums.oldest ?? 0, queue.oldest.value);
    if (queue.due.length > 0) sums.due.push(queue.due);
  }
  return sums;
}

/** A sum of which a part is unknown is unknown. */
const plus = (sum: number | undefined, figure: Figure | undefined): number | undefined =>
  sum === undefined || figure === undefined ? undefined : sum + figure.value;
