import { epochMs, minutes } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { drained, later, type Stage, stage, THREE, told } from "../../test/testing/worker-stage.ts";

const pending = async (it: Stage) => it.world.approvals.pending(it.now);
const answer = async (it: Stage, word: "approved" | "denied") => {
  const [plan] = await pending(it);
  if (plan === undefined) throw new Error("nothing was asked");
  return it.world.approvals.answer(plan.plan, plan.planHash, word, "lead", it.now);
};

describe("shadow", () => {
  test("says in the record what it would do, and does nothing: nothing is read about leases, nothing is sent, nobody is told", () =>
    stage({ mode: "shadow", workers: 2, busy: 4 }, async (it) => {
      it.waiting = 400;
      await it.run(8);
      expect(it.effects).toEqual([]);
      expect((await it.world.scalingBook.decisions("shop-worker")).at(-1)).toMatchObject({ verdict: { kind: "out", desired: 12 } });
      const { state } = await it.world.scalingBook.read("shop-worker");
      expect([state?.changes, state?.memory.starting, state?.memory.lastOut]).toEqual([[], [], undefined]);
      expect(await it.world.audit.read("shop-worker")).toEqual([]);
    }));

  test("drains nobody", () =>
    stage({ mode: "shadow", workers: 6 }, async (it) => {
      await it.run(20);
      expect(it.effects).toEqual([]);
      expect((await it.world.scalingBook.decisions("shop-worker")).some(({ verdict }) => verdict.kind === "drain")).toBe(true);
    }));

  test("that begins in the middle of a scale-in gives everybody back", () =>
    stage({ workers: 6 }, async (it) => {
      it.before = (effect) => {
        if (effect.startsWith("desired ")) throw new Error("stop here");
      };
      for (let n = 0; n < 6; n++) await it.run(1).catch(() => {});
      expect(it.hands.some((one) => !one.consumes)).toBe(true);
      it.before = undefined;
      await it.inMode("shadow", (shadow) => shadow.run(3));
      expect(it.hands.every((one) => one.consumes)).toBe(true);
      expect(it.hands.every((one) => one.protectedUntil === undefined || one.protectedUntil <= later(it.now, minutes(10)))).toBe(true);
      expect((await it.world.scalingBook.read("shop-worker")).state).toMatchObject({ draining: [] });
      expect(it.desired).toBe(6);
    }));
});

describe("ask", () => {
  test("asks once, in a thread with the words to say, and does nothing before somebody said yes", () =>
    stage({ mode: "ask", workers: 2, busy: 4 }, async (it) => {
      it.waiting = 400;
      await it.run(6);
      expect(it.effects).toEqual([]);
      const asked = await pending(it);
      expect(asked).toMatchObject([
        {
          plan: "S-shop-worker-12-261121-0300",
          what: "scale shop-worker out from 2 to 12 workers",
          requester: "nightshift/scaler",
          needs: { role: "operator", people: 1 },
        },
      ]);
      const [incident] = await told(it);
      expect(incident).toMatchObject({ group: "shop", needsPerson: true });
      expect(incident?.lines[0]).toContain("May I scale shop-worker out from 2 to 12 workers?");
      expect(incident?.lines[0]).toContain("/ops approve S-shop-worker-12-261121-0300");
      expect(asked[0]?.incident).toBe(incident?.id);
    }));

  test("acts at the look after the yes, to no more than was approved, and the thread ends", () =>
    stage({ mode: "ask", workers: 2, busy: 4 }, async (it) => {
      it.waiting = 400;
      await it.run(1);
      const asked = Number(/to (\d+) workers/.exec((await pending(it))[0]?.what ?? "")?.[1]);
      expect(await answer(it, "approved")).toBe("answered");
      it.waiting = 4_000;
      await it.run(1);
      expect(it.effects).toHaveLength(1);
      expect(it.desired).toBeGreaterThan(2);
      expect(it.desired).toBeLessThanOrEqual(asked);
      expect((await told(it))[0]?.lines.at(-1)).toBe(`shop-worker is set from 2 to ${it.desired} workers.`);
      await it.run(1);
      expect(it.effects).toHaveLength(1);
    }));

  test("does nothing after a no, and asks nothing else for ten minutes; then the thread ends", () =>
    stage({ mode: "ask", workers: 2, min: 2, busy: 4 }, async (it) => {
      it.waiting = 60;
      await it.run(1);
      await answer(it, "denied");
      await it.run(30);
      expect(it.effects).toEqual([]);
      expect(await pending(it)).toEqual([]);
      it.waiting = 0;
      for (const one of it.hands) one.active = 1;
      await it.run(20);
      const [incident] = await told(it);
      expect([incident?.state, incident?.lines.at(-1)]).toEqual([
        "resolved",
        expect.stringMatching(/^S-shop-worker-\d+-261121-0300 is over: nothing was changed\. If it is still needed it is asked anew\.$/),
      ]);
    }));

  test("does nothing under a yes that is ten minutes old, and asks anew", () =>
    stage({ mode: "ask", workers: 2, busy: 4 }, async (it) => {
      it.waiting = 60;
      await it.run(1);
      await answer(it, "approved");
      it.now = epochMs(it.now + minutes(10));
      await it.run(1);
      expect(it.effects).toEqual([]);
      expect((await pending(it)).map((one) => one.plan)).toEqual([expect.stringMatching(/^S-shop-worker-\d+-261121-0310$/)]);
    }));

  test("does not act on what is no longer wanted, and the question ends unanswered", () =>
    stage({ mode: "ask", workers: 2, min: 2, busy: 4 }, async (it) => {
      it.waiting = 60;
      await it.run(1);
      it.waiting = 0;
      for (const one of it.hands) one.active = 1;
      await it.run(44);
      expect(it.effects).toEqual([]);
      const lines = (await told(it))[0]?.lines ?? [];
      expect(lines).toContain("Nobody answered in time. Nothing was changed; if it is still needed it is asked anew.");
    }));

  test("asks before workers are drained; what follows of that scale-in needs no further word", () =>
    stage({ mode: "ask", workers: 4 }, async (it) => {
      await it.run(12);
      expect(it.effects).toEqual([]);
      expect((await pending(it))[0]?.what).toBe("scale shop-worker in from 4 to 1 workers");
      await answer(it, "approved");
      await it.run(16);
      expect(drained(it)).toHaveLength(3);
      expect([it.desired, it.killed]).toEqual([1, []]);
    }));
});

test("a person's order is a word: in ask mode it is carried out at the next look, and the queue decides again when it ends", () =>
  stage({ mode: "ask", workers: 2 }, async (it) => {
    await it.world.scalingBook.order({
      service: "shop-worker",
      workers: 5,
      max: undefined,
      by: "lead",
      because: "sale",
      at: THREE,
      until: later(THREE, minutes(5)),
    });
    await it.run(4);
    expect(it.effects).toEqual(["desired 5"]);
    await it.run(12);
    expect(it.desired).toBe(5);
    expect(await pending(it)).toEqual([]);
    await it.run(20);
    expect((await pending(it))[0]?.what).toBe("scale shop-worker in from 5 to 1 workers");
  }));
