import { LogLevel, WebClient } from "@slack/web-api";
import { epochMs, seconds } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { createAccount } from "../account.ts";
import { faultAt } from "../boundary/fault.ts";
import { serveSlack } from "./transport.ts";
import { SlackWorkspace } from "./workspace.ts";

const quiet = { retryConfig: { retries: 0 }, rejectRateLimitedCalls: true, logLevel: LogLevel.ERROR } as const;

describe("the lab's Slack behind @slack/web-api", () => {
  test("a message, its reply, an edit, and both read back with their metadata", async () => {
    const account = createAccount({ seed: 1 });
    const slack = new WebClient("xoxb-lab", { ...quiet, fetch: account.slackFetch("notifier") });
    const metadata = { event_type: "nightshift", event_payload: { key: "k1" } };
    const seen = await account.run(async () => {
      const header = await slack.chat.postMessage({ channel: "#war", text: "<hello> & co", metadata });
      const reply = await slack.chat.postMessage({ channel: "#war", text: "reply", thread_ts: header.ts ?? "" });
      await slack.chat.update({ channel: "#war", ts: header.ts ?? "", text: "edited" });
      return {
        header: header.ts,
        reply: reply.ts,
        bare: await slack.conversations.history({ channel: "#war" }),
        history: await slack.conversations.history({ channel: "#war", include_all_metadata: true }),
        replies: await slack.conversations.replies({ channel: "#war", ts: header.ts ?? "" }),
        me: await slack.auth.test(),
      };
    });
    expect(seen.header).toMatch(/^\d{10}\.\d{6}$/);
    expect(seen.history.messages).toMatchObject([{ text: "edited", ts: seen.header, metadata }]);
    expect(seen.bare.messages?.[0]).not.toHaveProperty("metadata");
    expect(seen.replies.messages?.map((message) => message.text)).toEqual(["edited", "reply"]);
    expect(seen.me.ok).toBe(true);
    expect(account.slack.channels).toMatchObject([{ name: "#war", messages: [{ text: "edited", replies: [{ text: "reply" }] }] }]);
    expect(account.history[0]).toMatchObject({
      kind: "call",
      caller: "notifier",
      service: "slack",
      operation: "chat.postMessage",
      mutating: true,
      input: { channel: "#war", text: "<hello> & co", metadata },
    });
    expect(account.historyText()).not.toContain("xoxb");
  });

  test("the second message within a second is refused with how long to wait", async () => {
    const account = createAccount({ seed: 1, slack: { rate: { perSecond: 1, burst: 1 } } });
    const slack = new WebClient("x", { ...quiet, fetch: account.slackFetch() });
    const post = (): Promise<unknown> =>
      slack.chat.postMessage({ channel: "c", text: "x" }).then(
        () => "posted",
        (error: unknown) => error,
      );
    const seen = await account.run(async () => {
      const first = [await post(), await post()];
      await account.clock.sleep(seconds(1));
      return [...first, await post()];
    });
    expect(seen).toEqual(["posted", expect.objectContaining({ code: "slack_webapi_rate_limited_error", retryAfter: 1 }), "posted"]);
  });

  test("a lost answer posts all the same, and the client sees a failed request", async () => {
    const account = createAccount({ seed: 1, faults: () => faultAt(0, { kind: "timeout-after" }) });
    const slack = new WebClient("x", { ...quiet, fetch: account.slackFetch() });
    const error = await account.run(() => slack.chat.postMessage({ channel: "c", text: "x" }).catch((caught: unknown) => caught));
    expect(error).toMatchObject({ code: "slack_webapi_request_error" });
    expect(account.slack.channels[0]?.messages).toHaveLength(1);
  });

  test.each([
    ["throttle", "slack_webapi_rate_limited_error"],
    ["unavailable", "slack_webapi_http_error"],
  ] as const)("a fault of kind %s comes as Slack sends it", async (kind, code) => {
    const account = createAccount({ seed: 1, faults: () => faultAt(0, { kind }) });
    const slack = new WebClient("x", { ...quiet, fetch: account.slackFetch() });
    expect(await account.run(() => slack.chat.postMessage({ channel: "c", text: "x" }).catch((caught: unknown) => caught))).toMatchObject({ code });
    expect(account.slack.channels).toEqual([]);
  });

  test("what is wrong is said in Slack's words", () => {
    const workspace = new SlackWorkspace(() => epochMs(0), { channels: ["c"] });
    const error = (method: string, given: object): unknown => workspace.answer(method, { ...given }).body["error"];
    expect(error("chat.postMessage", { channel: "other", text: "x" })).toBe("channel_not_found");
    expect(error("chat.postMessage", { channel: "c" })).toBe("no_text");
    expect(error("chat.update", { channel: "c", ts: "1", text: "x" })).toBe("message_not_found");
    expect(error("conversations.replies", { channel: "c", ts: "1" })).toBe("thread_not_found");
    expect(error("files.upload", {})).toBe("unknown_method");
  });

  test("a text of more than 40,000 characters is cut off", () => {
    const workspace = new SlackWorkspace(() => epochMs(0));
    for (const length of [40_000, 40_001]) workspace.answer("chat.postMessage", { channel: "c", text: "x".repeat(length) });
    expect(workspace.channels[0]?.messages.map((message) => message.text.length)).toEqual([40_000, 40_000]);
  });

  test("history comes page by page, newest first", () => {
    let now = 1_000_000;
    const workspace = new SlackWorkspace(() => epochMs(now));
    for (const text of ["1", "2", "3"]) {
      now += 1_000;
      workspace.answer("chat.postMessage", { channel: "c", text });
    }
    const first = workspace.answer("conversations.history", { channel: "c", limit: 2 }).body;
    expect(first).toMatchObject({ messages: [{ text: "3" }, { text: "2" }], has_more: true });
    const { next_cursor: cursor } = first["response_metadata"] as { readonly next_cursor: string }; // The answer's documented shape.
    expect(workspace.answer("conversations.history", { channel: "c", cursor }).body).toMatchObject({ messages: [{ text: "1" }], has_more: false });
    expect(workspace.answer("conversations.history", { channel: "c", oldest: "1002" }).body).toMatchObject({ messages: [{ text: "3" }, { text: "2" }] });
  });

  test("the same workspace answers over HTTP for SLACK_API_URL", async () => {
    const workspace = new SlackWorkspace(() => epochMs(1_800_000_000_000));
    const server = await serveSlack(workspace);
    try {
      const slack = new WebClient("x", { ...quiet, slackApiUrl: server.url });
      await slack.chat.postMessage({ channel: "c", text: "over http" });
      expect(workspace.channels).toMatchObject([{ name: "c", messages: [{ text: "over http" }] }]);
    } finally {
      await server.close();
    }
  });
});
