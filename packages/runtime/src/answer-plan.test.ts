import { type Approval, epochMs, type StoredPlan } from "@nightshift/model";
import { PortError } from "@nightshift/ports";
import { describe, expect, test } from "vitest";
import { withLedger } from "../../../test/testing/ledger.ts";
import { answerPlan, type AnswerWorld } from "./answer-plan.ts";

const at = epochMs(Date.UTC(2026, 2, 14, 3, 12, 0));
const approval = (over: Partial<Approval> = {}): Approval => ({
  plan: "shop-api-43-to-42-9k2p-a1b2c3",
  planHash: "{}",
  what: "deploy shop-api:42",
  because: "5xx",
  service: "shop-api",
  askedAt: at,
  expiresAt: epochMs(at + 600_000),
  state: "pending",
  needs: { role: "operator", people: 1 },
  requester: "ana",
  incident: undefined,
  given: [],
  by: undefined,
  answeredAt: undefined,
  callbackId: undefined,
  ...over,
});
const stored: StoredPlan = {
  id: approval().plan,
  hash: "{}",
  verb: "rollback",
  service: "shop-api",
  requester: "ana",
  incident: undefined,
  because: "5xx",
  madeAt: at,
  expiresAt: approval().expiresAt,
  calls: [],
  preconditions: {},
  input: { group: "shop", plan: "{}" },
};
const yes = (by = "ana", later = 0, whoMay = 3) => ({ says: "approved" as const, by, at: epochMs(at + later), whoMay });

interface Answering {
  readonly world: AnswerWorld;
  readonly started: string[];
  readonly woken: string[];
  readonly looked: string[];
  startFails: PortError | undefined;
  wakeFails: boolean;
}

const answering = (work: (it: Answering) => Promise<void>, row = approval(), plan: StoredPlan | "none" = stored) =>
  withLedger(async (ledger) => {
    const it: Answering = {
      started: [],
      woken: [],
      looked: [],
      startFails: undefined,
      wakeFails: false,
      world: {
        ...ledger,
        clock: { now: () => at },
        ticks: {
          now: async ({ service }) => {
            if (it.wakeFails) throw new PortError("unavailable", "lambda:InvokeFunction", "scaler", "HTTP 503");
            it.looked.push(service);
          },
          later: () => Promise.reject(new Error("nobody waits here")),
        },
        starter: {
          start: async (_, name) => {
            if (it.startFails !== undefined) throw it.startFails;
            it.started.push(name);
          },
          wake: async (callback) => {
            if (it.wakeFails) throw new PortError("not-found", "lambda:SendDurableExecutionCallbackSuccess", callback, "gone");
            it.woken.push(callback);
          },
        },
      },
    };
    if (plan !== "none") await ledger.plans.keep(plan);
    await ledger.approvals.ask(row);
    await work(it);
  });

describe("a yes", () => {
  test("to a person's plan starts the guard under the plan's own name", () =>
    answering(async ({ world, started }) => {
      expect((await answerPlan(world, approval(), yes())).kind).toBe("answered");
      expect(started).toEqual(["guard-manual-shop-api-43-to-42-9k2p-a1b2c3"]);
    }));

  test("that was read before somebody else answered learns that it came too late", () =>
    answering(async ({ world, started }) => {
      await answerPlan(world, approval(), { ...yes("lead"), says: "denied" });
      expect(await answerPlan(world, approval(), yes())).toEqual({
        kind: "refused",
        because: "shop-api-43-to-42-9k2p-a1b2c3 was denied by lead at 03:12:00 UTC already. A word is given once and nothing was changed.",
      });
      expect(started).toEqual([]);
    }));

  test("to a run that was started already is no failure; another conflict is", () =>
    answering(async (it) => {
      it.startFails = new PortError("conflict", "lambda:Invoke", "guard", "DurableExecutionAlreadyStarted");
      expect((await answerPlan(it.world, approval(), yes())).kind).toBe("answered");
      it.startFails = new PortError("conflict", "lambda:Invoke", "guard", "ResourceConflictException: the function is being updated");
      const standing = (await it.world.approvals.find(approval().plan)) ?? approval();
      await expect(answerPlan(it.world, standing, yes())).rejects.toThrow("being updated");
    }));

  test("to what the guard asked wakes it; that it could not be woken is told, not thrown", () =>
    answering(
      async (it) => {
        it.wakeFails = true;
        expect(await answerPlan(it.world, approval({ callbackId: "callback-1" }), yes())).toMatchObject({ kind: "answered", woken: false });
        expect(it.started).toEqual([]);
      },
      approval({ callbackId: "callback-1" }),
      "none",
    ));
});

