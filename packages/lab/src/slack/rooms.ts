import { isAnswer, writable } from "./messages.ts";
import { type Arguments, flag, labSlack, type Method, newChannel, ok, refused, type SlackAnswer, text, type WorkspaceState } from "./state.ts";

/** Channels, their topics, bookmarks and pins. Source: the methods' pages, https://docs.slack.dev/reference/methods (2026-11-21). */
export const roomMethods = (state: WorkspaceState): Readonly<Record<string, Method>> => ({
  "conversations.create": (given) => create(state, given),
  "conversations.invite": (given) => invite(state, given),
  "conversations.join": (given) => join(state, given),
  "conversations.setTopic": (given) =>
    inside(state, given, (channel) => {
      const topic = text(given, "topic") ?? "";
      if (topic.length > 250) return refused("too_long");
      channel.topic = topic;
      return ok({ channel: { id: channel.id, topic: { value: topic } } });
    }),
  "conversations.rename": (given) =>
    inside(state, given, (channel) => {
      const wrong = wrongName(state, text(given, "name"));
      if (wrong) return refused(wrong);
      channel.name = text(given, "name") ?? channel.name;
      return ok({ channel: { id: channel.id, name: channel.name } });
    }),
  "conversations.archive": (given) =>
    inside(state, given, (channel) => {
      channel.archived = true;
      channel.members.delete(labSlack.bot);
      return ok();
    }),
  "conversations.info": (given) => {
    const channel = state.channel(text(given, "channel"));
    if (channel === undefined) return refused("channel_not_found");
    const { id, name, kind, topic, archived, members } = channel;
    return ok({ channel: { id, name, is_private: kind === "private", is_archived: archived, is_member: members.has(labSlack.bot), topic: { value: topic } } });
  },
  "conversations.members": (given) => {
    const channel = state.channel(text(given, "channel"));
    return channel === undefined ? refused("channel_not_found") : ok({ members: [...channel.members], response_metadata: { next_cursor: "" } });
  },
  "conversations.open": (given) => open(state, given),
  "bookmarks.add": (given) =>
    inside(state, given, (channel) => {
      const [title, link] = [text(given, "title"), text(given, "link")];
      if (title === undefined || title.length > 256) return refused("invalid_bookmark_title");
      if (given["type"] !== "link") return refused("invalid_bookmark_type");
      if (link === undefined || link.length > 2_048 || !URL.canParse(link)) return refused("invalid_link");
      channel.bookmarks.push({ title, link });
      return ok({ bookmark: { id: state.id("Bk"), channel_id: channel.id, title, link } });
    }),
  "pins.add": (given) =>
    inside(state, given, (channel) => {
      const ts = text(given, "timestamp") ?? "";
      if (!state.messages.some((one) => one.channel === channel.id && one.ts === ts)) return refused("message_not_found");
      if (channel.pins.includes(ts)) return refused("already_pinned");
      channel.pins.push(ts);
      return ok();
    }),
});

/** Only where the app is in. */
function inside(state: WorkspaceState, given: Arguments, work: (channel: ReturnType<typeof newChannel>) => SlackAnswer): SlackAnswer {
  const channel = writable(state, text(given, "channel") ?? text(given, "channel_id"));
  return isAnswer(channel) ? channel : work(state.keep(channel));
}

function create(state: WorkspaceState, given: Arguments): SlackAnswer {
  const name = text(given, "name");
  const wrong = wrongName(state, name);
  if (wrong) return refused(wrong);
  const channel = state.keep(newChannel({ id: state.id("C"), name: name ?? "", kind: flag(given, "is_private") ? "private" : "public" }));
  return ok({ channel: { id: channel.id, name: channel.name } });
}

/** A taken name includes those of archived channels. */
function wrongName(state: WorkspaceState, name: string | undefined): string | undefined {
  if (name === undefined) return "invalid_name_required";
  if (name.length > 80) return "invalid_name_maxlength";
  if (/^[-_]+$/.test(name)) return "invalid_name_punctuation";
  if (!/^[a-z0-9_-]+$/.test(name)) return "invalid_name_specials";
  return [...state.channels.values()].some((one) => one.name === name) ? "name_taken" : undefined;
}

/** One who cannot be invited stops everybody, unless it is forced. */
function invite(state: WorkspaceState, given: Arguments): SlackAnswer {
  return inside(state, given, (channel) => {
    const users = (text(given, "users") ?? "").split(",").filter((one) => one !== "");
    if (users.length === 0) return refused("no_user");
    if (users.length > 100) return refused("too_many_users");
    const errors = users.flatMap((user) => {
      const error =
        user === labSlack.bot ? "cant_invite_self" : channel.members.has(user) ? "already_in_channel" : unknown(state, user) ? "user_not_found" : undefined;
      return error === undefined ? [] : [{ user, ok: false, error }];
    });
    const good = users.filter((user) => !errors.some((error) => error.user === user));
    const [first] = errors;
    if (first !== undefined && (good.length === 0 || !flag(given, "force"))) return refused(first.error, { errors });
    for (const user of good) channel.members.add(user);
    return ok({ channel: { id: channel.id }, ...(errors.length === 0 ? {} : { errors }) });
  });
}

/** Where nobody was named, everybody exists. */
const unknown = (state: WorkspaceState, user: string): boolean => state.users.size > 0 && !state.users.has(user);

function join(state: WorkspaceState, given: Arguments): SlackAnswer {
  const channel = state.channel(text(given, "channel"));
  if (channel === undefined) return refused("channel_not_found");
  if (channel.archived) return refused("is_archived");
  if (channel.kind !== "public") return refused("method_not_supported_for_channel_type");
  channel.members.add(labSlack.bot);
  state.keep(channel);
  return ok({ channel: { id: channel.id } });
}

function open(state: WorkspaceState, given: Arguments): SlackAnswer {
  const user = text(given, "users");
  if (user === undefined || user.includes(",") || unknown(state, user)) return refused("user_not_found");
  const person = state.users.get(user);
  if (person?.bot === true) return refused("cannot_dm_bot");
  if (person?.gone === true) return refused("user_disabled");
  const id = `D${user.slice(1)}`;
  const channel = state.channels.get(id) ?? state.keep(newChannel({ id, name: person?.name ?? user, kind: "direct" }));
  channel.members.add(user);
  return ok({ channel: { id } });
}
