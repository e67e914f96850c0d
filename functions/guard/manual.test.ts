import { freeze, hold } from "@nightshift/decide/control";
import { firstScalingState } from "@nightshift/decide/scaling/first-state";
import { epochMs, minutes, serviceName } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { parseManual } from "./manual-input.ts";
import { type Works, works } from "../../test/testing/works.ts";

const BACK = "arn:aws:ecs:eu-central-1:123456789012:task-definition/shop-worker:42";
const said = async ({ world }: Works) =>
  (await world.incidents.list(5)).flatMap((one) => one.entries.filter((entry) => entry.announce).map((entry) => entry.text));

describe("an approved plan", () => {
  test("is carried out once, verified, told and remembered", () =>
    works(async (it) => {
      const plan = await it.plan();
      await it.approve(plan);
      expect(await it.run(plan.id)).toEqual({ verdict: "roll-back", ending: "acted", outcome: "restored" });
      expect(it.redeployed).toEqual([BACK]);
      const lines = await said(it);
      expect(lines).toContain("rollback of shop-worker to shop-worker:42, approved by lead: accepted by ECS");
      expect(lines.some((line) => line.includes("verified: the good revision serves alone"))).toBe(true);
      expect((await it.world.revisions.list(serviceName("shop-worker"))).find((row) => row.identity.key === "shop-worker/43")).toMatchObject({
        grade: "suspect",
        because: "rolled back by lead: the queue stands",
      });
      expect(await it.world.watches.find("shop")).toMatchObject({ state: "closed", verdict: "restored", ours: ["ecs-svc/back"] });
      expect((await it.world.control.read()).leases).toEqual([]);
    }));

  test("costs the automatics no budget: a person decided", () =>
    works(async (it) => {
      const plan = await it.plan();
      await it.approve(plan);
      await it.run(plan.id);
      expect((await it.world.control.read()).spent.map((one) => one.mutations)).toEqual([0]);
    }));

  test("that is run again changes nothing more", () =>
    works(async (it) => {
      const plan = await it.plan();
      await it.approve(plan);
      await it.run(plan.id);
      expect(await it.run(plan.id)).toMatchObject({ verdict: "not-carried-out", ending: "left" });
      expect(it.redeployed).toHaveLength(1);
    }));

  test("passes a freeze, and says so", () =>
    works(async (it) => {
      const plan = await it.plan();
      await it.control((state) => freeze(state, { scope: "shop", by: "cto", because: "sale", at: it.now, until: epochMs(it.now + minutes(60)) }, it.now));
      await it.approve(plan);
      expect(await it.run(plan.id)).toMatchObject({ outcome: "restored" });
      expect(await said(it)).toContain("A rollback passes the freeze: cto froze shop for 1 h more: sale.");
    }));
});

describe("workers that the scaler protects", () => {
  const lowering = { at: epochMs(0), from: 3, to: 2, victims: ["task/3"], protectedTasks: ["task/1", "task/2"] };
  const scaling = (it: Works) => it.world.scalingBook.replace("shop-worker", { ...firstScalingState(epochMs(0)), version: 1, lowering });

  test("are given free before the rollback is sent, under its lease", () =>
    works(async (it) => {
      await scaling(it);
      const plan = await it.plan();
      await it.approve(plan);
      expect(await it.run(plan.id)).toMatchObject({ outcome: "restored" });
      expect(it.unprotected).toEqual([["task/1", "task/2"]]);
      expect(it.order).toEqual(["unprotect", "redeploy"]);
    }));

  test("do not hold the rollback up when they cannot be given free", () =>
    works(async (it) => {
      await scaling(it);
      it.unprotectFails = true;
      const plan = await it.plan();
      await it.approve(plan);
      expect(await it.run(plan.id)).toMatchObject({ outcome: "restored" });
      expect(it.redeployed).toEqual([BACK]);
    }));

  test("are none where the scaler protects nobody: ECS is not asked", () =>
    works(async (it) => {
      const plan = await it.plan();
      await it.approve(plan);
      await it.run(plan.id);
      expect([it.unprotected, it.order]).toEqual([[], ["redeploy"]]);
    }));
});

