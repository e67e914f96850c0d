import { epochMs } from "@nightshift/model";
import { expect, test } from "vitest";
import { fakeIncidents } from "./testing/fake-incidents.ts";
import { wakeRoom } from "./wake.ts";

test("a war room that waits is woken by its callback", async () => {
  const world = fakeIncidents();
  await world.wakes.wait("INC-1", "callback-1", epochMs(0));
  expect(await wakeRoom(world, "INC-1")).toBe("its war room was woken");
  expect(world.woken).toEqual(["callback-1"]);
});

test("one that does not wait is left alone", async () => {
  const world = fakeIncidents();
  expect(await wakeRoom(world, "INC-1")).toBe("its war room does not wait");
  expect(world.woken).toEqual([]);
});

test("that it could not be woken is said, and is no error; a bug of ours is", async () => {
  const world = fakeIncidents();
  await world.wakes.wait("INC-1", "callback-1", epochMs(0));
  world.failOnce.add("wake");
  expect(await wakeRoom(world, "INC-1")).toBe("its war room was not woken: fake:wake on wake: it was lost");
  const broken = { ...world, wakes: { ...world.wakes, waiting: () => Promise.reject(new TypeError("undefined")) } };
  await expect(wakeRoom(broken, "INC-1")).rejects.toThrow("undefined");
});
