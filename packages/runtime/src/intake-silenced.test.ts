import { policyFixture } from "@nightshift/decide/incidents/policy.fixture";
import { describe, expect, test } from "vitest";
import { clear, ring, stage, type Stage } from "./intake.fixture.ts";
import { hearSilenced } from "./intake-silenced.ts";
import { atSecond } from "./testing/fake-incidents.ts";

/** A silence over the shop from the first second to the 600th. */
async function silencedShop(): Promise<Stage> {
  const it = stage();
  await it.silences.add({ id: "S-1", scope: "shop", by: "ana", because: "load test", from: atSecond(0), until: atSecond(600) });
  return it;
}
const look = (it: Stage, at: number) => {
  it.now = at;
  return hearSilenced(it.world, { policy: policyFixture(), groups: [], now: atSecond(at) });
};
const opened = async (it: Stage) => (await it.all()).map((one) => [one.group, one.firing]);

describe("what rang under a silence", () => {
  test("opens its incident at the first look after the silence, not before", async () => {
    const it = await silencedShop();
    await it.take([ring("shop/slow", 10), ring("shop/errors", 20)]);
    await look(it, 599);
    expect(await opened(it)).toEqual([]);
    await look(it, 600);
    expect(await opened(it)).toEqual([["shop", 2]]);
    expect(await it.silences.kept()).toEqual([]);
  });

  test("and was over before the look opens nothing, and is not looked at again", async () => {
    const it = await silencedShop();
    await it.take([ring("shop/slow", 10)]);
    await it.take([clear("shop/slow", 500)]);
    await look(it, 600);
    expect(await opened(it)).toEqual([]);
    expect(await it.silences.kept()).toEqual([]);
  });

  test("and rang anew afterwards counts with its newest time, however the batches came", async () => {
    const it = await silencedShop();
    await it.take([ring("shop/slow", 300)]);
    await it.take([clear("shop/slow", 200), ring("shop/slow", 10)]);
    await look(it, 600);
    expect((await it.all()).map((one) => one.openedAt)).toEqual([atSecond(300)]);
  });

  test("is taken once: after its end a later look opens nothing", async () => {
    const it = await silencedShop();
    await it.take([ring("shop/slow", 10)]);
    await look(it, 600);
    await it.take([clear("shop/slow", 700)]);
    await look(it, 900);
    expect(await opened(it)).toEqual([["shop", 0]]);
  });

  test("and could not be taken stays kept, and the failure is loud", async () => {
    const it = await silencedShop();
    await it.take([ring("shop/slow", 10)]);
    it.failOnce.add("open");
    await expect(look(it, 600)).rejects.toThrow("1 alarms that were silenced could not be taken");
    expect(await it.silences.kept()).toHaveLength(1);
    await look(it, 900);
    expect(await opened(it)).toEqual([["shop", 1]]);
  });
});
