import { type EpochMs, minutes, ms, seconds } from "@nightshift/model";
import { describe, expect, it } from "vitest";
import { TestKernel } from "../world/testKernel.ts";
import { CeleryBroker } from "./broker.ts";
import { CeleryWorker, type WorkerOptions } from "./worker.ts";

const HIGH = "celery\x06\x169";

function lab(worker: Partial<WorkerOptions> = {}) {
  const kernel = new TestKernel();
  const broker = new CeleryBroker(kernel, { host: "redis.shop.lab", visibilityTimeout: minutes(10) });
  const start = (over: Partial<WorkerOptions> = {}): CeleryWorker => {
    const options = { name: "celery@ip-10-0-0-5.lab", ip: "10.0.0.5", queues: ["celery"], concurrency: 2, prefetch: 1, acksLate: false };
    const fresh = new CeleryWorker(kernel.clock, broker, { ...options, running: (takes) => takes, ...worker, ...over });
    broker.attach(fresh);
    return fresh;
  };
  const length = (key: string) => broker.store.get("list", key)?.length ?? 0;
  const held = () => broker.store.get("hash", "unacked")?.size ?? 0;
  const calls = (...names: readonly string[]) => names.map((name) => broker.store.calls.get(name) ?? 0);
  return { kernel, broker, start, length, held, calls };
}

describe("what Redis shows of ten slow tasks and one of priority 9, a worker with two slots (facts/scaling.md 2.1)", () => {
  for (const [prefetch, acksLate, shown] of [
    [1, false, { celery: 6, high: 1, unacked: 2 }],
    [4, false, { celery: 0, high: 1, unacked: 8 }],
    [1, true, { celery: 8, high: 1, unacked: 2 }],
    [4, true, { celery: 2, high: 1, unacked: 8 }],
  ] as const) {
    it(`prefetch ${prefetch}, ${acksLate ? "late" : "early"} acknowledgement`, () => {
      const { broker, kernel, start, length, held } = lab({ prefetch, acksLate });
      const worker = start();
      for (let i = 0; i < 10; i += 1) broker.publish({ queue: "celery", takes: seconds(20) });
      broker.publish({ queue: "celery", takes: seconds(20), priority: 9 });
      kernel.pass(seconds(4));
      expect({ celery: length("celery"), high: length(HIGH), unacked: held() }).toEqual(shown);
      expect(worker.active.size).toBe(2);
    });
  }

  it("an oldest task is taken first, and a lower priority number before a higher", () => {
    const { broker, kernel, start } = lab({ concurrency: 1 });
    broker.publish({ queue: "celery", takes: seconds(1), priority: 9 });
    broker.publish({ queue: "celery", takes: seconds(1) });
    broker.publish({ queue: "celery", takes: seconds(1) });
    start();
    kernel.pass(seconds(10));
    expect(broker.jobs.all.map((job) => (job.startedAt ?? 0) - job.publishedAt)).toEqual([2_000, 0, 1_000]);
  });
});

describe("counters", () => {
  it("20 done and 5 that are not due: 25 pushed, 25 handed out, 20 acknowledged; a warm stop puts 5 back", () => {
    const { broker, kernel, start, calls, length, held } = lab({ prefetch: 4 });
    const worker = start();
    const eta = (kernel.clock.now() + minutes(30)) as EpochMs; // A moment plus a length.
    for (let i = 0; i < 5; i += 1) broker.publish({ queue: "celery", takes: seconds(1), eta });
    for (let i = 0; i < 20; i += 1) broker.publish({ queue: "celery", takes: seconds(1) });
    kernel.pass(minutes(1));
    expect(calls("lpush", "zadd", "hset", "zrem", "hdel", "rpush")).toEqual([25, 25, 25, 20, 20, 0]);
    expect(held()).toBe(5);
    let left = false;
    worker.terminate(() => {
      left = true;
    });
    expect(left).toBe(true);
    expect(calls("rpush", "zrem")).toEqual([5, 25]);
    expect(length("celery")).toBe(5);
  });

  it("a restarted server counts from the beginning under another run id", () => {
    const { broker, start, calls } = lab();
    start();
    broker.publish({ queue: "celery", takes: seconds(1) });
    const before = broker.store.runId;
    broker.restart();
    expect(calls("lpush")).toEqual([0]);
    expect(broker.store.runId).not.toBe(before);
  });
});

