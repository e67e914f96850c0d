import { checkBlocks } from "./limits-check.ts";
import {
  type Arguments,
  flag,
  type LabChannel,
  labSlack,
  type Method,
  ok,
  refused,
  type SlackAnswer,
  type SlackMessage,
  text,
  type WorkspaceState,
} from "./state.ts";

/** Slack cuts longer texts off. Source: changelog of 2018-04, "Truncating really long messages", https://docs.slack.dev/changelog/2018-04-truncating-really-long-messages (2026-11-21). */
const LONGEST = 40_000;
/** In bytes. Source: "chat.update", https://docs.slack.dev/reference/methods/chat.update (2026-11-21). */
const LONGEST_UPDATE = 4_000;

/** Posting, changing and reading messages. Source: the methods' pages, https://docs.slack.dev/reference/methods (2026-11-21). */
export const messageMethods = (state: WorkspaceState): Readonly<Record<string, Method>> => ({
  "chat.postMessage": (given) => post(state, given),
  "chat.update": (given) => update(state, given),
  "chat.delete": (given) => remove(state, given),
  "chat.postEphemeral": (given) => ephemeral(state, given),
  "conversations.history": (given) => page(state, given, { wanted: (message) => message.threadTs === undefined || message.broadcast, newestFirst: true }),
  "conversations.replies": (given) => {
    const thread = text(given, "ts");
    const channel = state.channel(text(given, "channel"));
    if (channel === undefined || !hasThread(state, channel.id, thread)) return refused("thread_not_found");
    return page(state, given, { wanted: (message) => message.ts === thread || message.threadTs === thread, newestFirst: false });
  },
});

/** Whether the app may write here. */
export function writable(state: WorkspaceState, id: string | undefined): LabChannel | SlackAnswer {
  const channel = state.channel(id);
  if (channel === undefined || (channel.kind === "private" && !channel.members.has(labSlack.bot))) return refused("channel_not_found");
  // An archived channel has lost the app, which cannot open it again (slack-go/slack issue 1066).
  if (channel.archived) return refused("is_archived");
  return channel.members.has(labSlack.bot) ? channel : refused("not_in_channel");
}

/** An answer, not a channel. */
export const isAnswer = (it: LabChannel | SlackAnswer): it is SlackAnswer => "status" in it;

function post(state: WorkspaceState, given: Arguments): SlackAnswer {
  const channel = writable(state, text(given, "channel"));
  if (isAnswer(channel)) return channel;
  const wrong = mistakes(given);
  if (wrong) return wrong;
  const thread = text(given, "thread_ts");
  const lost = thread !== undefined && !hasThread(state, channel.id, thread);
  const message = add(state, state.keep(channel), { ...given, text: (text(given, "text") ?? "").slice(0, LONGEST), ...(lost ? { thread_ts: undefined } : {}) });
  return ok({ channel: channel.id, ts: message.ts, message: shown(message) });
}

/** A first message that was deleted leaves its thread where there are replies; a reply to nothing at all stands in the channel, without a word (slack-go/slack issue 1571). */
const hasThread = (state: WorkspaceState, channel: string, thread: string | undefined): boolean =>
  state.messages.some((one) => one.channel === channel && (one.ts === thread || one.threadTs === thread));

function remove(state: WorkspaceState, given: Arguments): SlackAnswer {
  const channel = state.channel(text(given, "channel"));
  const found = state.messages.findIndex((one) => one.channel === channel?.id && one.ts === given["ts"]);
  if (found < 0) return refused("message_not_found");
  if (state.messages[found]?.user !== labSlack.bot) return refused("cant_delete_message");
  state.messages.splice(found, 1);
  return ok({ channel: channel?.id, ts: given["ts"] });
}

/** What Slack refuses in a message, wherever it goes. */
export function mistakes(given: Arguments): SlackAnswer | undefined {
  const blocks = given["blocks"];
  if (text(given, "text") === undefined && (blocks === undefined || (Array.isArray(blocks) && blocks.length === 0))) return refused("no_text");
  const { error, messages } = checkBlocks(blocks);
  return error === undefined ? undefined : refused(error, { response_metadata: { messages } });
}

