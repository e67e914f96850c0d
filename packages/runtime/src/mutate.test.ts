import { epochMs } from "@nightshift/model";
import { PortError } from "@nightshift/ports";
import { describe, expect, test } from "vitest";
import type { Mutation, Ready } from "./automation.ts";
import { mutate } from "./mutate.ts";
import { plainCheckpoints } from "./plain.ts";
import { type FakeNeeds, fakeNeeds } from "./testing/fake-needs.ts";

const held = {
  version: 1,
  holds: [{ scope: "all", by: "ann", because: "database work", at: epochMs(1), until: undefined }],
  leases: [],
  spent: [],
  wanted: [],
  epoch: 7,
} as const;
const leased = (holder: string, epoch: number, until: number) =>
  ({ version: 1, holds: [], leases: [{ resource: "api", holder, purpose: "rollback", epoch, until: epochMs(until) }], spent: [], wanted: [], epoch }) as const;

function rollBack(world: FakeNeeds, { answers, looks }: { answers: readonly (string | Error)[]; looks?: readonly Ready<string>[] }) {
  const calls: string[] = [];
  let looked = 0;
  const mutation: Mutation<FakeNeeds, string> = {
    name: "roll api back",
    service: "api",
    intent: { to: "api:42" },
    epoch: 7,
    look: async () => looks?.[looked++] ?? { kind: "go" },
    call: async () => {
      calls.push(world.records.map((record) => record.kind).join(","));
      const answer = answers[calls.length - 1] ?? "accepted";
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  return { calls, play: () => mutate({ world, checkpoints: plainCheckpoints(), key: "guard/shop/d1" }, mutation) };
}

const timeout = () => new PortError("timeout", "ecs:UpdateService", "api", "socket hang up");

describe("a change to production", () => {
  test("has its intent on record before it is sent and its outcome after", async () => {
    const world = fakeNeeds();
    world.state = leased("guard/shop/d1", 7, 2_000_000);
    const { calls, play } = rollBack(world, { answers: ["accepted"] });
    expect(await play()).toEqual({ kind: "done", value: "accepted", already: false, at: 1_000_000 });
    expect(calls).toEqual(["intent"]);
    expect(world.records.map((record) => [record.kind, record.body])).toEqual([
      ["intent", { does: "roll api back", to: "api:42" }],
      ["outcome", { does: "roll api back", ended: "done", already: false }],
    ]);
  });

  test("is not made while a hold stands", async () => {
    const world = fakeNeeds();
    world.state = held;
    const { calls, play } = rollBack(world, { answers: [] });
    expect(await play()).toMatchObject({ kind: "refused" });
    expect(calls).toEqual([]);
  });

  test.each([
    ["somebody else holds the lease", leased("scaler", 7, 2_000_000)],
    ["the lease was taken anew under a higher epoch", leased("guard/shop/d1", 8, 2_000_000)],
    ["the lease ran out a millisecond ago", leased("guard/shop/d1", 7, 999_999)],
  ])("is not made when %s", async (_, state) => {
    const world = fakeNeeds();
    world.state = state;
    const { calls, play } = rollBack(world, { answers: [] });
    expect(await play()).toMatchObject({ kind: "refused" });
    expect(calls).toEqual([]);
  });

  test("is made at the last millisecond of the lease", async () => {
    const world = fakeNeeds();
    world.state = leased("guard/shop/d1", 7, 1_000_000);
    expect(await rollBack(world, { answers: [] }).play()).toMatchObject({ kind: "done" });
  });

  test("is not made when looking says that the world changed", async () => {
    const world = fakeNeeds();
    world.state = leased("guard/shop/d1", 7, 2_000_000);
    const { calls, play } = rollBack(world, { answers: [], looks: [{ kind: "refuse", because: "a newer deployment came" }] });
    expect(await play()).toEqual({ kind: "refused", because: "a newer deployment came", at: 1_000_000 });
    expect(calls).toEqual([]);
  });

  test("whose answer was lost is looked for before it is made again", async () => {
    const world = fakeNeeds();
    world.state = leased("guard/shop/d1", 7, 2_000_000);
    const { calls, play } = rollBack(world, { answers: [timeout()], looks: [{ kind: "go" }, { kind: "already", value: "already" }] });
    expect(await play()).toEqual({ kind: "done", value: "already", already: true, at: 1_000_000 });
    expect(calls).toHaveLength(1);
  });

  test("is tried three times and not a fourth", async () => {
    const world = fakeNeeds();
    world.state = leased("guard/shop/d1", 7, 2_000_000);
    const { calls, play } = rollBack(world, { answers: [timeout(), timeout(), timeout(), "accepted"] });
    expect(await play()).toMatchObject({ kind: "unknown" });
    expect(calls).toHaveLength(3);
    expect(world.records.at(-1)?.body).toMatchObject({ ended: "unknown" });
  });

  test("that was refused for good is not tried again", async () => {
    const world = fakeNeeds();
    world.state = leased("guard/shop/d1", 7, 2_000_000);
    const { calls, play } = rollBack(world, { answers: [new PortError("denied", "ecs:UpdateService", "api", "not allowed")] });
    expect(await play()).toMatchObject({ kind: "failed", because: expect.stringContaining("not allowed") });
    expect(calls).toHaveLength(1);
  });

  test("played twice leaves one intent and one outcome", async () => {
    const world = fakeNeeds();
    world.state = leased("guard/shop/d1", 7, 2_000_000);
    await rollBack(world, { answers: [] }).play();
    await rollBack(world, { answers: [], looks: [{ kind: "already", value: "already" }] }).play();
    expect(world.records.map((record) => record.kind)).toEqual(["intent", "outcome"]);
  });
});
