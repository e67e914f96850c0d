import { setTimeout as pause } from "node:timers/promises";
import type { BrokerReading, ProbeRequest } from "@nightshift/model";
import { afterAll, beforeAll, expect, it } from "vitest";
import { realBrokers } from "./harness/brokers.ts";
import { until } from "./harness/process.ts";
import { type RabbitServerProcess, startRabbit } from "./harness/rabbit.ts";
import { groundTruth, makeApp, sendTasks } from "./harness/worker.ts";
import { heldBy, rabbitStage, seen, startCrew } from "./rabbit-stage.ts";

const crew = startCrew();
let server: RabbitServerProcess;
beforeAll(async () => {
  server = await startRabbit();
});
afterAll(async () => {
  await crew.end();
  await server?.stop();
});

it.concurrent("a drained worker ends its task and takes no other, even when it is told twice, until it is told to take work again", async () => {
  const stage = await rabbitStage(server, "drain");
  const app = await makeApp(stage.url, { task_acks_late: true, worker_prefetch_multiplier: 1, queues: [{ name: "jobs" }] });
  await sendTasks(
    "5.6",
    app,
    [8, 1, 1, 1].map((seconds) => ({ seconds, queue: "jobs" })),
  );
  const worker = await crew.start({ celery: "5.6", app, host: "ip-127-0-0-1", concurrency: 1 });
  await until("the first task runs", async () => (await groundTruth(app)).running.length === 1);
  expect(await stage.control.look([worker.name])).toMatchObject([{ active: 1, reserved: 0, slots: 1, queues: ["jobs"] }]);

  expect(await stage.control.stopConsuming(worker.name, ["jobs"])).toBe(true);
  expect(await stage.control.stopConsuming(worker.name, ["jobs"])).toBe(true);
  expect(await stage.control.look([worker.name])).toMatchObject([{ active: 1, queues: [] }]);
  await until("its task ended", async () => (await groundTruth(app)).ended.length === 1);
  await until("it says that it is empty", async () => (await stage.control.look([worker.name]))[0]?.active === 0);
  await pause(2_000);
  expect((await groundTruth(app)).began).toHaveLength(1);
  expect(heldBy(await stage.look(["jobs"])).map(([waiting]) => waiting)).toEqual([3]);

  expect(await stage.control.startConsuming(worker.name, ["jobs"])).toBe(true);
  await until("the others ended", async () => (await groundTruth(app)).ended.length === 4);
  expect((await groundTruth(app)).began).toHaveLength(4);
  await worker.destroy();
  await stage.close();
});

it.concurrent("a worker that is not there says nothing, and nothing is taken for a yes", async () => {
  const stage = await rabbitStage(server, "nobody");
  expect(await stage.control.look([])).toEqual([]);
  expect(await stage.control.look(["celery@ip-10-9-9-9"])).toEqual([]);
  expect(await stage.control.stopConsuming("celery@ip-10-9-9-9", ["jobs"])).toBe(false);
  expect(await stage.control.startConsuming("celery@ip-10-9-9-9", ["jobs"])).toBe(false);
  expect(seen(await stage.look([], { heartbeats: true })).workers).toEqual([]);
  await stage.close();
});

it.concurrent("a broker that is killed is unknown, never empty; back again, it holds what it held and the drained worker stays drained", async () => {
  const own = await startRabbit();
  const { queues, workers } = realBrokers();
  const broker = { kind: "rabbitmq", secret: own.url, managementSecret: own.managementUrl } as const;
  const request: ProbeRequest = { broker, queues: ["jobs"], heartbeats: false, acksLate: true };
  const waiting = (reading: BrokerReading) => (reading.kind === "seen" ? reading.queues[0]?.waiting?.value : reading.kind);
  try {
    // Without confirmation RabbitMQ may have a task in memory alone when it is killed, and loses it.
    const settings = { broker_transport_options: { confirm_publish: true }, task_acks_late: true, worker_prefetch_multiplier: 1 };
    const app = await makeApp(own.url, { ...settings, queues: [{ name: "jobs" }] });
    const worker = await crew.start({ celery: "5.6", app, host: "ip-127-0-0-1", concurrency: 1 });
    expect(await workers.stopConsuming(broker, worker.name, ["jobs"])).toBe(true);
    await sendTasks(
      "5.6",
      app,
      [1, 1, 1].map((seconds) => ({ seconds, queue: "jobs" })),
    );
    const counted = (reading: BrokerReading) => reading.kind === "seen" && reading.counters?.arrived === 3;
    await until("the statistics count", async () => counted(await queues.probe(request)));
    const before = seen(await queues.probe(request));
    expect(heldBy(before)).toEqual([[3, 0, 0, 0]]);

    await own.kill();
    const away = await queues.probe(request);
    expect(away).toMatchObject({ kind: "unknown", broker: "rabbitmq" });
    expect(JSON.stringify(away)).not.toMatch(/guest|127\.0\.0\.1|amqp:/);
    await expect(workers.look(broker, [])).rejects.toMatchObject({ kind: "unavailable" });

    await own.restart();
    await until("the queue is seen again", async () => waiting(await queues.probe(request)) === 3);
    await until("the worker is back", async () => (await workers.look(broker, [worker.name])).length === 1, 90);
    expect(await workers.look(broker, [worker.name])).toMatchObject([{ active: 0, queues: [] }]);
    expect((await groundTruth(app)).began).toEqual([]);
    await until("the statistics are back", async () => seen(await queues.probe(request)).counters !== undefined);
    expect(seen(await queues.probe(request)).counters?.epoch).not.toBe(before.counters?.epoch);

    expect(await workers.startConsuming(broker, worker.name, ["jobs"])).toBe(true);
    await until("all tasks ended", async () => (await groundTruth(app)).ended.length === 3);
    await worker.destroy();
  } finally {
    await own.stop();
  }
});
