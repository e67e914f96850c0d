import { createBrokers } from "@nightshift/brokers";
import { type BrokerSettings, minutes, seconds } from "@nightshift/model";
import { describe, expect, it } from "vitest";
import { createAccount } from "../account.ts";
import { CeleryBroker } from "./broker.ts";
import { labBrokerConnections } from "./link.ts";
import { CeleryWorker } from "./worker.ts";

const redis: BrokerSettings = {
  kind: "redis",
  secret: "Shop",
  keyPrefix: "",
  prioritySteps: [0, 3, 6, 9],
  separator: "\x06\x16",
  visibilityTimeout: seconds(3_600),
};
const NAME = "celery@ip-10-0-0-5.lab";

/** One worker with two slots, and the real probe and remote control over the lab's link. */
function brokerWithWorker() {
  const lab = createAccount({ seed: 1 });
  const broker = new CeleryBroker(lab.kernel, { host: "redis.shop.lab" });
  const options = { name: NAME, ip: "10.0.0.5", queues: ["celery"], concurrency: 2, prefetch: 1, acksLate: false };
  const worker = new CeleryWorker(lab.clock, broker, { ...options, running: (takes) => takes });
  broker.attach(worker);
  let ids = 0;
  const { queues, workers } = createBrokers({
    connections: labBrokerConnections({ lab, find: (host) => (host === broker.host ? broker : undefined), caller: "test" }),
    secrets: { read: async () => "redis://redis.shop.lab:6379/0" },
    clock: { now: () => lab.clock.now(), pause: (length) => lab.clock.sleep(length) },
    newId: () => {
      ids += 1;
      return `id-${ids}`;
    },
  });
  const probe = () => lab.run(() => queues.probe({ broker: redis, queues: ["celery"], heartbeats: true, acksLate: false }));
  return { lab, broker, worker, probe, workers };
}

describe("the real probe and remote control over the lab's Redis", () => {
  it("see what waits, what is held and what runs", async () => {
    const { broker, probe } = brokerWithWorker();
    for (let i = 0; i < 10; i += 1) broker.publish({ queue: "celery", takes: minutes(5) });
    const seen = await probe();
    if (seen.kind !== "seen") throw new Error(seen.because);
    expect(seen.queues[0]).toMatchObject({ waiting: { value: 6 }, reserved: { value: 2 } });
    expect(seen.workers).toMatchObject([{ name: NAME, ip: "10.0.0.5", active: 2, processed: 2 }]);
  });

  it("drain a worker, and give it work again", async () => {
    const { lab, broker, worker, workers } = brokerWithWorker();
    expect(await lab.run(() => workers.stopConsuming(redis, NAME, ["celery"]))).toBe(true);
    broker.publish({ queue: "celery", takes: seconds(1) });
    expect(await lab.run(() => workers.look(redis, [NAME]))).toMatchObject([{ active: 0, reserved: 0, scheduled: 0, slots: 2, queues: [] }]);
    expect(await lab.run(() => workers.startConsuming(redis, NAME, ["celery"]))).toBe(true);
    expect(worker.processed).toBe(1);
  });

  it("know nothing while the broker is away, and no worker that does not answer", async () => {
    const { lab, broker, probe, workers } = brokerWithWorker();
    broker.trouble.expect("deaf", { from: seconds(0), for: minutes(1) });
    expect(await lab.run(() => workers.look(redis, [NAME]))).toEqual([]);
    broker.trouble.expect("unreachable", { from: seconds(0), for: minutes(10) });
    expect((await probe()).kind).toBe("unknown");
  });
});
