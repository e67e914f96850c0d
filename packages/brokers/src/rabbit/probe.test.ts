import { PortError } from "@nightshift/ports";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { probeRabbit } from "./probe.ts";
import { FakeRabbit, held, look, seen } from "./rabbit.fixture.ts";

const away = new PortError("unavailable", "rabbitmq:check", "the broker", "the connection was refused");

describe("what a queue holds", () => {
  it("waits as counted now, and is reserved as counted up to 10 s ago", async () => {
    const rabbit = new FakeRabbit().set("celery", { ready: 7, unacked: 8, consumers: 1, publish: 17, ack: 2, deliver: 10, channels: ["c1"] }).renew();
    const reading = seen(await look(rabbit, ["celery"]));
    expect(reading.queues[0]).toEqual({
      queue: "celery",
      waiting: { value: 7, at: rabbit.now, confidence: 1, how: "passive declare" },
      reserved: {
        value: 8,
        at: rabbit.now - 10_000,
        confidence: 1,
        how: "unacknowledged, as the management API counts; tasks that wait for their time are among them",
      },
      running: undefined,
      dueLater: undefined,
      due: [],
      oldest: undefined,
      byPriority: [],
      arrived: { value: 17, at: rabbit.now - 10_000, confidence: 1, how: "published into the queue, as the management API counts" },
      finished: { value: 2, at: rabbit.now - 10_000, confidence: 1, how: "acknowledged, as the management API counts" },
    });
    expect(reading.doubts).toEqual([]);
  });

  it("tells its priorities, those served first in front", async () => {
    const rabbit = new FakeRabbit().set("urgent", { ready: 5, priorities: { "0": 3, "5": 0, "10": 2 } }).renew();
    expect(seen(await look(rabbit, ["urgent"])).queues[0]?.byPriority).toEqual([
      { priority: 10, waiting: 2 },
      { priority: 0, waiting: 3 },
    ]);
  });

  it("tells no priorities that do not add up to what waits now", async () => {
    const rabbit = new FakeRabbit().set("urgent", { ready: 5, priorities: { "0": 3, "10": 2 } }).renew();
    rabbit.set("urgent", { ready: 4 });
    expect(seen(await look(rabbit, ["urgent"])).queues[0]?.byPriority).toEqual([]);
  });

  it("is only what the passive declare says where there is no management API, without a doubt about it", async () => {
    const rabbit = new FakeRabbit().set("celery", { ready: 7, unacked: 8 }).renew();
    const reading = await look(rabbit, ["celery"], { without: true });
    expect(held(reading)).toEqual([[7, undefined, undefined, undefined]]);
    expect(seen(reading)).toMatchObject({ doubts: [], counters: undefined });
  });
});

describe("statistics that are older than the queue", () => {
  const after = async (told: { readonly ready: number; readonly rate?: number }, now: { readonly ready: number; readonly consumers?: number }) => {
    const rabbit = new FakeRabbit().set("celery", { ready: told.ready, unacked: 8, publish: 100, rate: told.rate ?? 0, consumers: 1 }).renew();
    rabbit.set("celery", { consumers: 1, ...now });
    return seen(await look(rabbit, ["celery"]));
  };

  it.each([
    ["nothing moved", { ready: 7 }, { ready: 7 }, 1],
    ["a worker came or went", { ready: 7 }, { ready: 7, consumers: 2 }, 0.7],
    ["two messages moved", { ready: 7 }, { ready: 9 }, 0.7],
    ["no more moved than flows in 10 s", { ready: 7, rate: 3 }, { ready: 39 }, 0.7],
  ])("are believed when %s", async (_when, told, now, confidence) => {
    const reading = await after(told, now);
    expect(reading.doubts).toEqual([]);
    expect(reading.queues[0]?.reserved?.confidence).toBe(confidence);
    expect(reading.queues[0]?.waiting).toMatchObject({ value: now.ready, confidence: 1 });
  });

  it.each([
    [
      "three messages moved out of a still queue",
      { ready: 7 },
      { ready: 4 },
      "of celery, 4 are ready, but the management API says 7: its figures are older than what just happened",
    ],
    [
      "one more moved than flows in 10 s",
      { ready: 7, rate: 3 },
      { ready: 40 },
      "of celery, 40 are ready, but the management API says 7: its figures are older than what just happened",
    ],
  ])("are doubted when %s", async (_when, told, now, doubt) => {
    const reading = await after(told, now);
    expect(reading.doubts).toEqual([doubt]);
    expect(reading.queues[0]?.reserved?.confidence).toBe(0.3);
    expect(reading.queues[0]?.waiting).toMatchObject({ value: now.ready, confidence: 1 });
  });
});

