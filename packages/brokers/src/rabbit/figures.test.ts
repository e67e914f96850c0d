import { PortError } from "@nightshift/ports";
import { describe, expect, it } from "vitest";
import { probeRabbit } from "./probe.ts";
import { beat, FakeRabbit, held, look, seen } from "./rabbit.fixture.ts";

describe("what workers say of themselves", () => {
  it("is heard in one window of 2.5 s, and only when asked for", async () => {
    const rabbit = new FakeRabbit().set("celery", { ready: 0 }).renew();
    rabbit.heartbeats = [beat("celery@ip-10-0-1-23", 2)];
    expect(seen(await look(rabbit, ["celery"])).workers).toBeUndefined();
    expect(rabbit.listened).toEqual([]);
    expect(seen(await look(rabbit, ["celery"], { heartbeats: true })).workers).toMatchObject([{ name: "celery@ip-10-0-1-23", ip: "10.0.1.23", active: 2 }]);
    expect(rabbit.listened).toEqual([{ key: "worker.heartbeat", window: 2_500 }]);
  });

  it("is unknown, not nobody, when the broker's user may not listen", async () => {
    const rabbit = new FakeRabbit().set("celery", { ready: 0 }).renew();
    const amqp = { ...rabbit.amqp, listen: () => Promise.reject(new PortError("denied", "rabbitmq:listen", "the broker", "refused")) };
    const place = { amqp, management: rabbit.management, vhost: "/", clock: { now: () => rabbit.now } };
    const broker = { kind: "rabbitmq", secret: "S", managementSecret: "M" } as const;
    expect(seen(await probeRabbit(place, { broker, queues: ["celery"], heartbeats: true, acksLate: false })).workers).toBeUndefined();
  });

  it("sorts what is held under late acknowledgement into running and reserved", async () => {
    const rabbit = new FakeRabbit().set("celery", { ready: 4, unacked: 8 }).renew();
    rabbit.heartbeats = [beat("a", 1), beat("b", 1)];
    expect(held(await look(rabbit, ["celery"], { heartbeats: true, acksLate: true }))).toEqual([[4, 6, 2, undefined]]);
    expect(held(await look(rabbit, ["celery"], { acksLate: true }))).toEqual([[4, 0, 8, undefined]]);
  });

  it("is shared among the queues as they hold, with less confidence", async () => {
    const rabbit = new FakeRabbit().set("a", { ready: 0, unacked: 9 }).set("b", { ready: 0, unacked: 3 }).renew();
    rabbit.heartbeats = [beat("x", 4)];
    const reading = await look(rabbit, ["a", "b"], { heartbeats: true, acksLate: true });
    expect(held(reading)).toEqual([
      [0, 6, 3, undefined],
      [0, 2, 1, undefined],
    ]);
    expect(seen(reading).queues[0]?.running?.confidence).toBe(0.7);
  });

  it.each([
    [8, []],
    [9, ["workers say that they execute 9 tasks, but only 3 are unacknowledged: is acks_late on for all of them, and are these their queues?"]],
  ])("is doubted when %d run and 3 are unacknowledged under late acknowledgement", async (active, doubts) => {
    const rabbit = new FakeRabbit().set("celery", { ready: 0, unacked: 3 }).renew();
    rabbit.heartbeats = [beat("a", active)];
    expect(seen(await look(rabbit, ["celery"], { heartbeats: true, acksLate: true })).doubts).toEqual(doubts);
    expect(seen(await look(rabbit, ["celery"], { heartbeats: true })).doubts).toEqual([]);
  });
});

describe("tasks that wait for their time", () => {
  const holding = (limit: number, change: { readonly ownLimit?: boolean; readonly unacked?: number } = {}) => {
    const rabbit = new FakeRabbit().set("celery", { ready: 0, unacked: 13, channels: ["c1"], ...change }).renew();
    rabbit.limits.set("c1", limit).set("somebody else's", 900);
    return rabbit;
  };

  it("are what the workers' limits grew by", async () => {
    expect(held(await look(holding(13), ["celery"], { prefetch: 8 }))).toEqual([[0, 8, undefined, 5]]);
    expect(held(await look(holding(8), ["celery"], { prefetch: 8 }))).toEqual([[0, 13, undefined, 0]]);
  });

  it("are never more than what is held, nor less than none", async () => {
    expect(held(await look(holding(50), ["celery"], { prefetch: 8 }))).toEqual([[0, 0, undefined, 13]]);
    expect(held(await look(holding(3), ["celery"], { prefetch: 8 }))).toEqual([[0, 13, undefined, 0]]);
  });

  it.each([
    ["the worker's own limit is not known", holding(13), {}],
    ["the worker takes without limit", holding(0), { prefetch: 0 }],
    ["consumers have limits of their own, as on quorum queues", holding(13, { ownLimit: true }), { prefetch: 8 }],
  ])("are unknown when %s", async (_when, rabbit, asked) => {
    expect(held(await look(rabbit, ["celery"], asked))).toEqual([[0, 13, undefined, undefined]]);
  });

  it("are unknown when the user may not see channels", async () => {
    const rabbit = holding(13);
    rabbit.answers.set("/api/vhosts/", { status: 401, body: {} });
    expect(held(await look(rabbit, ["celery"], { prefetch: 8 }))).toEqual([[0, 13, undefined, undefined]]);
  });

  it("are none where nothing is held, without asking for channels", async () => {
    const rabbit = holding(13, { unacked: 0 });
    expect(held(await look(rabbit, ["celery"], { prefetch: 8 }))).toEqual([[0, 0, undefined, 0]]);
    expect(rabbit.asked).toEqual(["/api/queues/shop%2Feu/celery", "/api/nodes/rabbit%40a"]);
  });

  it("are not among the running under late acknowledgement", async () => {
    const rabbit = holding(13);
    rabbit.heartbeats = [beat("a", 2)];
    expect(held(await look(rabbit, ["celery"], { prefetch: 8, acksLate: true, heartbeats: true }))).toEqual([[0, 6, 2, 5]]);
  });
});
