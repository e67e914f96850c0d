import { type BrokerKind, type BrokerReading, type BrokerSettings, type Ms, type ProbeRequest, sayLength, seconds } from "@nightshift/model";
import { type Clock, PortError, type Queues, type Workers } from "@nightshift/ports";
import { createRedisControl, type RedisControl } from "./celery/redis-control.ts";
import type { AmqpLink, BrokerConnections } from "./connections.ts";
import type { RabbitControl } from "./rabbit/control.ts";
import { redisDatabase } from "./redis/address.ts";
import { keepLinks } from "./redis/kept.ts";
import type { RedisSettings } from "./redis/keys.ts";
import { probeRedis, type RedisPlace } from "./redis/probe.ts";

export { realBrokerConnections } from "./connect.ts";

/** What brokers are reached with. */
export interface BrokerParts {
  readonly connections: BrokerConnections;
  /** Addresses by the name of their secret (decision 18). */
  readonly secrets: { read(name: string): Promise<string> };
  readonly clock: Clock;
  /** An id that nobody used before. */
  readonly newId: () => string;
  /** SQS is read over AWS's own API, which `packages/aws` knows; undefined: SQS queues are unknown here. */
  readonly sqs?: (request: ProbeRequest) => Promise<BrokerReading>;
}

type RabbitSettings = Extract<BrokerSettings, { readonly kind: "rabbitmq" }>;
type ProbeOf<S extends BrokerSettings> = ProbeRequest & { readonly broker: S };

/**
 * The two ports of brokers over all three kinds. Connections are kept per secret for the life of the process and thrown away
 * after an error. A secret that cannot be read is an unknown broker like one that is away.
 */
export function createBrokers(parts: BrokerParts): { readonly queues: Queues; readonly workers: Workers } {
  const redis = openedRedis(parts);
  const rabbit = openedRabbit(parts);
  return {
    queues: {
      probe: (request) => {
        const { broker } = request;
        return unlessAway(parts.clock, broker.kind, async () => {
          switch (broker.kind) {
            case "redis":
              return redis.probe({ ...request, broker });
            case "rabbitmq":
              return rabbit.probe({ ...request, broker });
            case "sqs":
              return parts.sqs === undefined
                ? { kind: "unknown", at: parts.clock.now(), broker: "sqs", because: "SQS cannot be reached from here" }
                : parts.sqs(request);
          }
        });
      },
    },
    workers: {
      look: async (broker, names) => withControl({ redis, rabbit }, broker, (control) => control.look(names)),
      stopConsuming: async (broker, name, queues) => withControl({ redis, rabbit }, broker, (control) => control.stopConsuming(name, queues)),
      startConsuming: async (broker, name, queues) => withControl({ redis, rabbit }, broker, (control) => control.startConsuming(name, queues)),
    },
  };
}

/** A look takes the heartbeats' 2.5 s and some calls: a broker that answers each of them late must not keep other services' looks waiting. */
const PROBE_AT_MOST = seconds(10);
/** A worker answers within milliseconds, and is waited for for a second. */
const CONTROL_AT_MOST = seconds(5);

async function within<T>(length: Ms, operation: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new PortError("timeout", operation, "the broker", `it was not done within ${sayLength(length)}`)), length);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

type ControlWork<T> = (control: RedisControl | RabbitControl) => Promise<T>;
interface Opened {
  readonly redis: ReturnType<typeof openedRedis>;
  readonly rabbit: ReturnType<typeof openedRabbit>;
}

function withControl<T>({ redis, rabbit }: Opened, broker: BrokerSettings, work: ControlWork<T>): Promise<T> {
  switch (broker.kind) {
    case "redis":
      return within(CONTROL_AT_MOST, "control", redis.control(broker, work));
    case "rabbitmq":
      return within(CONTROL_AT_MOST, "control", rabbit.control(broker, work));
    case "sqs":
      throw new PortError("unsupported", "workers", "SQS", "Celery has no remote control over SQS; set control to none or task-protection");
  }
}

function openedRedis(parts: BrokerParts) {
  const links = keepLinks(async (url): Promise<RedisPlace & { close(): Promise<void> }> => {
    const link = await parts.connections.redis(url);
    return { link, database: redisDatabase(url), close: () => link.close() };
  });
  // Services that share a server share its counters, which then say nothing about either.
  const asked = new Map<string, Set<string>>();
  return {
    async probe(request: ProbeOf<RedisSettings>): Promise<BrokerReading> {
      const { secret } = request.broker;
      const known = asked.get(secret) ?? new Set();
      for (const queue of request.queues) known.add(queue);
      asked.set(secret, known);
      const shared = [...known].some((queue) => !request.queues.includes(queue));
      return links.use(secret, await parts.secrets.read(secret), {
        run: (place) => probeRedis(place, request, { clock: parts.clock, shared }),
        failed: isUnknown,
      });
    },
    async control<T>(broker: RedisSettings, work: ControlWork<T>): Promise<T> {
      const run = (place: RedisPlace): Promise<T> => work(createRedisControl(place, broker, parts));
      return links.use(broker.secret, await parts.secrets.read(broker.secret), { run, failed: () => false });
    },
  };
}

function openedRabbit({ connections, secrets, clock, newId }: BrokerParts) {
  const links = keepLinks((url) => connections.amqp(url));
  const now = (): ReturnType<Clock["now"]> => clock.now();
  return {
    async probe(request: ProbeOf<RabbitSettings>): Promise<BrokerReading> {
      const { secret, managementSecret } = request.broker;
      const url = await secrets.read(secret);
      const management = managementSecret === undefined ? undefined : connections.management(await secrets.read(managementSecret));
      const [{ probeRabbit }, { vhostOf }] = await Promise.all([import("./rabbit/probe.ts"), import("./amqp-link.ts")]);
      const run = (amqp: AmqpLink): Promise<BrokerReading> => probeRabbit({ amqp, management, vhost: vhostOf(url), clock }, request);
      return links.use(secret, url, { run, failed: isUnknown });
    },
    async control<T>(broker: RabbitSettings, work: ControlWork<T>): Promise<T> {
      const { createRabbitControl } = await import("./rabbit/control.ts");
      return links.use(broker.secret, await secrets.read(broker.secret), {
        run: (amqp) => work(createRabbitControl(amqp, { now, newId })),
        failed: () => false,
      });
    },
  };
}

const isUnknown = (reading: BrokerReading): boolean => reading.kind === "unknown";

async function unlessAway(clock: Clock, broker: BrokerKind, probe: () => Promise<BrokerReading>): Promise<BrokerReading> {
  try {
    return await within(PROBE_AT_MOST, "probe", probe());
  } catch (error) {
    if (!(error instanceof PortError)) throw error;
    return { kind: "unknown", at: clock.now(), broker, because: error.message };
  }
}
