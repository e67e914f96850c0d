import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { realBrokers, redisSettings, rowOf } from "./harness/brokers.ts";
import { until } from "./harness/process.ts";
import { type RedisServerProcess, startRedis } from "./harness/redis.ts";
import { groundTruth, makeApp, sendTasks, startWorker } from "./harness/worker.ts";

let redis: RedisServerProcess;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

describe.concurrent("a worker that is drained", () => {
  it.each([
    { celery: "5.2", late: false, database: 1 },
    { celery: "5.2", late: true, database: 2 },
    { celery: "5.6", late: false, database: 3 },
    { celery: "5.6", late: true, database: 4 },
  ] as const)("Celery $celery, late $late: ends what it holds, begins nothing else, and takes work again when told", async ({ celery, late, database }) => {
    const url = redis.url.replace(/\/0$/, `/${database}`);
    const app = await makeApp(url, { worker_prefetch_multiplier: 1, task_acks_late: late });
    const { workers, queues } = realBrokers();
    const broker = redisSettings(url);
    const worker = await startWorker({ celery, app, host: `ip-127-0-2-${database}`, concurrency: 1 });
    const look = async () => (await workers.look(broker, [worker.name]))[0];
    try {
      await sendTasks(celery, app, [{ seconds: 20 }, ...Array.from({ length: 6 }, () => ({ seconds: 1 }))]);
      await until("the first task runs", async () => (await groundTruth(app)).running.length === 1);
      // Early acknowledgement lets one slot hold one more; that one is begun and ended, too.
      const held = late ? 1 : 2;
      await until("the worker holds all it may", async () => (await look())?.reserved === held - 1);

      expect(await workers.stopConsuming(broker, worker.name, ["celery"])).toBe(true);
      expect(await workers.stopConsuming(broker, worker.name, ["celery"])).toBe(true);
      expect(await look()).toMatchObject({ active: 1, reserved: held - 1, queues: [] });
      await until("it is empty", async () => {
        const now = await look();
        return now?.active === 0 && now.reserved === 0 && now.scheduled === 0;
      });
      const truth = await groundTruth(app);
      expect([truth.began.length, truth.ended.length]).toEqual([held, held]);
      // Nothing more is begun, however long it is left alone.
      await pause(2_500);
      expect((await groundTruth(app)).began).toHaveLength(held);
      const reading = await queues.probe({ broker, queues: ["celery"], heartbeats: true, acksLate: late });
      expect(rowOf(reading)).toMatchObject({ waiting: 7 - held, reserved: 0, active: 0 });

      expect(await workers.startConsuming(broker, worker.name, ["celery"])).toBe(true);
      expect(await workers.startConsuming(broker, worker.name, ["celery"])).toBe(true);
      await until("the rest is done", async () => (await groundTruth(app)).ended.length === 7);
      expect((await look())?.queues).toEqual(["celery"]);
      expect((await groundTruth(app)).began).toHaveLength(7);
    } finally {
      await worker.destroy();
    }
  });

  it("a worker that is not there says nothing, which is not ok and not empty", async () => {
    const { workers } = realBrokers();
    const broker = redisSettings(redis.url.replace(/\/0$/, "/5"));
    expect(await workers.stopConsuming(broker, "celery@ip-127-0-2-9", ["celery"])).toBe(false);
    expect(await workers.look(broker, ["celery@ip-127-0-2-9"])).toEqual([]);
    // And nothing is left of the asking.
    const link = await redis.link();
    await link.call("SELECT", 5);
    expect(await link.call("DBSIZE")).toBe(0);
  });
});
