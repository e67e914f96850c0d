import { minutes } from "@nightshift/model";
import { PortError } from "@nightshift/ports";
import { describe, expect, test } from "vitest";
import { drained, later, stage, THREE, told } from "../../test/testing/worker-stage.ts";

describe("scale-out", () => {
  test("is sent before the promise breaks; then looks come every 15 s until the next minute's", () =>
    stage({ workers: 2, busy: 4 }, async (it) => {
      it.waiting = 400;
      await it.look();
      expect(it.effects).toEqual(["desired 12"]);
      expect(it.ticks.map(({ due, wait }) => [due - THREE, wait])).toEqual([
        [15_000, 15_000],
        [30_000, 30_000],
        [45_000, 45_000],
      ]);
    }));

  test("is on record with its inputs, its intent and its outcome; the account's budget for rollbacks is not touched", () =>
    stage({ workers: 2, busy: 4 }, async (it) => {
      it.waiting = 400;
      await it.look();
      const [decision] = await it.world.scalingBook.decisions("shop-worker");
      expect(decision).toMatchObject({
        at: THREE,
        from: { version: 0 },
        verdict: { kind: "out", desired: 12 },
        observation: { fleet: { value: { desired: 2 } } },
      });
      expect((await it.world.audit.read("shop-worker")).map(({ kind, body }) => [kind, body["does"]]).toReversed()).toEqual([
        ["intent", "set shop-worker from 2 to 12 workers"],
        ["outcome", "set shop-worker from 2 to 12 workers"],
      ]);
      const control = await it.world.control.read();
      expect(control.spent).toEqual([]);
      expect(control.leases).toEqual([
        { resource: "shop-worker", holder: "scaler/shop-worker/1", purpose: "scale", epoch: 1, until: later(THREE, minutes(2)) },
      ]);
    }));

  test("is not sent over a count that somebody else set meanwhile", () =>
    stage({ workers: 2, busy: 4 }, async (it) => {
      it.waiting = 400;
      const { fleets } = it.world;
      let looks = 0;
      const seen: typeof fleets.describe = async (refs) => {
        looks += 1;
        if (looks === 2) it.desired = 5;
        return fleets.describe(refs);
      };
      await it.lookOver({ ...it.world, fleets: { ...fleets, describe: seen } });
      expect(it.effects).toEqual([]);
      const state = (await it.world.scalingBook.read("shop-worker")).state;
      expect([state?.changes, state?.memory.starting]).toEqual([[], []]);
    }));

  test("whose answer was lost is looked for and not sent twice", () =>
    stage({ workers: 2, busy: 4 }, async (it) => {
      it.waiting = 400;
      const { scaling } = it.world;
      let lost = 1;
      const setDesired: typeof scaling.setDesired = async (ref, count) => {
        await scaling.setDesired(ref, count);
        if (lost-- > 0) throw new PortError("timeout", "ecs:UpdateService", "shop-worker", "no answer");
      };
      await it.lookOver({ ...it.world, scaling: { ...scaling, setDesired } });
      expect(it.effects).toEqual(["desired 12"]);
      expect((await it.world.scalingBook.read("shop-worker")).state?.changes).toEqual([{ at: THREE, from: 2, to: 12 }]);
    }));
});

describe("scale-in", () => {
  test("drains, sees empty, protects the others, lowers, proves and unprotects; nobody is stopped at work", () =>
    stage({ workers: 6 }, async (it) => {
      const first = it.hands[0];
      await it.run(20);
      expect(drained(it).length).toBeGreaterThan(0);
      expect(it.effects.slice(drained(it).length)).toEqual([expect.stringMatching(/^protect /), "desired 1", expect.stringMatching(/^unprotect /)]);
      expect([it.desired, it.killed, it.hands.map((one) => one.protectedUntil)]).toEqual([1, [], [undefined]]);
      expect(first === undefined).toBe(false);
      expect((await it.world.scalingBook.read("shop-worker")).state).toMatchObject({ draining: [] });
    }));

  test("does not take a worker for empty that goes on taking work: it is told again", () =>
    stage({ workers: 3 }, async (it) => {
      // It says ok, and then it does not do it.
      it.before = (effect) => {
        if (effect.startsWith("drain ") && drained(it).length < 2) queueMicrotask(() => it.hands.forEach((one) => (one.consumes = true)));
      };
      await it.run(20);
      expect(drained(it).length).toBeGreaterThan(2);
      expect([it.desired, it.killed]).toEqual([1, []]);
    }));

  test("is not sent when a deployment begins between the look and the call, and nobody stays protected", () =>
    stage({ workers: 3 }, async (it) => {
      it.before = (effect) => {
        if (effect.startsWith("protect ")) it.deploying = "ecs-svc/2 is IN_PROGRESS";
      };
      await it.run(8);
      expect(it.effects.some((one) => one.startsWith("desired "))).toBe(false);
      expect(it.hands.every((one) => one.protectedUntil === undefined)).toBe(true);
      // The deployment goes on: who was drained takes work again.
      expect(it.hands.every((one) => one.consumes)).toBe(true);
      it.deploying = undefined;
      it.before = undefined;
      await it.run(20);
      expect([it.desired, it.killed]).toEqual([1, []]);
    }));

  test("whose protection is refused does not lower the count, which is told", () =>
    stage({ workers: 3 }, async (it) => {
      it.before = (effect) => {
        if (effect.startsWith("protect ")) throw new PortError("denied", "ecs:UpdateTaskProtection", "shop-worker", "not authorised");
      };
      await it.run(8);
      expect([it.desired, it.effects.some((one) => one.startsWith("desired "))]).toEqual([3, false]);
      const [incident] = await told(it);
      expect(incident?.lines).toContain(
        "The change was not made: ecs:UpdateTaskProtection on shop-worker: not authorised. Every look tries again while it is needed; look at the error, or set the count by hand.",
      );
      it.before = undefined;
      await it.run(20);
      expect((await told(it)).map((one) => one.state)).toEqual(["resolved"]);
    }));
});
