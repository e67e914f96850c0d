import { epochMs, type ProbeRequest, seconds } from "@nightshift/model";
import { PortError } from "@nightshift/ports";
import { describe, expect, it } from "vitest";
import type { RedisSettings } from "./keys.ts";
import { probeRedis } from "./probe.ts";
import { delivered, type FakeRedis, fakeRedis, type Held, message } from "./redis.fixture.ts";

const at = epochMs(Date.UTC(2026, 10, 21, 9));
const broker: RedisSettings = {
  kind: "redis",
  secret: "broker",
  keyPrefix: "",
  prioritySteps: [0, 3, 6, 9],
  separator: "\x06\x16",
  visibilityTimeout: seconds(3_600),
};

async function probe(held: Held | FakeRedis, asked: Partial<ProbeRequest & { readonly broker: RedisSettings }> = {}, shared = false) {
  const { link } = "link" in held ? held : fakeRedis(held);
  const request = { broker, queues: ["celery"], heartbeats: false, acksLate: false, ...asked };
  const reading = await probeRedis({ link, database: 0 }, request, { clock: { now: () => at }, shared });
  if (reading.kind !== "seen") throw new Error(`not seen: ${reading.because}`);
  return reading;
}

const beat = (hostname: string, active: number): string =>
  JSON.stringify({
    body: Buffer.from(JSON.stringify({ type: "worker-heartbeat", hostname, active, processed: 9, freq: 2, clock: 1 })).toString("base64"),
    properties: { body_encoding: "base64" },
  });
const info = (stats: Readonly<Record<string, number>>): string =>
  ["run_id:abc", "cluster_enabled:0", ...Object.entries(stats).map(([name, calls]) => `cmdstat_${name}:calls=${calls},usec=9,usec_per_call=1.00`)].join("\r\n");

describe("lists", () => {
  it("every priority list of the queue counts, under the user's prefix and separator", async () => {
    const lists = {
      "app:celery": [message(), message()],
      "app:celery:3": [message()],
      "app:celery:9": [message()],
      celery: [message()],
      "app:other": [message()],
    };
    const reading = await probe({ lists }, { broker: { ...broker, keyPrefix: "app:", separator: ":" } });
    expect(reading.queues[0]?.waiting).toEqual({ value: 4, at, confidence: 1, how: "LLEN of 4 priority lists" });
    expect(reading.queues[0]?.byPriority).toEqual([
      { priority: 0, waiting: 2 },
      { priority: 3, waiting: 1 },
      { priority: 6, waiting: 0 },
      { priority: 9, waiting: 1 },
    ]);
  });

  it("a task in the list whose time has not come is due later, not waiting", async () => {
    const later = message({ eta: "2026-11-21T09:05:00+00:00" });
    const due = message({ eta: "2026-11-21T08:59:59+00:00" });
    const { queues } = await probe({ lists: { celery: [later, due, message()] } });
    expect([queues[0]?.waiting?.value, queues[0]?.dueLater?.value]).toEqual([2, 1]);
    expect(queues[0]?.due).toEqual([{ at: epochMs(Date.UTC(2026, 10, 21, 9, 5)), tasks: 1 }]);
  });

  it("the oldest has waited as long as its message says, and nobody knows where it does not", async () => {
    const stamped = message({ headers: { timestamp: at / 1_000 - 90 } });
    expect((await probe({ lists: { celery: [message(), stamped] } })).queues[0]?.oldest?.value).toBe(90);
    expect((await probe({ lists: { celery: [stamped, message()] } })).queues[0]?.oldest).toBeUndefined();
  });

  it("an empty queue that nobody ever declared is doubted when no worker is heard either", async () => {
    expect((await probe({}, { heartbeats: true })).doubts).toEqual(["nobody ever declared a queue celery here: check its name, the database and keyPrefix"]);
    expect((await probe({ sets: { "_kombu.binding.celery": ["celery"] } }, { heartbeats: true })).doubts).toEqual([]);
    expect((await probe({ heartbeats: [beat("celery@a", 0)] }, { heartbeats: true })).doubts).toEqual([]);
  });
});

