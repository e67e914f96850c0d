import type { Ms } from "@nightshift/model";
import { seconds } from "@nightshift/model";

/** What an application's users may change of kombu's Redis transport. */
export interface TransportSettings {
  /** `global_keyprefix`. */
  readonly keyPrefix: string;
  readonly prioritySteps: readonly number[];
  readonly separator: string;
  readonly visibilityTimeout: Ms;
  readonly db: number;
}

/** kombu's defaults ("Using Redis", https://docs.celeryq.dev/en/stable/getting-started/backends-and-brokers/redis.html, read 2026-11-21). */
export const defaultTransport: TransportSettings = {
  keyPrefix: "",
  prioritySteps: [0, 3, 6, 9],
  separator: "\x06\x16",
  visibilityTimeout: seconds(3_600),
  db: 0,
};

/** The list of a queue and a priority: step 0 has the queue's own name. */
export function queueKey({ keyPrefix, prioritySteps, separator }: TransportSettings, queue: string, priority: number): string {
  const step = prioritySteps.findLast((one) => one <= priority) ?? 0;
  return `${keyPrefix}${queue}${step === 0 ? "" : `${separator}${step}`}`;
}

/** Every list of a queue, in the order in which workers take from them. */
export const queueKeys = (settings: TransportSettings, queue: string): readonly string[] =>
  settings.prioritySteps.map((step) => queueKey(settings, queue, step));

/** Keys and channels that all workers of a database share. Channels carry the database's number, keys the prefix. */
export const sharedNames = ({ keyPrefix, db, separator }: TransportSettings) =>
  ({
    unacked: `${keyPrefix}unacked`,
    unackedIndex: `${keyPrefix}unacked_index`,
    pidbox: `${keyPrefix}/${db}.celery.pidbox`,
    heartbeats: `${keyPrefix}/${db}.celeryev/worker.heartbeat`,
    replyBindings: (exchange: string) => `${keyPrefix}_kombu.binding.${exchange}`,
    separator,
  }) as const;
