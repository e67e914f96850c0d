import { hold } from "@nightshift/decide/control";
import { foldIncident } from "@nightshift/decide/incidents/fold";
import { after, emptyControl, epochMs, hours, minutes, seconds } from "@nightshift/model";
import { PortError } from "@nightshift/ports";
import { describe, expect, test } from "vitest";
import { type Stage, stage } from "./stage.fixture.ts";

/** 2026-11-21T03:00:00Z, when every stage opens. */
const THREE = epochMs(1_795_230_000_000);

const told = async ({ world }: Stage) =>
  (await world.incidents.list(10)).map(foldIncident).map(({ id, group, state, needsPerson, entries }) => ({
    id,
    group,
    state,
    needsPerson,
    lines: entries.filter((one) => one.announce).map((one) => one.text),
  }));
const drained = ({ effects }: Stage) => effects.filter((one) => one.startsWith("drain "));

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
      expect(decision).toMatchObject({ at: THREE, from: { version: 0 }, verdict: { kind: "out", desired: 12 }, observation: { fleet: { value: { desired: 2 } } } });
      expect((await it.world.audit.read("shop-worker")).map(({ kind, body }) => [kind, body["does"]]).toReversed()).toEqual([
        ["intent", "set shop-worker from 2 to 12 workers"],
        ["outcome", "set shop-worker from 2 to 12 workers"],
      ]);
      const control = await it.world.control.read();
      expect(control.spent).toEqual([]);
      expect(control.leases).toEqual([{ resource: "shop-worker", holder: "scaler/shop-worker/1", purpose: "scale", epoch: 1, until: after(THREE, minutes(2)) }]);
    }));

  test("is not sent over a count that somebody else set meanwhile", () =>
    stage({ workers: 2, busy: 4 }, async (it) => {
      it.waiting = 400;
      const describe = it.world.fleets.describe;
      let looks = 0;
      const world = {
        ...it.world,
        fleets: { ...it.world.fleets, describe: async (refs: Parameters<typeof describe>[0]) => (++looks === 2 && (it.desired = 5), describe(refs)) },
      };
      await look(it, world);
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
      await look(it, { ...it.world, scaling: { ...scaling, setDesired } });
      expect(it.effects).toEqual(["desired 12"]);
      expect((await it.world.scalingBook.read("shop-worker")).state?.changes).toEqual([{ at: THREE, from: 2, to: 12 }]);
    }));
});

/** The minute's look over another world. */
const look = async (it: Stage, world: Stage["world"]): Promise<void> => {
  const { scale } = await import("./entry.ts");
  const { settingsFor } = await import("@nightshift/decide/fixtures");
  await scale({}, { world, workers: [it.worker], budgets: settingsFor().budgets, log: (line) => it.logged.push(line) });
};

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

describe("what stops it", () => {
  test.each(["shop-worker", "shop", "all"])("a hold of %s: nothing is sent, and it goes on when the hold ends", (scope) =>
    stage({ workers: 2, busy: 4 }, async (it) => {
      it.waiting = 400;
      await it.world.control.replace(hold(emptyControl, { scope, by: "lead", because: "migration", at: THREE, until: after(THREE, hours(1)) }, THREE));
      await it.run(4);
      expect(it.effects).toEqual([]);
      expect(it.logged.at(-1)).toMatchObject({ decided: "hold", because: [expect.stringContaining("lead holds")] });
      it.now = after(THREE, minutes(61));
      it.waiting = 400;
      await it.run(1);
      expect(it.effects).toEqual(["desired 12"]);
    }),
  );

  test("a hold that comes between the look and the call", () =>
    stage({ workers: 3 }, async (it) => {
      it.before = (effect) => {
        if (!effect.startsWith("protect ")) return;
        it.before = undefined;
        holding = it.world.control.read().then(async (state) => {
          await it.world.control.replace(hold(state, { scope: "all", by: "lead", because: "stop", at: it.now, until: undefined }, it.now));
        });
      };
      let holding: Promise<void> | undefined;
      const { scaling } = it.world;
      const protect: typeof scaling.protect = async (...all) => {
        await scaling.protect(...all);
        await holding;
      };
      for (let n = 0; n < 8; n++) {
        it.now = after(it.now, seconds(15));
        await look(it, { ...it.world, scaling: { ...scaling, protect } });
      }
      expect(holding).toBeDefined();
      expect(it.effects.some((one) => one.startsWith("desired "))).toBe(false);
      expect(it.desired).toBe(3);
    }));

  test("a rollback that took the service over between two effects", () =>
    stage({ workers: 3 }, async (it) => {
      const { scaling, control } = it.world;
      const protect: typeof scaling.protect = async (...all) => {
        await scaling.protect(...all);
        const state = await control.read();
        const lease = { resource: "shop-worker", holder: "guard/shop/43", purpose: "rollback" as const, epoch: state.epoch + 1, until: after(it.now, minutes(30)) };
        await control.replace({ ...state, version: state.version + 1, epoch: lease.epoch, leases: [lease] });
      };
      for (let n = 0; n < 8; n++) {
        it.now = after(it.now, seconds(15));
        await look(it, { ...it.world, scaling: { ...scaling, protect } });
      }
      expect(it.effects.some((one) => one.startsWith("protect "))).toBe(true);
      expect(it.effects.some((one) => one.startsWith("desired "))).toBe(false);
      expect(it.logged.at(-1)?.["because"]).toEqual([expect.stringContaining("guard/shop/43 is rolling shop-worker back")]);
    }));

  test("another scaler on the service, which is told once and is over when it is gone", () =>
    stage({ workers: 2, busy: 4 }, async (it) => {
      it.rival = "Application Auto Scaling keeps service/prod/shop-worker between 1 and 10";
      it.waiting = 400;
      await it.run(8);
      expect(it.effects).toEqual([]);
      expect((await told(it)).map(({ group, needsPerson, lines }) => [group, needsPerson, lines.length])).toEqual([["shop", true, 1]]);
      it.rival = undefined;
      await it.run(80);
      expect((await told(it)).map(({ state, lines }) => [state, lines.length])).toEqual([["resolved", 2]]);
      expect(it.effects[0]).toBe("desired 12");
    }));
});

