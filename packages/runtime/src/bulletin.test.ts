import { policyFixture } from "@nightshift/decide/incidents/policy.fixture";
import { type Card, type Delivery, epochMs } from "@nightshift/model";
import { PortError } from "@nightshift/ports";
import { expect, test } from "vitest";
import { type BulletinWorld, nudgeBulletins, postBulletin } from "./bulletin.ts";

const at = policyFixture();
const key = "bulletin/handoff/2026-03-17";

function stage() {
  const posted: { readonly key: string; readonly card: Card }[] = [];
  const rows = new Map<string, Delivery>();
  let fails: "before" | "after" | undefined;
  const world: BulletinWorld = {
    clock: { now: () => epochMs(1_773_734_400_000) },
    incidents: { open: async () => {}, say: async () => true, find: async () => undefined, list: async () => [] },
    silences: { add: async () => {}, end: async () => false, standing: async () => [], keep: async () => {}, kept: async () => [], settle: async () => {} },
    onCall: { override: async () => {}, overrides: async () => [] },
    directory: {
      groupMembers: async () => [],
      user: async (id) => ({ id, team: undefined, guest: false, bot: false, gone: false }),
      directMessage: async () => "D1",
      whoAmI: async () => ({ team: "T", user: "U" }),
    },
    deliveries: {
      all: async () => [...rows.values()],
      begin: async (_, row) => rows.get(row.key)?.state !== "sent" && rows.set(row.key, row).has(row.key),
      settle: async (_, name, how) => {
        const row = rows.get(name);
        if (row !== undefined) rows.set(name, { ...row, ...how });
      },
    },
    chat: {
      post: async (message) => {
        const lost = new PortError("timeout", "slack:chat.postMessage", "C0OPS", "no answer");
        const how = fails;
        fails = undefined;
        if (how === "before") throw lost;
        posted.push(message);
        if (how === "after") throw lost;
        return String(posted.length);
      },
      update: async () => {},
      find: async (where) => (posted.some((one) => one.key === where.key) ? "1" : undefined),
    },
  };
  const fail = (when: typeof fails) => {
    fails = when;
  };
  return { world, posted, fail };
}

test("a bulletin is posted once, however often it is asked for", async () => {
  const { world, posted } = stage();
  expect(await postBulletin(world, key, at)).toBe(true);
  expect(await postBulletin(world, key, at)).toBe(false);
  expect(posted.map((one) => one.card.summary)).toEqual(["shop: hand-over. Nothing is open, 0 in the last 24 h."]);
});

test.each(["before", "after"] as const)("an answer that is lost %s it was done leaves one bulletin", async (when) => {
  const { world, posted, fail } = stage();
  fail(when);
  await expect(postBulletin(world, key, at)).rejects.toThrow("no answer");
  await postBulletin(world, key, at);
  expect(posted).toHaveLength(1);
});

test("a key that names none posts nothing", async () => {
  const { world, posted } = stage();
  expect(await postBulletin(world, "INC-1", at)).toBe(false);
  expect(posted).toEqual([]);
});

test("what is due is nudged until it stands in its channel; at another hour nothing is", async () => {
  const { world } = stage();
  const nudged: string[] = [];
  const outbox = { nudge: async (channel: string, what: string, occasion: string) => void nudged.push(`${channel} ${what} ${occasion}`) };
  const nine = { ...at, timeZone: "Europe/Berlin" };
  await nudgeBulletins({ ...world, outbox }, nine, "1");
  await postBulletin(world, key, nine);
  await nudgeBulletins({ ...world, outbox }, nine, "2");
  await nudgeBulletins({ ...world, outbox }, { ...at, timeZone: "Asia/Tokyo" }, "3");
  expect(nudged).toEqual([`C0OPS ${key} 1`]);
});

test("without Slack there is nowhere to post it", async () => {
  const { world, posted } = stage();
  expect(await postBulletin(world, key, policyFixture({ channels: { ops: undefined, incidents: undefined, byService: {} } }))).toBe(false);
  expect(posted).toEqual([]);
});