describe("tasks that must wait", () => {
  it("are held beside the prefetch, and begin at their moment", () => {
    const { broker, kernel, start, held } = lab();
    const worker = start();
    const eta = (kernel.clock.now() + minutes(5)) as EpochMs; // A moment plus a length.
    for (let i = 0; i < 30; i += 1) broker.publish({ queue: "celery", takes: seconds(1), eta });
    expect({ held: held(), scheduled: worker.scheduled.size, waiting: broker.waiting(["celery"]) }).toEqual({ held: 30, scheduled: 30, waiting: 0 });
    kernel.pass(minutes(4.9));
    expect(worker.processed).toBe(0);
    kernel.pass(minutes(1));
    expect(broker.jobs.fared()).toEqual({ published: 30, finished: 30, killed: 0, rerun: 0, lost: 0 });
    expect(broker.jobs.violatingMinutes(seconds(14), kernel.clock.now())).toEqual([]);
    expect(broker.jobs.violatingMinutes(seconds(13), kernel.clock.now())).toHaveLength(1);
  });
});

describe("a worker that is told to take no more", () => {
  it("finishes what it has, takes nothing, and works again when it may", () => {
    const { broker, kernel, start } = lab();
    const worker = start();
    for (let i = 0; i < 8; i += 1) broker.publish({ queue: "celery", takes: seconds(10) });
    expect(worker.cancel("celery")).toBe(true);
    kernel.pass(minutes(1));
    expect({ done: broker.jobs.fared().finished, unacked: worker.unacked, active: worker.active.size, waiting: broker.waiting(["celery"]) }).toEqual({
      done: 4,
      unacked: 0,
      active: 0,
      waiting: 4,
    });
    expect(worker.consume("celery")).toBe(true);
    expect(worker.consume("celery")).toBe(false);
    kernel.pass(minutes(1));
    expect(broker.jobs.fared().finished).toBe(8);
  });
});

describe("a worker that is stopped", () => {
  it("warm: finishes what runs, gives the rest back, and then leaves", () => {
    const { broker, kernel, start, length } = lab();
    const worker = start();
    for (let i = 0; i < 4; i += 1) broker.publish({ queue: "celery", takes: seconds(20) });
    kernel.pass(seconds(4));
    const leftAt: number[] = [];
    worker.terminate(() => leftAt.push(kernel.clock.now()));
    const asked = kernel.clock.now();
    kernel.pass(minutes(1));
    expect(leftAt.map((at) => at - asked)).toEqual([16_000]);
    expect(length("celery")).toBe(2);
    expect(broker.jobs.fared()).toEqual({ published: 4, finished: 2, killed: 0, rerun: 0, lost: 0 });
  });

  it("killed with early acknowledgement: what ran is lost, what it held comes back after the visibility timeout", () => {
    const { broker, kernel, start, held } = lab();
    const worker = start();
    for (let i = 0; i < 4; i += 1) broker.publish({ queue: "celery", takes: seconds(20) });
    kernel.pass(seconds(4));
    expect(worker.kill()).toEqual({ cutOff: 2, lost: 2 });
    start({ name: "celery@ip-10-0-0-6.lab" });
    kernel.pass(minutes(9));
    expect(held()).toBe(2);
    kernel.pass(minutes(3.5));
    expect(broker.jobs.fared()).toEqual({ published: 4, finished: 2, killed: 2, rerun: 0, lost: 2 });
  });

  it("killed with late acknowledgement: what ran is run again", () => {
    const { broker, kernel, start } = lab({ acksLate: true });
    const worker = start();
    broker.publish({ queue: "celery", takes: seconds(20) });
    kernel.pass(seconds(4));
    expect(worker.kill()).toEqual({ cutOff: 1, lost: 0 });
    start({ name: "celery@ip-10-0-0-6.lab" });
    kernel.pass(minutes(13));
    expect(broker.jobs.fared()).toEqual({ published: 1, finished: 1, killed: 1, rerun: 1, lost: 0 });
  });
});

describe("a promise", () => {
  it("is broken in a minute of which more than one in a hundred begin late, and at the bound it is not", () => {
    const { broker, kernel, start } = lab({ concurrency: 100, prefetch: 1 });
    for (let i = 0; i < 100; i += 1) broker.publish({ queue: "celery", takes: seconds(1) });
    kernel.pass(seconds(30));
    const now = () => kernel.clock.now();
    expect(broker.jobs.violatingMinutes(seconds(30), now())).toEqual([]);
    expect(broker.jobs.violatingMinutes(ms(29_999), now())).toHaveLength(1);
    start();
    kernel.pass(minutes(1));
    expect(broker.jobs.violatingMinutes(seconds(30), now())).toEqual([]);
    expect([...broker.jobs.waits(0 as EpochMs).values()]).toEqual([30_000]);
  });
});
