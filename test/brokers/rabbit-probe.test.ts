import { setTimeout as pause } from "node:timers/promises";
import { openAmqp } from "@nightshift/brokers/amqp-link";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { until } from "./harness/process.ts";
import { type RabbitServerProcess, startRabbit } from "./harness/rabbit.ts";
import { groundTruth, makeApp, type NapApp, sendTasks, type TaskWish } from "./harness/worker.ts";
import { heldBy, quietMs, rabbitStage, seen, startCrew } from "./rabbit-stage.ts";

const crew = startCrew();
let server: RabbitServerProcess;
beforeAll(async () => {
  server = await startRabbit();
});
afterAll(async () => {
  await crew.end();
  await server?.stop();
});

const naps = (count: number, task: TaskWish): readonly TaskWish[] => Array.from({ length: count }, () => task);
/** Returns when exactly so many tasks run, by their own word. */
const untilRunning = (app: NapApp, tasks: number) => until(`${tasks} tasks run`, async () => (await groundTruth(app)).running.length === tasks);

describe.concurrent("what a look at RabbitMQ says, against what is true", () => {
  it("classic, priority and quorum queues: what waits is exact at once, and everything else after 10 s of quiet", async () => {
    const stage = await rabbitStage(server, "at rest/1");
    const app = await makeApp(stage.url, {
      queues: [{ name: "classic" }, { name: "urgent", arguments: { "x-max-priority": 10 } }, { name: "safe", arguments: { "x-queue-type": "quorum" } }],
    });
    await sendTasks("5.6", app, [
      ...naps(12, { seconds: 1, queue: "classic" }),
      ...naps(3, { seconds: 1, queue: "urgent", priority: 0 }),
      ...naps(2, { seconds: 1, queue: "urgent", priority: 9 }),
      ...naps(4, { seconds: 1, queue: "safe" }),
    ]);
    const queues = ["classic", "urgent", "safe"];
    expect(heldBy(await stage.look(queues)).map(([waiting]) => waiting)).toEqual([12, 5, 4]);
    await pause(quietMs);
    const reading = seen(await stage.look(queues));
    expect(heldBy(reading)).toEqual([
      [12, 0, undefined, 0],
      [5, 0, undefined, 0],
      [4, 0, undefined, 0],
    ]);
    expect(reading.queues.map((queue) => queue.arrived?.value)).toEqual([12, 5, 4]);
    expect(reading.counters).toMatchObject({ arrived: 21 });
    expect(reading.queues.map((queue) => queue.byPriority)).toEqual([
      [],
      [
        { priority: 9, waiting: 2 },
        { priority: 0, waiting: 3 },
      ],
      [],
    ]);
    expect(reading.doubts).toEqual([]);
    await stage.close();
  });

  it("early acknowledgement: what runs is heard of, what is reserved and what waits for its time is told apart", async () => {
    const stage = await rabbitStage(server, "early");
    const app = await makeApp(stage.url, { worker_prefetch_multiplier: 4, queues: [{ name: "early" }] });
    await sendTasks("5.6", app, [...naps(5, { seconds: 1, queue: "early", countdown: 600 }), ...naps(12, { seconds: 90, queue: "early" })]);
    const worker = await crew.start({ celery: "5.6", app, host: "ip-127-0-0-1", concurrency: 2 });
    await untilRunning(app, 2);
    await pause(quietMs);
    const reading = seen(await stage.look(["early"], { heartbeats: true, prefetch: 8 }));
    expect(heldBy(reading)).toEqual([[2, 8, undefined, 5]]);
    expect(reading.workers).toMatchObject([{ name: "celery@ip-127-0-0-1", ip: "127.0.0.1", active: 2 }]);
    expect(reading.queues[0]).toMatchObject({ arrived: { value: 17 }, finished: { value: 2 } });
    expect(reading.doubts).toEqual([]);
    expect(await stage.control.look([])).toMatchObject([{ name: worker.name, active: 2, reserved: 8, scheduled: 5, slots: 2, queues: ["early"] }]);
    await worker.destroy();
    await stage.close();
  });

  it("late acknowledgement: what runs is told from what is reserved by the workers' word", async () => {
    const stage = await rabbitStage(server, "late");
    const app = await makeApp(stage.url, { task_acks_late: true, worker_prefetch_multiplier: 4, queues: [{ name: "late" }] });
    await sendTasks("5.6", app, [...naps(5, { seconds: 1, queue: "late", countdown: 600 }), ...naps(12, { seconds: 90, queue: "late" })]);
    const worker = await crew.start({ celery: "5.6", app, host: "ip-127-0-0-1", concurrency: 2 });
    await untilRunning(app, 2);
    await pause(quietMs);
    const asked = { acksLate: true, prefetch: 8 };
    expect(heldBy(await stage.look(["late"], { ...asked, heartbeats: true }))).toEqual([[4, 6, 2, 5]]);
    expect(heldBy(await stage.look(["late"], asked))).toEqual([[4, 0, 8, 5]]);
    await worker.destroy();
    await stage.close();
  });

  it("a quorum queue under a worker with limits of its own is counted alike; what waits for its time stays unknown", async () => {
    const stage = await rabbitStage(server, "quorum");
    const app = await makeApp(stage.url, {
      task_acks_late: true,
      worker_prefetch_multiplier: 4,
      task_default_queue_type: "quorum",
      queues: [{ name: "safe", arguments: { "x-queue-type": "quorum" } }],
    });
    await sendTasks("5.6", app, naps(12, { seconds: 90, queue: "safe" }));
    const worker = await crew.start({ celery: "5.6", app, host: "ip-127-0-0-1", concurrency: 2 });
    await untilRunning(app, 2);
    await pause(quietMs);
    const reading = await stage.look(["safe"], { heartbeats: true, acksLate: true, prefetch: 8 });
    expect(heldBy(reading)).toEqual([[4, 6, 2, undefined]]);
    expect(seen(reading).doubts).toEqual([]);
    await worker.destroy();
    await stage.close();
  });

  it("figures older than what just happened are doubted, and believed again when they caught up", async () => {
    const stage = await rabbitStage(server, "stale");
    const app = await makeApp(stage.url, { queues: [{ name: "stale" }] });
    const doubts: string[] = [];
    // The statistics may be renewed right after the tasks came; not three times in a row.
    for (let round = 1; round <= 3 && doubts.length === 0; round += 1) {
      await sendTasks("5.6", app, naps(50, { seconds: 1, queue: "stale" }));
      const reading = seen(await stage.look(["stale"]));
      expect(reading.queues[0]?.waiting).toMatchObject({ value: round * 50, confidence: 1 });
      doubts.push(...reading.doubts);
      if (doubts.length === 0) await pause(quietMs);
    }
    expect(doubts[0]).toMatch(/^(of stale, \d+ are ready, but the management API says \d+: its figures are older|what workers hold of stale is unknown: )/);
    await pause(quietMs);
    const caughtUp = seen(await stage.look(["stale"]));
    expect(caughtUp.doubts).toEqual([]);
    expect(caughtUp.queues[0]?.reserved).toMatchObject({ value: 0, confidence: 1 });
    await stage.close();
  });

  it("a queue that nobody declared is doubted and no zero, and does not spoil the one beside it", async () => {
    const stage = await rabbitStage(server, "misspelt");
    const app = await makeApp(stage.url, { queues: [{ name: "orders" }] });
    await sendTasks("5.6", app, naps(2, { seconds: 1, queue: "orders" }));
    const reading = await stage.look(["order", "orders"]);
    expect(heldBy(reading).map(([waiting]) => waiting)).toEqual([undefined, 2]);
    expect(seen(reading).doubts[0]).toBe("there is no queue order in virtual host misspelt: nobody declared it yet, or its name is another");
    await stage.close();
  });

  it("a management API that refuses leaves what waits known, and what is held unknown and doubted", async () => {
    const stage = await rabbitStage(server, "refused", server.managementUrl.replace("guest:guest", "guest:wrong-password"));
    const app = await makeApp(stage.url, { queues: [{ name: "orders" }] });
    await sendTasks("5.6", app, naps(2, { seconds: 1, queue: "orders" }));
    const reading = await stage.look(["orders"]);
    expect(heldBy(reading)).toEqual([[2, undefined, undefined, undefined]]);
    expect(seen(reading).doubts).toEqual([
      "what workers hold of orders is unknown: the management API refused the user or password, or the user lacks the tag `management`; check the management secret",
    ]);
    expect(seen(reading).counters).toBeUndefined();
    await stage.close();
  });

  it("an address with another password or virtual host is refused in words that hold neither", async () => {
    const refused = async (url: string) => String(await openAmqp(url).catch((error: unknown) => error));
    expect(await refused(server.url.replace("guest:guest", "guest:s3cret"))).toBe(
      "PortError: rabbitmq:connect on the broker: RabbitMQ refused the user, its password or its permissions; check the broker's secret",
    );
    expect(await refused(server.url.replace(/\/\/$/, "/nowhere"))).toBe(
      "PortError: rabbitmq:connect on the broker: the virtual host is not there, or this user may not use it; check the end of the secret's address",
    );
  });
});
