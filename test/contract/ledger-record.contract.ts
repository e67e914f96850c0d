import { verifyChain } from "@nightshift/aws/ledger/index";
import { type Approval, type EpochMs, epochMs } from "@nightshift/model";
import { describe, expect } from "vitest";
import { at, type Behaviour, ten } from "./ledger-stage.ts";

/** What is written down for people: audit, incidents, approvals, claims, deliveries. */
export function recordContract(it: Behaviour): void {
  describe("audit", () => {
    const entry = (mine: string, key: string, body: Readonly<Record<string, unknown>> = {}) => ({
      chain: mine,
      key,
      at: at(1),
      kind: "intent" as const,
      actor: "guard",
      body,
    });

    it("records of one chain are numbered from one, linked, and read newest first", async ({ one, other, mine }) => {
      await one.audit.append(entry(mine, "a", { b: 1, a: { d: null, c: [1.5, "x", ""] } }));
      await one.audit.append(entry(mine, "b"));
      const read = await other.audit.read(mine);
      expect(read.map((record) => [record.seq, record.key])).toEqual([
        [2, "b"],
        [1, "a"],
      ]);
      expect(read[1]?.body).toEqual({ b: 1, a: { d: null, c: [1.5, "x", ""] } });
      expect(verifyChain(read)).toMatchObject({ kind: "whole", records: 2 });
    });
    it("a repeated key returns the record that stands, in this process and in another", async ({ one, other, mine }) => {
      const first = await one.audit.append(entry(mine, "a", { try: 1 }));
      await one.audit.append(entry(mine, "b"));
      expect(await one.audit.append(entry(mine, "a", { try: 2 }))).toEqual(first);
      expect(await other.audit.append(entry(mine, "a", { try: 3 }))).toEqual(first);
      expect(await one.audit.read(mine)).toHaveLength(2);
    });
    it("a process that fell behind finds the key that another wrote meanwhile", async ({ one, other, mine }) => {
      await one.audit.append(entry(mine, "a"));
      const theirs = await other.audit.append(entry(mine, "b"));
      await other.audit.append(entry(mine, "c"));
      expect(await one.audit.append(entry(mine, "b", { late: true }))).toEqual(theirs);
      expect(await one.audit.read(mine)).toHaveLength(3);
    });
    it("ten appenders at once give one unbroken chain with every key once", async ({ one, mine, both }) => {
      await Promise.all(ten.map((n) => both(n).audit.append(entry(mine, `k${n}`))));
      const read = await one.audit.read(mine);
      expect(verifyChain(read)).toMatchObject({ kind: "whole", records: 10 });
      expect(read.map((record) => record.key).sort()).toEqual(["k0", "k1", "k2", "k3", "k4", "k5", "k6", "k7", "k8", "k9"]);
    });
    it("ten appenders of one key at once give one record", async ({ one, mine, both }) => {
      const records = await Promise.all(ten.map((n) => both(n).audit.append(entry(mine, "same", { from: n }))));
      expect(new Set(records.map((record) => record.hash)).size).toBe(1);
      expect(await one.audit.read(mine)).toHaveLength(1);
    });
    it("reading goes on before a number and stops at the beginning", async ({ one, mine }) => {
      for (const n of ten) await one.audit.append(entry(mine, `k${n}`));
      expect((await one.audit.read(mine, 3)).map((record) => record.seq)).toEqual([2, 1]);
      expect(await one.audit.read(mine, 1)).toEqual([]);
      expect(await one.audit.read(`${mine}-empty`)).toEqual([]);
    });
    it("a page ends after a hundred records", async ({ one, other, mine }) => {
      for (let n = 1; n <= 101; n++) await one.audit.append(entry(mine, `k${n}`));
      const page = await other.audit.read(mine);
      expect(page).toHaveLength(100);
      expect(page.at(-1)?.seq).toBe(2);
    });
  });

  describe("approvals", () => {
    const approval = (mine: string, more: Partial<Approval> = {}): Approval => ({
      plan: mine,
      planHash: "h1",
      what: "roll back api",
      because: "5xx",
      service: "api",
      askedAt: at(0),
      expiresAt: at(600),
      state: "pending",
      needs: { role: "operator", people: 1 },
      requester: "nightshift/guard",
      incident: undefined,
      given: [],
      by: undefined,
      answeredAt: undefined,
      callbackId: "cb-1",
      ...more,
    });

    it("a question is found again as it was asked, and asking it again changes nothing", async ({ one, other, mine }) => {
      await one.approvals.ask(approval(mine));
      await other.approvals.ask(approval(mine, { what: "something else" }));
      expect(await one.approvals.find(mine)).toEqual(approval(mine));
      expect((await one.approvals.pending(at(1))).filter((row) => row.plan === mine)).toHaveLength(1);
    });
    it("another plan under the same id is refused", async ({ one, mine }) => {
      await one.approvals.ask(approval(mine));
      await expect(one.approvals.ask(approval(mine, { planHash: "h2" }))).rejects.toMatchObject({ kind: "conflict" });
      expect((await one.approvals.find(mine))?.planHash).toBe("h1");
    });
    it("an answer is written once; ten at once are one answer and nine latecomers", async ({ one, mine, both }) => {
      await one.approvals.ask(approval(mine));
      const answers = await Promise.all(ten.map((n) => both(n).approvals.answer(mine, "h1", n % 2 === 0 ? "approved" : "denied", `person ${n}`, at(5))));
      expect(answers.filter((answer) => answer === "answered")).toHaveLength(1);
      expect(answers.filter((answer) => answer === "answered-before")).toHaveLength(9);
      expect((await one.approvals.find(mine))?.by).toBe(`person ${answers.indexOf("answered")}`);
    });
    it("a plan may be answered until the millisecond before it expires", async ({ one, mine }) => {
      await one.approvals.ask(approval(mine));
      expect(await one.approvals.answer(mine, "h1", "approved", "ana", at(600))).toBe("expired");
      expect((await one.approvals.find(mine))?.state).toBe("pending");
      expect(await one.approvals.answer(mine, "h1", "approved", "ana", epochMs(at(600) - 1))).toBe("answered");
      expect(await one.approvals.find(mine)).toEqual(
        approval(mine, { state: "approved", given: [{ by: "ana", at: epochMs(at(600) - 1) }], by: "ana", answeredAt: epochMs(at(600) - 1) }),
      );
    });
    it("a plan that needs two waits for the second, who is somebody else", async ({ one, other, mine }) => {
      await one.approvals.ask(approval(mine, { needs: { role: "owner", people: 2 } }));
      expect(await one.approvals.answer(mine, "h1", "approved", "ana", at(1))).toBe("one-of-two");
      expect(await other.approvals.answer(mine, "h1", "approved", "ana", at(2))).toBe("one-of-two");
      expect(await one.approvals.find(mine)).toMatchObject({ state: "pending", given: [{ by: "ana", at: at(1) }] });
      expect(await other.approvals.answer(mine, "h1", "approved", "bob", at(3))).toBe("answered");
      expect(await one.approvals.find(mine)).toMatchObject({ state: "approved", given: [{ by: "ana" }, { by: "bob" }], by: "bob" });
    });
    it("a team of one says yes twice, ten minutes apart and not a millisecond less", async ({ one, mine }) => {
      await one.approvals.ask(approval(mine, { needs: { role: "owner", people: 2 }, expiresAt: at(3_600) }));
      await one.approvals.answer(mine, "h1", "approved", "ana", at(1));
      expect(await one.approvals.answer(mine, "h1", "approved", "ana", epochMs(at(601) - 1))).toBe("one-of-two");
      expect((await one.approvals.find(mine))?.state).toBe("pending");
      expect(await one.approvals.answer(mine, "h1", "approved", "ana", at(601))).toBe("answered");
    });
    it("two who say yes at the same moment are two; one no is enough", async ({ one, other, mine }) => {
      await one.approvals.ask(approval(mine, { needs: { role: "owner", people: 2 } }));
      const both = await Promise.all([
        one.approvals.answer(mine, "h1", "approved", "ana", at(1)),
        other.approvals.answer(mine, "h1", "approved", "bob", at(1)),
      ]);
      expect(both.toSorted()).toEqual(["answered", "one-of-two"]);
      await one.approvals.ask(approval(`${mine}-no`, { needs: { role: "owner", people: 2 } }));
      await one.approvals.answer(`${mine}-no`, "h1", "approved", "ana", at(1));
      expect(await one.approvals.answer(`${mine}-no`, "h1", "denied", "bob", at(2))).toBe("answered");
      expect((await one.approvals.find(`${mine}-no`))?.state).toBe("denied");
    });
    it("a word for another plan's hash, or for no plan, changes nothing", async ({ one, mine }) => {
      await one.approvals.ask(approval(mine));
      expect(await one.approvals.answer(mine, "h2", "approved", "ana", at(5))).toBe("plan-changed");
      expect(await one.approvals.answer(`${mine}-none`, "h1", "approved", "ana", at(5))).toBe("unknown");
      expect(await one.approvals.find(mine)).toEqual(approval(mine));
      expect(await one.approvals.find(`${mine}-none`)).toBeUndefined();
    });
    it("pending plans are listed newest first and leave the list when answered", async ({ one, other, mine }) => {
      await one.approvals.ask(approval(mine, { plan: `${mine}-a`, askedAt: at(100_000) }));
      await one.approvals.ask(approval(mine, { plan: `${mine}-b`, askedAt: at(100_001) }));
      await one.approvals.ask(approval(mine, { plan: `${mine}-c`, askedAt: at(100_002) }));
      await other.approvals.answer(`${mine}-b`, "h1", "denied", "ana", at(5));
      expect((await one.approvals.pending(at(5))).slice(0, 2).map((row) => row.plan)).toEqual([`${mine}-c`, `${mine}-a`]);
    });
    it("a plan is listed until the millisecond before it expires", async ({ one, other, mine }) => {
      await one.approvals.ask(approval(mine, { askedAt: at(200_000), expiresAt: at(200_600) }));
      const listed = async (moment: EpochMs) => (await other.approvals.pending(moment)).filter((row) => row.plan === mine).length;
      expect([await listed(at(200_001)), await listed(epochMs(at(200_600) - 1)), await listed(at(200_600))]).toEqual([1, 1, 0]);
    });
    it("150 plans that nobody answered hide none that waits, and are asked for no more once they were met", async ({ one, other, mine }) => {
      await one.approvals.ask(approval(`${mine}-live`, { askedAt: at(300_000), expiresAt: at(400_000) }));
      for (let n = 0; n < 150; n++) await one.approvals.ask(approval(`${mine}-${n}`, { askedAt: at(300_001 + n), expiresAt: at(300_500) }));
      for (let look = 0; look < 4; look++)
        expect((await other.approvals.pending(at(300_500))).filter((row) => row.plan.startsWith(`${mine}-`)).map((row) => row.plan)).toEqual([`${mine}-live`]);
      // Whoever looks with an earlier clock finds no trace of them.
      expect((await one.approvals.pending(at(300_400))).filter((row) => row.plan.startsWith(`${mine}-`)).map((row) => row.plan)).toEqual([`${mine}-live`]);
    });
  });

  describe("claims", () => {
    it("the first holder has it, and has it again; nobody else has", async ({ one, other, mine }) => {
      expect(await one.claims.claim(mine, "a", at(0))).toBe(true);
      expect(await other.claims.claim(mine, "b", at(1))).toBe(false);
      expect(await other.claims.claim(mine, "a", at(2))).toBe(true);
    });
    it("of ten claimants exactly one wins", async ({ mine, both }) => {
      const won = await Promise.all(ten.map((n) => both(n).claims.claim(mine, `holder ${n}`, at(0))));
      expect(won.filter(Boolean)).toHaveLength(1);
    });
  });
}