describe("what is not told is unknown and no zero", () => {
  it("a queue that nobody declared", async () => {
    const rabbit = new FakeRabbit().set("celery", { ready: 7 }).renew();
    const reading = await look(rabbit, ["celery", "cellery"]);
    expect(held(reading)).toEqual([
      [7, 0, undefined, 0],
      [undefined, undefined, undefined, undefined],
    ]);
    expect(seen(reading).doubts).toEqual(["there is no queue cellery in virtual host shop/eu: nobody declared it yet, or its name is another"]);
  });

  it("a queue on a node that is down, beside one that is not", async () => {
    const rabbit = new FakeRabbit().set("celery", { ready: 7 }).set("far", { ready: 3 }).renew();
    rabbit.broken.set("far", new PortError("unavailable", "rabbitmq:check", "the broker", "what was asked for is on a RabbitMQ node that is down"));
    const reading = await look(rabbit, ["celery", "far"]);
    expect(held(reading)).toEqual([
      [7, 0, undefined, 0],
      [undefined, undefined, undefined, undefined],
    ]);
    expect(seen(reading).doubts).toEqual(["what far holds is unknown: rabbitmq:check on the broker: what was asked for is on a RabbitMQ node that is down"]);
  });

  it("a queue that has no statistics yet", async () => {
    const rabbit = new FakeRabbit().set("new", { ready: 7 });
    rabbit.answers.set("/api/queues/", { status: 200, body: { name: "new", node: "rabbit@a", messages_ready: null, message_stats: {} } });
    const reading = await look(rabbit, ["new"]);
    expect(held(reading)).toEqual([[7, undefined, undefined, undefined]]);
    expect(seen(reading).doubts).toEqual(["what workers hold of new is unknown: the management API has no figures of it yet"]);
  });

  it.each([
    [{ status: 401, body: {} }, "the management API refused the user or password, or the user lacks the tag `management`; check the management secret"],
    [{ status: 404, body: {} }, "the management API does not know it; is it the API of the same broker, and may its user see this virtual host?"],
    [{ status: 503, body: {} }, "the management API answered 503"],
    [{ status: 200, body: [] }, "it answered with something else than a queue"],
    [new PortError("timeout", "rabbitmq:GET", "the management API", "no answer within 2 s"), "rabbitmq:GET on the management API: no answer within 2 s"],
  ])("what workers hold, when the management API answers %j", async (answer, because) => {
    const rabbit = new FakeRabbit().set("celery", { ready: 7, unacked: 8 }).renew();
    rabbit.answers.set("/api/queues/", answer);
    const reading = await look(rabbit, ["celery"]);
    expect(held(reading)).toEqual([[7, undefined, undefined, undefined]]);
    expect(seen(reading)).toMatchObject({ doubts: [`what workers hold of celery is unknown: ${because}`], counters: undefined });
  });

  it.each([{ heartbeats: false }, { heartbeats: true }])("everything, when the broker is away (%j)", async (asked) => {
    const rabbit = new FakeRabbit().set("celery", { ready: 7 }).renew();
    rabbit.away = away;
    expect(await look(rabbit, ["celery"], asked)).toEqual({
      kind: "unknown",
      at: rabbit.now,
      broker: "rabbitmq",
      because: "rabbitmq:check on the broker: the connection was refused",
    });
  });

  it("a bug of ours is no answer of the broker's", async () => {
    const rabbit = new FakeRabbit();
    const amqp = { ...rabbit.amqp, check: () => Promise.reject(new TypeError("undefined is not a function")) };
    const place = { amqp, management: undefined, vhost: "/", clock: { now: () => rabbit.now } };
    const broker = { kind: "rabbitmq", secret: "S", managementSecret: undefined } as const;
    await expect(probeRabbit(place, { broker, queues: ["celery"], heartbeats: false, acksLate: false })).rejects.toThrow(TypeError);
  });

  it("whatever the management API may answer: what waits stays exact, and what is not a count is never one", async () => {
    const value = fc.oneof(fc.nat(1_000), fc.constant(null), fc.constant(-1), fc.string(), fc.double(), fc.constant({}), fc.constant([]));
    const names = ["node", "messages_ready", "messages_unacknowledged", "consumers", "message_stats", "backing_queue_status", "consumer_details"];
    const odd = fc.dictionary(fc.constantFrom(...names, "publish", "ack"), value);
    const body = fc.oneof(
      fc.jsonValue(),
      odd,
      fc.tuple(odd, odd).map(([queue, stats]) => ({ ...queue, message_stats: stats })),
    );
    const property = fc.asyncProperty(body, fc.boolean(), async (answer, acksLate) => {
      const rabbit = new FakeRabbit().set("celery", { ready: 7 });
      rabbit.answers.set("/api/", { status: 200, body: answer });
      const [queue] = seen(await look(rabbit, ["celery"], { acksLate, prefetch: 8 })).queues;
      expect(queue?.waiting?.value).toBe(7);
      const told: unknown = typeof answer === "object" && answer !== null ? Reflect.get(answer, "messages_unacknowledged") : undefined;
      const counted = typeof told === "number" && Number.isInteger(told) && told >= 0 && !Array.isArray(answer);
      expect(queue?.reserved === undefined).toBe(!counted);
      for (const figure of [queue?.reserved, queue?.running, queue?.dueLater, queue?.arrived, queue?.finished])
        if (figure !== undefined) expect(Number.isInteger(figure.value) && figure.value >= 0).toBe(true);
    });
    await fc.assert(property, { seed: 4, numRuns: 500 });
  });
});
