import { settingsFor } from "@nightshift/decide/fixtures";
import { epochMs, seconds } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { later, stage, THREE, tickOf } from "../../test/testing/worker-stage.ts";
import { scale } from "./entry.ts";

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

  test("costs three calls a look: the row, the service, the queue; its row is not written anew, and figures are a log line", () =>
    stage({ workers: 1 }, async (it) => {
      await it.run(20);
      const before = it.calls;
      await it.run(1);
      expect(it.calls - before).toBe(4);
      expect(it.published.at(-1)).toMatchObject({ desired: 1, waiting: 0 });
    }));
});

describe("figures", () => {
  test("of a quiet service are printed once in five minutes, with what was decided", () =>
    stage({ workers: 1 }, async (it) => {
      await it.run(20);
      const before = [it.published.length, it.logged.length];
      await it.run(20);
      expect([it.published.length, it.logged.length].map((now, n) => now - (before[n] ?? 0))).toEqual([4, 4]);
    }));

  test("of a busy one are printed by each minute's look, so that an alarm has a point a minute, and by none between", () =>
    stage({ workers: 2, busy: 4 }, async (it) => {
      await it.run(3);
      expect(it.published.length).toBe(3);
      await it.look(later(it.now, seconds(1)));
      expect(it.published.length).toBe(3);
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
      it.now = later(THREE, seconds(15));
      await it.look();
      const { state } = await it.world.scalingBook.read("shop-worker");
      it.now = later(it.now, seconds(1));
      await it.look(epochMs(THREE + 15_000 - late));
      expect((await it.world.scalingBook.read("shop-worker")).state).toEqual(state);
      expect(it.logged.at(-1)).toEqual({ service: "shop-worker", did: "dropped: a later look was made" });
    }),
  );

  test("due a millisecond after the last look is made", () =>
    stage({ workers: 2, busy: 4 }, async (it) => {
      await it.look();
      it.now = later(THREE, seconds(15));
      it.waiting = 1;
      await it.look(epochMs(THREE + 1));
      expect((await it.world.scalingBook.read("shop-worker")).state?.at).toBe(THREE + 15_000);
    }));

  test("for a service that is not scaled is ignored, and one that is malformed is an error", () =>
    stage({ workers: 1 }, async (it) => {
      const on = {
        world: it.world,
        workers: [it.worker],
        budgets: settingsFor().budgets,
        log: (line: Readonly<Record<string, unknown>>) => it.logged.push(line),
      };
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
    }));
});
