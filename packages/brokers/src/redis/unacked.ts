import type { RedisLink } from "../connections.ts";
import { readHash } from "./bodies.ts";
import { spread, unackedBudget } from "./budget.ts";
import type { Entry } from "./entry.ts";
import type { RedisKeys } from "./keys.ts";

/** What was delivered and is not acknowledged, of all queues of the database. */
export interface Unacked {
  readonly count: number;
  /** Those that were looked at and understood. */
  readonly seen: readonly Entry[];
  /** Whether `seen` is all there is. */
  readonly whole: boolean;
}

/** Entries of the hash and of its index. */
export interface Counts {
  readonly unacked: number;
  readonly index: number;
}

const tagsAtMost = 1_000;
const callsAtOnce = 200;

/**
 * Looks into `unacked` without ever reading it whole: at most 440 messages and 3.4 MB, spread over the order of delivery.
 * Sizes are asked for first, so that large messages cannot break the bound.
 */
export async function readUnacked(link: RedisLink, keys: RedisKeys, counts: Counts): Promise<Unacked> {
  if (counts.unacked === 0) return { count: 0, seen: [], whole: true };
  const tags = await pickTags(link, keys, counts);
  const present = (await sizeTags(link, keys.unacked, tags)).filter((one) => one.bytes > 0);
  const entries = await readHash(link, keys.unacked, pickEvenly(present, unackedBudget.bodies), unackedBudget);
  const seen = entries.filter((one) => one !== undefined);
  // What was acknowledged while we read is no longer there, which makes a small reading no less exact.
  const whole = counts.index <= tagsAtMost && counts.unacked <= counts.index && seen.length === present.length;
  return { count: whole ? seen.length : counts.unacked, seen, whole };
}

/** The index may name more than there is: a worker that gives its messages back on its way out leaves their tags in it (kombu 5.6.2 `Channel._restore`). So more tags are taken than messages are wanted. */
async function pickTags(link: RedisLink, keys: RedisKeys, counts: Counts): Promise<readonly string[]> {
  if (counts.index <= tagsAtMost) return texts(await link.call("ZRANGE", keys.unackedIndex, 0, tagsAtMost - 1));
  const wanted = Math.min(tagsAtMost, Math.ceil((unackedBudget.bodies * counts.index) / counts.unacked));
  const replies = await inTurns(spread(counts.index, wanted), (rank) => link.call("ZRANGE", keys.unackedIndex, rank, rank));
  return replies.flatMap(texts);
}

async function sizeTags(link: RedisLink, key: string, tags: readonly string[]) {
  const sizes = await inTurns(tags, (tag) => link.call("HSTRLEN", key, tag));
  return tags.map((tag, n) => ({ tag, bytes: Number(sizes[n] ?? 0) }));
}

/** Calls for each, many on their way at once, never all. */
async function inTurns<T, R>(all: readonly T[], call: (one: T) => Promise<R>): Promise<readonly R[]> {
  const replies: R[] = [];
  for (let from = 0; from < all.length; from += callsAtOnce) replies.push(...(await Promise.all(all.slice(from, from + callsAtOnce).map(call))));
  return replies;
}

const pickEvenly = <T>(all: readonly T[], wanted: number): readonly T[] =>
  spread(all.length, wanted).flatMap((place) => {
    const one = all[place];
    return one === undefined ? [] : [one];
  });

const texts = (reply: unknown): readonly string[] => (Array.isArray(reply) ? reply.filter((one: unknown) => typeof one === "string") : []);
