import { type EpochMs, epochMs, minutes, seconds } from "@nightshift/model";
import { PortError, type PortErrorKind } from "@nightshift/ports";
import { describe, expect, test } from "vitest";
import { notify } from "./notify.ts";
import { announcedAt, drain, howOf, lineOf, openingOf, said, sendingPolicy } from "./testing/fake-sender.ts";
import { type FakeTelling, fakeTelling, Killed, say, type SlackCall, type Trouble } from "./testing/fake-telling.ts";

function world(over: Parameters<typeof openingOf>[1] = {}): FakeTelling {
  const fake = fakeTelling(openingOf("INC-1", over));
  say(fake, "INC-1", announcedAt(fake.now));
  for (const line of ["5xx 12.4 %", "rolled back"]) say(fake, "INC-1", lineOf(line, fake.now));
  return fake;
}
const standing = ({ slack }: FakeTelling) => slack.filter(({ deleted }) => !deleted).map(({ channel, thread, card }) => [channel, thread, said(card)]);
const error = (kind: PortErrorKind, says = "no answer", retryAfter?: number) =>
  new PortError(kind, "slack:chat.postMessage", "C1", says, undefined, retryAfter === undefined ? undefined : seconds(retryAfter));
/** The first call of this method to this key goes wrong so. */
function once(fake: FakeTelling, method: SlackCall["method"], key: string, trouble: Trouble): void {
  let done = false;
  fake.trouble = (call) => {
    if (done || call.method !== method || !call.key.endsWith(key)) return undefined;
    done = true;
    return trouble;
  };
}
const nudged = async (fake: FakeTelling, until: EpochMs = epochMs(fake.now + minutes(5)), policy?: Parameters<typeof drain>[2]) => {
  await fake.outbox.nudge("C1", "INC-1", `stream/${fake.now}`);
  await drain(fake, until, policy);
};
const whole = [
  ["C1", undefined, "[shop-api] P2 open · trouble INC-1"],
  ["C1", "ts-1", "5xx 12.4 % | rolled back"],
];
const count = (fake: FakeTelling, method: SlackCall["method"]) => fake.calls.filter((call) => call.method === method).length;

describe.each(["header", "reply/1"])("a lost answer to %s", (key) => {
  test.each([
    ["was posted", true, 1],
    ["was not posted", false, 2],
  ] as const)("that %s: it is looked for before anything is sent again, and stands once", async (_, applied, looks) => {
    const fake = world();
    once(fake, "post", key, { error: error("timeout"), applied, after: seconds(4) });
    await nudged(fake);
    expect(standing(fake)).toEqual(whole);
    expect(count(fake, "find")).toBe(looks);
    expect(count(fake, "post")).toBe(applied ? 2 : 3);
  });

  test.each([
    ["after Slack got it", true],
    ["before Slack got it", false],
  ])("because the sender was killed %s: it stands once", async (_, applied) => {
    const fake = world();
    once(fake, "post", key, { error: new Killed("out of memory"), applied });
    await nudged(fake);
    expect(standing(fake)).toEqual(whole);
  });
});

