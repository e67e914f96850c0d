import { epochMs, ms, seconds } from "@nightshift/model";
import { PortError } from "@nightshift/ports";
import { announcedAt, lineOf, openingOf, plainRendering, said, sendingPolicy } from "@nightshift/runtime/testing/fake-sender";
import { type FakeTelling, fakeTelling, say } from "@nightshift/runtime/testing/fake-telling";
import { describe, expect, test } from "vitest";
import { type OutboxBatch, type Setting, tellBatch } from "./entry.ts";

const batch = (...bodies: readonly string[]): OutboxBatch => ({ Records: bodies.map((body, n) => ({ messageId: `m${n}`, body })) });
const look = (incident: string): string => JSON.stringify({ incident });

function setting(
  fake: FakeTelling,
  over: Partial<Setting> = {},
): Setting & { readonly logged: Readonly<Record<string, unknown>>[]; readonly pinged: string[] } {
  const logged: Readonly<Record<string, unknown>>[] = [];
  const pinged: string[] = [];
  return {
    world: fake,
    policy: sendingPolicy({ ops: undefined, incidents: "C1", byService: {} }),
    render: plainRendering,
    remaining: seconds(20),
    pause: fake.pause,
    ping: async (url) => void pinged.push(url),
    log: (line) => void logged.push(line),
    logged,
    pinged,
    ...over,
  };
}
function told(...ids: readonly string[]): FakeTelling {
  const fake = fakeTelling(...ids.map((id) => openingOf(id)));
  for (const id of ids) {
    say(fake, id, announcedAt(fake.now));
    say(fake, id, lineOf(`${id} was seen`, fake.now));
  }
  return fake;
}

test("each incident of a batch is told once, however many messages name it", async () => {
  const fake = told("a", "b");
  expect(await tellBatch(batch(look("b"), look("a"), look("b")), setting(fake))).toEqual({ batchItemFailures: [] });
  expect(fake.slack.map(({ card }) => said(card))).toEqual(["[shop-api] P2 open · trouble b", "[shop-api] P2 open · trouble a", "b was seen", "a was seen"]);
});

test.each([["nonsense"], ["{}"], ["[]"], ['{"incident":7}'], ['{"incident":""}']])(
  "a message that names no incident (%s) is handed back, the others are told",
  async (body) => {
    const fake = told("a");
    expect(await tellBatch(batch(body, look("a")), setting(fake))).toEqual({ batchItemFailures: [{ itemIdentifier: "m0" }] });
    expect(fake.slack).toHaveLength(2);
  },
);

test("an incident that fails on our side is handed back with every message that names it", async () => {
  const fake = told("a", "b");
  const { all } = fake.deliveries;
  const world = { ...fake, deliveries: { ...fake.deliveries, all: async (id: string) => (id === "a" ? Promise.reject(new TypeError("broken")) : all(id)) } };
  const answer = await tellBatch(batch(look("a"), look("b"), look("a")), setting(fake, { world }));
  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: "m0" }, { itemIdentifier: "m2" }] });
  expect(fake.slack.map(({ key }) => key)).toEqual(["b/header", "b/reply/1"]);
});

test("Slack being away is no failure of ours: the message is done, and a new one is in the queue", async () => {
  const fake = told("a");
  fake.trouble = () => ({ error: new PortError("unavailable", "slack:chat.postMessage", "C1", "Slack cannot be reached") });
  expect(await tellBatch(batch(look("a")), setting(fake))).toEqual({ batchItemFailures: [] });
  expect(fake.nudges).toMatchObject([{ channel: "C1", incident: "a" }]);
});