/** Puts a message into a channel; `user` is the app's where nobody else says it, `only` makes it one person's. */
export function add(
  state: WorkspaceState,
  channel: LabChannel,
  given: Arguments,
  by: { readonly user?: string; readonly only?: string; readonly files?: readonly string[] } = {},
): SlackMessage {
  const message: SlackMessage = {
    ts: state.timestamp(),
    channel: channel.id,
    threadTs: text(given, "thread_ts"),
    user: by.user ?? labSlack.bot,
    text: text(given, "text") ?? "",
    blocks: structuredClone(given["blocks"]),
    metadata: structuredClone(given["metadata"]),
    files: by.files ?? [],
    broadcast: flag(given, "reply_broadcast"),
    only: by.only,
    editedAt: undefined,
    postedAt: state.now(),
  };
  state.messages.push(message);
  return message;
}

function update(state: WorkspaceState, given: Arguments): SlackAnswer {
  const channel = state.channel(text(given, "channel"));
  const message = state.messages.find((one) => one.channel === channel?.id && one.ts === given["ts"] && one.only === undefined);
  if (channel?.archived === true) return refused("is_inactive");
  if (!message) return refused("message_not_found");
  if (message.user !== labSlack.bot) return refused("cant_update_message");
  const wrong = mistakes(given);
  if (wrong) return wrong;
  if (Buffer.byteLength(text(given, "text") ?? "") > LONGEST_UPDATE) return refused("msg_too_long");
  message.text = text(given, "text") ?? message.text;
  // Text alone takes the blocks away.
  const blocks = given["blocks"];
  message.blocks = Array.isArray(blocks) && blocks.length > 0 ? structuredClone(blocks) : undefined;
  message.editedAt = state.now();
  return ok({ channel: message.channel, ts: message.ts, text: message.text, message: shown(message) });
}

function ephemeral(state: WorkspaceState, given: Arguments): SlackAnswer {
  const channel = writable(state, text(given, "channel"));
  if (isAnswer(channel)) return channel;
  const user = text(given, "user");
  if (user === undefined || (state.strictChannels && !channel.members.has(user))) return refused("user_not_in_channel");
  const wrong = mistakes(given);
  if (wrong) return wrong;
  return ok({ message_ts: add(state, state.keep(channel), given, { only: user }).ts });
}

type Wanted = { readonly wanted: (message: SlackMessage) => boolean; readonly newestFirst: boolean };

/** One page. Metadata comes only when it is asked for. */
function page(state: WorkspaceState, given: Arguments, { wanted, newestFirst }: Wanted): SlackAnswer {
  const channel = state.channel(text(given, "channel"));
  if (channel === undefined) return refused("channel_not_found");
  if (!channel.members.has(labSlack.bot)) return refused("not_in_channel");
  const oldest = Number(given["oldest"] ?? 0);
  const latest = given["latest"] === undefined ? Number.POSITIVE_INFINITY : Number(given["latest"]);
  const all = state.messages.filter(
    (one) => one.channel === channel.id && one.only === undefined && wanted(one) && Number(one.ts) > oldest && Number(one.ts) < latest,
  );
  const ordered = newestFirst ? all.toReversed() : all;
  const cursor = text(given, "cursor");
  const from = cursor === undefined ? 0 : Number(Buffer.from(cursor, "base64").toString("utf8"));
  const limit = Math.min(Number(given["limit"] ?? 100), 999);
  const some = ordered.slice(from, from + limit);
  const more = from + some.length < ordered.length;
  const next = more ? Buffer.from(String(from + some.length)).toString("base64") : "";
  const withMetadata = flag(given, "include_all_metadata");
  return ok({ messages: some.map((message) => shown(message, withMetadata)), has_more: more, response_metadata: { next_cursor: next } });
}

const shown = (message: SlackMessage, withMetadata = true): Arguments => ({
  type: "message",
  user: message.user,
  ...(message.user === labSlack.bot ? { bot_id: "B0LAB" } : {}),
  text: message.text,
  ts: message.ts,
  ...(message.threadTs === undefined ? {} : { thread_ts: message.threadTs }),
  ...(message.blocks === undefined ? {} : { blocks: message.blocks }),
  ...(message.files.length === 0 ? {} : { files: message.files.map((id) => ({ id })) }),
  ...(message.editedAt === undefined ? {} : { edited: { user: labSlack.bot, ts: `${(message.editedAt / 1_000).toFixed(3)}000` } }),
  ...(withMetadata && message.metadata !== undefined ? { metadata: message.metadata } : {}),
});
