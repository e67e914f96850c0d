import type { RedisLink } from "../connections.ts";
import { readHash } from "./bodies.ts";
import { bytesTouched, spread, unackedBudget } from "./budget.ts";
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

// Sizes are cheap and tell messages of different kinds apart; this many of them place a third of all within ±5 % nineteen times in twenty.
const tagsAtMost = 4_000;
const runLength = 10;
const callsAtOnce = 500;

/**
 * Looks into `unacked` without ever reading it whole: at most 440 messages, 3.4 MB
 * of them to us and 64 MB inside the server. Sizes are asked for first, so that large
 * messages cannot break the bound; and the messages are chosen evenly over the sizes, and over the order of delivery within a
 * size, because an ETA, another queue or another task nearly always shows in the size.
 */
export async function readUnacked(link: RedisLink, keys: RedisKeys, counts: Counts): Promise<Unacked> {
  if (counts.unacked === 0) return { count: 0, seen: [], whole: true };
  const tags = await pickTags(link, keys, counts.index);
  const present = (await sizeTags(link, keys.unacked, tags)).filter((one) => one.bytes > 0).toSorted((a, b) => a.bytes - b.bytes);
  const entries = await readHash(link, keys.unacked, pickEvenly(present, affordable(present)), unackedBudget);
  const seen = entries.filter((one) => one !== undefined);
  // What was acknowledged while we read is no longer there, which makes a small reading no less exact.
  const whole = counts.index <= tagsAtMost && counts.unacked <= counts.index && seen.length === present.length;
  return { count: whole ? seen.length : counts.unacked, seen, whole };
}

/** The index may name more than there is: a worker that gives its messages back on its way out can leave their tags in it (kombu 5.6.2 `Channel._restore`). */
async function pickTags(link: RedisLink, keys: RedisKeys, index: number): Promise<readonly string[]> {
  const runs =
    index <= tagsAtMost
      ? [[0, tagsAtMost - 1]]
      : spread(Math.floor(index / runLength), tagsAtMost / runLength).map((run) => [run * runLength, (run + 1) * runLength - 1]);
  const replies = await inTurns(runs, ([from = 0, to = 0]) => link.call("ZRANGE", keys.unackedIndex, from, to));
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

/** How many messages may be looked at: 440, fewer of large ones, which cost the server time even where only their end is read. */
function affordable(present: readonly { readonly bytes: number }[]): number {
  const mean = present.reduce((sum, one) => sum + one.bytes, 0) / Math.max(1, present.length);
  return Math.min(unackedBudget.bodies, Math.max(1, Math.floor(bytesTouched / Math.max(1, mean))));
}

const pickEvenly = <T>(all: readonly T[], wanted: number): readonly T[] =>
  spread(all.length, wanted).flatMap((place) => {
    const one = all[place];
    return one === undefined ? [] : [one];
  });

const texts = (reply: unknown): readonly string[] => (Array.isArray(reply) ? reply.filter((one: unknown) => typeof one === "string") : []);
