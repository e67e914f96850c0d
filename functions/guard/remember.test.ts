import { at, identity, memberLook, memberMemory, record, serviceState, settingsFor, T0, worker } from "@nightshift/decide/fixtures";
import { ecsDeploymentId, epochMs, type Lease, serviceName, type ServiceState, type WatchMemory, type WatchRecord } from "@nightshift/model";
import { plainCheckpoints, type Run } from "@nightshift/runtime";
import { runIn } from "@nightshift/runtime/run";
import { describe, expect, test } from "vitest";
import { withLedger } from "../../test/testing/ledger.ts";
import { rememberGuard } from "./remember.ts";
import type { GuardWorld } from "./settings.ts";
import { ask, event, facts, leave, receipt, recovered, rollBack } from "./stories.fixture.ts";
import type { GuardStory } from "./story.ts";

const KEY = "guard/shop/ecs-svc/shop-api-43";
const watch: WatchRecord = {
  group: "shop",
  key: KEY,
  members: { "shop-api": ecsDeploymentId("ecs-svc/shop-api-43") },
  openedAt: epochMs(T0 - 90_000),
  state: "watching",
  ours: ["ecs-svc/earlier"],
  tailUntil: T0,
  verdict: undefined,
};
const lease: Lease = { resource: "shop-api", holder: KEY, purpose: "rollback", epoch: 1, until: epochMs(T0 + 9_000_000) };

interface Stage {
  readonly world: GuardWorld;
  readonly run: Run<GuardWorld>;
  /** `shop-api/43 bad`, sorted. */
  readonly grades: () => Promise<readonly string[]>;
}

/** Both revisions are known, the watch is open, the lease is ours, and ECS shows our rollback's deployment as the newest. */
const stage = (work: (it: Stage) => Promise<void>): Promise<void> =>
  withLedger(async (ledger) => {
    const state = serviceState("shop-api");
    const [bad, old] = state.deployments;
    if (bad === undefined || old === undefined) throw new Error("the fixture has two deployments");
    const rolledBack: ServiceState = { ...state, deployments: [{ ...old, id: ecsDeploymentId("ecs-svc/ours") }, bad] };
    const parts: Partial<GuardWorld> = {
      ...ledger,
      clock: { now: () => epochMs(T0 + 3_600_000) },
      services: {
        describe: async () => [rolledBack],
        deployment: () => Promise.reject(new Error("not asked")),
        recentDeployments: () => Promise.reject(new Error("not asked")),
        revisions: () => Promise.reject(new Error("not asked")),
        tasks: () => Promise.reject(new Error("not asked")),
      },
    };
    // The ports above are all that remembering uses; touching another one fails loudly.
    const world = parts as GuardWorld;
    await world.revisions.see(record("shop-api", 42, "good"));
    await world.revisions.see(record("shop-api", 43, "candidate", { firstSeen: T0 }));
    await world.watches.replace(undefined, watch);
    const control = await world.control.read();
    await world.control.replace({ ...control, version: control.version + 1, leases: [lease] });
    await work({
      world,
      run: runIn(world, plainCheckpoints(), KEY),
      grades: async () => (await world.revisions.list(serviceName("shop-api"))).map((row) => `${row.identity.key} ${row.grade}`).sort(),
    });
  });

const acted = (outcome: Extract<GuardStory, { ending: "acted" }>["outcome"]): GuardStory => ({
  event,
  facts,
  ending: "acted",
  verdict: rollBack,
  receipt,
  outcome,
});
const left = (reason: "passed" | "not-deploy", over: Partial<typeof facts> = {}): GuardStory => ({
  event,
  facts: { ...facts, ...over },
  ending: "left",
  verdict: leave({ reason, breaches: [] }),
});

describe("what a rollback taught", () => {
  test.each([
    ["it helped: those bytes are bad", recovered("restored"), "bad"],
    ["it did not help: they are suspect", recovered("ineffective"), "suspect"],
    ["it failed: nothing was learnt", recovered("failed"), "candidate"],
    ["it was overtaken: nothing was learnt", recovered("overtaken"), "candidate"],
    ["the looks ran out: nothing was learnt", recovered("wait"), "candidate"],
    ["nothing was sent: nothing was learnt", { kind: "not-sent" } as const, "candidate"],
  ])("%s; what was put back keeps its grade", (_, outcome, grade) =>
    stage(async ({ run, grades }) => {
      await rememberGuard(acted(outcome), run);
      expect(await grades()).toEqual(["shop-api/42 good", `shop-api/43 ${grade}`]);
    }),
  );

  test("nothing of bytes that were never resolved", () =>
    stage(async ({ run, grades }) => {
      const from = identity("shop-api", 43, { images: [{ container: "app", image: "shop-api:latest", digest: undefined }] });
      const plan = { ...receipt.plan, members: receipt.plan.members.map((one) => ({ ...one, from })) };
      await rememberGuard({ event, facts, ending: "acted", verdict: rollBack, receipt: { ...receipt, plan }, outcome: recovered("restored") }, run);
      expect(await grades()).toEqual(["shop-api/42 good", "shop-api/43 candidate"]);
    }));

  test("is kept with the first reason, by the clock of the ledger's writer", () =>
    stage(async ({ world, run }) => {
      await rememberGuard(acted(recovered("restored")), run);
      const row = (await world.revisions.list(serviceName("shop-api"))).find((one) => one.grade === "bad");
      expect(row).toMatchObject({ because: "shop-api: 5xx 12.4 %", gradedAt: 1_773_460_800_000 });
    }));
});

