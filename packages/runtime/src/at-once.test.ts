import { expect, test } from "vitest";
import { atOnce } from "./at-once.ts";

test("a slow item keeps nobody waiting, and answers come in the order of the items, whatever became of them", async () => {
  let release = (): void => undefined;
  const slow = new Promise<void>((resolve) => {
    release = resolve;
  });
  const begun: string[] = [];
  const done = await atOnce(["slow", "b", "bad", "d"], 2, async (item) => {
    begun.push(item);
    if (item === "slow") await slow;
    if (item === "bad") throw new Error(item);
    if (item === "d") release();
    return item;
  });
  expect(begun).toEqual(["slow", "b", "bad", "d"]);
  expect(done.map((one) => (one.status === "fulfilled" ? one.value : String(one.reason)))).toEqual(["slow", "b", "Error: bad", "d"]);
});

test("no more than so many are at work at once", async () => {
  let [now, most] = [0, 0];
  await atOnce([1, 2, 3, 4, 5], 2, async () => {
    now += 1;
    most = Math.max(most, now);
    await Promise.resolve();
    now -= 1;
  });
  expect([most, now]).toEqual([2, 0]);
});
