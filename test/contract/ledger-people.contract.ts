import { type Delivery, epochMs, type Silence, type StoredPlan } from "@nightshift/model";
import { describe, expect } from "vitest";
import { at, type Behaviour, ten } from "./ledger-stage.ts";

/** What people ask for, and what was sent to them. */
export function peopleContract(it: Behaviour): void {
  describe("silences and hand-overs", () => {
    const silence = (id: string): Silence => ({ id, scope: "api", by: "lead", because: "load test", from: at(0), until: at(60) });
    const mineOf = (rows: readonly { readonly id: string }[], mine: string) => rows.filter((row) => row.id === mine);
    it("a silence stands from its first millisecond to the one before its end", async ({ one, other, mine }) => {
      await one.silences.add(silence(mine));
      await other.silences.add({ ...silence(mine), because: "another" });
      expect(mineOf(await other.silences.standing(at(0)), mine)).toEqual([silence(mine)]);
      expect(mineOf(await other.silences.standing(epochMs(at(0) - 1)), mine)).toEqual([]);
      expect(mineOf(await other.silences.standing(epochMs(at(60) - 1)), mine)).toHaveLength(1);
      expect(mineOf(await other.silences.standing(at(60)), mine)).toEqual([]);
    });
    it("a silence is ended once, and one that is over or unknown is not", async ({ one, other, mine }) => {
      await one.silences.add(silence(mine));
      expect(await other.silences.end(mine, at(10))).toBe(true);
      expect(await one.silences.end(mine, at(10))).toBe(false);
      expect(await one.silences.end(`${mine}-none`, at(10))).toBe(false);
      expect(mineOf(await one.silences.standing(at(10)), mine)).toEqual([]);
    });
    it("a new silence stands beside 150 that are over, and is ended by its id", async ({ one, other, mine }) => {
      for (let n = 0; n < 150; n++) await one.silences.add({ ...silence(`${mine}-${n}`), from: at(n), until: at(n + 1) });
      await one.silences.add({ ...silence(mine), from: at(500), until: at(600) });
      expect(mineOf(await other.silences.standing(at(500)), mine)).toEqual([{ ...silence(mine), from: at(500), until: at(600) }]);
      expect(await other.silences.end(mine, at(550))).toBe(true);
      expect(mineOf(await one.silences.standing(at(550)), mine)).toEqual([]);
    });
    it("a new hand-over stands beside 150 that are over", async ({ one, other, mine }) => {
      const row = { id: mine, rota: "shop", person: "lead", by: "founder", from: at(500), until: at(600) };
      for (let n = 0; n < 150; n++) await one.onCall.override({ ...row, id: `${mine}-${n}`, from: at(n), until: at(n + 1) });
      await one.onCall.override(row);
      expect(mineOf(await other.onCall.overrides(at(501), at(501)), mine)).toEqual([row]);
    });
    it("what rang under a silence is kept with its newest time until it is settled at that time", async ({ one, other, mine }) => {
      const rang = (seconds: number) => ({
        ...{ name: mine, service: "api", value: "ALARM" as const, at: at(seconds), reason: "slow", severity: "P2" as const, role: "symptom" as const },
        ...{ group: "shop", title: `${mine} rings` },
      });
      const kept = async () => (await other.silences.kept()).filter((row) => row.name === mine);
      await one.silences.keep(rang(20));
      await other.silences.keep(rang(10));
      expect(await kept()).toEqual([rang(20)]);
      await one.silences.settle(mine, at(10));
      expect(await kept()).toEqual([rang(20)]);
      await one.silences.settle(mine, at(20));
      expect(await kept()).toEqual([]);
      await one.silences.keep(rang(20));
      expect(await kept()).toEqual([]);
      await one.silences.keep(rang(30));
      expect(await kept()).toEqual([rang(30)]);
    });
    it("hand-overs that touch a stretch of time are told", async ({ one, other, mine }) => {
      const row = { id: mine, rota: "shop", person: "lead", by: "founder", from: at(100), until: at(200) };
      await one.onCall.override(row);
      expect(mineOf(await other.onCall.overrides(at(199), at(300)), mine)).toEqual([row]);
      expect(mineOf(await other.onCall.overrides(at(200), at(300)), mine)).toEqual([]);
      expect(mineOf(await other.onCall.overrides(at(0), at(100)), mine)).toEqual([]);
    });
  });

  describe("plans and nonces", () => {
    const plan = (id: string): StoredPlan => ({
      id,
      hash: "h",
      verb: "rollback",
      service: "api",
      requester: "lead",
      incident: undefined,
      because: "5xx",
      madeAt: at(0),
      expiresAt: at(600),
      calls: ["ecs:UpdateService"],
      preconditions: { "api task definition": "api:43" },
      input: { to: "api:42", nested: { a: [1] } },
    });
    it("a plan is found as it was first kept", async ({ one, other, mine }) => {
      await one.plans.keep(plan(mine));
      await other.plans.keep({ ...plan(mine), hash: "other" });
      expect(await other.plans.find(mine)).toEqual(plan(mine));
      expect(await other.plans.find(`${mine}-none`)).toBeUndefined();
    });
    it("of ten who bring the same request one is first", async ({ mine, both }) => {
      const taken = await Promise.all(ten.map((n) => both(n).nonces.spend(mine, at(600))));
      expect(taken.filter(Boolean)).toHaveLength(1);
    });
  });

  describe("wakes and heartbeats", () => {
    it("the newest callback wakes", async ({ one, other, mine }) => {
      expect([await one.wakes.waiting(mine), await one.wakes.lastWait(mine)]).toEqual([undefined, undefined]);
      await one.wakes.wait(mine, "a", at(1));
      await one.wakes.wait(mine, "b", at(2));
      expect([await other.wakes.waiting(mine), await other.wakes.lastWait(mine)]).toEqual(["b", at(2)]);
    });
    it("a beat and Slack's answer are told apart", async ({ one, other }) => {
      await one.heartbeats.beat(at(1));
      await one.heartbeats.answered(at(2));
      await one.heartbeats.beat(at(3));
      expect(await other.heartbeats.last()).toEqual({ at: at(3), slackAt: at(2) });
    });
  });

  describe("deliveries", () => {
    const delivery = (key: string, more: Partial<Delivery> = {}): Delivery => ({
      key,
      state: "trying",
      channel: "C1",
      thread: undefined,
      covers: ["a", "b"],
      ts: undefined,
      shown: undefined,
      startedAt: at(1),
      tries: 1,
      ...more,
    });
    it("what was sent stays sent when a slower sender begins again", async ({ one, other, mine }) => {
      expect(await one.deliveries.begin(mine, delivery("header"))).toBe(true);
      expect(await one.deliveries.begin(mine, delivery("header", { tries: 2 }))).toBe(true);
      await one.deliveries.settle(mine, "header", { state: "sent", tries: 2, ts: "1.1", shown: "x" });
      expect(await other.deliveries.begin(mine, delivery("header", { tries: 3 }))).toBe(false);
      expect(await other.deliveries.all(mine)).toEqual([delivery("header", { state: "sent", ts: "1.1", shown: "x", tries: 2 })]);
    });
    it("of two senders with the same row in mind one begins, and what was surely refused may be begun with more to tell", async ({ one, other, mine }) => {
      expect(await one.deliveries.begin(mine, delivery("reply/1"))).toBe(true);
      expect(await other.deliveries.begin(mine, delivery("reply/1"))).toBe(false);
      await one.deliveries.settle(mine, "reply/1", { state: "refused", tries: 1 });
      expect(await other.deliveries.begin(mine, delivery("reply/1"))).toBe(false);
      expect((await one.deliveries.all(mine))[0]?.state).toBe("refused");
      expect(await other.deliveries.begin(mine, delivery("reply/1", { tries: 2, covers: ["a", "b", "c"] }))).toBe(true);
      expect((await one.deliveries.all(mine)).map(({ state, covers }) => [state, covers])).toEqual([["trying", ["a", "b", "c"]]]);
    });
    it("a header that was sent shows something else later, and what was parked may be begun again", async ({ one, mine }) => {
      await one.deliveries.begin(mine, delivery("header"));
      await one.deliveries.settle(mine, "header", { state: "sent", tries: 1, ts: "1.1", shown: "x" });
      await one.deliveries.settle(mine, "header", { state: "sent", tries: 1, shown: "y" });
      await one.deliveries.begin(mine, delivery("reply/1", { thread: "1.1" }));
      await one.deliveries.settle(mine, "reply/1", { state: "parked", tries: 1 });
      expect(await one.deliveries.begin(mine, delivery("reply/1", { thread: "1.1", tries: 2 }))).toBe(true);
      expect((await one.deliveries.all(mine)).map((row) => [row.key, row.state, row.ts, row.shown])).toEqual([
        ["header", "sent", "1.1", "y"],
        ["reply/1", "trying", undefined, undefined],
      ]);
    });
    it("a slower sender's answer settles nothing that somebody began again since", async ({ one, other, mine }) => {
      await one.deliveries.begin(mine, delivery("reply/1"));
      await other.deliveries.begin(mine, delivery("reply/1", { tries: 2 }));
      await one.deliveries.settle(mine, "reply/1", { state: "refused", tries: 1 });
      expect((await one.deliveries.all(mine)).map((row) => row.state)).toEqual(["trying"]);
      await other.deliveries.settle(mine, "reply/1", { state: "sent", tries: 2, ts: "1.2" });
      await one.deliveries.settle(mine, "reply/1", { state: "parked", tries: 1 });
      expect((await one.deliveries.all(mine)).map((row) => [row.state, row.ts])).toEqual([["sent", "1.2"]]);
    });
    it("nothing is settled that nobody began", async ({ one, mine }) => {
      await expect(one.deliveries.settle(mine, "header", { state: "sent", tries: 1 })).rejects.toMatchObject({ kind: "not-found" });
      expect(await one.deliveries.all(mine)).toEqual([]);
    });
    it("a budget is written only over what was read", async ({ one, other, mine }) => {
      const fresh = await one.budgets.read(mine);
      expect(fresh).toEqual({ scope: mine, version: 0, notBefore: 0, spent: [], failures: 0, failingSince: undefined });
      const next = { ...fresh, version: 1, notBefore: at(5), spent: [at(4)], failures: 2, failingSince: at(3) };
      expect(await one.budgets.replace(next)).toBe(true);
      expect(await other.budgets.replace({ ...next, failures: 9 })).toBe(false);
      expect(await other.budgets.read(mine)).toEqual(next);
    });
  });
}
