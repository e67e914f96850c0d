import { epochMs, minutes, seconds } from "@nightshift/model";
import { PortError } from "@nightshift/ports";
import { describe, expect, test } from "vitest";
import { notify, tellIncidents } from "./notify.ts";
import { announcedAt, drain, howOf, lineOf, openingOf, said, sendingPolicy } from "./testing/fake-sender.ts";
import { type FakeTelling, fakeTelling, say } from "./testing/fake-telling.ts";

/** An incident that is announced, with these lines. */
function world(lines: readonly string[] = ["5xx 12.4 %", "rolled back"], over: Parameters<typeof openingOf>[1] = {}): FakeTelling {
  const fake = fakeTelling(openingOf("INC-1", over));
  say(fake, "INC-1", announcedAt(fake.now));
  for (const line of lines) say(fake, "INC-1", lineOf(line, fake.now));
  return fake;
}
const standing = ({ slack }: FakeTelling) => slack.filter(({ deleted }) => !deleted).map(({ channel, thread, card }) => [channel, thread, said(card)]);
const soon = (fake: FakeTelling) => epochMs(fake.now + minutes(5));
const pass = async (fake: FakeTelling, length: number) => void (await fake.pause(seconds(length)));
const nudged = async (fake: FakeTelling, policy?: Parameters<typeof drain>[2]) => {
  await fake.outbox.nudge("C1", "INC-1", `stream/${fake.now}`);
  await drain(fake, soon(fake), policy);
};
const whole = [
  ["C1", undefined, "[shop-api] P2 open · trouble INC-1"],
  ["C1", "ts-1", "5xx 12.4 % | rolled back"],
];

describe("an incident in Slack", () => {
  test("has its header first, then one reply with everything said so far, a second apart", async () => {
    const fake = world();
    await notify(fake, "INC-1", howOf(fake));
    expect(standing(fake)).toEqual(whole);
    expect((fake.slack[1]?.at ?? 0) - (fake.slack[0]?.at ?? 0)).toBeGreaterThanOrEqual(1_000);
    expect(fake.nudges).toEqual([]);
  });

  test("is not told before it is announced, and not when nobody knows it", async () => {
    const fake = fakeTelling(openingOf("INC-1"));
    say(fake, "INC-1", lineOf("5xx", fake.now));
    await notify(fake, "INC-1", howOf(fake));
    await notify(fake, "INC-9", howOf(fake));
    expect([fake.slack, fake.paged, fake.nudges]).toEqual([[], [], []]);
  });

  test("is not said again when nothing changed, and gets only the new line when one was added", async () => {
    const fake = world();
    await nudged(fake);
    const calls = fake.calls.length;
    await nudged(fake);
    expect(fake.calls).toHaveLength(calls);
    await pass(fake, 60);
    say(fake, "INC-1", lineOf("it helped", fake.now));
    await nudged(fake);
    expect(standing(fake)).toEqual([...whole, ["C1", "ts-1", "it helped"]]);
  });

  test("lines that come in quick succession are gathered, none is forgotten", async () => {
    const fake = world();
    await nudged(fake);
    for (const line of ["a", "b", "c"]) {
      say(fake, "INC-1", lineOf(line, fake.now));
      await fake.outbox.nudge("C1", "INC-1", line);
      await notify(fake, "INC-1", howOf(fake));
    }
    expect(fake.slack).toHaveLength(2);
    await drain(fake, soon(fake));
    expect(standing(fake)).toEqual([...whole, ["C1", "ts-1", "a | b | c"]]);
  });

  test("more than 3,000 characters are two replies, each with its own row", async () => {
    const long = [`a${"x".repeat(1_999)}`, `b${"x".repeat(1_999)}`];
    const fake = world(long);
    await nudged(fake);
    expect(standing(fake).map(([, , text]) => String(text)[0])).toEqual(["[", "a", "b"]);
    expect([...fake.rows.keys()]).toEqual(["INC-1/header", "INC-1/reply/1", "INC-1/reply/2"]);
  });

  test("pages and raised severities are shown to the whole channel, other lines are not", async () => {
    const fake = world(["seen"], { severity: "P3" });
    await nudged(fake);
    await pass(fake, 60);
    say(fake, "INC-1", lineOf("up", fake.now, { what: "severity", to: "P1", by: "rule" }));
    await nudged(fake);
    await pass(fake, 60);
    say(fake, "INC-1", lineOf("paged", fake.now, { what: "paged", tier: 1, by: ["sns"], people: ["ana"] }));
    await nudged(fake);
    await pass(fake, 60);
    say(fake, "INC-1", lineOf("down", fake.now, { what: "severity", to: "P2", by: "person" }));
    await nudged(fake);
    expect(fake.slack.slice(1).map(({ broadcast }) => broadcast)).toEqual([false, true, true, false]);
  });

  test("the header shows the newest state only, once a change, and is urgent when a person acknowledged", async () => {
    const fake = world();
    await nudged(fake);
    for (const [key, change] of [
      ["acked/1", { what: "acked", by: "ana" }],
      ["resolved/1", { what: "resolved", how: "person" }],
    ] as const)
      say(fake, "INC-1", lineOf(key, fake.now, change));
    const before = fake.now;
    await nudged(fake);
    expect(said(fake.slack[0]?.card ?? { summary: "", parts: [] })).toBe("[shop-api] P2 resolved · trouble INC-1");
    const updates = fake.calls.filter(({ method }) => method === "update");
    expect(updates).toHaveLength(1);
    expect((updates[0]?.at ?? 0) - before).toBeLessThan(2_000);
  });

  test("an incident with a channel of its own goes on there, and its header stands in both", async () => {
    const fake = world(["5xx 12.4 %"], { severity: "P1" });
    await nudged(fake);
    await pass(fake, 30);
    say(fake, "INC-1", lineOf("room made", fake.now, { what: "room", channel: "C9", name: "inc-1" }));
    say(fake, "INC-1", lineOf("rolled back", epochMs(fake.now + 1)));
    await nudged(fake);
    expect(standing(fake)).toEqual([
      ["C1", undefined, "[shop-api] P1 open · trouble INC-1"],
      ["C1", "ts-1", "5xx 12.4 %"],
      ["C9", undefined, "[shop-api] P1 open · trouble INC-1 (room)"],
      ["C1", "ts-1", "room made"],
      ["C9", "ts-3", "rolled back"],
    ]);
    expect(fake.rows.get("INC-1/room/header")?.ts).toBe("ts-3");
  });

  test("stays in its thread when the configured channel changes", async () => {
    const fake = world();
    await nudged(fake);
    await pass(fake, 60);
    say(fake, "INC-1", lineOf("later", fake.now));
    await nudged(fake, sendingPolicy({ ops: undefined, incidents: "C2", byService: {} }));
    expect(fake.slack.map(({ channel }) => channel)).toEqual(["C1", "C1", "C1"]);
  });
});

