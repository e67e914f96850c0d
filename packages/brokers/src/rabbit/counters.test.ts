import { hours, minutes, seconds } from "@nightshift/model";
import { describe, expect, it } from "vitest";
import { FakeRabbit, look, seen } from "./rabbit.fixture.ts";

describe("counters", () => {
  const counted = () => new FakeRabbit().set("a", { ready: 0, publish: 10, ack: 4, deliver: 6 }).set("b", { ready: 0, publish: 5, ack: 5, deliver: 5 }).renew();

  it("are the sums of the queues that were asked for, of 10 s ago", async () => {
    const rabbit = counted();
    expect(seen(await look(rabbit, ["a", "b"])).counters).toEqual({
      at: rabbit.now - 10_000,
      epoch: "rabbit@a 17@498675",
      arrived: 15,
      delivered: 11,
      finished: 9,
    });
  });

  it("are unknown when one queue tells none", async () => {
    const rabbit = counted().set("c", { ready: 0, publish: 1 }).renew();
    expect(seen(await look(rabbit, ["a", "b", "c"])).counters).toMatchObject({ arrived: 16, delivered: undefined, finished: undefined });
  });

  it("keep their epoch from look to look, although the uptime they come from is some seconds old", async () => {
    const rabbit = counted();
    const first = seen(await look(rabbit, ["a"])).counters?.epoch;
    rabbit.now = (rabbit.now + minutes(300)) as typeof rabbit.now; // another moment of the same clock
    rabbit.started = (rabbit.started + seconds(9)) as typeof rabbit.started; // what a stale uptime looks like
    expect(seen(await look(rabbit, ["a"])).counters?.epoch).toBe(first);
  });

  it.each([
    ["an hour later", (rabbit: FakeRabbit) => (rabbit.started = (rabbit.started + hours(1)) as typeof rabbit.started)],
    ["within the hour", (rabbit: FakeRabbit) => (rabbit.pid = "18")],
  ])("begin a new epoch when the node was restarted %s", async (_when, restart) => {
    const rabbit = counted();
    const first = seen(await look(rabbit, ["a"])).counters?.epoch;
    restart(rabbit);
    expect(seen(await look(rabbit, ["a"])).counters?.epoch).not.toBe(first);
  });

  it("have the node's name alone as their epoch when the user may not see nodes", async () => {
    const rabbit = counted();
    rabbit.answers.set("/api/nodes/", { status: 401, body: {} });
    expect(seen(await look(rabbit, ["a"])).counters?.epoch).toBe("rabbit@a ?");
  });
});
