import { type Budgets, type ControlState, emptyControl, epochMs, type GrantRequest, hours, type Lease, minutes } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { plainCheckpoints } from "./plain.ts";
import { runIn } from "./run.ts";
import { fakeNeeds } from "./testing/fake-needs.ts";

const budgets: Budgets = {
  rollbacksPerDeployment: 1,
  rollbacksPerService: [{ count: 1, within: minutes(30) }],
  attemptsPerIntent: 3,
  mutationsPerAccount: { count: 10, within: minutes(10) },
  stampede: { services: 3, within: hours(1) },
};
const request: GrantRequest = { holder: "guard/shop/d1", group: "shop", services: ["api", "worker"], kind: "rollback", mutations: 2, approved: false };
const lease = (resource: string, holder: string, over: Partial<Lease> = {}): Lease => ({
  resource,
  holder,
  purpose: "rollback",
  epoch: 4,
  until: epochMs(2_000_000),
  ...over,
});

/** The control row at `state`, its reads and writes counted; the first `lost` writes are won by somebody else. The clock stands at 1,000,000. */
function stage(state: ControlState, lost = 0) {
  const needs = fakeNeeds();
  needs.state = state;
  const did = { reads: 0, writes: 0 };
  let losses = lost;
  const world = {
    ...needs,
    control: {
      read: async () => {
        did.reads++;
        return needs.state;
      },
      replace: async (next: ControlState) => {
        did.writes++;
        if (losses-- > 0) {
          needs.state = { ...needs.state, version: needs.state.version + 1 };
          return false;
        }
        return needs.control.replace(next);
      },
    },
  };
  return { did, needs, run: runIn(world, plainCheckpoints(), "guard/shop/d1") };
}

describe("taking the lease", () => {
  test("from the row as the last look saw it costs one write and no read", async () => {
    const { did, needs, run } = stage(emptyControl);
    expect(await run.acquire(request, budgets, emptyControl)).toEqual({ kind: "granted", epoch: 1 });
    expect(did).toEqual({ reads: 0, writes: 1 });
    expect(needs.state.leases).toEqual([
      { resource: "api", holder: "guard/shop/d1", purpose: "rollback", epoch: 1, until: 2_800_000 },
      { resource: "worker", holder: "guard/shop/d1", purpose: "rollback", epoch: 1, until: 2_800_000 },
    ]);
    expect(needs.state.spent.map(({ service, mutations }) => [service, mutations])).toEqual([
      ["api", 2],
      ["worker", 0],
    ]);
  });

  test("from a row that changed since reads it and tries again", async () => {
    const { did, run } = stage({ ...emptyControl, version: 3, epoch: 6 });
    expect(await run.acquire(request, budgets, emptyControl)).toEqual({ kind: "granted", epoch: 7 });
    expect(did).toEqual({ reads: 1, writes: 2 });
  });

  test.each<[string, ControlState, ControlState, string, number]>([
    ["a row that said no, but says yes by now", { ...emptyControl, leases: [lease("api", "scaler")] }, { ...emptyControl, version: 1 }, "granted", 1],
    [
      "a row that said no and still says it",
      { ...emptyControl, leases: [lease("api", "scaler")] },
      { ...emptyControl, version: 1, leases: [lease("api", "scaler")] },
      "refused",
      0,
    ],
    ["a row that said yes, but somebody was faster", emptyControl, { ...emptyControl, version: 1, leases: [lease("worker", "scaler")] }, "refused", 1],
    [
      "a row that said yes, but a hold came in between",
      emptyControl,
      { ...emptyControl, version: 1, holds: [{ scope: "all", by: "ann", because: "stop", at: epochMs(1), until: undefined }] },
      "refused",
      1,
    ],
  ])("%s: only what was just read stands", async (_, seen, now, kind, writes) => {
    const { did, run } = stage(now);
    expect((await run.acquire(request, budgets, seen)).kind).toBe(kind);
    expect(did).toEqual({ reads: 1, writes });
  });

  test("without a row seen before reads once, and its no stands", async () => {
    const { did, run } = stage({ ...emptyControl, leases: [lease("api", "scaler")] });
    expect(await run.acquire(request, budgets)).toEqual({
      kind: "refused",
      reason: "leased",
      because: "api is being worked on by scaler (rollback) for at most 16 m 40 s more",
    });
    expect(did).toEqual({ reads: 1, writes: 0 });
  });

  test("that is ours already is the same grant and costs nothing", async () => {
    const mine = { ...emptyControl, leases: [lease("api", "guard/shop/d1"), lease("worker", "guard/shop/d1")] };
    const { did, run } = stage(mine);
    expect(await run.acquire(request, budgets, mine)).toEqual({ kind: "granted", epoch: 4 });
    expect(did).toEqual({ reads: 0, writes: 0 });
  });

  test("whole or not at all: one service in other hands and neither is leased", async () => {
    const { needs, run } = stage({ ...emptyControl, leases: [lease("worker", "scaler")] });
    expect((await run.acquire(request, budgets)).kind).toBe("refused");
    expect(needs.state.leases).toEqual([lease("worker", "scaler")]);
  });

  test("after a write that lost its answer takes no second lease and pays no second time", async () => {
    const { needs, run } = stage(emptyControl);
    await run.acquire(request, budgets, emptyControl);
    const { state } = needs;
    expect(await run.acquire(request, budgets, emptyControl)).toEqual({ kind: "granted", epoch: 1 });
    expect(needs.state).toBe(state);
  });

  test.each([
    [4, "granted"],
    [5, "throttled"],
  ])("%i lost writes end in: %s", async (lost, end) => {
    const { did, run } = stage(emptyControl, lost);
    const answer = await run.acquire(request, budgets).then(
      (grant) => grant.kind,
      (error: unknown) => (error instanceof Error && "kind" in error ? error.kind : undefined),
    );
    expect(answer).toBe(end);
    expect(did.writes).toBe(5);
  });

  test("a budget's no is remembered, so that the breaker counts it", async () => {
    const spent = [{ key: "guard/shop/d0", service: "api", group: "shop", kind: "rollback" as const, at: epochMs(999_999), mutations: 1 }];
    const { needs, run } = stage({ ...emptyControl, spent });
    expect(await run.acquire(request, budgets)).toMatchObject({ kind: "refused", reason: "budget" });
    expect(needs.state.wanted.map((one) => one.service)).toEqual(["api", "worker"]);
  });
});

describe("giving the lease back", () => {
  test("leaves what somebody else holds", async () => {
    const { needs, run } = stage({ ...emptyControl, leases: [lease("api", "guard/shop/d1"), lease("worker", "guard/shop/d2")] });
    await run.release(["api", "worker"]);
    expect(needs.state.leases).toEqual([lease("worker", "guard/shop/d2")]);
  });

  test("that is not ours any more writes nothing", async () => {
    const { did, run } = stage({ ...emptyControl, leases: [lease("api", "guard/shop/d2")] });
    await run.release(["api"]);
    expect(did).toEqual({ reads: 1, writes: 0 });
  });

  test("is tried five times, and not a sixth", async () => {
    const mine = { ...emptyControl, leases: [lease("api", "guard/shop/d1")] };
    const four = stage(mine, 4);
    await four.run.release(["api"]);
    expect(four.needs.state.leases).toEqual([]);
    const five = stage(mine, 5);
    await expect(five.run.release(["api"])).rejects.toMatchObject({ kind: "throttled" });
    expect(five.did.writes).toBe(5);
  });
});