describe("an unknown broker", () => {
  test("for ten minutes: nothing is done, one notice, and its end is told", () =>
    stage({ workers: 4, busy: 0 }, async (it) => {
      it.brokerDown = "Redis did not answer within 2 s";
      await it.run(40);
      expect(it.effects).toEqual([]);
      expect(await told(it)).toMatchObject([{ group: "shop", needsPerson: true, lines: [expect.stringContaining("Redis did not answer within 2 s")] }]);
      it.brokerDown = undefined;
      await it.run(4);
      expect(await told(it)).toMatchObject([{ state: "resolved", lines: [expect.anything(), "shop-worker: over: broker unreachable."] }]);
    }));
});

describe("a quiet service", () => {
  test("asks for no looks between the minutes, and records its decision once in 15 minutes", () =>
    stage({ workers: 1 }, async (it) => {
      await it.run(20);
      it.ticks.length = 0;
      const before = (await it.world.scalingBook.decisions("shop-worker")).length;
      await it.run(16);
      expect(it.ticks).toEqual([]);
      await it.run(60);
      expect((await it.world.scalingBook.decisions("shop-worker")).length - before).toBe(1);
    }));

  test("costs four calls of the world a look: the row, the service, the queue, the row; figures are a log line", () =>
    stage({ workers: 1 }, async (it) => {
      await it.run(20);
      const before = it.calls;
      await it.run(1);
      expect(it.calls - before).toBe(5);
      expect(it.published.at(-1)).toMatchObject({ desired: 1, waiting: 0 });
    }));
});

describe("a tick", () => {
  test("looks at its own service", () =>
    stage({ workers: 2, busy: 4 }, async (it) => {
      it.waiting = 400;
      await it.look(THREE);
      expect(it.effects).toEqual(["desired 12"]);
      expect(it.ticks).toEqual([]);
    }));

  test.each([
    ["comes twice", 0],
    ["comes after a later look", 15_000],
  ])("that %s is dropped", (_, late) =>
    stage({ workers: 1 }, async (it) => {
      it.now = after(THREE, seconds(15));
      await it.look();
      const { state } = await it.world.scalingBook.read("shop-worker");
      it.now = after(it.now, seconds(1));
      await it.look(epochMs(THREE + 15_000 - late));
      expect((await it.world.scalingBook.read("shop-worker")).state).toEqual(state);
      expect(it.logged.at(-1)).toEqual({ service: "shop-worker", did: "dropped: a later look was made" });
    }),
  );

  test("due a millisecond after the last look is made", () =>
    stage({ workers: 1 }, async (it) => {
      await it.look();
      it.now = after(THREE, seconds(15));
      await it.look(epochMs(THREE + 1));
      expect((await it.world.scalingBook.read("shop-worker")).state?.version).toBe(2);
    }));

  test("for a service that is not scaled is ignored, and one that is malformed is an error", () =>
    stage({ workers: 1 }, async (it) => {
      const { scale } = await import("./entry.ts");
      const { tickOf } = await import("./stage.fixture.ts");
      const { settingsFor } = await import("@nightshift/decide/fixtures");
      const on = { world: it.world, workers: [it.worker], budgets: settingsFor().budgets, log: (line: Readonly<Record<string, unknown>>) => it.logged.push(line) };
      await scale(tickOf("billing", THREE), on);
      expect(it.logged).toEqual([{ service: "billing", did: "ignored: it is no worker service of nightshift.config.ts" }]);
      await expect(scale({ "detail-type": "Nightshift Scaling Tick", detail: { service: "shop-worker" } }, on)).rejects.toThrow(
        "scaler: due: expected milliseconds since 1970, got undefined. The dispatcher sends it; do not invoke the scaler by hand.",
      );
    }));
});

describe("two looks at once", () => {
  test("that want to act: one does, the other changes nothing", () =>
    stage({ workers: 2, busy: 4 }, async (it) => {
      it.waiting = 400;
      await Promise.all([it.look(), it.look()]);
      expect(it.effects).toEqual(["desired 12"]);
      expect(it.logged.map((one) => one["did"])).toEqual(["acted", "acted"]);
      expect((await it.world.scalingBook.decisions("shop-worker")).length).toBe(1);
    }));

  test("of a quiet service: one row is written", () =>
    stage({ workers: 1 }, async (it) => {
      await Promise.all([it.look(), it.look()]);
      expect((await it.world.scalingBook.read("shop-worker")).state?.version).toBe(1);
      expect(it.published).toHaveLength(1);
    }));
});
