import type { RedisLink } from "../connections.ts";
import type { Entry } from "./entry.ts";
import type { RedisKeys } from "./keys.ts";

/** Says which queue a delivered message came from. */
export type QueueOf = (entry: Entry) => string;

const exchangesAtMost = 10;
const bindingsAtMost = 500;
/** Of one exchange, with wildcards; and words and characters of a key: more is not Celery's. */
const topicsAtMost = 50;
const wordsAtMost = 20;
const keyAtMost = 255;

/**
 * `unacked` keeps exchange and routing key, not the queue. Celery's own queues are named like their routing key; for others
 * the exchange's bindings are read (`routing key, pattern, queue`, kombu 5.6.2 `_queue_bind`). Reads at most 10 exchanges of 500 bindings.
 */
export async function findQueues(
  link: RedisLink,
  keys: RedisKeys,
  asked: { readonly queues: readonly string[]; readonly separator: string; readonly entries: readonly Entry[] },
): Promise<QueueOf> {
  const plain = (entry: Entry): boolean => entry.exchange === "" || (asked.queues.includes(entry.routingKey) && entry.exchange === entry.routingKey);
  const exchanges = [...new Set(asked.entries.filter((one) => !plain(one)).map((one) => one.exchange))].slice(0, exchangesAtMost);
  const bound = new Map<string, readonly Binding[]>();
  for (const exchange of exchanges) bound.set(exchange, await readBindings(link, keys.bindings(exchange), asked.separator));
  return (entry) => {
    if (plain(entry)) return entry.routingKey;
    const bindings = bound.get(entry.exchange) ?? [];
    return (
      (
        bindings.find((one) => one.routingKey === entry.routingKey) ??
        bindings.find((one) => one.topic !== undefined && matchesTopic(one.topic, entry.routingKey))
      )?.queue ?? entry.routingKey
    );
  };
}

interface Binding {
  readonly routingKey: string;
  /** The words of a key with wildcards. */
  readonly topic: readonly string[] | undefined;
  readonly queue: string;
}

async function readBindings(link: RedisLink, key: string, separator: string): Promise<readonly Binding[]> {
  if (Number(await link.call("SCARD", key)) > bindingsAtMost) return [];
  const members = await link.call("SMEMBERS", key);
  if (!Array.isArray(members)) return [];
  let topics = 0;
  return members.flatMap((member: unknown) => {
    const [routingKey, , queue] = String(member).split(separator);
    if (routingKey === undefined || queue === undefined || queue === "") return [];
    const words = routingKey.length <= keyAtMost ? routingKey.split(".") : [];
    const hasTopic = words.length <= wordsAtMost && words.some((word) => word === "*" || word === "#") && topics < topicsAtMost;
    if (hasTopic) topics += 1;
    return [{ routingKey, topic: hasTopic ? words : undefined, queue }];
  });
}

/**
 * Whether a topic binding's key matches: `*` stands for one word, `#` for one or more, as in kombu. Word by word and not by a regular
 * expression, which takes minutes for keys that somebody wrote for it.
 */
function matchesTopic(topic: readonly string[], routingKey: string): boolean {
  if (routingKey.length > keyAtMost) return false;
  const words = routingKey.split(".");
  let reached: readonly number[] = [0];
  for (const part of topic) {
    const [first] = reached;
    if (first === undefined) return false;
    reached =
      part === "#"
        ? Array.from({ length: words.length - first }, (_, n) => first + 1 + n)
        : reached.filter((place) => (part === "*" ? (words[place] ?? "") !== "" : words[place] === part)).map((place) => place + 1);
  }
  return reached.at(-1) === words.length;
}