describe("a heartbeat", () => {
  const metrics = (logged: readonly Readonly<Record<string, unknown>>[]) => logged.filter((line) => "_aws" in line);

  test("is a metric line as CloudWatch reads it, asks Slack, and is passed on", async () => {
    const fake = fakeTelling();
    fake.beats = { at: fake.now, slackAt: undefined };
    const it = setting(fake, { policy: { ...sendingPolicy({ ops: "C1", incidents: "C1", byService: {} }), heartbeatUrl: "https://watch.example/1" } });
    await tellBatch(batch(look("heartbeat")), it);
    expect(metrics(it.logged)[0]).toEqual({
      _aws: {
        Timestamp: 1_773_457_200_000,
        CloudWatchMetrics: [{ Namespace: "Nightshift", Dimensions: [["Product", "Zone"]], Metrics: [{ Name: "Heartbeat", Unit: "Count" }] }],
      },
      Product: "shop",
      Zone: "prod",
      Heartbeat: 1,
    });
    expect(it.pinged).toEqual(["https://watch.example/1"]);
    expect(fake.beats.slackAt).toBe(1_773_457_200_000);
  });

  test.each([
    [269_999, 0],
    [270_000, 1],
  ])("%i ms after Slack answered, Slack is asked %i times", async (after, asked) => {
    const fake = fakeTelling();
    fake.beats = { at: fake.now, slackAt: epochMs(fake.now - after) };
    const it = setting(fake);
    await tellBatch(batch(look("heartbeat"), look("heartbeat")), it);
    expect(metrics(it.logged).filter((line) => "SlackAnswers" in line)).toHaveLength(asked);
  });

  test("that Slack refuses is paged, with one key an hour; one that Slack only misses is not", async () => {
    const fake = fakeTelling();
    const it = setting(fake);
    fake.trouble = () => ({ error: new PortError("unavailable", "slack:auth.test", "token", "Slack cannot be reached") });
    await tellBatch(batch(look("heartbeat")), it);
    expect(fake.paged).toEqual([]);
    fake.trouble = () => ({ error: new PortError("denied", "slack:auth.test", "token", "token_revoked: the bot token is no longer good") });
    for (const minutes of [0, 5, 60]) {
      fake.now = epochMs(1_773_457_200_000 + minutes * 60_000);
      await tellBatch(batch(look("heartbeat")), it);
    }
    expect(fake.paged.map(({ key, severity }) => [key, severity])).toEqual([
      ["heartbeat/slack/492627", "P2"],
      ["heartbeat/slack/492627", "P2"],
      ["heartbeat/slack/492628", "P2"],
    ]);
  });

  test("whose address outside is down is still a heartbeat", async () => {
    const fake = fakeTelling();
    const it = setting(fake, {
      policy: { ...sendingPolicy({ ops: undefined, incidents: undefined, byService: {} }), heartbeatUrl: "https://watch.example/1" },
      ping: async () => Promise.reject(new Error("refused")),
    });
    expect(await tellBatch(batch(look("heartbeat")), it)).toEqual({ batchItemFailures: [] });
    expect(metrics(it.logged)).toHaveLength(1);
    expect(fake.calls).toEqual([]);
  });
});

test("an invocation about to end sends nothing any more", async () => {
  const fake = told("a");
  await tellBatch(batch(look("a")), setting(fake, { remaining: ms(7_499) }));
  expect(fake.slack).toEqual([]);
  await tellBatch(batch(look("a")), setting(fake, { remaining: ms(7_500) }));
  expect(fake.slack).toHaveLength(1);
});

test("a bulletin that the batch names is posted once, beside the incidents", async () => {
  const fake = told("a");
  const bulletin = look("bulletin/handoff/2026-03-17");
  const it = setting(fake);
  await tellBatch(batch(bulletin, look("a"), bulletin), it);
  expect(it.logged).toEqual([]);
  await tellBatch(batch(bulletin), setting(fake));
  expect(fake.slack.filter(({ key }) => key.startsWith("bulletin/")).map(({ card }) => card.summary)).toEqual(["shop: hand-over. 1 open, 1 in the last 24 h."]);
});

test.each([
  ["Slack refuses for good", new PortError("denied", "slack:chat.postMessage", "C1", "is_archived")],
  ["Slack refuses for now", new PortError("throttled", "slack:chat.postMessage", "C1", "ratelimited")],
  ["may have been posted", new PortError("timeout", "slack:chat.postMessage", "C1", "no answer")],
  ["meets a mistake of ours", new TypeError("broken")],
])("a bulletin that %s is not handed back: its channel would wait behind it", async (_, error) => {
  const fake = told("a");
  const it = setting(fake);
  fake.trouble = ({ key }) => (key.startsWith("bulletin/") ? { error } : undefined);
  expect(await tellBatch(batch(look("bulletin/handoff/2026-03-17"), look("a")), it)).toEqual({ batchItemFailures: [] });
  expect(fake.slack.map(({ key }) => key)).toEqual(["a/header", "a/reply/1"]);
  expect(it.logged).toMatchObject([{ key: "bulletin/handoff/2026-03-17", because: expect.stringContaining(error.message) }]);
});
