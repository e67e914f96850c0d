import { epochMs, minutes, seconds } from "@nightshift/model";
import { expect, test } from "vitest";
import type { Checkpoints } from "./automation.ts";
import { automation } from "./define.ts";
import { plainCheckpoints } from "./plain.ts";
import { play } from "./play.ts";
import { type FakeNeeds, fakeNeeds } from "./testing/fake-needs.ts";

type Act = { readonly kind: "mend"; readonly because: readonly string[] };
type Leave = { readonly kind: "leave"; readonly because: readonly string[]; readonly reason: "fine" };

const header = {
  id: "INC-1",
  group: "api",
  service: "api",
  severity: "P2",
  title: "api",
  openedAt: epochMs(1),
  by: "nightshift/mender",
  standing: "working",
} as const;

function mender(consent: "given" | "told" | "ask", verdict: Act | Leave, did: string[]) {
  return automation({
    name: "mender",
    uses: [],
    key: (event: { id: string }) => `mend/${event.id}`,
    chain: () => "api",
    detect: async () => ({ broken: verdict.kind === "mend" }),
    decide: (): Act | Leave => verdict,
    consent: () => (consent === "ask" ? { plan: "mend-1", planHash: "h", what: "mend it", because: "it broke", service: "api", askFor: minutes(5) } : consent),
    act: async () => void did.push("act"),
    verify: async () => ({ kind: "mended" as const }),
    tell: (story) => ({
      incident: story.ending === "left" ? undefined : header,
      lines: [{ key: story.ending, at: epochMs(1), kind: "note", text: story.ending, announce: true }],
      verdict: story.verdict.kind,
      because: story.verdict.because,
    }),
    remember: async (story) => void did.push(`remember ${story.ending}`),
  });
}

/** Answers the question while it waits, as a person would. */
const answering = (world: FakeNeeds, word: "approved" | "denied" | undefined): Checkpoints => ({
  ...plainCheckpoints(),
  awaitWord: async (_, submit) => {
    await submit("callback-1");
    const row = world.rows.get("mend-1");
    if (row !== undefined && word !== undefined) world.rows.set("mend-1", { ...row, state: word, by: "ann" });
  },
});

const mend: Act = { kind: "mend", because: ["it broke"] };
const event = { event: { id: "1" }, settings: {} };

test("a leave changes nothing and is on record with its reason", async () => {
  const world = fakeNeeds();
  const did: string[] = [];
  const played = await play(mender("given", { kind: "leave", because: ["all is well"], reason: "fine" }, did), {
    ...event,
    world,
    checkpoints: plainCheckpoints(),
  });
  expect(played).toMatchObject({ ending: "left", outcome: undefined });
  expect(did).toEqual(["remember left"]);
  expect(world.said.size).toBe(0);
  expect(world.records.map((record) => record.body)).toEqual([{ verdict: "leave", because: ["all is well"] }]);
});

test("with consent it acts, verifies and tells in order", async () => {
  const world = fakeNeeds();
  const did: string[] = [];
  const played = await play(mender("given", mend, did), { ...event, world, checkpoints: plainCheckpoints() });
  expect(played).toMatchObject({ ending: "acted", outcome: { kind: "mended" } });
  expect(did).toEqual(["act", "remember acted"]);
  expect([...(world.said.get("INC-1")?.keys() ?? [])]).toEqual(["acting", "standing/mend/tell: acting", "announced", "acted", "standing/mend/tell: acted"]);
});

test("in shadow it tells and does not act", async () => {
  const world = fakeNeeds();
  const did: string[] = [];
  expect((await play(mender("told", mend, did), { ...event, world, checkpoints: plainCheckpoints() })).ending).toBe("told");
  expect(did).toEqual(["remember told"]);
});

test.each([
  ["approved", "acted", ["act", "remember acted"]],
  ["denied", "not-approved", ["remember not-approved"]],
  [undefined, "not-approved", ["remember not-approved"]],
] as const)("asked and %s, it ends %s", async (word, ending, expected) => {
  const world = fakeNeeds();
  const did: string[] = [];
  const played = await play(mender("ask", mend, did), { ...event, world, checkpoints: answering(world, word) });
  expect(played.ending).toBe(ending);
  expect(did).toEqual(expected);
});

test("a word for another plan is no word", async () => {
  const world = fakeNeeds();
  const did: string[] = [];
  const checkpoints: Checkpoints = {
    ...plainCheckpoints(),
    awaitWord: async (_, submit) => {
      await submit("callback-1");
      const row = world.rows.get("mend-1");
      if (row !== undefined) world.rows.set("mend-1", { ...row, planHash: "other", state: "approved", by: "ann" });
    },
  };
  expect((await play(mender("ask", mend, did), { ...event, world, checkpoints })).ending).toBe("not-approved");
});

test("the question names its deadline from when it was asked", async () => {
  const world = fakeNeeds();
  await play(mender("ask", mend, []), { ...event, world, checkpoints: answering(world, undefined) });
  expect(world.rows.get("mend-1")).toMatchObject({ askedAt: 1_000_000, expiresAt: 1_000_000 + seconds(300), callbackId: "callback-1", state: "pending" });
});