describe("many incidents at once", () => {
  test("first notices go out before anything else, the gravest first, one a second", async () => {
    const fake = fakeTelling(openingOf("a", { severity: "P4" }), openingOf("b", { severity: "P1" }), openingOf("c", { severity: "P3" }));
    for (const id of ["a", "b", "c"]) {
      say(fake, id, announcedAt(fake.now));
      say(fake, id, lineOf(`line of ${id}`, fake.now));
      await fake.outbox.nudge("C1", id, "stream/1");
    }
    await drain(fake, soon(fake));
    expect(standing(fake).map(([, , text]) => text)).toEqual([
      "[shop-api] P1 open · trouble b",
      "[shop-api] P3 open · trouble c",
      "[shop-api] P4 open · trouble a",
      "line of b",
      "line of c",
      "line of a",
    ]);
    const gaps = fake.slack.slice(1).map(({ at }, n) => at - (fake.slack[n]?.at ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(1_000);
  });

  test("an error of our own side fails its incident, and no other", async () => {
    const fake = fakeTelling(openingOf("a"), openingOf("b"));
    for (const id of ["a", "b"]) say(fake, id, announcedAt(fake.now));
    const find = fake.incidents.find;
    const broken = {
      ...fake,
      incidents: { ...fake.incidents, find: async (id: string) => (id === "a" ? Promise.reject(new TypeError("broken row")) : find(id)) },
    };
    const failures = await tellIncidents(broken, ["a", "b"], howOf(fake));
    expect([...failures.keys()]).toEqual(["a"]);
    expect(fake.slack.map(({ key }) => key)).toEqual(["b/header"]);
  });

  test("an invocation that has no time left sends nothing and nudges what it leaves", async () => {
    const fake = world();
    await notify(fake, "INC-1", { ...howOf(fake), until: epochMs(fake.now + 4_999) });
    expect(fake.slack).toEqual([]);
    expect(fake.nudges).toMatchObject([{ channel: "C1", incident: "INC-1" }]);
  });

  test("a shared update budget that is spent leaves the gravest their reserve", async () => {
    const fake = fakeTelling(openingOf("grave", { severity: "P1" }), openingOf("small", { severity: "P4" }));
    for (const id of ["grave", "small"]) say(fake, id, announcedAt(fake.now));
    await tellIncidents(fake, ["grave", "small"], howOf(fake));
    await pass(fake, 60);
    const spent = Array.from({ length: 20 }, () => fake.now);
    fake.budgetRows.set("updates", { scope: "updates", version: 1, notBefore: epochMs(0), spent, failures: 0, failingSince: undefined });
    for (const id of ["grave", "small"]) say(fake, id, { ...lineOf("acked/1", fake.now, { what: "acked", by: "ana" }), announce: false });
    await tellIncidents(fake, ["grave", "small"], howOf(fake));
    expect(fake.slack.map(({ card }) => said(card))).toEqual(["[shop-api] P1 acked · trouble grave", "[shop-api] P4 open · trouble small"]);
    await drain(fake, epochMs(fake.now + minutes(2)));
    expect(said(fake.slack[1]?.card ?? { summary: "", parts: [] })).toBe("[shop-api] P4 acked · trouble small");
  });
});

test("a token that is refused is an outage: nothing is parked, and all is told once there is a good one", async () => {
  const fake = world();
  fake.trouble = () => ({ error: new PortError("denied", "slack:chat.postMessage", "C1", "token_revoked: the bot token is no longer good") });
  await fake.outbox.nudge("C1", "INC-1", "stream/1");
  await drain(fake, epochMs(fake.now + seconds(30)));
  expect([...fake.rows.values()].map(({ state }) => state)).toEqual(["refused", "sent"]);
  expect(fake.paged.map(({ key }) => key)).toEqual(["INC-1/page/first"]);
  fake.trouble = () => undefined;
  await drain(fake, soon(fake));
  expect(standing(fake)).toEqual(whole);
});
