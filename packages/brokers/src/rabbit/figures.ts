import { before, type EpochMs, type Figure, type QueueReading, seconds, type WorkerReading } from "@nightshift/model";
import type { QueueStatistics, Told } from "./statistics.ts";

/** What one look learned of one queue. */
export interface QueueLook {
  readonly queue: string;
  /** From the passive declare, true at this moment; undefined: there is no such queue, or it did not answer. */
  readonly declared: { readonly ready: number; readonly consumers: number } | undefined;
  /** Undefined: no management API. */
  readonly statistics: Told<QueueStatistics> | undefined;
}

/** One look at all queues, and what the queues have in common. */
export interface RabbitLook {
  readonly at: EpochMs;
  readonly queues: readonly QueueLook[];
  readonly acksLate: boolean;
  /** Undefined: nobody listened. */
  readonly workers: readonly WorkerReading[] | undefined;
  /** Tasks of all queues that workers hold until their time comes; undefined: nobody can tell. */
  readonly later: number | undefined;
}

/**
 * How old the management API's figures may be: a queue tells its node every 5 s, and the node's collector looks every 5 s.
 * Source: `collect_statistics_interval`, "Management plugin", https://www.rabbitmq.com/docs/management#statistics-interval, and
 * our own measurement on RabbitMQ 3.10.8 (24 changes of classic and quorum queues: seen after 2.0 to 10.1 s), 2026-11-21.
 */
export const statisticsAge = seconds(10);

/** A reading of one queue and what is doubtful about it. */
export function readQueue(look: RabbitLook, one: QueueLook): { readonly reading: QueueReading; readonly doubts: readonly string[] } {
  const { queue, declared } = one;
  const statistics = one.statistics?.kind === "told" ? one.statistics.told : undefined;
  const waiting: Figure | undefined = declared && { value: declared.ready, at: look.at, confidence: 1, how: "passive declare" };
  const agreement = declared === undefined || statistics === undefined ? undefined : agree(declared, statistics);
  const held = heldFigure(look, statistics, agreement);
  const counted = (value: number | undefined, how: string): Figure | undefined =>
    value === undefined || declared === undefined ? undefined : { value, at: before(look.at, statisticsAge), confidence: 1, how };
  return {
    reading: {
      queue,
      waiting,
      ...splitHeld(look, one, held),
      due: [],
      oldest: undefined,
      byPriority: byPriority(statistics, declared?.ready),
      arrived: counted(statistics?.published, "published into the queue, as the management API counts"),
      finished: counted(statistics?.acknowledged, "acknowledged, as the management API counts"),
    },
    doubts: doubtsOf(one, agreement),
  };
}

interface Agreement {
  readonly confidence: number;
  /** Undefined: what moved since explains the difference. */
  readonly doubt: string | undefined;
}

/** Messages that may move within the statistics' age without being in the newest rate. */
const slack = 2;

/** The passive declare is of this moment and the statistics are not: what flowed meanwhile explains a difference, or nothing does. */
function agree(declared: { readonly ready: number; readonly consumers: number }, statistics: QueueStatistics): Agreement {
  if (statistics.ready === undefined) return { confidence: 0.3, doubt: undefined };
  const moved = Math.abs(declared.ready - statistics.ready);
  if (moved === 0) return { confidence: statistics.consumers === declared.consumers ? 1 : 0.7, doubt: undefined };
  if (moved <= slack + (statistics.perSecond * statisticsAge) / 1_000) return { confidence: 0.7, doubt: undefined };
  return {
    confidence: 0.3,
    doubt: `${declared.ready} are ready, but the management API says ${statistics.ready}: its figures are older than what just happened`,
  };
}

/** What workers hold unacknowledged, of whatever kind. */
function heldFigure(look: RabbitLook, statistics: QueueStatistics | undefined, agreement: Agreement | undefined): Figure | undefined {
  if (statistics?.unacknowledged === undefined || agreement === undefined) return undefined;
  return {
    value: statistics.unacknowledged,
    at: before(look.at, statisticsAge),
    confidence: agreement.confidence,
    how: "unacknowledged, as the management API counts",
  };
}

type Split = Pick<QueueReading, "reserved" | "running" | "dueLater">;

/**
 * Sorts what is held: RabbitMQ does not know which messages wait for their time, only the workers' prefetch limits tell. Early
 * acknowledgement: the rest has not begun, and what runs is not in RabbitMQ any more. Late: the workers say how much of it runs; when
 * nobody asked them, all of it counts as running, for it is work either way.
 */
function splitHeld(look: RabbitLook, one: QueueLook, held: Figure | undefined): Split {
  if (held === undefined) return { reserved: undefined, running: undefined, dueLater: undefined };
  const dueLater = laterOf(look, one, held);
  const among = dueLater === undefined ? `${held.how}; tasks that wait for their time are among them` : held.how;
  const now: Figure = { ...held, value: held.value - (dueLater?.value ?? 0), how: among };
  if (!look.acksLate) return { reserved: now, running: undefined, dueLater };
  if (look.workers === undefined) {
    const how = `${now.how}, begun or not`;
    const confidence = Math.min(0.5, now.confidence);
    return { reserved: { ...now, value: 0, confidence, how }, running: { ...now, confidence, how }, dueLater };
  }
  const active = look.workers.reduce((sum, worker) => sum + worker.active, 0);
  const all = sumHeld(look) - (look.later ?? 0);
  const running = Math.min(now.value, all <= 0 ? 0 : Math.round((active * now.value) / all));
  const confidence = look.queues.length === 1 ? now.confidence : Math.min(0.7, now.confidence);
  const how = `${now.how}, of which workers execute ${active}`;
  return { reserved: { ...now, value: now.value - running, confidence, how }, running: { ...now, value: running, confidence, how }, dueLater };
}

/** Workers hold for all their queues together; each queue gets its share of what is held. */
function laterOf(look: RabbitLook, one: QueueLook, held: Figure): Figure | undefined {
  if (held.value === 0) return { ...held, how: "nothing is unacknowledged, as the management API counts" };
  if (look.later === undefined) return undefined;
  const all = sumHeld(look);
  const confidence = all === heldOf(one) ? held.confidence : Math.min(0.5, held.confidence);
  return { ...held, value: Math.min(held.value, Math.round((look.later * held.value) / all)), confidence, how: "workers' prefetch limits above their own" };
}

const heldOf = ({ statistics }: QueueLook): number => (statistics?.kind === "told" ? (statistics.told.unacknowledged ?? 0) : 0);

const sumHeld = ({ queues }: RabbitLook): number => queues.reduce((sum, one) => sum + heldOf(one), 0);

/** A breakdown that does not add up to what is ready now is of an earlier moment. */
const byPriority = (statistics: QueueStatistics | undefined, ready: number | undefined): QueueReading["byPriority"] =>
  statistics !== undefined && statistics.priorities.reduce((sum, one) => sum + one.waiting, 0) === ready ? statistics.priorities : [];

function doubtsOf({ queue, declared, statistics }: QueueLook, agreement: Agreement | undefined): readonly string[] {
  if (declared === undefined || statistics === undefined) return [];
  if (statistics.kind === "untold") return [`what workers hold of ${queue} is unknown: ${statistics.because}`];
  if (statistics.told.unacknowledged === undefined) return [`what workers hold of ${queue} is unknown: the management API has no figures of it yet`];
  return agreement?.doubt === undefined ? [] : [`of ${queue}, ${agreement.doubt}`];
}
