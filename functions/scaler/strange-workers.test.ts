import { hold } from "@nightshift/decide/control";
import { hours, seconds, type WorkerReading } from "@nightshift/model";
import { PortError } from "@nightshift/ports";
import { describe, expect, test } from "vitest";
import { drained, later, type Stage, stage } from "../../test/testing/worker-stage.ts";

const counts = ({ effects }: Stage) => effects.filter((one) => one.startsWith("desired "));

/** Looks until somebody was told to take no more work, who then still works. */
async function untilDrained(it: Stage): Promise<void> {
  for (let n = 0; n < 10 && drained(it).length === 0; n++) await it.run(1);
  for (const one of it.hands) if (!one.consumes) one.active = 1;
}

/** Looks over another world every 15 s. */
async function runOver(it: Stage, world: Stage["world"], looks: number): Promise<void> {
  for (let n = 0; n < looks; n++) {
    it.now = later(it.now, seconds(15));
    await it.lookOver(world);
  }
}

/** ECS that was told a count and stops nobody yet. */
function slowEcs(it: Stage): Stage["world"] {
  const setDesired: Stage["world"]["scaling"]["setDesired"] = async (_, desired) => {
    it.before?.(`desired ${desired}`);
    it.effects.push(`desired ${desired}`);
    it.desired = desired;
  };
  return { ...it.world, scaling: { ...it.world.scaling, setDesired } };
}

describe("a worker that takes from a queue that the config does not name", () => {
  test("is not given up before it was told to leave that one, too", () =>
    stage({ workers: 3 }, async (it) => {
      const mail = new Set(["celery@ip-10-0-0-1", "celery@ip-10-0-0-2", "celery@ip-10-0-0-3"]);
      const { workers } = it.world;
      const alsoMail = (one: WorkerReading): WorkerReading => ({ ...one, queues: [...(one.queues ?? []), ...(mail.has(one.name) ? ["mail"] : [])] });
      const world: Stage["world"] = {
        ...it.world,
        workers: {
          ...workers,
          look: async (...all) => (await workers.look(...all)).map(alsoMail),
          stopConsuming: async (broker, name, queues) => {
            if (queues.includes("mail")) mail.delete(name);
            return workers.stopConsuming(broker, name, queues);
          },
        },
      };
      it.before = (effect) => {
        if (effect.startsWith("desired ")) expect([...mail]).toEqual(["celery@ip-10-0-0-1"]);
      };
      await runOver(it, world, 6);
      expect(counts(it)).toEqual(["desired 1"]);
    }));
});

describe("workers that were drained", () => {
  test("take work again when another scaler appears, which may stay for ever", () =>
    stage({ workers: 3 }, async (it) => {
      await untilDrained(it);
      it.rival = "Application Auto Scaling keeps service/prod/shop-worker between 1 and 10";
      await it.run(70);
      expect(it.hands.map((one) => one.consumes)).toEqual([true, true, true]);
      expect(counts(it)).toEqual([]);
    }));

  test("and began anew under a hold are told nothing while it stands", () =>
    stage({ workers: 3 }, async (it) => {
      await untilDrained(it);
      const word = { scope: "shop", by: "lead", because: "migration", at: it.now, until: undefined };
      await it.world.control.replace(hold(await it.world.control.read(), word, it.now));
      for (const one of it.hands) one.consumes = true;
      const before = it.effects.length;
      await it.run(4);
      expect(it.effects.slice(before)).toEqual([]);
    }));

  test.each(["deployment", "shadow mode"])("and whom ECS is about to stop take no work when a %s comes in between, and the others stay protected", (comes) =>
    stage({ workers: 3 }, async (it) => {
      const world = slowEcs(it);
      for (let n = 0; n < 6 && counts(it).length === 0; n++) await runOver(it, world, 1);
      if (comes === "deployment") it.deploying = "shop-worker:8 is being deployed";
      else it.worker = { ...it.worker, mode: "shadow" };
      const before = it.effects.length;
      await runOver(it, world, 4);
      expect(counts(it)).toEqual(["desired 1"]);
      expect(it.effects.slice(before)).toEqual([]);
      expect(it.hands.map((one) => one.consumes)).toEqual([true, false, false]);
    }),
  );

  test("and whom ECS did not stop stay drained, and the others protected, while the count cannot be raised for them", () =>
    stage({ workers: 3 }, async (it) => {
      const world = slowEcs(it);
      it.before = () => {
        if (counts(it).length > 0) throw new PortError("denied", "ecs:UpdateService", "shop-worker", "not allowed");
      };
      await runOver(it, world, 20);
      expect(it.effects.filter((one) => /undrain|unprotect/.test(one))).toEqual([]);
      it.before = undefined;
      await runOver(it, world, 1);
      expect(it.effects.slice(-4)).toEqual(["desired 3", "unprotect 1", "undrain celery@ip-10-0-0-3", "undrain celery@ip-10-0-0-2"]);
    }));
});

