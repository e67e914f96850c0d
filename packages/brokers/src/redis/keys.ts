import type { BrokerSettings } from "@nightshift/model";

/** Broker settings of a Redis. */
export type RedisSettings = Extract<BrokerSettings, { readonly kind: "redis" }>;

/**
 * Keys that kombu keeps in Redis, with the user's prefix before each.
 * Source: kombu 5.6.2 `kombu/transport/redis.py` (`_q_for_pri`, `unacked_key`, `keyprefix_queue`, `keyprefix_fanout`), read on 2026-11-21.
 */
export function redisKeys(settings: RedisSettings, database: number) {
  const key = (name: string): string => `${settings.keyPrefix}${name}`;
  return {
    /** The list of a queue's priority step; step 0 is the queue's own name. */
    list: (queue: string, step: number): string => key(step === 0 ? queue : `${queue}${settings.separator}${step}`),
    /** Hash of what was delivered and is not acknowledged, by delivery tag: one for all queues of the database. */
    unacked: key("unacked"),
    /** The same tags by the moment of delivery. */
    unackedIndex: key("unacked_index"),
    /** Set of an exchange's bindings. */
    bindings: (exchange: string): string => key(`_kombu.binding.${exchange}`),
    /** Pub/sub channel of a fanout exchange, with its routing key where it has one. */
    channel: (exchange: string, routingKey = ""): string => key(`/${database}.${exchange}${routingKey === "" ? "" : `/${routingKey}`}`),
    /** The same when `fanout_prefix` is off. */
    bareChannel: (exchange: string): string => key(exchange),
  };
}

/** Where everything is in one Redis. */
export type RedisKeys = ReturnType<typeof redisKeys>;

/** The steps of a queue, lowest first, each once; kombu serves the lowest first. */
export const stepsOf = (settings: RedisSettings): readonly number[] =>
  settings.prioritySteps.length === 0 ? [0] : [...new Set(settings.prioritySteps)].sort((a, b) => a - b);
