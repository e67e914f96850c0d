import type { RedisLink } from "../connections.ts";
import type { Entry } from "./entry.ts";
import type { RedisKeys } from "./keys.ts";

/** Says which queue a delivered message came from. */
export type QueueOf = (entry: Entry) => string;

const exchangesAtMost = 10;
const bindingsAtMost = 500;

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
      (bindings.find((one) => one.routingKey === entry.routingKey) ?? bindings.find((one) => one.pattern.test(entry.routingKey)))?.queue ?? entry.routingKey
    );
  };
}

interface Binding {
  readonly routingKey: string;
  readonly pattern: RegExp;
  readonly queue: string;
}

async function readBindings(link: RedisLink, key: string, separator: string): Promise<readonly Binding[]> {
  if (Number(await link.call("SCARD", key)) > bindingsAtMost) return [];
  const members = await link.call("SMEMBERS", key);
  if (!Array.isArray(members)) return [];
  return members.flatMap((member: unknown) => {
    const [routingKey, , queue] = String(member).split(separator);
    return routingKey === undefined || queue === undefined || queue === "" ? [] : [{ routingKey, pattern: patternOf(routingKey), queue }];
  });
}

/** A topic binding's key: `*` stands for one word, `#` for any number of them. */
function patternOf(routingKey: string): RegExp {
  const words = routingKey.split(".").map((word) => (word === "*" ? "[^.]+" : word === "#" ? ".*" : word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")));
  return new RegExp(`^${words.join("\\.")}$`);
}
