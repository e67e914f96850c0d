import { epochMs } from "@nightshift/model";
import { describe, expect, it } from "vitest";
import { tierOf } from "./limiter.ts";
import { SlackWorkspace, type WorkspaceSettings } from "./workspace.ts";

/** A workspace whose clock stands where it is put. */
function workspace(settings: WorkspaceSettings = {}) {
  const clock = { now: 1_795_230_840_000 };
  const slack = new SlackWorkspace(() => epochMs(clock.now), settings);
  const call = (method: string, given: Readonly<Record<string, unknown>> = {}) => slack.answer(method, given);
  const error = (method: string, given: Readonly<Record<string, unknown>> = {}) => call(method, given).body["error"];
  return { clock, slack, call, error };
}
const button = { type: "actions", elements: [{ type: "button", action_id: "a", text: { type: "plain_text", text: "x" } }] };
const view = { type: "modal", title: { type: "plain_text", text: "x" }, blocks: [{ type: "divider" }] };

describe("the strict lab's limits", () => {
  it("one post a second and channel, no burst", () => {
    const { clock, call, slack } = workspace({ strict: true });
    const post = (channel: string) => call("chat.postMessage", { channel, text: "x" }).status;
    expect([post("a"), post("a"), post("b")]).toEqual([200, 429, 200]);
    clock.now += 1_000;
    expect(post("a")).toBe(200);
    expect(slack.overLimit).toEqual([{ at: 1_795_230_840_000, method: "chat.postMessage", channel: "a" }]);
  });
  it.each([
    ["pins.add", 20],
    ["chat.update", 50],
    ["users.info", 100],
  ])("%s: %i calls in any minute, over all channels, and how long to wait for the next", (method, most) => {
    const { clock, call } = workspace({ strict: true });
    for (let n = 0; n < most; n++) expect(call(method, { channel: `c${n}` }).status).toBe(200);
    clock.now += 59_000;
    expect(call(method)).toMatchObject({ status: 429, headers: { "retry-after": "1" } });
    clock.now += 1_000;
    expect(call(method).status).toBe(200);
  });
  it("an easy lab counts nothing", () => {
    const { call, slack } = workspace();
    for (let n = 0; n < 200; n++) call("users.info", { user: "U1" });
    expect(slack.overLimit).toEqual([]);
  });
  it("every method with a tier is answered", () => {
    const { error } = workspace();
    for (const method of Object.keys(tierOf)) expect([method, error(method)]).not.toEqual([method, "unknown_method"]);
  });
});

describe("what Slack takes", () => {
  it("an update of 4,000 bytes, not of one more; only of what the app wrote", () => {
    const { call, error, slack } = workspace();
    const ts = call("chat.postMessage", { channel: "c", text: "x" }).body["ts"];
    expect(error("chat.update", { channel: "c", ts, text: "é".repeat(2_000) })).toBeUndefined();
    expect(error("chat.update", { channel: "c", ts, text: `${"é".repeat(2_000)}x` })).toBe("msg_too_long");
    expect(error("chat.update", { channel: "c", ts: slack.say({ user: "U1", channel: "c", text: "hi" }), text: "x" })).toBe("cant_update_message");
  });
  it("no two buttons of one action, and it says where it looked", () => {
    const { call } = workspace();
    expect(call("chat.postMessage", { channel: "c", text: "x", blocks: [button, button] }).body).toMatchObject({
      error: "invalid_blocks",
      response_metadata: { messages: ['[ERROR] "a" already exists [json-pointer:/blocks]'] },
    });
  });
  it("a reply to a deleted message: it stands in the channel without a word, unless the thread had replies", () => {
    const { call, error, slack } = workspace();
    const post = (text: string, thread_ts?: string) =>
      String(call("chat.postMessage", { channel: "c", text, ...(thread_ts === undefined ? {} : { thread_ts }) }).body["ts"]);
    const [bare, busy] = [post("bare"), post("busy")];
    post("first reply", busy);
    for (const ts of [bare, busy]) slack.remove("c", ts);
    const thread = (ts: string) => slack.message("c", ts)?.threadTs;
    expect([thread(post("lost", bare)), thread(post("kept", busy))]).toEqual([undefined, busy]);
    expect(error("conversations.replies", { channel: "c", ts: bare })).toBe("thread_not_found");
  });
  it("nothing in an archived channel, which the app cannot open again", () => {
    const { call, error } = workspace({ channels: [{ id: "C1", name: "x" }] });
    call("conversations.archive", { channel: "C1" });
    expect(error("chat.postMessage", { channel: "C1", text: "x" })).toBe("is_archived");
    expect(error("conversations.join", { channel: "C1" })).toBe("is_archived");
    expect(error("conversations.create", { name: "x" })).toBe("name_taken");
  });
  it.each([
    ["a".repeat(81), "invalid_name_maxlength"],
    ["Shop", "invalid_name_specials"],
    ["---", "invalid_name_punctuation"],
    ["", "invalid_name_required"],
  ])("no channel called %j", (name, error) => {
    expect(workspace().error("conversations.create", { name })).toBe(error);
  });
});

