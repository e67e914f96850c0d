import type { DurableContext } from "@aws/durable-execution-sdk-js";
import type { LabAccount } from "@nightshift/lab/account";
import { play } from "@nightshift/lab/engine/testing";
import { type Approval, epochMs, minutes, ms } from "@nightshift/model";
import { PortError, type PortErrorKind } from "@nightshift/ports";
import { describe, expect, test } from "vitest";
import type { Question, Watch } from "./automation.ts";
import { durableCheckpoints, retryStep } from "./durable.ts";
import { runIn } from "./run.ts";
import { type FakeNeeds, fakeNeeds } from "./testing/fake-needs.ts";

const failing = (kind: PortErrorKind) => new PortError(kind, "ecs:DescribeServices", "shop", "no");

describe("a step that failed", () => {
  test.each<[string, Error, number, number | "stop"]>([
    ["throttled, first try", failing("throttled"), 1, 1],
    ["second try", failing("throttled"), 2, 2],
    ["third try", failing("throttled"), 3, 4],
    ["fourth try", failing("throttled"), 4, 8],
    ["fifth try: no longer than 15 s", failing("throttled"), 5, 15],
    ["the last but one", failing("throttled"), 7, 15],
    ["the thirty-ninth", failing("throttled"), 39, 15],
    ["the fortieth is the last", failing("throttled"), 40, "stop"],
    ["unavailable passes by itself", failing("unavailable"), 1, 1],
    ["a lost answer may come", failing("timeout"), 1, 1],
    ["a conflict is for the caller to look at", failing("conflict"), 1, "stop"],
    ["what is not there", failing("not-found"), 1, "stop"],
    ["a missing permission", failing("denied"), 1, "stop"],
    ["a wrong request", failing("invalid"), 1, "stop"],
    ["what AWS does not support", failing("unsupported"), 1, "stop"],
    ["a bug of ours", new TypeError("undefined"), 1, "stop"],
  ])("%s", (_, error, attempt, wait) => {
    expect(retryStep(error, attempt)).toEqual(wait === "stop" ? { shouldRetry: false } : { shouldRetry: true, delay: { seconds: wait } });
  });
});

/** Plays `flow` with the real SDK in the lab; the world's clock is the lab's. */
async function inLab(
  flow: (context: DurableContext, world: FakeNeeds) => Promise<unknown>,
  answer?: (account: LabAccount, world: FakeNeeds) => void,
): Promise<{ result: unknown; error: string | undefined; tookMs: number; operations: number; world: FakeNeeds }> {
  const needs = fakeNeeds();
  const world: FakeNeeds = { ...needs, clock: { now: () => epochMs(Date.now()) } };
  const { execution } = await play(
    (_event, context) => flow(context, world),
    {},
    (account) => answer?.(account, world),
  );
  return {
    result: execution.result === undefined ? undefined : JSON.parse(execution.result),
    error: execution.error?.ErrorMessage,
    tookMs: (execution.endedAt ?? 0) - execution.startedAt,
    operations: [...execution.operations.values()].filter((one) => one.Type !== "EXECUTION").length,
    world,
  };
}

const question: Question = { plan: "shop-api-43-to-42", planHash: "h", what: "go back", because: "5xx", service: "shop-api", askFor: minutes(5) };
const ask = (context: DurableContext, world: FakeNeeds) => runIn(world, durableCheckpoints(context), "guard/shop/d1").consent(question);

/** Writes a person's word after `length`, and wakes the execution or not. */
const answered = (over: Partial<Approval>, how: "wake" | "only write") => (account: LabAccount, world: FakeNeeds) =>
  account.clock.in(minutes(2), () => {
    const row = world.rows.get(question.plan);
    if (row === undefined) throw new Error("nothing was asked");
    world.rows.set(question.plan, { ...row, ...over });
    if (how === "wake") account.lambda.handle("SendDurableExecutionCallbackSuccess", { CallbackId: row.callbackId });
  });

