import type { Reach } from "@nightshift/aws/reach";
import { sqsProbeFrom } from "@nightshift/aws/sqs-queues";
import { createBrokers } from "@nightshift/brokers";
import type { BrokerConnections, RedisLink } from "@nightshift/brokers/connections";
import { redisDatabase } from "@nightshift/brokers/redis/address";
import { type RedisServer, readRedisServer } from "@nightshift/brokers/redis/server";
import { PortError, type World } from "@nightshift/ports";
import { Refusal } from "../frame/command.ts";
import type { NamedBroker } from "../scaling/broker-word.ts";
import type { Place } from "./place.ts";

/** A broker that can be asked. */
export interface OpenBroker extends Pick<World, "queues" | "workers"> {
  readonly settings: NamedBroker["settings"];
  /** Asks a Redis server itself, over a connection of its own. @throws {PortError} */
  redis<T>(look: (seen: { readonly link: RedisLink; readonly server: RedisServer; readonly database: number }) => Promise<T>): Promise<T>;
}

/** How to get there: from where, and for SQS over which account. */
export interface Way {
  readonly place: Place;
  readonly reach: () => Reach;
}

/** Asks a broker and closes every connection again, however it ends: an open one would keep the tool from ending. */
export async function withBroker<T>({ place, reach }: Way, named: NamedBroker, work: (broker: OpenBroker) => Promise<T>): Promise<T> {
  if (place.brokers === undefined) throw new Refusal("No broker can be reached from here.");
  const opened: { close(): Promise<void> }[] = [];
  const connections = keeping(place.brokers.connections, opened);
  const sqs = named.settings.kind === "sqs" ? { sqs: sqsProbeFrom(reach()) } : {};
  const secrets = { read: async (name: string) => addressOf(named, name) };
  const { queues, workers } = createBrokers({ connections, secrets, clock: place.clock, newId: place.brokers.newId, ...sqs });
  const redis: OpenBroker["redis"] = async (look) => {
    const address = addressOf(named, "broker");
    const link = await connections.redis(address);
    return look({ link, server: await readRedisServer(link), database: redisDatabase(address) });
  };
  try {
    return await work({ settings: named.settings, queues, workers, redis });
  } finally {
    await Promise.allSettled(opened.map((one) => one.close()));
  }
}

/** The same connections, each noted so that it can be closed. */
function keeping(connections: BrokerConnections, opened: { close(): Promise<void> }[]): BrokerConnections {
  const noted = <Link extends { close(): Promise<void> }>(link: Link): Link => {
    opened.push(link);
    return link;
  };
  return {
    redis: async (url) => noted(await connections.redis(url)),
    amqp: async (url) => noted(await connections.amqp(url)),
    management: (url) => connections.management(url),
  };
}

function addressOf({ addresses }: NamedBroker, name: string): string {
  const address = addresses[name];
  if (address === undefined) throw new PortError("invalid", "broker", name, "no address was given for it");
  return address;
}
