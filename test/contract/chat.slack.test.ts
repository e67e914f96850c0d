import { ms } from "@nightshift/model";
import { PortError } from "@nightshift/ports";
import { slackChat } from "@nightshift/slack";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { chatContract, say } from "./chat.contract.ts";
import { inProcess, type PlayedSlack, playSlack, serveSlack, type Trouble } from "./chat-slack.ts";

const token = async () => "xoxb-canary";
const posted = { channel: "C1", card: say("hello"), key: "k" };

describe("Slack behind a socket", () => {
  let slack: PlayedSlack;
  let served: Awaited<ReturnType<typeof serveSlack>>;
  beforeEach(async () => {
    slack = playSlack();
    served = await serveSlack(slack);
  });
  afterEach(() => served.close());
  const chat = () => slackChat({ token, slackApiUrl: served.url, timeout: ms(500) });
  const failure = async (...troubles: readonly Trouble[]): Promise<PortError> => {
    slack.trouble(...troubles);
    const error: unknown = await chat()
      .post(posted)
      .then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
    if (error instanceof PortError) return error;
    throw new Error(`expected a PortError, got ${String(error)}`);
  };
  const json = (body: unknown, status = 200): Trouble => ({ kind: "answer", status, body: JSON.stringify(body) });

  chatContract("Slack over HTTP", async () => ({ chat: slackChat({ token, slackApiUrl: served.url }), seen: async () => slack.messages }));

  it("what is sent names thread, key and token, and asks for no previews", async () => {
    await chat().post({ ...posted, thread: "1.1" });
    const request = slack.requests[0];
    expect(request?.method).toBe("chat.postMessage");
    expect(request?.token).toBe("Bearer xoxb-canary");
    expect(Object.fromEntries(request?.form ?? [])).toEqual({
      channel: "C1",
      text: "hello",
      thread_ts: "1.1",
      client_msg_id: "b6c588e0-d685-5682-a661-fb5abae2acfa",
      parse: "none",
      unfurl_links: "false",
      unfurl_media: "false",
      link_names: "false",
      metadata: '{"event_type":"nightshift_entry","event_payload":{"key":"k"}}',
    });
  });

  describe("says how long to wait, and that nothing was posted", () => {
    it("when the rate limit names a delay", async () => {
      const error = await failure({ kind: "answer", status: 429, headers: { "retry-after": "30" }, body: "" });
      expect(error).toMatchObject({
        kind: "throttled",
        retryable: true,
        outcomeUnknown: false,
        retryAfter: 30_000,
        operation: "slack:chat.postMessage",
        on: "C1",
      });
    });
    it("when it does not", async () => {
      expect(await failure({ kind: "answer", status: 429, body: "" })).toMatchObject({ kind: "throttled", retryAfter: undefined });
      expect(await failure({ kind: "answer", status: 429, headers: { "retry-after": "soon" }, body: "" })).toMatchObject({
        kind: "throttled",
        retryAfter: undefined,
      });
    });
    it.each(["ratelimited", "rate_limited", "message_limit_exceeded"])("when it comes as an answer: %s", async (error) => {
      expect(await failure(json({ ok: false, error }))).toMatchObject({ kind: "throttled", outcomeUnknown: false });
    });
    it("when nobody listens at the address", async () => {
      const gone = await serveSlack(playSlack());
      await gone.close();
      const nobody = slackChat({ token, slackApiUrl: gone.url });
      await expect(nobody.post(posted)).rejects.toMatchObject({ kind: "unavailable", retryable: true, outcomeUnknown: false });
    });
  });

  describe("says that it was perhaps posted", () => {
    it.each<[string, Trouble]>([
      ["silence", { kind: "silence" }],
      ["a cut line", { kind: "cut" }],
      ["HTTP 500", json({ ok: false }, 500)],
      ["HTTP 503", json({ ok: false }, 503)],
      ["a page instead of JSON", { kind: "answer", status: 200, headers: { "content-type": "text/html" }, body: "<html>We will be back</html>" }],
      ["half an answer", { kind: "answer", status: 200, body: '{"ok":tr' }],
      ["an answer without a timestamp", json({ ok: true })],
      ["fatal_error", json({ ok: false, error: "fatal_error" })],
      ["internal_error", json({ ok: false, error: "internal_error" })],
    ])("after %s", async (_what, trouble) => {
      expect(await failure(trouble)).toMatchObject({ kind: "timeout", retryable: true, outcomeUnknown: true });
      expect(slack.requests).toHaveLength(1);
    });
    it.each<[string, Trouble]>([
      ["silence", { kind: "silence", after: true }],
      ["a cut line", { kind: "cut", after: true }],
      ["HTTP 502", { kind: "answer", status: 502, body: "", after: true }],
    ])("and a post that ended in %s after it worked is found by its key, once", async (_what, trouble) => {
      expect(await failure(trouble)).toMatchObject({ outcomeUnknown: true });
      expect(slack.messages).toHaveLength(1);
      expect(await chat().find({ channel: "C1", key: "k" })).toBe(slack.messages[0]?.ts);
    });
  });

  describe("names what a person must do", () => {
    it.each<[string, Record<string, unknown>, string, string]>([
      ["the app is not in the channel", { error: "not_in_channel" }, "denied", "/invite @nightshift"],
      ["the channel does not exist", { error: "channel_not_found" }, "not-found", "use the channel's id"],
      ["the channel is archived", { error: "is_archived" }, "denied", "nightshift.config.ts"],
      ["a scope is missing", { error: "missing_scope", needed: "channels:history" }, "denied", "missing_scope (channels:history)"],
      ["the token was revoked", { error: "token_revoked" }, "denied", "store the new token"],
      ["an administrator forbids it", { error: "restricted_action_read_only_channel" }, "denied", "administrator"],
      ["Slack invents a code", { error: "something_new" }, "invalid", "something_new"],
    ])("when %s", async (_what, body, kind, says) => {
      const error = await failure(json({ ok: false, ...body }));
      expect(error).toMatchObject({ kind, retryable: false, outcomeUnknown: false });
      expect(error.message).toContain(says);
    });
    it.each<[string, string]>([
      ["request_timeout", "unavailable"],
      ["team_added_to_org", "unavailable"],
      ["service_unavailable", "timeout"],
      ["duplicate_message_not_found", "timeout"],
      ["message_not_found", "not-found"],
      ["thread_not_found", "not-found"],
      ["edit_window_closed", "denied"],
      ["cannot_reply_to_message", "denied"],
      ["restricted_action_thread_locked", "denied"],
      ["restricted_action_non_threadable_channel", "denied"],
      ["ekm_access_denied", "denied"],
      ["messages_tab_disabled", "denied"],
      ["team_access_not_granted", "denied"],
      ["accesslimited", "denied"],
      ["org_login_required", "denied"],
      ["account_inactive", "denied"],
      ["is_inactive", "denied"],
      ["name_taken", "conflict"],
      ["invalid_name_specials", "invalid"],
      ["plan_upgrade_required", "unsupported"],
      ["invalid_blocks_format", "invalid"],
      ["msg_blocks_too_long", "invalid"],
      ["too_many_attachments", "invalid"],
      ["no_text", "invalid"],
      ["metadata_too_large", "invalid"],
    ])("or when Slack says %s: %s", async (error, kind) => {
      expect(await failure(json({ ok: false, error }))).toMatchObject({ kind, message: expect.stringContaining(error) });
    });
    it("when the address is not Slack's", async () => {
      const error = await failure({ kind: "answer", status: 404, body: "" });
      expect(error).toMatchObject({ kind: "invalid", outcomeUnknown: false });
      expect(error.message).toContain("SLACK_API_URL");
    });
  });

  it("the token stands in no error", async () => {
    for (const trouble of [{ kind: "cut" } as const, json({ ok: false, error: "invalid_auth" }), json({}, 500)]) {
      const error = await failure(trouble);
      expect(`${error.stack} ${JSON.stringify(error)} ${JSON.stringify(error.cause)}`).not.toContain("xoxb-canary");
    }
  });
  it("a rate limit on one call holds up no other", async () => {
    slack.trouble({ kind: "answer", status: 429, headers: { "retry-after": "600" }, body: "" });
    const one = chat();
    await expect(one.post(posted)).rejects.toMatchObject({ kind: "throttled" });
    expect(await one.post(posted)).toBe("1795230000.000001");
  });
  it("a token that was changed is used for the next call", async () => {
    const tokens = ["xoxb-old", "xoxb-new"];
    const rotating = slackChat({ token: async () => tokens.shift() ?? "none", slackApiUrl: served.url });
    await rotating.post(posted);
    await rotating.post(posted);
    expect(slack.requests.map((request) => request.token)).toEqual(["Bearer xoxb-old", "Bearer xoxb-new"]);
  });
  it("a key that somebody else's app put into a message is not taken for ours", async () => {
    slack.messages.push({ ts: "1.1", channel: "C1", thread: undefined, text: "x", metadata: { event_type: "other", event_payload: { key: "k" } } });
    expect(await chat().find({ channel: "C1", key: "k" })).toBeUndefined();
  });
});

chatContract("Slack in process", async () => {
  const slack = playSlack();
  return { chat: slackChat({ token, slackApiUrl: "https://slack.com/api/", fetch: inProcess(slack) }), seen: async () => slack.messages };
});
