import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { type BrokerParts, createBrokers, realBrokerConnections } from "@nightshift/brokers";
import { type BrokerReading, type BrokerSettings, epochMs, type QueueReading, seconds } from "@nightshift/model";
import type { Clock } from "@nightshift/ports";

/** The machine's clock. */
export const wallClock: Clock = { now: () => epochMs(Date.now()), pause: (length) => pause(length) };

/** The product's own ports over real connections; the name of a secret is the address itself. */
export const realBrokers = (): ReturnType<typeof createBrokers> =>
  createBrokers({ connections: realBrokerConnections, secrets: { read: async (name) => name }, clock: wallClock, newId: randomUUID } satisfies BrokerParts);

/** Settings of a Redis as Celery has it by default. */
export const redisSettings = (url: string): Extract<BrokerSettings, { readonly kind: "redis" }> => ({
  kind: "redis",
  secret: url,
  keyPrefix: "",
  prioritySteps: [0, 3, 6, 9],
  separator: "\x06\x16",
  visibilityTimeout: seconds(3_600),
});

/** The figures of one queue, as a row to compare. */
export function rowOf(reading: BrokerReading, name = "celery") {
  if (reading.kind === "unknown") throw new Error(`the broker is unknown: ${reading.because}`);
  const queue: QueueReading | undefined = reading.queues.find((one) => one.queue === name);
  if (queue === undefined) throw new Error(`no queue ${name} was read`);
  return {
    waiting: queue.waiting?.value,
    reserved: queue.reserved?.value,
    running: queue.running?.value,
    dueLater: queue.dueLater?.value,
    active: reading.workers?.reduce((sum, worker) => sum + worker.active, 0),
  };
}
