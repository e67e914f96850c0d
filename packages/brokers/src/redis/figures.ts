import type { EpochMs, Figure, QueueReading, WorkerReading } from "@nightshift/model";
import type { QueueOf } from "./bindings.ts";
import { dueRows } from "./due.ts";
import type { Entry } from "./entry.ts";
import type { ListLook, PriorityList } from "./lists.ts";
import type { Unacked } from "./unacked.ts";

/** Everything one look read of one Redis. */
export interface RedisLook {
  readonly at: EpochMs;
  readonly lists: readonly PriorityList[];
  readonly looks: readonly ListLook[];
  readonly unacked: Unacked;
  readonly queueOf: QueueOf;
  readonly acksLate: boolean;
  /** Undefined: nobody listened. */
  readonly workers: readonly WorkerReading[] | undefined;
}

/** What one queue holds, worked out from a look. */
export function readQueue(look: RedisLook, queue: string): QueueReading {
  const listed = countListed(look, queue);
  const held = countHeld(look, queue);
  const split = splitHeld(look, held);
  const later = [...listed.etas, ...held.etas.map((at) => ({ at, tasks: held.scale }))];
  return {
    queue,
    waiting: listed.waiting,
    reserved: split.reserved,
    running: split.running,
    dueLater: held.later === undefined ? undefined : addFigures(held.later, listed.later),
    due: dueRows(later),
    oldest: oldestOf(look, queue),
    byPriority: byPriority(look, queue),
    arrived: undefined,
    finished: undefined,
  };
}

interface Listed {
  readonly waiting: Figure;
  readonly later: Figure;
  readonly etas: readonly { readonly at: EpochMs; readonly tasks: number }[];
}

/** What lies in the queue's lists: LLEN counts it all, and a look says how much of it waits for its time. */
function countListed(look: RedisLook, queue: string): Listed {
  const lists = look.lists.filter((one) => one.queue === queue);
  const length = lists.reduce((sum, one) => sum + one.length, 0);
  const looks = look.looks.filter((one) => one.queue === queue);
  const seen = looks.reduce((sum, one) => sum + one.seen.length, 0);
  const etas = looks.flatMap((one) => {
    const scale = one.whole ? 1 : one.length / Math.max(1, one.seen.length);
    return one.seen.filter((entry) => isLater(entry, look.at)).map((entry) => ({ at: entry.eta ?? look.at, tasks: scale }));
  });
  const later = Math.round(etas.reduce((sum, one) => sum + one.tasks, 0));
  const how = `LLEN of ${lists.length} priority ${lists.length === 1 ? "list" : "lists"}`;
  const confidence = etas.length === 0 || looks.every((one) => one.whole) ? 1 : 0.9;
  return {
    waiting: { value: length - later, at: look.at, confidence, how: later === 0 ? how : `${how}, less ${later} that wait for their time` },
    later: { value: later, at: look.at, confidence, how: `looked at ${seen} of ${length} in the lists` },
    etas,
  };
}

interface Held {
  /** Undefined: nothing of `unacked` could be looked at. */
  readonly now: Figure | undefined;
  readonly later: Figure | undefined;
  readonly etas: readonly EpochMs[];
  /** How many tasks each one seen stands for. */
  readonly scale: number;
}

/** What workers hold of the queue: by its time, due or not. */
function countHeld({ at, unacked, queueOf }: RedisLook, queue: string): Held {
  const seen = unacked.seen.length;
  if (seen === 0 && unacked.count > 0) return { now: undefined, later: undefined, etas: [], scale: 1 };
  const own = unacked.seen.filter((entry) => queueOf(entry) === queue);
  const etas = own.flatMap((entry) => (entry.eta !== undefined && isLater(entry, at) ? [entry.eta] : []));
  const scale = unacked.whole ? 1 : unacked.count / seen;
  const how = unacked.whole ? `read ${unacked.count} in unacked` : `sampled ${seen} of ${unacked.count} in unacked`;
  const figure = (part: number): Figure => ({
    value: Math.round(part * scale),
    at,
    confidence: unacked.whole ? 1 : sampleConfidence(part, seen, unacked.count),
    how,
  });
  return { now: figure(own.length - etas.length), later: figure(etas.length), etas, scale };
}

/**
 * Early acknowledgement: what is held and due has not begun, and what runs is in no key of Redis. Late: some of it runs, and
 * how much only the workers can say; when nobody asked them, all of it counts as running, for it is work either way.
 */
function splitHeld(look: RedisLook, { now }: Held): { readonly reserved: Figure | undefined; readonly running: Figure | undefined } {
  if (!look.acksLate || now === undefined) return { reserved: now, running: undefined };
  if (look.workers === undefined) {
    const how = `${now.how}, begun or not`;
    return { reserved: { ...now, value: 0, confidence: 0.5, how }, running: { ...now, confidence: Math.min(0.5, now.confidence), how } };
  }
  const due = look.unacked.seen.filter((entry) => !isLater(entry, look.at)).length * (look.unacked.whole ? 1 : look.unacked.count / look.unacked.seen.length);
  const active = look.workers.reduce((sum, one) => sum + one.active, 0);
  const running = Math.min(now.value, Math.round(due === 0 ? 0 : (active * now.value) / due));
  const confidence = Math.round(due) === now.value ? now.confidence : Math.min(0.7, now.confidence);
  const how = `${now.how}, of which workers execute ${active}`;
  return { reserved: { ...now, value: now.value - running, confidence, how }, running: { ...now, value: running, confidence, how } };
}

/** One, less the half width of the 95 % interval as a part of the estimate. A part that was not met at all is below 3 in so many. */
function sampleConfidence(part: number, seen: number, count: number): number {
  const share = part / seen;
  const missed = Math.sqrt((count - seen) / Math.max(1, count - 1));
  const halfWidth = part === 0 ? 3 / seen : 1.96 * Math.sqrt((1 - share) / (share * seen)) * missed;
  return Math.round(Math.min(0.99, Math.max(0.05, 1 - halfWidth)) * 100) / 100;
}

const isLater = (entry: Entry, at: EpochMs): boolean => entry.eta !== undefined && entry.eta > at;

const addFigures = (a: Figure, b: Figure): Figure =>
  b.value === 0
    ? a
    : { value: a.value + b.value, at: a.at, confidence: Math.min(a.confidence, b.confidence), how: a.value === 0 ? b.how : `${a.how}; ${b.how}` };

/** Seconds since the oldest waiting message was published, where messages say when: the first look into a list is at its oldest. */
function oldestOf(look: RedisLook, queue: string): Figure | undefined {
  const published = look.looks.flatMap((one) => {
    const head = one.queue === queue ? one.seen.find((entry) => !isLater(entry, look.at)) : undefined;
    return head?.publishedAt === undefined ? [] : [Math.max(head.publishedAt, head.eta ?? 0)];
  });
  if (published.length === 0) return undefined;
  return { value: Math.max(0, (look.at - Math.min(...published)) / 1_000), at: look.at, confidence: 0.9, how: "published, as the oldest message says" };
}

function byPriority(look: RedisLook, queue: string): QueueReading["byPriority"] {
  const lists = look.lists.filter((one) => one.queue === queue);
  return lists.length < 2 ? [] : lists.map((one) => ({ priority: one.step, waiting: one.length }));
}