describe("what Slack surely did not take", () => {
  test.each([
    ["throttled", 7, 7_000],
    ["throttled", undefined, 1_000],
    ["unavailable", undefined, 1_000],
  ] as const)("%s, asked to wait %s s: comes again after %i ms, without being looked for", async (kind, retryAfter, wait) => {
    const fake = world();
    once(fake, "post", "header", { error: error(kind, "slow down", retryAfter) });
    await nudged(fake);
    const [first, second] = fake.calls.filter(({ method }) => method === "post");
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(wait);
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeLessThan(wait + 2_500);
    expect(count(fake, "find")).toBe(0);
    expect(standing(fake)).toEqual(whole);
  });

  test("holds back the rest of its channel, and no other channel", async () => {
    const fake = fakeTelling(openingOf("a"), openingOf("b"), openingOf("c", { service: "other" }));
    const policy = sendingPolicy({ ops: undefined, incidents: "C1", byService: { other: "C2" } });
    fake.trouble = ({ on }) => (on === "C1" ? { error: error("throttled", "slow down", 30) } : undefined);
    for (const id of ["a", "b", "c"]) {
      say(fake, id, announcedAt(fake.now));
      await notify(fake, id, howOf(fake, policy));
    }
    expect(fake.calls.map(({ on, key }) => [on, key])).toEqual([
      ["C1", "a/header"],
      ["C2", "c/header"],
    ]);
  });

  test("waits 1, 2, 4, 8, 16 and then 30 s between tries", async () => {
    const fake = world({ severity: "P3" });
    fake.trouble = () => ({ error: error("unavailable") });
    await nudged(fake, epochMs(fake.now + minutes(3)));
    const posts = fake.calls.filter(({ method }) => method === "post").map(({ at }) => at);
    const waits = posts.slice(1).map((at, n) => Math.floor((at - (posts[n] ?? 0)) / 1_000));
    for (const [n, least] of [1, 2, 4, 8, 16, 30, 30].entries()) {
      expect(waits[n]).toBeGreaterThanOrEqual(least);
      expect(waits[n]).toBeLessThanOrEqual(least + 2);
    }
  });

  test("for an hour is left to the sweep: nothing goes round in the queue any more", async () => {
    const fake = world({ severity: "P3" });
    fake.trouble = () => ({ error: error("unavailable") });
    await nudged(fake, epochMs(fake.now + minutes(120)));
    expect(fake.nudges).toEqual([]);
    fake.trouble = () => undefined;
    await fake.pause(minutes(5));
    await nudged(fake);
    expect(standing(fake)[0]).toEqual(["C1", undefined, "[shop-api] P3 open · trouble INC-1"]);
  });
});

describe("what Slack refuses for good", () => {
  test("a channel that is gone: the next one takes the incident", async () => {
    const fake = world();
    fake.trouble = ({ on }) => (on === "C1" ? { error: error("not-found", "channel_not_found: no such channel") } : undefined);
    await nudged(fake, undefined, sendingPolicy({ ops: "C-ops", incidents: "C1", byService: {} }));
    expect(standing(fake)).toEqual([
      ["C-ops", undefined, "[shop-api] P2 open · trouble INC-1"],
      ["C-ops", "ts-1", "5xx 12.4 % | rolled back"],
    ]);
  });

  test.each([
    ["P1", 1],
    ["P2", 1],
    ["P3", 0],
    ["P4", 0],
  ] as const)("every channel of a %s: paged at once %i times with the reason; others go on", async (severity, pages) => {
    const fake = fakeTelling(openingOf("bad", { severity }), openingOf("good"));
    for (const id of ["bad", "good"]) {
      say(fake, id, announcedAt(fake.now));
      say(fake, id, lineOf("seen", fake.now));
    }
    fake.trouble = ({ key }) => (key.startsWith("bad/") ? { error: error("denied", "is_archived: the channel is archived") } : undefined);
    for (const id of ["bad", "good"]) await fake.outbox.nudge("C1", id, "1");
    await drain(fake, epochMs(fake.now + minutes(5)));
    expect(fake.paged.map(({ key, text, subject }) => [key, subject, text])).toEqual(
      Array.from({ length: pages }, () => [
        "bad/page/first",
        `[shop-api] [${severity}] open · trouble bad`,
        "Slack refuses it: slack:chat.postMessage on C1: is_archived: the channel is archived.\n03:00:00  seen",
      ]),
    );
    expect(fake.slack.map(({ key }) => key)).toEqual(["good/header", "good/reply/1"]);
    expect(fake.rows.get("bad/header")?.state).toBe("parked");
  });

  test("is tried again after ten minutes, when somebody looks, and not before", async () => {
    const fake = world({ severity: "P3" });
    once(fake, "post", "header", { error: error("denied", "not_in_channel: invite the app") });
    await nudged(fake);
    await fake.pause(seconds(590));
    await nudged(fake);
    expect(fake.slack).toEqual([]);
    await fake.pause(seconds(10));
    await nudged(fake);
    expect(standing(fake)).toHaveLength(2);
  });

  test("a card that Slack cannot read is sent as plain text", async () => {
    const fake = world();
    const refused: string[] = [];
    fake.trouble = ({ method, key }) => {
      if (method !== "post" || refused.includes(key)) return undefined;
      refused.push(key);
      return { error: error("invalid", "invalid_blocks: not as Slack wants it") };
    };
    await nudged(fake);
    expect(standing(fake).map(([, , text]) => text)).toEqual(["[shop-api] P2 open · trouble INC-1", "03:00:00  5xx 12.4 %\n03:00:00  rolled back"]);
  });

  test("looking for a lost message, for want of a permission: rather twice than never", async () => {
    const fake = world();
    fake.trouble = ({ method, key }) => {
      if (method === "find") return { error: error("denied", "missing_scope: the app lacks a permission") };
      return key.endsWith("header") && fake.slack.length === 0 ? { error: error("timeout"), applied: true } : undefined;
    };
    await nudged(fake);
    expect(fake.slack.map(({ key }) => key)).toEqual(["INC-1/header", "INC-1/header", "INC-1/reply/1"]);
  });
});

