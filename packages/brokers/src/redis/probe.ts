import { type BrokerReading, type ProbeRequest, seconds, type WorkerReading } from "@nightshift/model";
import { type Clock, PortError } from "@nightshift/ports";
import { readHeartbeats } from "../celery/answers.ts";
import { openPayload } from "../celery/payload.ts";
import { eventExchange, heartbeatKey } from "../celery/wire.ts";
import type { RedisLink } from "../connections.ts";
import { findQueues } from "./bindings.ts";
import { laterOf, readCounters } from "./counters.ts";
import { clusterRefused } from "./errors.ts";
import { readQueue } from "./figures.ts";
import { readInfo } from "./info.ts";
import { type RedisKeys, type RedisSettings, redisKeys, stepsOf } from "./keys.ts";
import { lookIntoLists, type PriorityList } from "./lists.ts";
import { isCluster } from "./server.ts";
import { readUnacked } from "./unacked.ts";

/** An open Redis: its connection and the database that the address names. */
export interface RedisPlace {
  readonly link: RedisLink;
  readonly database: number;
}

/** Workers send one every 2 s, so one window hears each of them. */
const heartbeatWindow = seconds(2.5);

/**
 * One bounded look at a Redis broker. Commands: INFO, LLEN, LINDEX, HLEN, HSTRLEN, HMGET, ZCARD, ZRANGE, SCARD, SMEMBERS, EXISTS,
 * EVAL (of a reading script; where it is refused, less is known of large messages) and SUBSCRIBE; never KEYS, SCAN or a whole hash.
 * `shared`: other services' queues are known to be on the same server, so its counters say nothing about these.
 */
export async function probeRedis(
  place: RedisPlace,
  request: ProbeRequest & { readonly broker: RedisSettings },
  deps: { readonly clock: Clock; readonly shared: boolean },
): Promise<BrokerReading> {
  const at = deps.clock.now();
  try {
    if (await isCluster(place.link)) return { kind: "unknown", at, broker: "redis", because: clusterRefused };
    const keys = redisKeys(request.broker, place.database);
    const [workers, reading] = await Promise.all([
      request.heartbeats ? hearWorkers(place.link, keys, deps.clock) : undefined,
      readCounts(place.link, keys, request, deps.clock),
    ]);
    return await understand({ place, keys, request, workers, shared: deps.shared, ...reading });
  } catch (error) {
    if (!(error instanceof PortError)) throw error;
    return { kind: "unknown", at, broker: "redis", because: error.message };
  }
}

type Counts = Awaited<ReturnType<typeof readCounts>>;

/** Everything that must be of one moment, sent in one go; then a look into the messages, bounded. */
async function readCounts(link: RedisLink, keys: RedisKeys, request: ProbeRequest & { readonly broker: RedisSettings }, clock: Clock) {
  const first = await readSizes(link, keys, request);
  const at = clock.now();
  const held = await readUnacked(link, keys, first);
  const looks = await lookIntoLists(link, first.lists);
  return { at, first, held, looks, second: await readSizes(link, keys, request) };
}

async function readSizes(link: RedisLink, keys: RedisKeys, { broker, queues }: ProbeRequest & { readonly broker: RedisSettings }) {
  const places = queues.flatMap((queue) => stepsOf(broker).map((step) => ({ queue, step, key: keys.list(queue, step) })));
  const [lists, unacked, index, commandstats, server] = await Promise.all([
    Promise.all(places.map(async (one): Promise<PriorityList> => ({ ...one, length: await countOf(link, "LLEN", one.key) }))),
    countOf(link, "HLEN", keys.unacked),
    countOf(link, "ZCARD", keys.unackedIndex),
    readInfo(link, "commandstats"),
    readInfo(link, "server"),
  ]);
  return { lists, unacked, index, info: { commandstats, server }, listed: lists.reduce((sum, one) => sum + one.length, 0) };
}

interface Look extends Counts {
  readonly place: RedisPlace;
  readonly keys: RedisKeys;
  readonly request: ProbeRequest & { readonly broker: RedisSettings };
  readonly workers: readonly WorkerReading[] | undefined;
  readonly shared: boolean;
}

async function understand({ place, keys, request, workers, shared, at, first, second, looks, held }: Look): Promise<BrokerReading> {
  const { queues, acksLate, broker } = request;
  const queueOf = await findQueues(place.link, keys, { queues, separator: broker.separator, entries: held.seen });
  const others = shared || held.seen.some((entry) => !queues.includes(queueOf(entry)));
  const { lists, listed } = first;
  return {
    kind: "seen",
    at,
    broker: "redis",
    queues: queues.map((queue) => readQueue({ at, lists, looks, unacked: held, queueOf, acksLate, workers }, queue)),
    counters: laterOf(readCounters(first.info, { at, listed, shared: others }), readCounters(second.info, { at, listed: second.listed, shared: others })),
    workers,
    doubts: [
      ...(acksLate ? contradictions(workers, held.count) : []),
      ...(await undeclared(place.link, keys, { queues, quiet: listed === 0 && held.count === 0 && workers?.length === 0 })),
    ],
  };
}

/** Undefined when nobody could listen: unknown, not nobody. */
async function hearWorkers(link: RedisLink, keys: RedisKeys, clock: Clock): Promise<readonly WorkerReading[] | undefined> {
  try {
    const heard = await link.listen(keys.channel(eventExchange, heartbeatKey), heartbeatWindow);
    return readHeartbeats(heard.flatMap(openPayload), clock.now());
  } catch (error) {
    if (error instanceof PortError && error.kind === "denied") return undefined;
    throw error;
  }
}

/** With late acknowledgement whatever runs is unacknowledged; twice as many, and two more, is no matter of moments. */
function contradictions(workers: readonly WorkerReading[] | undefined, held: number): readonly string[] {
  const active = workers?.reduce((sum, one) => sum + one.active, 0) ?? 0;
  return active > 2 * held + 2
    ? [`workers say that they execute ${active} tasks, but only ${held} are unacknowledged: is acks_late on for all of them, and is this their database?`]
    : [];
}

/** An empty queue has no key, so a misspelt one looks just as empty; only a worker's declaration tells them apart. */
async function undeclared(
  link: RedisLink,
  keys: RedisKeys,
  { queues, quiet }: { readonly queues: readonly string[]; readonly quiet: boolean },
): Promise<readonly string[]> {
  if (!quiet) return [];
  const declared = await Promise.all(queues.map(async (queue) => Number(await link.call("EXISTS", keys.bindings(queue))) > 0));
  return queues.filter((_, n) => !declared[n]).map((queue) => `nobody ever declared a queue ${queue} here: check its name, the database and keyPrefix`);
}

async function countOf(link: RedisLink, command: "LLEN" | "HLEN" | "ZCARD", key: string): Promise<number> {
  const count = Number(await link.call(command, key));
  if (Number.isInteger(count) && count >= 0) return count;
  throw new PortError("invalid", `redis:${command.toLowerCase()}`, "the broker", "Redis did not answer with a count");
}
