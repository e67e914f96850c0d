import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { realBrokers, redisSettings, rowOf } from "./harness/brokers.ts";
import { type RedisServerProcess, startRedis } from "./harness/redis.ts";
import { until } from "./harness/process.ts";
import { groundTruth, makeApp, sendTasks, startWorker, type TaskWish } from "./harness/worker.ts";

// Every case has a database of its own on one server; the counters are the whole server's, so they have a server of their own.
let redis: RedisServerProcess;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

const naps = (many: number, more: Partial<TaskWish> = {}): readonly TaskWish[] => Array.from({ length: many }, () => ({ seconds: 60, ...more }));

const cases = [
  { late: false, prefetch: 1, expected: { waiting: 11, reserved: 2, running: undefined, dueLater: 5, active: 2 } },
  { late: false, prefetch: 4, expected: { waiting: 5, reserved: 8, running: undefined, dueLater: 5, active: 2 } },
  { late: true, prefetch: 1, expected: { waiting: 13, reserved: 0, running: 2, dueLater: 5, active: 2 } },
  { late: true, prefetch: 4, expected: { waiting: 7, reserved: 6, running: 2, dueLater: 5, active: 2 } },
] as const;
const versions = ["5.2", "5.6"] as const;
const table = versions.flatMap((celery, v) => cases.map((one, n) => ({ ...one, celery, database: 1 + v * cases.length + n })));

describe.concurrent("a two-slot worker, 10 tasks, 5 more of lower priorities, 5 with an ETA", () => {
  it.each(table)(
    "Celery $celery, late acknowledgement $late, prefetch $prefetch: every figure is exact",
    async ({ celery, late, prefetch, expected, database }) => {
      const url = redis.url.replace(/\/0$/, `/${database}`);
      const app = await makeApp(url, { task_acks_late: late, worker_prefetch_multiplier: prefetch });
      // ETA tasks first, so that the worker holds all of them before its slots are full.
      await sendTasks(celery, app, [...naps(5, { countdown: 600 }), ...naps(10), ...naps(3, { priority: 5 }), ...naps(2, { priority: 9 })]);
      const brokers = realBrokers();
      const request = { broker: redisSettings(url), queues: ["celery"], heartbeats: true, acksLate: late };
      const before = await brokers.queues.probe(request);
      expect(rowOf(before)).toEqual({ waiting: 15, reserved: 0, running: late ? 0 : undefined, dueLater: 5, active: 0 });

      const worker = await startWorker({ celery, app, host: `ip-127-0-0-${database}`, concurrency: 2 });
      try {
        await until("two tasks run", async () => (await groundTruth(app)).running.length === 2);
        // A worker takes what it may hold bit by bit; then it is quiet for a second.
        const holds = prefetch * 2 - (late ? 2 : 0);
        await until("the worker holds all it may", async () => (await brokers.workers.look(request.broker, []))[0]?.reserved === holds);
        await pause(1_000);
        const reading = await brokers.queues.probe(request);
        expect((await groundTruth(app)).running).toHaveLength(2);
        expect(rowOf(reading)).toEqual(expected);
        if (reading.kind === "unknown") throw new Error(reading.because);
        const [queue] = reading.queues;
        expect([queue?.waiting?.confidence, queue?.reserved?.confidence, queue?.dueLater?.confidence]).toEqual([1, 1, 1]);
        expect(queue?.due.reduce((sum, row) => sum + row.tasks, 0)).toBe(5);
        expect(reading.doubts).toEqual([]);
        expect(reading.workers).toMatchObject([{ name: `celery@ip-127-0-0-${database}`, ip: `127.0.0.${database}`, active: 2, processed: 2 }]);

        // What the worker says of itself is the same story from the other side.
        expect(await brokers.workers.look(request.broker, [])).toMatchObject([
          { name: worker.name, active: 2, reserved: holds, scheduled: 5, slots: 2, processed: 2, queues: ["celery"] },
        ]);
      } finally {
        await worker.destroy();
      }
    },
  );
});

