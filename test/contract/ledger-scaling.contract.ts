import type { EpochMs, ScaleOrder } from "@nightshift/model";
import { describe, expect } from "vitest";
import { scalingDecision, scalingState } from "../testing/scaling-rows.ts";
import { at, type Behaviour, ten } from "./ledger-stage.ts";

/** What the scaler remembers, was ordered and decided. */
export function scalingContract(it: Behaviour): void {
  describe("the scaling book", () => {
    it("nothing is remembered or ordered before the first look", async ({ one, mine }) => {
      expect(await one.scalingBook.read(mine)).toEqual({ state: undefined, order: undefined });
    });
    it("the state comes back to the last digit", async ({ one, other, mine }) => {
      expect(await one.scalingBook.replace(mine, scalingState(at(0), 1))).toBe(true);
      expect((await other.scalingBook.read(mine)).state).toEqual(scalingState(at(0), 1));
      expect(await other.scalingBook.replace(mine, scalingState(at(15), 2))).toBe(true);
      expect((await one.scalingBook.read(mine)).state?.at).toBe(at(15));
    });
    it("of ten looks that read the same state one writes", async ({ one, both, mine }) => {
      await one.scalingBook.replace(mine, scalingState(at(0), 1));
      const won = await Promise.all(ten.map((n) => both(n).scalingBook.replace(mine, scalingState(at(n), 2))));
      expect(won.filter(Boolean)).toHaveLength(1);
      expect((await one.scalingBook.read(mine)).state?.version).toBe(2);
    });
    it("a first state does not replace another, and a later one needs the one before it", async ({ one, other, mine }) => {
      expect(await one.scalingBook.replace(mine, scalingState(at(0), 2))).toBe(false);
      expect(await one.scalingBook.replace(mine, scalingState(at(0), 1))).toBe(true);
      expect(await other.scalingBook.replace(mine, scalingState(at(1), 1))).toBe(false);
      expect(await other.scalingBook.replace(mine, scalingState(at(1), 3))).toBe(false);
    });
    it("a long state comes back whole, and a short one after it", async ({ one, other, mine }) => {
      await one.scalingBook.replace(mine, scalingState(at(0), 1, 2_000));
      expect((await other.scalingBook.read(mine)).state).toEqual(scalingState(at(0), 1, 2_000));
      await one.scalingBook.replace(mine, scalingState(at(1), 2));
      expect((await other.scalingBook.read(mine)).state).toEqual(scalingState(at(1), 2));
    });
    it("an order stands beside the state, a second one replaces it, and it is ended once", async ({ one, other, mine }) => {
      const order = (workers: number | undefined, max: number | undefined): ScaleOrder => ({
        ...{ service: mine, workers, max, by: "ana", because: "a launch", at: at(0), until: at(3_600) },
      });
      await one.scalingBook.replace(mine, scalingState(at(0), 1));
      await one.scalingBook.order(order(8, undefined));
      expect(await other.scalingBook.read(mine)).toEqual({ state: scalingState(at(0), 1), order: order(8, undefined) });
      await other.scalingBook.order(order(undefined, 20));
      expect((await one.scalingBook.read(mine)).order).toEqual(order(undefined, 20));
      expect([await one.scalingBook.endOrder(mine), await other.scalingBook.endOrder(mine)]).toEqual([true, false]);
      expect(await one.scalingBook.read(mine)).toEqual({ state: scalingState(at(0), 1), order: undefined });
    });
    it("a decision is kept once, with its inputs", async ({ one, other, mine }) => {
      await one.scalingBook.record(scalingDecision(mine, at(0)));
      await other.scalingBook.record({ ...scalingDecision(mine, at(0)), from: scalingState(at(0), 99) });
      expect(await one.scalingBook.decisions(mine)).toEqual([scalingDecision(mine, at(0))]);
    });
    it("a decision over a fleet of a thousand is kept whole", async ({ one, other, mine }) => {
      await one.scalingBook.record(scalingDecision(mine, at(0), 1_000));
      expect(await other.scalingBook.decisions(mine)).toEqual([scalingDecision(mine, at(0), 1_000)]);
    });
    it("decisions come newest first, fifty at most, and older than a moment", async ({ one, other, mine }) => {
      for (let n = 0; n < 52; n += 1) await one.scalingBook.record(scalingDecision(mine, at(n)));
      const seen = async (before?: EpochMs) => (await other.scalingBook.decisions(mine, before)).map((one_) => one_.at);
      const newest = await seen();
      expect([newest.length, newest[0], newest.at(-1)]).toEqual([50, at(51), at(2)]);
      expect(await seen(at(2))).toEqual([at(1), at(0)]);
      expect(await seen(at(0))).toEqual([]);
    });
  });
}
