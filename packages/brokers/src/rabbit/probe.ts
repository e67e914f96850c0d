import { type BrokerCounters, type BrokerReading, before, type ProbeRequest, seconds, type WorkerReading } from "@nightshift/model";
import { type Clock, PortError } from "@nightshift/ports";
import { readHeartbeats } from "../celery/answers.ts";
import { eventExchange, heartbeatKey } from "../celery/wire.ts";
import type { AmqpLink, ManagementLink } from "../connections.ts";
import { type QueueLook, type RabbitLook, readQueue, statisticsAge } from "./figures.ts";
import { type QueueStatistics, readNodeStart, readPrefetchLimits, readStatistics } from "./statistics.ts";

/** What a look at RabbitMQ needs. */
export interface RabbitPlace {
  readonly amqp: AmqpLink;
  /** Undefined: only what a passive declare and heartbeats tell. */
  readonly management: ManagementLink | undefined;
  /** Of the AMQP address: `vhostOf(url)`. */
  readonly vhost: string;
  readonly clock: Clock;
}

/** Workers send one every 2 s, so one window hears each of them. */
const heartbeatWindow = seconds(2.5);

/**
 * One bounded look: a passive declare and one GET a queue, one GET a node, one of the channels where something is held, and one
 * window of heartbeats when asked for. A broker that is away is `unknown`.
 */
export async function probeRabbit(place: RabbitPlace, request: ProbeRequest): Promise<BrokerReading> {
  const at = place.clock.now();
  try {
    const [workers, looked] = await Promise.all([
      request.heartbeats ? hearWorkers(place) : undefined,
      Promise.all(request.queues.map((queue) => lookAtQueue(place, queue))),
    ]);
    const failure = looked.find((one) => one.failed !== undefined)?.failed;
    if (failure !== undefined && looked.every((one) => one.failed !== undefined)) throw failure;
    const [later, counters] = await Promise.all([countLater(place, request, looked), readCounters(place, looked)]);
    return understand({ at, queues: looked, acksLate: request.acksLate, workers, later }, { looked, counters, vhost: place.vhost });
  } catch (error) {
    if (!(error instanceof PortError)) throw error;
    return { kind: "unknown", at, broker: "rabbitmq", because: error.message };
  }
}

interface Looked extends QueueLook {
  /** Why the passive declare got no answer. */
  readonly failed: PortError | undefined;
}

async function lookAtQueue({ amqp, management, vhost }: RabbitPlace, queue: string): Promise<Looked> {
  const [checked, statistics] = await Promise.all([
    amqp.check(queue).then(
      (declared) => ({ declared, failed: undefined }),
      (error: unknown) => {
        if (error instanceof PortError) return { declared: undefined, failed: error };
        throw error;
      },
    ),
    management === undefined ? undefined : readStatistics(management, vhost, queue),
  ]);
  return { queue, ...checked, statistics };
}

function understand(
  look: RabbitLook,
  { looked, counters, vhost }: { readonly looked: readonly Looked[]; readonly counters: BrokerCounters | undefined; readonly vhost: string },
): BrokerReading {
  const read = look.queues.map((one) => readQueue(look, one));
  return {
    kind: "seen",
    at: look.at,
    broker: "rabbitmq",
    queues: read.map((one) => one.reading),
    counters,
    workers: look.workers,
    doubts: [...looked.flatMap((one) => missing(one, vhost)), ...read.flatMap((one) => one.doubts), ...contradictions(look)],
  };
}

const missing = ({ queue, declared, failed }: Looked, vhost: string): readonly string[] => {
  if (failed !== undefined) return [`what ${queue} holds is unknown: ${failed.message}`];
  return declared === undefined ? [`there is no queue ${queue} in virtual host ${vhost}: nobody declared it yet, or its name is another`] : [];
};

/** With late acknowledgement whatever runs is unacknowledged; twice as many, and two more, is no matter of moments. */
function contradictions({ acksLate, workers, queues }: RabbitLook): readonly string[] {
  const held = queues.map(({ statistics }) => (statistics?.kind === "told" ? statistics.told.unacknowledged : undefined));
  if (!acksLate || workers === undefined || held.some((one) => one === undefined)) return [];
  const all = held.reduce<number>((sum, one) => sum + (one ?? 0), 0);
  const active = workers.reduce((sum, one) => sum + one.active, 0);
  return active > 2 * all + 2
    ? [`workers say that they execute ${active} tasks, but only ${all} are unacknowledged: is acks_late on for all of them, and are these their queues?`]
    : [];
}

/** Undefined when nobody may listen: unknown, not nobody. */
async function hearWorkers({ amqp, clock }: RabbitPlace): Promise<readonly WorkerReading[] | undefined> {
  try {
    return readHeartbeats(await amqp.listen({ name: eventExchange, kind: "topic", key: heartbeatKey }, heartbeatWindow), clock.now());
  } catch (error) {
    if (error instanceof PortError && error.kind === "denied") return undefined;
    throw error;
  }
}

const told = ({ statistics }: QueueLook): QueueStatistics | undefined => (statistics?.kind === "told" ? statistics.told : undefined);

/**
 * Tasks that workers hold until their time comes: Celery raises the channel's prefetch limit by one for each, so that the limit
 * tells, where the worker's own is known. Quorum queues have limits of the consumer, which do not grow.
 * Source: celery 5.6.3 `celery/worker/strategy.py` (`qos.increment_eventually`) and `consumer/tasks.py`, and RabbitMQ 3.10.8's
 * `global_prefetch_count` (28 for one worker of 2 × 4 that held 20), 2026-11-21.
 */
async function countLater({ management, vhost }: RabbitPlace, { prefetch }: ProbeRequest, looked: readonly Looked[]): Promise<number | undefined> {
  if (management === undefined || prefetch === undefined || prefetch <= 0) return undefined;
  const holding = looked.flatMap((one) => told(one) ?? []).filter((one) => one.unacknowledged !== 0);
  if (holding.length === 0) return 0;
  const channels = holding.map((one) => one.channels);
  if (channels.some((one) => one === undefined)) return undefined;
  const limits = await readPrefetchLimits(management, vhost);
  if (limits === undefined) return undefined;
  const names = new Set(channels.flatMap((one) => one ?? []));
  const above = [...names].reduce((sum, name) => sum + Math.max(0, (limits.get(name) ?? 0) - prefetch), 0);
  return Math.min(
    above,
    holding.reduce((sum, one) => sum + (one.unacknowledged ?? 0), 0),
  );
}

/** Sums over the queues that were asked for; one that does not tell makes a sum unknown. */
async function readCounters({ management, clock }: RabbitPlace, looked: readonly Looked[]): Promise<BrokerCounters | undefined> {
  const statistics = looked.flatMap((one) => told(one) ?? []);
  if (management === undefined || statistics.length < looked.length) return undefined;
  const nodes = [...new Set(statistics.flatMap((one) => one.node ?? []))].sort();
  const starts = await Promise.all(nodes.map(async (node) => `${node} ${(await readNodeStart(management, node, clock.now())) ?? "?"}`));
  const sum = (pick: (one: QueueStatistics) => number | undefined): number | undefined =>
    statistics.reduce<number | undefined>((total, one) => plus(total, pick(one)), 0);
  return {
    at: before(clock.now(), statisticsAge),
    epoch: starts.join(", "),
    arrived: sum((one) => one.published),
    delivered: sum((one) => one.delivered),
    finished: sum((one) => one.acknowledged),
  };
}

const plus = (total: number | undefined, value: number | undefined): number | undefined =>
  total === undefined || value === undefined ? undefined : total + value;