describe("unacked", () => {
  it("is split by queue and by time, exactly while it is small", async () => {
    const entries = [
      delivered(),
      delivered({ eta: "2026-11-21T09:00:01+00:00" }),
      delivered({ eta: "2026-11-21T09:00:00+00:00" }),
      delivered({ queue: "mail" }),
    ];
    const { queues } = await probe({ unacked: { count: 4, entry: (n) => entries[n] ?? "" } }, { queues: ["celery", "mail"] });
    expect(queues.map((one) => [one.reserved?.value, one.reserved?.confidence, one.dueLater?.value])).toEqual([
      [2, 1, 1],
      [1, 1, 0],
    ]);
  });

  it("a queue with a routing key of its own is found by the exchange's bindings", async () => {
    const entries = [
      delivered({ exchange: "tasks", queue: "mail.send.now" }),
      delivered({ exchange: "tasks", queue: "report" }),
      delivered({ exchange: "tasks", queue: "mail" }),
    ];
    const sets = { "_kombu.binding.tasks": ["mail.#\x06\x16^mail\\..*?$\x06\x16letters", "report\x06\x16\x06\x16reports"] };
    const { queues } = await probe({ sets, unacked: { count: 3, entry: (n) => entries[n] ?? "" } }, { queues: ["letters", "reports", "mail"] });
    expect(queues.map((one) => one.reserved?.value)).toEqual([1, 1, 1]);
  });

  it.each([
    ["mail.#", "mail.send.now", true],
    ["mail.#", "mail", false],
    ["#.now", "mail.send.now", true],
    ["*.send.*", "mail.send.now", true],
    ["*.send.*", "mail.send.", false],
    ["mail.*", "mail.send.now", false],
    ["#", "mail.send.now", true],
    ["m.il", "mail", false],
    ["#.#.#.#.#.#.#.#.#.#.x", `${".".repeat(200)}y`, false],
  ])("a binding %s takes %s: %s, and no key that somebody wrote for it keeps a look busy", async (binding, queue, takes) => {
    const unacked = { count: 1, entry: () => delivered({ exchange: "tasks", queue }) };
    const { queues } = await probe({ sets: { "_kombu.binding.tasks": [`${binding}\x06\x16\x06\x16letters`] }, unacked }, { queues: ["letters"] });
    expect(queues[0]?.reserved?.value).toBe(takes ? 1 : 0);
  });

  it("with late acknowledgement workers say how much of it runs", async () => {
    const unacked = { count: 8, entry: () => delivered() };
    const heard = await probe({ unacked, heartbeats: [beat("celery@a", 2)] }, { acksLate: true, heartbeats: true });
    expect([heard.queues[0]?.running?.value, heard.queues[0]?.reserved?.value, heard.queues[0]?.running?.confidence]).toEqual([2, 6, 1]);
    const unheard = await probe({ unacked }, { acksLate: true });
    expect([unheard.queues[0]?.running?.value, unheard.queues[0]?.reserved?.value, unheard.queues[0]?.running?.confidence]).toEqual([8, 0, 0.5]);
    const early = await probe({ unacked });
    expect([early.queues[0]?.running, early.queues[0]?.reserved?.value]).toEqual([undefined, 8]);
  });

  it("workers that execute far more than is unacknowledged are a contradiction under late acknowledgement only", async () => {
    const held = (active: number): Held => ({ unacked: { count: 2, entry: () => delivered() }, heartbeats: [beat("celery@a", active)] });
    expect((await probe(held(6), { acksLate: true, heartbeats: true })).doubts).toEqual([]);
    expect((await probe(held(7), { acksLate: true, heartbeats: true })).doubts).toEqual([
      "workers say that they execute 7 tasks, but only 2 are unacknowledged: is acks_late on for all of them, and is this their database?",
    ]);
    expect((await probe(held(7), { heartbeats: true })).doubts).toEqual([]);
  });
});