test("protections of which one failed are in the row, so that a rollback finds them, and are lifted at the next look", () =>
  stage({ workers: 4 }, async (it) => {
    const { scaling } = it.world;
    const protect: typeof scaling.protect = async (...all) => {
      await scaling.protect(...all);
      throw new PortError("not-found", "ecs:UpdateTaskProtection", "shop-worker", "not protected: task/9");
    };
    const world = { ...it.world, scaling: { ...scaling, protect } };
    while (!it.effects.some((one) => one.startsWith("protect "))) await runOver(it, world, 1);
    const { state } = await it.world.scalingBook.read("shop-worker");
    expect(state?.lowering).toMatchObject({ from: 4, to: 4, victims: [], protectedTasks: ["task/1"] });
    await runOver(it, world, 1);
    expect(it.effects.at(-1)).toBe("unprotect 1");
    expect(counts(it)).toEqual([]);
  }));

test("an order of another upper bound is no word on a scale-out that must be asked for", () =>
  stage({ workers: 2, busy: 4, mode: "ask" }, async (it) => {
    it.waiting = 400;
    await it.world.scalingBook.order({
      service: "shop-worker",
      workers: undefined,
      max: 30,
      by: "lead",
      because: "sale",
      at: it.now,
      until: later(it.now, hours(1)),
    });
    await it.run(3);
    expect(it.effects).toEqual([]);
  }));

test("a broker that is away while workers are told is waited for once", () =>
  stage({ workers: 4 }, async (it) => {
    const asked: string[] = [];
    const stopConsuming: Stage["world"]["workers"]["stopConsuming"] = async (_, name) => {
      asked.push(name);
      throw new PortError("timeout", "control", "the broker", "it was not done within 5 s");
    };
    const world = { ...it.world, workers: { ...it.world.workers, stopConsuming } };
    while (asked.length === 0) await runOver(it, world, 1);
    expect(asked).toEqual(["celery@ip-10-0-0-4"]);
    await runOver(it, it.world, 1);
    expect(drained(it)).toEqual(["drain celery@ip-10-0-0-4", "drain celery@ip-10-0-0-3", "drain celery@ip-10-0-0-2"]);
  }));

test("a look that silent workers made long tells nobody any more once a later look acts", () =>
  stage({ workers: 4 }, async (it) => {
    const asked: string[] = [];
    const { scalingBook } = it.world;
    const stopConsuming: Stage["world"]["workers"]["stopConsuming"] = async (_, name) => {
      asked.push(name);
      it.now = later(it.now, seconds(1));
      const { state } = await scalingBook.read("shop-worker");
      if (asked.length === 2 && state !== undefined) await scalingBook.replace("shop-worker", { ...state, version: state.version + 1 });
      return false;
    };
    const world = { ...it.world, workers: { ...it.world.workers, stopConsuming } };
    while (asked.length === 0) await runOver(it, world, 1);
    expect(asked).toEqual(["celery@ip-10-0-0-4", "celery@ip-10-0-0-3"]);
  }));

test("of forty workers sixteen silent ones are waited for in one look, and the others are told by the next", () =>
  stage({ workers: 41 }, async (it) => {
    it.worker = { ...it.worker, max: 50, maxStep: 50 };
    const asked: string[] = [];
    const stopConsuming: Stage["world"]["workers"]["stopConsuming"] = async (_, name) => {
      asked.push(name);
      return false;
    };
    const world = { ...it.world, workers: { ...it.world.workers, stopConsuming } };
    while (asked.length === 0) await runOver(it, world, 1);
    expect([asked.length, (await it.world.scalingBook.read("shop-worker")).state?.draining.length]).toEqual([16, 40]);
    await runOver(it, it.world, 1);
    expect(drained(it).length).toBe(40);
  }));

test("ten thousand strangers on the broker stop no scale-out: the decision is kept without them", () =>
  stage({ workers: 2, busy: 4 }, async (it) => {
    it.waiting = 400;
    const { queues } = it.world;
    const stranger = (n: number): WorkerReading => ({
      name: `${Math.sin(n)}@${Math.cos(n)}${Math.tan(n)}`,
      ip: undefined,
      at: it.now,
      active: 1,
      reserved: undefined,
      scheduled: undefined,
      processed: undefined,
      slots: undefined,
      queues: undefined,
    });
    const probe: typeof queues.probe = async (asked) => {
      const seen = await queues.probe(asked);
      return seen.kind === "unknown" ? seen : { ...seen, workers: Array.from({ length: 10_000 }, (_, n) => stranger(n)) };
    };
    await runOver(it, { ...it.world, queues: { probe } }, 3);
    expect(counts(it)[0]).toBe("desired 12");
    const [kept] = (await it.world.scalingBook.decisions("shop-worker")).filter(({ verdict }) => verdict.kind === "out");
    expect(kept?.observation.broker).toMatchObject({ kind: "seen" });
  }));