describe("a header that a person deleted", () => {
  const remove = (fake: FakeTelling, key: string) => {
    for (const one of fake.slack) if (one.key === key) one.deleted = true;
  };
  const change = (fake: FakeTelling, n: number) => say(fake, "INC-1", { ...lineOf(`acked/${n}`, fake.now, { what: "acked", by: `ana${n}` }), announce: false });

  test("is posted once more, and lines go on under it; deleted again, it stays deleted", async () => {
    const fake = world();
    await nudged(fake);
    remove(fake, "INC-1/header");
    change(fake, 1);
    await nudged(fake);
    say(fake, "INC-1", lineOf("more", fake.now));
    await fake.pause(seconds(60));
    await nudged(fake);
    expect(standing(fake)).toEqual([
      ["C1", "ts-1", "5xx 12.4 % | rolled back"],
      ["C1", undefined, "[shop-api] P2 acked · trouble INC-1"],
      ["C1", "ts-3", "more"],
    ]);
    remove(fake, "INC-1/header/2");
    say(fake, "INC-1", lineOf("resolved/1", fake.now, { what: "resolved", how: "person" }));
    await nudged(fake);
    await nudged(fake);
    expect(fake.slack.filter(({ thread }) => thread === undefined)).toHaveLength(2);
    expect(fake.paged).toEqual([]);
  });

  test("is noticed by the reply under it, too", async () => {
    const fake = world();
    await nudged(fake);
    remove(fake, "INC-1/header");
    await fake.pause(seconds(60));
    say(fake, "INC-1", lineOf("more", fake.now));
    await nudged(fake);
    expect(standing(fake).slice(1)).toEqual([
      ["C1", undefined, "[shop-api] P2 open · trouble INC-1"],
      ["C1", "ts-3", "more"],
    ]);
  });
});

describe("an update", () => {
  test.each([
    ["whose answer is lost is made again", error("timeout")],
    ["that is throttled comes later", error("throttled", "slow down", 5)],
  ])("%s, and ends up shown", async (_, problem) => {
    const fake = world();
    await nudged(fake);
    say(fake, "INC-1", { ...lineOf("acked/1", fake.now, { what: "acked", by: "ana" }), announce: false });
    once(fake, "update", "ts-1", { error: problem });
    await nudged(fake);
    expect(standing(fake)[0]).toEqual(["C1", undefined, "[shop-api] P2 acked · trouble INC-1"]);
    expect(count(fake, "update")).toBe(2);
  });

  test("of a message that cannot be edited any more is given up, not repeated", async () => {
    const fake = world();
    await nudged(fake);
    say(fake, "INC-1", lineOf("acked/1", fake.now, { what: "acked", by: "ana" }));
    fake.trouble = ({ method }) => (method === "update" ? { error: error("denied", "edit_window_closed: this message cannot be edited any more") } : undefined);
    await nudged(fake);
    await nudged(fake);
    expect(count(fake, "update")).toBe(1);
    expect(standing(fake)).toHaveLength(3);
  });
});

test("a message that Slack took and the ledger did not note is handed back, and looked for instead of sent again", async () => {
  const fake = world();
  const { settle } = fake.deliveries;
  fake.deliveries.settle = async () => {
    fake.deliveries.settle = settle;
    throw new PortError("unavailable", "ledger:settle", "header", "the ledger is away");
  };
  await expect(notify(fake, "INC-1", howOf(fake))).rejects.toThrow("the ledger is away");
  await fake.pause(seconds(30));
  await notify(fake, "INC-1", howOf(fake));
  expect(standing(fake)).toEqual(whole);
});