it("where nobody was named everybody is a member, else only who was", () => {
  const info = (settings: WorkspaceSettings) => workspace(settings).call("users.info", { user: "U1" }).body;
  expect(info({})).toMatchObject({ ok: true, user: { id: "U1", team_id: "T0LAB", is_restricted: false } });
  expect(info({ users: [{ id: "U2", name: "ana" }] })).toMatchObject({ ok: false, error: "user_not_found" });
});

describe("what people's requests carry", () => {
  it("a trigger opens one form within three seconds", () => {
    const { clock, slack, error } = workspace();
    const trigger_id = slack.trigger("U1");
    clock.now += 3_000;
    expect(error("views.open", { trigger_id, view })).toBeUndefined();
    expect(error("views.open", { trigger_id, view })).toBe("exchanged_trigger_id");
    const late = slack.trigger("U1");
    clock.now += 3_001;
    expect(error("views.open", { trigger_id: late, view })).toBe("expired_trigger_id");
    expect(error("views.open", { trigger_id: "1.2.x", view })).toBe("invalid_trigger_id");
    expect(slack.views).toMatchObject([{ user: "U1", errors: {} }]);
  });
  it("a form is changed by who saw its newest state, shows its errors, and closes", () => {
    const { slack, call, error } = workspace();
    call("views.open", { trigger_id: slack.trigger("U1"), view });
    const [open] = slack.views;
    expect(error("views.update", { view_id: open?.id, hash: "old", view })).toBe("hash_conflict");
    expect(error("views.update", { view_id: open?.id, hash: open?.hash, view })).toBeUndefined();
    slack.showErrors(open?.id ?? "", { why: "say why" });
    expect(slack.views[0]?.errors).toEqual({ why: "say why" });
    slack.closeView(open?.id ?? "");
    expect(slack.views).toEqual([]);
  });
  it("an address takes answers for half an hour", () => {
    const { clock, slack } = workspace();
    const url = slack.responseUrl({ channel: "c", user: "U1" });
    clock.now += 1_800_000;
    expect(slack.respond(url, { text: "x" }).status).toBe(200);
    clock.now += 1;
    expect(slack.respond(url, { text: "x" })).toMatchObject({ status: 404, body: { error: "expired_url" } });
  });
});

it("while it is down nothing is answered, with a revoked token nothing but that", () => {
  const { slack, call, error } = workspace();
  slack.tokenRevoked = true;
  expect(error("auth.test")).toBe("token_revoked");
  slack.down = true;
  expect([call("auth.test").status, slack.respond("x", {}).status, slack.upload("x", new Uint8Array()).status]).toEqual([503, 503, 503]);
});
