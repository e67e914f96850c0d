import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { redisSettings } from "./harness/brokers.ts";
import { type RedisServerProcess, startRedis } from "./harness/redis.ts";
import { playScaleIn } from "./harness/scale-in.ts";

let redis: RedisServerProcess;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

describe.concurrent("a scale-in from ten workers to one, with tasks of 40 and 25 seconds running", () => {
  it.each([
    { celery: "5.2", database: 1 },
    { celery: "5.6", database: 2 },
  ] as const)("Celery $celery on Redis, early acknowledgement: nobody is stopped at work, and every task is done once", async ({ celery, database }) => {
    const url = redis.url.replace(/\/0$/, `/${database}`);
    const story = await playScaleIn({ celery, url, broker: redisSettings(url), acksLate: false, net: 10 + database });
    const said = story.log.join("\n");
    expect(story.left, said).toBe(1);
    expect(story.sent.at(-1), said).toBe(1);
    expect(story.stopped.length, said).toBeGreaterThanOrEqual(9);
    // Everybody who was stopped was idle.
    expect(story.stopped.filter(({ running }) => running !== 0)).toEqual([]);
    // The count fell while the long task ran, or this proves nothing.
    expect(story.stoppedMeanwhile, said).toBeGreaterThanOrEqual(7);
    expect(story.truth.began.map((one) => one.id).toSorted()).toEqual(story.tasks.toSorted());
    expect(story.truth.ended.map((one) => one.id).toSorted()).toEqual(story.tasks.toSorted());
    expect(story.truth.running).toEqual([]);
  });
});