describe("a plan that needs two people", () => {
  const two = approval({ needs: { role: "owner", people: 2 } });

  test("starts at the second person's yes", () =>
    answering(async ({ world, started }) => {
      expect((await answerPlan(world, two, yes("ana"))).kind).toBe("one-of-two");
      expect(started).toEqual([]);
      const half = (await world.approvals.find(two.plan)) ?? two;
      expect((await answerPlan(world, half, yes("ana", 1_000))).kind).toBe("again");
      expect((await answerPlan(world, half, yes("lead", 2_000))).kind).toBe("answered");
      expect(started).toHaveLength(1);
    }, two));

  test("is confirmed by a lone person twice, ten minutes apart", () => {
    const patient = { ...two, expiresAt: epochMs(at + 1_800_000) };
    return answering(async ({ world, started }) => {
      expect((await answerPlan(world, patient, yes("ana", 0, 1))).kind).toBe("one-of-two");
      const half = (await world.approvals.find(two.plan)) ?? patient;
      expect((await answerPlan(world, half, yes("ana", 599_999, 1))).kind).toBe("refused");
      expect((await answerPlan(world, half, yes("ana", 600_000, 1))).kind).toBe("answered");
      expect(started).toHaveLength(1);
    }, patient);
  });
});

describe("a plan to order workers", () => {
  const order = { service: "shop-worker", workers: 0, max: undefined, by: "ana", because: "night", at, until: epochMs(at + 3_600_000) };
  const text = JSON.stringify(order);
  const plan = "S-shop-worker-0-a1b2c3";
  const row = approval({ plan, planHash: text, service: "shop-worker", what: "scale shop-worker to no workers", needs: { role: "operator", people: 2 } });
  const kept: StoredPlan = { ...stored, id: plan, hash: text, verb: "scale", service: "shop-worker", input: { order: text } };

  test("puts the order after the second yes, and not before", () =>
    answering(
      async ({ world, looked, started }) => {
        expect((await answerPlan(world, row, yes("ana"))).kind).toBe("one-of-two");
        expect((await world.scalingBook.read("shop-worker")).order).toBeUndefined();
        const standing = await world.approvals.find(plan);
        expect((await answerPlan(world, standing ?? row, yes("lead"))).kind).toBe("answered");
        expect((await world.scalingBook.read("shop-worker")).order).toEqual(order);
        expect([looked, started]).toEqual([["shop-worker"], []]);
      },
      row,
      kept,
    ));

  test("that was denied puts none", () =>
    answering(
      async ({ world, looked }) => {
        await answerPlan(world, row, { ...yes("lead"), says: "denied" });
        expect((await world.scalingBook.read("shop-worker")).order).toBeUndefined();
        expect(looked).toEqual([]);
      },
      row,
      kept,
    ));

  test("whose stored text is not what was approved puts none", () =>
    answering(
      async ({ world }) => {
        const alone = { ...row, needs: { role: "operator" as const, people: 1 as const } };
        await expect(answerPlan(world, alone, yes("lead"))).rejects.toThrow("what is stored is not what was approved");
        expect((await world.scalingBook.read("shop-worker")).order).toBeUndefined();
      },
      approval({ plan, planHash: text, service: "shop-worker" }),
      { ...kept, input: { order: JSON.stringify({ ...order, workers: 50 }) } },
    ));
});

describe("a yes to what the scaler asked", () => {
  const row = approval({
    plan: "S-shop-worker-6-260314-0312",
    requester: "nightshift/scaler",
    service: "shop-worker",
    what: "scale shop-worker out from 2 to 6 workers",
  });
  test("asks for a look, and starts nothing", () =>
    answering(
      async ({ world, looked, started, woken }) => {
        expect(await answerPlan(world, row, yes("lead"))).toMatchObject({ kind: "answered", woken: true });
        expect([looked, started, woken]).toEqual([["shop-worker"], [], []]);
      },
      row,
      "none",
    ));

  test("that cannot ask for a look counts all the same", () =>
    answering(
      async (it) => {
        it.wakeFails = true;
        expect(await answerPlan(it.world, row, yes("lead"))).toMatchObject({ kind: "answered", woken: false });
        expect((await it.world.approvals.find(row.plan))?.state).toBe("approved");
      },
      row,
      "none",
    ));
});