describe("a person is asked", () => {
  test.each<[string, Partial<Approval>, "wake" | "only write", unknown, number]>([
    [
      "approved and woken: known at once, with its moment",
      { state: "approved", by: "ann", answeredAt: epochMs(77) },
      "wake",
      { kind: "approved", by: "ann", at: 77 },
      120,
    ],
    ["denied and woken: known at once", { state: "denied", by: "ben" }, "wake", { kind: "denied", by: "ben" }, 120],
    ["a word written that woke nobody: found at the deadline", { state: "approved", by: "ann" }, "only write", { kind: "approved", by: "ann" }, 300],
    ["woken without a word: the row is the truth", {}, "wake", { kind: "timed-out" }, 120],
    ["a word without a name", { state: "approved" }, "wake", { kind: "approved", by: "somebody" }, 120],
    ["a word for another plan of this name", { state: "approved", by: "ann", planHash: "other" }, "wake", { kind: "timed-out" }, 120],
  ])("%s", async (_, over, how, word, afterSeconds) => {
    const played = await inLab(ask, answered(over, how));
    expect(played.result).toMatchObject(word as object);
    expect(played.tookMs).toBeGreaterThanOrEqual(afterSeconds * 1_000);
    expect(played.tookMs).toBeLessThan(afterSeconds * 1_000 + 3_000);
  });

  test("and nobody answers: the wait ends at its deadline, which the row names", async () => {
    const { result, tookMs, world } = await inLab(ask);
    const row = world.rows.get(question.plan);
    expect(result).toMatchObject({ kind: "timed-out" });
    expect(tookMs).toBeGreaterThanOrEqual(300_000);
    expect(tookMs).toBeLessThan(303_000);
    expect((row?.expiresAt ?? 0) - (row?.askedAt ?? 0)).toBe(300_000);
  });

  test("through a ledger that is throttled at first: it is asked once it answers", async () => {
    let tries = 0;
    const { result } = await inLab((context, world) => {
      const { ask: write } = world.approvals;
      const throttled = { ...world.approvals, ask: async (row: Approval) => (++tries < 3 ? Promise.reject(failing("throttled")) : write(row)) };
      return ask(context, { ...world, approvals: throttled });
    });
    expect(result).toMatchObject({ kind: "timed-out" });
    expect(tries).toBe(3);
  });

  test("through a ledger that refuses: that is no silence but a failure, and it is seen", async () => {
    const { error, tookMs } = await inLab((context, world) =>
      ask(context, { ...world, approvals: { ...world.approvals, ask: () => Promise.reject(failing("denied")) } }),
    );
    expect(error).toContain("ecs:DescribeServices on shop: no");
    expect(tookMs).toBeLessThan(3_000);
  });
});

/** Six looks a minute apart that only count themselves, unless told otherwise. */
const looks = (over: Partial<Watch<FakeNeeds, { seen: number; blind: string[] }>>): Watch<FakeNeeds, { seen: number; blind: string[] }> => ({
  start: { seen: 0, blind: [] },
  atMost: 6,
  every: () => minutes(1),
  look: async (_, state) => ({ ...state, seen: state.seen + 1 }),
  blind: (state, because) => ({ ...state, blind: [...state.blind, because] }),
  done: () => false,
  ...over,
});
const watching = (watch: ReturnType<typeof looks>) => inLab((context, world) => runIn(world, durableCheckpoints(context), "k").watch("watch it", watch));

describe("a watch", () => {
  test("ends after its count of looks, in one operation", async () => {
    const { result, tookMs, operations } = await watching(looks({}));
    expect(result).toEqual({ seen: 6, blind: [] });
    expect(operations).toBe(1);
    expect(tookMs).toBeGreaterThanOrEqual(300_000);
    expect(tookMs).toBeLessThan(305_000);
  });

  test("ends at the look that is done, not one later", async () => {
    expect((await watching(looks({ done: ({ seen }) => seen === 2 }))).result).toEqual({ seen: 2, blind: [] });
  });

  test("goes on after a look that failed, and knows why; failed looks count", async () => {
    const flaky = looks({
      atMost: 3,
      look: async (_, state) => {
        if (state.blind.length === 0) throw failing("throttled");
        if (state.blind.length === 1) throw new TypeError("undefined");
        return { ...state, seen: state.seen + 1 };
      },
    });
    expect((await watching(flaky)).result).toEqual({ seen: 1, blind: ["ecs:DescribeServices on shop: no", "undefined"] });
  });

  test.each([
    ["one millisecond becomes a whole second", 1, 1],
    ["a second stays one", 1_000, 1],
    ["a millisecond more becomes two", 1_001, 2],
  ])("waits whole seconds: %s", async (_, every, seconds) => {
    const { tookMs } = await watching(looks({ atMost: 11, every: () => ms(every) }));
    expect(tookMs).toBeGreaterThanOrEqual(seconds * 10_000);
    expect(tookMs).toBeLessThan(seconds * 10_000 + 5_000);
  });
});
