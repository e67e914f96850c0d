import { createHmac } from "node:crypto";
import { type EpochMs, epochMs, forms } from "@nightshift/model";
import { labSlack, type LabView } from "./state.ts";
import type { SlackWorkspace } from "./workspace.ts";

/** What requests of the lab's Slack are signed with; made up, and put together so that no scanner takes it for a real one. */
export const labSigningSecret = ["lab", "signing", "secret", "of", "nobody"].join("-");

/** How a request is sent; the plain way where nothing is said. */
export interface Sent {
  /** The moment that is signed. */
  readonly at: EpochMs;
  /** As a Function URL hands over what is not text. */
  readonly base64?: boolean;
  /** `; charset=utf-8` behind the content type. */
  readonly charset?: boolean;
  /** Another secret than the lab's: a forged request. */
  readonly secret?: string;
  /** Fields that are put in place of the true ones: another app, workspace or value. */
  readonly over?: Readonly<Record<string, unknown>>;
}

/** A request of a person as Slack sends it: the signed bytes, and what a Function URL makes of them. */
export interface PersonRequest {
  readonly path: "/slack/commands" | "/slack/interactivity" | "/slack/events";
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array;
  /** The bytes as text, or in base64. */
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

/** `/ops …` in a channel. Source: "Implementing slash commands", https://docs.slack.dev/interactivity/implementing-slash-commands (2026-11-21). */
export function slashRequest(
  workspace: SlackWorkspace,
  { user, channel, text }: { readonly user: string; readonly channel: string; readonly text: string },
  sent: Sent,
): PersonRequest {
  return formRequestOf(
    "/slack/commands",
    {
      ...{ token: "deprecated", team_id: labSlack.team, team_domain: "lab", api_app_id: labSlack.app, is_enterprise_install: "false" },
      ...{ channel_id: channel, channel_name: nameOf(workspace, channel), user_id: user, user_name: user.toLowerCase(), command: "/ops", text },
      response_url: workspace.responseUrl({ channel, user }),
      trigger_id: workspace.trigger(user),
      ...strings(sent.over),
    },
    sent,
  );
}

/** A button of a message, or an option of its menu, pressed. Source: "block_actions payload", https://docs.slack.dev/reference/interaction-payloads/block_actions-payload (2026-11-21). @throws when the message has no such button. */
export function buttonRequest(
  workspace: SlackWorkspace,
  { user, channel, ts, action }: { readonly user: string; readonly channel: string; readonly ts: string; readonly action: string },
  sent: Sent,
): PersonRequest {
  const message = workspace.message(channel, ts);
  const pressed = pressable(message?.blocks).find((one) => one.action === action);
  if (message === undefined || pressed === undefined) throw new Error(`The message ${ts} in ${channel} has no button ${action}.`);
  const thread = message.threadTs === undefined ? {} : { thread_ts: message.threadTs };
  return interaction(
    {
      ...base(workspace, user),
      type: "block_actions",
      container: { type: "message", message_ts: ts, channel_id: channel, is_ephemeral: message.only !== undefined, ...thread },
      channel: { id: channel, name: nameOf(workspace, channel) },
      message: { type: "message", ts, text: message.text, ...thread },
      state: { values: {} },
      response_url: workspace.responseUrl({ channel, user, message: ts }),
      actions: [{ ...pressed.as, block_id: "b", action_ts: stamp(sent.at) }],
    },
    sent,
  );
}

/** A form sent with these answers. Source: "view_submission payload", https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload (2026-11-21). */
export function formRequest(
  workspace: SlackWorkspace,
  { view, answers }: { readonly view: LabView; readonly answers: Readonly<Record<string, string>> },
  sent: Sent,
): PersonRequest {
  const values = fieldsOf(view.view).map(({ name, action, choice, initial }) => {
    const answer = answers[name] ?? initial;
    return [
      name,
      {
        [action]: choice
          ? { type: "static_select", selected_option: answer === undefined ? null : { value: answer } }
          : { type: "plain_text_input", value: answer ?? null },
      },
    ];
  });
  return interaction(
    {
      ...base(workspace, view.user),
      type: "view_submission",
      view: { ...view.view, id: view.id, hash: view.hash, team_id: labSlack.team, app_id: labSlack.app, state: { values: Object.fromEntries(values) } },
      response_urls: [],
    },
    sent,
  );
}

/** The message shortcut "Add to incident timeline". Source: "Implementing shortcuts", https://docs.slack.dev/interactivity/implementing-shortcuts (2026-11-21). */
export function shortcutRequest(
  workspace: SlackWorkspace,
  { user, channel, ts }: { readonly user: string; readonly channel: string; readonly ts: string },
  sent: Sent,
): PersonRequest {
  const message = workspace.message(channel, ts);
  if (message === undefined) throw new Error(`There is no message ${ts} in ${channel}.`);
  return interaction(
    {
      ...base(workspace, user),
      type: "message_action",
      callback_id: forms.addToTimeline,
      action_ts: stamp(sent.at),
      message_ts: ts,
      channel: { id: channel, name: nameOf(workspace, channel) },
      message: { type: "message", user: message.user, ts, text: message.text, ...(message.threadTs === undefined ? {} : { thread_ts: message.threadTs }) },
      response_url: workspace.responseUrl({ channel, user, message: ts }),
    },
    sent,
  );
}

/** `@nightshift …` in a channel or thread: the message, and the event about it. Source: "app_mention event", https://docs.slack.dev/reference/events/app_mention (2026-11-21). */
export function mentionRequest(
  workspace: SlackWorkspace,
  { user, channel, text, thread }: { readonly user: string; readonly channel: string; readonly text: string; readonly thread?: string },
  sent: Sent,
): PersonRequest {
  const words = `<@${labSlack.bot}> ${text}`;
  const inThread = thread === undefined ? {} : { thread };
  const ts = workspace.say({ user, channel, text: words, ...inThread });
  const json = {
    token: "deprecated",
    team_id: labSlack.team,
    api_app_id: labSlack.app,
    type: "event_callback",
    event: {
      type: "app_mention",
      user,
      text: words,
      ts,
      channel,
      event_ts: ts,
      team: teamOf(workspace, user),
      ...(thread === undefined ? {} : { thread_ts: thread }),
    },
    event_id: `Ev0${workspace.number()}`,
    event_time: Math.floor(sent.at / 1_000),
    authorizations: [{ team_id: labSlack.team, user_id: labSlack.bot, is_bot: true, is_enterprise_install: false }],
    ...sent.over,
  };
  return signed({ path: "/slack/events", type: "application/json", text: JSON.stringify(json) }, sent);
}

const base = (workspace: SlackWorkspace, user: string) => ({
  user: { id: user, username: user.toLowerCase(), name: user.toLowerCase(), team_id: teamOf(workspace, user) },
  team: { id: labSlack.team, domain: "lab" },
  api_app_id: labSlack.app,
  token: "deprecated",
  enterprise: null,
  is_enterprise_install: false,
  trigger_id: workspace.trigger(user),
});

const interaction = (payload: object, sent: Sent): PersonRequest =>
  formRequestOf("/slack/interactivity", { payload: JSON.stringify({ ...payload, ...sent.over }) }, sent);

const formRequestOf = (path: PersonRequest["path"], fields: Readonly<Record<string, string>>, sent: Sent): PersonRequest =>
  signed({ path, type: "application/x-www-form-urlencoded", text: new URLSearchParams(fields).toString() }, sent);

/** Source: "Verifying requests from Slack", https://docs.slack.dev/authentication/verifying-requests-from-slack (2026-11-21). */
function signed({ path, type, text }: { readonly path: PersonRequest["path"]; readonly type: string; readonly text: string }, sent: Sent): PersonRequest {
  const { at, base64 = false, charset = false, secret = labSigningSecret } = sent;
  const bytes = Buffer.from(text);
  const timestamp = String(Math.floor(at / 1_000));
  const signature = createHmac("sha256", secret).update(`v0:${timestamp}:`).update(bytes).digest("hex");
  return {
    path,
    headers: { "content-type": `${type}${charset ? "; charset=utf-8" : ""}`, "x-slack-request-timestamp": timestamp, "x-slack-signature": `v0=${signature}` },
    bytes,
    body: bytes.toString(base64 ? "base64" : "utf8"),
    isBase64Encoded: base64,
  };
}

const nameOf = (workspace: SlackWorkspace, channel: string): string => workspace.channels.find(({ id }) => id === channel)?.name ?? channel;
const teamOf = (workspace: SlackWorkspace, user: string): string => workspace.users.find(({ id }) => id === user)?.team ?? labSlack.team;
const stamp = (at: EpochMs): string => (epochMs(at) / 1_000).toFixed(6);
const strings = (over: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(over).map(([name, value]) => [name, String(value)]));

/** Something that can be pressed: the button's own action, also inside a menu, its words, and what Slack would send of it. */
export interface Pressable {
  readonly action: string;
  readonly text: string;
  readonly as: Readonly<Record<string, unknown>>;
}

/** Everything in these blocks that can be pressed. */
export const pressable = (blocks: unknown): readonly Pressable[] => listed(blocks).flatMap((block) => listed(field(block, "elements")).flatMap(pressableIn));

function pressableIn(element: unknown): readonly Pressable[] {
  const id = String(field(element, "action_id"));
  if (field(element, "type") === "button")
    return [{ action: id, text: String(field(field(element, "text"), "text")), as: { type: "button", action_id: id, value: field(element, "value") } }];
  return listed(field(element, "options")).map((option) => {
    const [action = ""] = String(field(option, "value")).split("|");
    return { action, text: String(field(field(option, "text"), "text")), as: { type: "overflow", action_id: id, selected_option: option } };
  });
}

/** The questions of a form. */
export function fieldsOf(
  view: unknown,
): readonly { readonly name: string; readonly action: string; readonly choice: boolean; readonly initial: string | undefined }[] {
  return listed(field(view, "blocks")).flatMap((block) => {
    const element = field(block, "element");
    if (field(block, "type") !== "input" || element === undefined) return [];
    const initial = field(element, "initial_value") ?? field(field(element, "initial_option"), "value");
    return [
      {
        name: String(field(block, "block_id")),
        action: String(field(element, "action_id")),
        choice: field(element, "type") === "static_select",
        initial: typeof initial === "string" ? initial : undefined,
      },
    ];
  });
}

const field = (it: unknown, name: string): unknown => (typeof it === "object" && it !== null ? Reflect.get(it, name) : undefined);
const listed = (it: unknown): readonly unknown[] => (Array.isArray(it) ? it : []);