describe("nothing is sent", () => {
  const left = { verdict: "not-carried-out", ending: "left", outcome: null };
  const tells = (line: string) => expect.arrayContaining([expect.stringContaining(line)]) as unknown; // A matcher has no type of its own.

  test("without a word, and after a no", () =>
    works(async (it) => {
      const plan = await it.plan();
      expect(await it.run(plan.id)).toEqual(left);
      await it.world.approvals.answer(plan.id, plan.hash, "denied", "lead", it.now);
      expect(await it.run(plan.id)).toEqual(left);
      expect(it.redeployed).toEqual([]);
    }));

  test("for a plan that nobody knows", () =>
    works(async (it) => {
      expect(await it.run("shop-worker-1-to-2")).toEqual(left);
      expect(await said(it)).toEqual(["Plan shop-worker-1-to-2 was not carried out: there is no such plan in the ledger. Nothing was changed."]);
    }));

  test.each([
    ["another plan", { input: { group: "shop", plan: '{"id":"shop-worker-43-to-42-er43-test01","group":"shop","members":[],"steps":[]}' } }],
    ["no plan", { input: { group: "shop" } }],
    ["no JSON", { input: { group: "shop", plan: "{" } }],
    ["another hash", { hash: "{}" }],
  ])("when what is stored is not what was approved: %s", (_, change) =>
    works(async (it) => {
      const plan = await it.plan(change);
      await it.approve(plan);
      expect(await it.run(plan.id)).toEqual(left);
      expect(await said(it)).toEqual(tells("is not the plan that was approved"));
      expect(it.redeployed).toEqual([]);
    }),
  );

  test.each<[string, (it: Works) => void, string]>([
    ["desired count", (it) => (it.state = { ...it.state, desired: 5 }), "desired count of shop-worker was 2, is 5"],
    [
      "deployment",
      (it) => (it.state = { ...it.state, deployments: it.state.deployments.map((one) => ({ ...one, id: "ecs-svc/44" as typeof one.id })) }), // Another deployment's id.
      "deployment of shop-worker was ecs-svc/shop-worker-43, is ecs-svc/44",
    ],
  ])("when the %s changed since, and the difference is told", (_, change, difference) =>
    works(async (it) => {
      const plan = await it.plan();
      await it.approve(plan);
      change(it);
      expect(await it.run(plan.id)).toEqual(left);
      expect(await said(it)).toEqual(tells(difference));
      expect(it.redeployed).toEqual([]);
    }),
  );

  test("when an alarm began to ring since", () =>
    works(async (it) => {
      const plan = await it.plan();
      await it.approve(plan);
      await it.world.signals.alarm(serviceName("shop-worker"), { name: "queue-age", value: "ALARM", since: it.now, reason: "9 min" });
      expect(await it.run(plan.id)).toEqual(left);
      expect(await said(it)).toEqual(tells("alarms ringing of shop-worker was none, is queue-age"));
    }));

  test("inside a hold", () =>
    works(async (it) => {
      const plan = await it.plan();
      await it.approve(plan);
      await it.control((state) => hold(state, { scope: "all", by: "ana", because: "migration", at: it.now, until: undefined }, it.now));
      expect(await it.run(plan.id)).toEqual(left);
      expect(await said(it)).toEqual(tells("ana holds everything until it is released: migration"));
    }));

  test.each([
    [minutes(30), "roll-back"],
    [minutes(30) + 1, "not-carried-out"],
  ])("when its run comes %i ms after the word: %s", (later, verdict) =>
    works(async (it) => {
      const plan = await it.plan();
      await it.approve(plan);
      it.now = epochMs(it.now + later);
      expect(await it.run(plan.id)).toMatchObject({ verdict });
    }),
  );
});

describe("the input of a manual rollback", () => {
  test("is its plan's id and group, and nothing else of it", () => {
    expect(parseManual({ kind: "manual", plan: "p", group: "shop", members: [] })).toEqual({ kind: "manual", plan: "p", group: "shop" });
    expect(parseManual({ group: "shop", service: "shop-api" })).toBeUndefined();
    expect(parseManual(undefined)).toBeUndefined();
  });

  test.each([
    [{ kind: "automatic", plan: "p", group: "shop" }, 'kind: expected "manual"'],
    [{ kind: "manual", group: "shop" }, "plan: expected text, got undefined"],
    [{ kind: "manual", plan: "p", group: "" }, "group: expected text, got nothing"],
  ])("%j is refused by the name of its field", (raw, problem) => {
    expect(() => parseManual(raw)).toThrow(`guard input: ${problem}`);
  });
});
