import { epochMs, type ProbeRequest, seconds } from "@nightshift/model";
import { PortError } from "@nightshift/ports";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { BrokerConnections, RedisLink } from "./connections.ts";
import { createBrokers } from "./index.ts";
import { fakeRedis } from "./redis/redis.fixture.ts";

const redis = { kind: "redis", secret: "BrokerUrl", keyPrefix: "", prioritySteps: [0], separator: "\x06\x16", visibilityTimeout: seconds(3_600) } as const;
const request: ProbeRequest = { broker: redis, queues: ["celery"], heartbeats: false, acksLate: false };
const clock = { now: () => epochMs(7) };

/** Connections to a Redis that can die: links that were open then are dead for good. */
function dyingRedis() {
  let [opened, closed, generation] = [0, 0, 0];
  let away = false;
  const addresses: string[] = [];
  const gone = new PortError("unavailable", "redis:info", "the broker", "the connection was closed");
  const connections: BrokerConnections = {
    async redis(url): Promise<RedisLink> {
      addresses.push(url);
      if (away) throw gone;
      opened += 1;
      const born = generation;
      const { link } = fakeRedis({});
      return {
        ...link,
        call: async (command, ...args) => {
          if (born !== generation) throw gone;
          return link.call(command, ...args);
        },
        close: async () => {
          closed += 1;
        },
      };
    },
    amqp: async () => Promise.reject(gone),
    management: () => ({ get: async () => Promise.reject(gone) }),
  };
  return {
    connections,
    addresses,
    opened: () => opened,
    closed: () => closed,
    die: (stays: boolean) => {
      generation += 1;
      away = stays;
    },
    back: () => {
      away = false;
    },
  };
}

describe("connections", () => {
  it("are kept from look to look, and a dead one is replaced within the look that finds it dead", async () => {
    const server = dyingRedis();
    const { queues } = createBrokers({ connections: server.connections, secrets: { read: async () => "redis://h/0" }, clock, newId: () => "id" });
    expect([(await queues.probe(request)).kind, (await queues.probe(request)).kind, server.opened()]).toEqual(["seen", "seen", 1]);
    server.die(false);
    expect([(await queues.probe(request)).kind, server.opened(), server.closed()]).toEqual(["seen", 2, 1]);
    server.die(true);
    expect(await queues.probe(request)).toEqual({ kind: "unknown", at: 7, broker: "redis", because: "redis:info on the broker: the connection was closed" });
    server.back();
    expect([(await queues.probe(request)).kind, server.opened()]).toEqual(["seen", 3]);
  });

  it("are opened once though two services ask at once", async () => {
    const server = dyingRedis();
    const { queues } = createBrokers({ connections: server.connections, secrets: { read: async () => "redis://h/0" }, clock, newId: () => "id" });
    const [a, b] = await Promise.all([queues.probe(request), queues.probe(request)]);
    expect([a?.kind, b?.kind, server.opened() - server.closed()]).toEqual(["seen", "seen", 1]);
  });

  it("follow a secret that was changed", async () => {
    const server = dyingRedis();
    let url = "redis://old/0";
    const { queues } = createBrokers({ connections: server.connections, secrets: { read: async () => url }, clock, newId: () => "id" });
    await queues.probe(request);
    url = "redis://new/0";
    await queues.probe(request);
    expect([server.addresses, server.closed()]).toEqual([["redis://old/0", "redis://new/0"], 1]);
  });
});

describe("a broker that answers late", () => {
  afterEach(() => vi.useRealTimers());
  it("is unknown after ten seconds, and its workers are silent after five, so that other services are looked at in time", async () => {
    vi.useFakeTimers();
    const late: RedisLink = { ...fakeRedis({}).link, call: () => new Promise(() => undefined) };
    const connections = { ...dyingRedis().connections, redis: async () => late };
    const { queues, workers } = createBrokers({ connections, secrets: { read: async () => "redis://h/0" }, clock, newId: () => "id" });
    const probed = queues.probe(request);
    const told = workers.stopConsuming(redis, "celery@a", ["celery"]).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await told).toMatchObject({ kind: "timeout" });
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await probed).toEqual({ kind: "unknown", at: 7, broker: "redis", because: "probe on the broker: it was not done within 10 s" });
  });
});

describe("what cannot be asked", () => {
  it("a secret that cannot be read makes the broker unknown", async () => {
    const secrets = { read: async () => Promise.reject(new PortError("denied", "ssm:GetParameter", "BrokerUrl", "access denied")) };
    const { queues } = createBrokers({ connections: dyingRedis().connections, secrets, clock, newId: () => "id" });
    expect(await queues.probe(request)).toEqual({ kind: "unknown", at: 7, broker: "redis", because: "ssm:GetParameter on BrokerUrl: access denied" });
  });

  it("SQS is asked through what knows AWS, and its workers cannot be told anything", async () => {
    const parts = { connections: dyingRedis().connections, secrets: { read: async () => "" }, clock, newId: () => "id" };
    const sqs = { kind: "sqs", queueNamePrefix: "", visibilityTimeout: seconds(1_800) } as const;
    expect(await createBrokers(parts).queues.probe({ ...request, broker: sqs })).toMatchObject({ kind: "unknown", because: "SQS cannot be reached from here" });
    const known = { kind: "unknown", at: epochMs(1), broker: "sqs", because: "asked" } as const;
    expect(await createBrokers({ ...parts, sqs: async () => known }).queues.probe({ ...request, broker: sqs })).toBe(known);
    await expect(createBrokers(parts).workers.look(sqs, [])).rejects.toMatchObject({ kind: "unsupported" });
  });

  it("two services with different queues on one server are told that its counters are not theirs", async () => {
    const info = "run_id:abc\r\ncmdstat_zadd:calls=5,usec=1\r\ncmdstat_hset:calls=5,usec=1\r\n";
    const connections = { ...dyingRedis().connections, redis: async () => fakeRedis({ info }).link };
    const { queues } = createBrokers({ connections, secrets: { read: async () => "redis://h/0" }, clock, newId: () => "id" });
    const arrived = async (queue: string) => {
      const reading = await queues.probe({ ...request, queues: [queue] });
      return reading.kind === "seen" ? reading.counters?.arrived : "unknown";
    };
    expect([await arrived("celery"), await arrived("celery"), await arrived("mail"), await arrived("celery")]).toEqual([5, 5, undefined, undefined]);
  });
});