/** Three in ten wait for their time, one in five is another queue's, in no order. */
function mixed(bytes: number): (n: number) => string {
  const [later, other, plain] = [delivered({ bytes, eta: "2026-11-21T10:00:00+00:00" }), delivered({ bytes, queue: "mail" }), delivered({ bytes })];
  return (n) => {
    const roll = (Math.imul(n + 1, 2_654_435_761) >>> 0) % 10;
    return roll < 3 ? later : roll < 5 ? other : plain;
  };
}

describe.each([
  { count: 5_000, bytes: 1_000 },
  { count: 50_000, bytes: 1_000 },
  { count: 5_000, bytes: 1_000_000 },
  { count: 50_000, bytes: 1_000_000 },
])("$count unacknowledged messages of $bytes bytes", ({ count, bytes }) => {
  it("are sampled within 10 %, by at most 500 bodies and 4 MiB", async () => {
    const redis = fakeRedis({ unacked: { count, entry: mixed(bytes) } });
    const [queue] = (await probe(redis)).queues;
    expect(Math.abs((queue?.reserved?.value ?? 0) - count * 0.5)).toBeLessThan(count * 0.05);
    expect(Math.abs((queue?.dueLater?.value ?? 0) - count * 0.3)).toBeLessThan(count * 0.03);
    expect(queue?.reserved?.confidence).toBeGreaterThan(bytes === 1_000 ? 0.85 : 0.7);
    expect(queue?.reserved?.confidence).toBeLessThan(1);
    expect(redis.bodies()).toBeLessThanOrEqual(500);
    expect(redis.bytes()).toBeLessThanOrEqual(4 * 1_024 * 1_024);
    expect(redis.commands.length).toBeLessThan(5_000);
  });

  it("are bounded where scripts are refused, too, and what is then known of large ones is called unsure", async () => {
    const redis = fakeRedis({ scripts: false, unacked: { count, entry: mixed(bytes) } });
    const [queue] = (await probe(redis)).queues;
    expect(redis.bodies()).toBeLessThanOrEqual(500);
    expect(redis.bytes()).toBeLessThanOrEqual(4 * 1_024 * 1_024);
    expect(queue?.reserved?.confidence ?? 0).toBeLessThan(bytes === 1_000 ? 1 : 0.5);
  });
});

describe("counters", () => {
  const dedicated = info({ lpush: 40, zadd: 25, hset: 25, zrem: 20, hdel: 22, rpush: 5 });
  it("come from the commands that deliver and acknowledge, and count no answers to our own questions", async () => {
    expect((await probe({ info: dedicated, lists: { celery: [message()] } })).counters).toEqual({ at, epoch: "abc", arrived: 21, delivered: 25, finished: 17 });
  });

  it("say nothing where somebody else uses the server", async () => {
    const nothing = { at, epoch: "abc", arrived: undefined, delivered: undefined, finished: undefined };
    expect((await probe({ info: info({ zadd: 5_000, hset: 100 }) })).counters).toEqual(nothing);
    expect((await probe({ info: dedicated }, {}, true)).counters).toEqual(nothing);
    expect((await probe({ info: dedicated, unacked: { count: 1, entry: () => delivered({ queue: "mail" }) } })).counters).toEqual(nothing);
  });
});

describe("a broker that cannot be read", () => {
  it("is unknown in plain words when it is away", async () => {
    const { link } = fakeRedis({ broken: new PortError("unavailable", "redis:info", "the broker", "the connection was closed") });
    const reading = await probeRedis(
      { link, database: 0 },
      { broker, queues: ["celery"], heartbeats: false, acksLate: false },
      { clock: { now: () => at }, shared: false },
    );
    expect(reading).toEqual({ kind: "unknown", at, broker: "redis", because: "redis:info on the broker: the connection was closed" });
  });

  it("is refused in cluster mode", async () => {
    const { link } = fakeRedis({ info: "cluster_enabled:1\r\n" });
    const reading = await probeRedis(
      { link, database: 0 },
      { broker, queues: ["celery"], heartbeats: false, acksLate: false },
      { clock: { now: () => at }, shared: false },
    );
    expect(reading.kind === "unknown" && reading.because).toBe(
      "Redis runs in cluster mode, which Celery's Redis transport does not speak; point the broker's secret at a Redis with cluster mode disabled",
    );
  });
});