describe.concurrent("settings that move keys", () => {
  it.each(versions)("Celery %s with a key prefix, ten priority steps and another separator", async (celery) => {
    const url = redis.url.replace(/\/0$/, `/${celery === "5.2" ? 10 : 11}`);
    const options = { global_keyprefix: "shop:", priority_steps: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], sep: ":", queue_order_strategy: "priority" };
    const app = await makeApp(url, { broker_transport_options: options, worker_prefetch_multiplier: 1, task_acks_late: true });
    const brokers = realBrokers();
    const broker = { ...redisSettings(url), keyPrefix: "shop:", separator: ":", prioritySteps: options.priority_steps };
    await sendTasks(celery, app, [...naps(3), ...naps(2, { priority: 1 }), ...naps(4, { priority: 7 })]);
    const worker = await startWorker({ celery, app, host: "ip-127-0-1-1", concurrency: 1 });
    try {
      await until("a task runs", async () => (await groundTruth(app)).running.length === 1);
      await pause(1_000);
      const reading = await brokers.queues.probe({ broker, queues: ["celery"], heartbeats: true, acksLate: true });
      expect(rowOf(reading)).toEqual({ waiting: 8, reserved: 0, running: 1, dueLater: 0, active: 1 });
      expect(reading.kind === "seen" && reading.queues[0]?.byPriority.filter((one) => one.waiting > 0)).toEqual([
        { priority: 0, waiting: 2 },
        { priority: 1, waiting: 2 },
        { priority: 7, waiting: 4 },
      ]);
      expect(await brokers.workers.look(broker, [worker.name])).toMatchObject([{ name: worker.name, active: 1, queues: ["celery"] }]);
    } finally {
      await worker.destroy();
    }
  });

  it("two queues behind one topic exchange are told apart, delivered or not", async () => {
    const url = redis.url.replace(/\/0$/, "/12");
    const queues = [
      { name: "letters", exchange: "tasks", type: "topic", key: "mail.#" },
      { name: "reports", exchange: "tasks", type: "topic", key: "report.*" },
    ];
    const app = await makeApp(url, { queues, worker_prefetch_multiplier: 3, task_acks_late: true });
    const worker = await startWorker({ celery: "5.6", app, host: "ip-127-0-1-2", concurrency: 2, queues: ["letters", "reports"] });
    try {
      await sendTasks("5.6", app, [...naps(4, { queue: "letters", routing_key: "mail.now.all" }), ...naps(6, { queue: "reports", routing_key: "report.day" })]);
      await until("two tasks run", async () => (await groundTruth(app)).running.length === 2);
      await until("the worker holds four more", async () => (await realBrokers().workers.look(redisSettings(url), []))[0]?.reserved === 4);
      await pause(1_000);
      const reading = await realBrokers().queues.probe({ broker: redisSettings(url), queues: ["letters", "reports"], heartbeats: true, acksLate: true });
      const [letters, reports] = [rowOf(reading, "letters"), rowOf(reading, "reports")];
      const held = (row: typeof letters): number => (row.reserved ?? 0) + (row.running ?? 0);
      expect([(letters.waiting ?? 0) + held(letters), (reports.waiting ?? 0) + held(reports)]).toEqual([4, 6]);
      expect(held(letters) + held(reports)).toBe(6);
    } finally {
      await worker.destroy();
    }
  });
});

describe("counters", () => {
  it.each(versions)("Celery %s: what arrived, was delivered and was finished is counted exactly, whoever asks workers meanwhile", async (celery) => {
    const server = await startRedis();
    const app = await makeApp(server.url, { worker_prefetch_multiplier: 1 });
    const worker = await startWorker({ celery, app, host: "ip-127-0-1-3", concurrency: 2 });
    const brokers = realBrokers();
    const request = { broker: redisSettings(server.url), queues: ["celery"], heartbeats: false, acksLate: false };
    try {
      const before = await brokers.queues.probe(request);
      await sendTasks(celery, app, [...naps(20, { seconds: 0 }), ...naps(5, { countdown: 600 })]);
      await until("twenty tasks ended", async () => (await groundTruth(app)).ended.length === 20);
      await brokers.workers.look(request.broker, []);
      await pause(1_000);
      const after = await brokers.queues.probe(request);
      if (before.kind === "unknown" || after.kind === "unknown") throw new Error("unknown");
      const grown = (name: "arrived" | "delivered" | "finished"): number => (after.counters?.[name] ?? Number.NaN) - (before.counters?.[name] ?? Number.NaN);
      expect([after.counters?.epoch === before.counters?.epoch, grown("arrived"), grown("delivered"), grown("finished")]).toEqual([true, 25, 25, 20]);
      // A worker that stops gives its ETA tasks back: nothing arrived and nothing was finished by that.
      worker.signal("SIGTERM");
      await worker.ended;
      const stopped = await brokers.queues.probe(request);
      expect(stopped.kind === "seen" && [stopped.counters?.arrived, stopped.counters?.finished]).toEqual([after.counters?.arrived, after.counters?.finished]);
      expect(rowOf(stopped)).toMatchObject({ waiting: 0, dueLater: 5, reserved: 0 });
    } finally {
      await worker.destroy();
      await server.stop();
    }
  });
});
