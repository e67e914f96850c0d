import { describe, expect, test } from "vitest";
import { Died, later, type Stage, stage } from "../../test/testing/worker-stage.ts";

/** Runs looks; one that dies is simply over, as when a machine goes away. */
async function outlive(it: Stage, looks: number): Promise<void> {
  for (let n = 0; n < looks; n++) {
    try {
      await it.run(1);
    } catch (error) {
      if (!(error instanceof Died)) throw error;
    }
  }
}

/** Nobody was stopped at work, nobody is forgotten without work, and nobody stays protected beside a scale-in that is over. */
async function isSound(it: Stage): Promise<void> {
  const { state } = await it.world.scalingBook.read("shop-worker");
  const known = new Set(state?.draining.map(({ task }) => task));
  expect(it.killed).toEqual([]);
  expect(it.hands.filter((one) => !one.consumes && !known.has(one.arn)).map((one) => one.arn)).toEqual([]);
}

describe.each(["before", "after"] as const)("a machine that dies %s one of its calls", (when) => {
  // A scale-in from 4 to 1 makes fewer than 130 calls; each of them is the last of its machine once.
  test("at any line of a scale-in: the next looks bring it to its end, and nobody is stopped at work", async () => {
    for (let at = 1; at <= 130; at++) {
      await stage({ workers: 4 }, async (it) => {
        it.dies = { at, when };
        await outlive(it, 16);
        await isSound(it);
        await outlive(it, 16);
        await isSound(it);
        expect({ at, protects: it.hands.filter((one) => one.protectedUntil !== undefined && one.protectedUntil > it.now).length }).toEqual({ at, protects: 0 });
        expect({ at, desired: it.desired, consuming: it.hands.filter((one) => one.consumes).length }).toEqual({ at, desired: 1, consuming: 1 });
      });
    }
  }, 60_000);

  test("at any line of a scale-out: the next look sends what was not sent, and nothing twice", async () => {
    for (let at = 1; at <= 24; at++) {
      await stage({ workers: 2, busy: 4 }, async (it) => {
        it.waiting = 60;
        it.dies = { at, when };
        await outlive(it, 3);
        await isSound(it);
        const sent = it.effects.filter((one) => one.startsWith("desired "));
        expect({ at, rises: sent.length >= 1 && new Set(sent).size === sent.length }).toEqual({ at, rises: true });
        expect((await it.world.scalingBook.read("shop-worker")).state?.changes.length).toBe(sent.length);
      });
    }
  }, 60_000);
});

test("demand that returns after a machine died in the middle of a scale-in: those that were drained take work again", () =>
  stage({ workers: 6 }, async (it) => {
    it.before = (effect) => {
      if (effect.startsWith("protect ")) throw new Died("the machine died");
    };
    await outlive(it, 6);
    expect(it.hands.some((one) => !one.consumes)).toBe(true);
    it.before = undefined;
    it.waiting = 2_000;
    for (const one of it.hands) one.active = 4;
    it.now = later(it.now, 1);
    await outlive(it, 6);
    expect(it.hands.every((one) => one.consumes)).toBe(true);
    expect(it.desired).toBeGreaterThan(6);
  }));
