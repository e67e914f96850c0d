import { epochMs, hours, type Ms } from "@nightshift/model";
import { expect, test } from "vitest";
import { TookTooLong, withinLimit } from "./limit.ts";
import type { RunnerWorld } from "./world.ts";

/** A world whose pauses end at once, or when the test says so, and are written down. */
function clocked(after: (length: Ms) => Promise<void>): { readonly world: RunnerWorld; readonly waits: Ms[] } {
  const waits: Ms[] = [];
  const pause: RunnerWorld["pause"] = async (length, until) => {
    waits.push(length);
    await Promise.race([after(length), new Promise<never>((_, refuse) => until.addEventListener("abort", () => refuse(until.reason)))]);
  };
  // The limit looks at nothing else of a runner's world.
  return { world: { pause, clock: () => epochMs(0), signal: new AbortController().signal } as unknown as RunnerWorld, waits };
}
const never = (): Promise<void> => new Promise(() => {});
/** Work that ends when it is told to. */
const heedful = ({ signal }: RunnerWorld): Promise<never> =>
  new Promise((_, refuse) => signal.addEventListener("abort", () => refuse(new Error("canceling statement due to user request"))));

test("work that ends in time is as if there were no limit", async () => {
  const { world, waits } = clocked(never);
  expect(await withinLimit(world, "compare-instance", async () => 7)).toBe(7);
  expect(waits).toEqual([hours(9)]);
  await expect(withinLimit(world, "night", () => Promise.reject(new Error("no room")))).rejects.toThrow("no room");
});

test("work that hangs is told to end after its hours, and says why in the words of the limit", async () => {
  const { world, waits } = clocked(async (length) => (length === hours(9) ? undefined : never()));
  const ended = withinLimit(world, "compare-instance", heedful);
  await expect(ended).rejects.toThrow(TookTooLong);
  await expect(ended).rejects.toThrow("it did not end within 9 h, and ended itself");
  expect(waits[0]).toBe(hours(9));
});

test("work that does not heed its signal is left to itself five minutes later", async () => {
  const { world, waits } = clocked(async () => undefined);
  await expect(withinLimit(world, "restore", never)).rejects.toThrow("it did not end within 21 h");
  expect(waits).toEqual([hours(21), 300_000]);
});