describe("a deployment that was not rolled back", () => {
  test.each<[string, GuardStory]>([
    ["that only was told about", { event, facts, ending: "told", verdict: { ...rollBack, consent: "shadow" } }],
    ["that a person kept", { event, facts, ending: "not-approved", verdict: ask(), consent: { kind: "denied", by: "ann", at: at(200_000) } }],
    ["that was not to blame", left("not-deploy")],
  ])("%s is not graded", (_, story) =>
    stage(async ({ run, grades }) => {
      await rememberGuard(story, run);
      expect(await grades()).toEqual(["shop-api/42 good", "shop-api/43 candidate"]);
    }),
  );

  test("that passed without ever taking traffic stays a candidate, and no set is remembered as good together", () =>
    stage(async ({ world, run, grades }) => {
      const memory: WatchMemory = { ...facts.memory, members: facts.memory.members.map((one) => ({ ...one, exposedAt: undefined })) };
      await rememberGuard(left("passed", { memory }), run);
      expect(await grades()).toEqual(["shop-api/42 good", "shop-api/43 candidate"]);
      expect(await world.tuples.list("shop")).toEqual([]);
    }));
});

test("a deployment that stood its whole watch is good, alone and as a set", () =>
  stage(async ({ world, run, grades }) => {
    const settings = settingsFor(worker("shop-api"));
    const memory: WatchMemory = {
      ...facts.memory,
      members: [memberMemory("shop-api", { completedAt: at(60_000) })],
      latest: {
        at: at(3_660_000),
        members: [memberLook("shop-api", { state: { ok: true, value: serviceState("shop-api", { targetGroups: [] }) } })],
        watchKey: KEY,
        watched: {},
        heldBecause: undefined,
      },
    };
    await rememberGuard(left("passed", { settings, memory }), run);
    expect(await grades()).toEqual(["shop-api/42 good", "shop-api/43 good"]);
    expect(await world.tuples.list("shop")).toEqual([{ group: "shop", members: { "shop-api": "shop-api/43" }, at: 1_773_460_800_000 }]);
  }));

describe("the watch", () => {
  test("is closed with its verdict and a tail of a day, and our own deployments are named", () =>
    stage(async ({ world, run }) => {
      await rememberGuard(acted(recovered("restored")), run);
      expect(await world.watches.find("shop")).toEqual({
        ...watch,
        state: "closed",
        verdict: "restored",
        ours: ["ecs-svc/earlier", "ecs-svc/ours"],
        tailUntil: 1_773_547_200_000,
      });
    }));

  test("names nothing as ours when nothing was done", () =>
    stage(async ({ world, run }) => {
      await rememberGuard(left("not-deploy"), run);
      expect(await world.watches.find("shop")).toMatchObject({ state: "closed", verdict: "not-deploy", ours: ["ecs-svc/earlier"] });
    }));

  test("of a successor is not closed", () =>
    stage(async ({ world, run }) => {
      const newer: WatchRecord = { ...watch, key: "guard/shop/ecs-svc/shop-api-44" };
      await world.watches.replace(watch, newer);
      await rememberGuard(left("not-deploy"), run);
      expect(await world.watches.find("shop")).toEqual(newer);
    }));

  test("is remembered the same when a crash makes it remember twice", () =>
    stage(async ({ world, run, grades }) => {
      await rememberGuard(acted(recovered("restored")), run);
      const first = [await world.watches.find("shop"), await grades(), (await world.control.read()).leases];
      await rememberGuard(acted(recovered("restored")), run);
      expect([await world.watches.find("shop"), await grades(), (await world.control.read()).leases]).toEqual(first);
    }));
});

test.each<[string, GuardStory, number]>([
  ["after acting", acted(recovered("restored")), 0],
  ["after an act that was refused", acted({ kind: "not-sent" }), 0],
  ["not by a watch that never took it", left("not-deploy"), 1],
])("the lease is given back: %s", (_, story, leases) =>
  stage(async ({ world, run }) => {
    await rememberGuard(story, run);
    expect((await world.control.read()).leases).toHaveLength(leases);
  }),
);

test("the lease is given back last, so that late events of our own rollback meet it or our closed watch", () =>
  stage(async ({ world, run }) => {
    const dying: Run<GuardWorld> = { ...run, release: () => Promise.reject(new Error("died")) };
    await expect(rememberGuard(acted(recovered("restored")), dying)).rejects.toThrow("died");
    expect((await world.watches.find("shop"))?.state).toBe("closed");
    expect((await world.control.read()).leases).toHaveLength(1);
  }));
