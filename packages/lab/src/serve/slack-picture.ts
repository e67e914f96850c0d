import type { Stage } from "../scenario/stage.ts";
import { labSlack, type SlackMessage } from "../slack/state.ts";
import type { SlackWorkspace } from "../slack/workspace.ts";
import type { ChannelPart, MessagePart, SlackPart, ViewPart } from "./picture.ts";

/** The workspace as it stands, and what left Slack by SNS. */
export function slackOf(stage: Stage): SlackPart {
  const { slack } = stage.lab;
  const names = new Map(slack.users.map(({ id, name }) => [id, name]));
  const channels = slack.channels.map(({ id, name, kind, topic, members, archived, messages }) => ({
    id,
    name: kind === "direct" ? `to ${names.get(members.find((one) => one !== labSlack.bot) ?? "") ?? name}` : name.replace(/^#/, ""),
    kind: kind === "direct" ? ("direct" as const) : ("channel" as const),
    topic: archived ? "archived" : topic === "" ? undefined : topic,
    messages: messages.map((message) => ({ ...messageOf(message, slack), replies: message.replies.map((reply) => messageOf(reply, slack)) })),
  }));
  return {
    channels: [...channels.filter(({ kind }) => kind === "channel"), ...channels.filter(({ kind }) => kind === "direct"), pagesOf(stage)],
    people: slack.users.flatMap(({ id, name, bot, gone }) => (bot || gone ? [] : [{ id, name }])),
    names: Object.fromEntries([[labSlack.bot, "Nightshift"], ...slack.users.map(({ id, name }) => [id, id === labSlack.bot ? "Nightshift" : name])]),
    views: viewsOf(slack),
  };
}

function messageOf(message: SlackMessage, slack: SlackWorkspace): MessagePart {
  const { ts, user, postedAt: at, editedAt, text, blocks, only, files } = message;
  return {
    ts,
    at,
    editedAt,
    from: user === labSlack.bot ? "Nightshift" : (slack.users.find(({ id }) => id === user)?.name ?? user),
    text,
    blocks: Array.isArray(blocks) ? blocks : [],
    files: slack.files.flatMap(({ id, name, title, alt }) => (files.includes(id) ? [{ id, name, title, alt }] : [])),
    only,
    replies: [],
  };
}

/** The newest form of each person is the one in front. */
const viewsOf = (slack: SlackWorkspace): readonly ViewPart[] =>
  slack.views.toReversed().map(({ id, user, view, errors }) => ({
    id,
    user,
    title: wordsIn(view["title"]) ?? "",
    submit: wordsIn(view["submit"]),
    blocks: Array.isArray(view["blocks"]) ? view["blocks"] : [],
    errors,
  }));

/** The text of a `plain_text` object. */
function wordsIn(value: unknown): string | undefined {
  const words: unknown = typeof value === "object" && value !== null ? Reflect.get(value, "text") : undefined;
  return typeof words === "string" ? words : undefined;
}

/** What reached telephones and mailboxes without Slack. */
function pagesOf(stage: Stage): ChannelPart {
  const messages = stage.lab.sns.published.map(({ topic, subject, message, at }, i) => ({
    ts: `page-${i}`,
    at,
    editedAt: undefined,
    from: topic.slice(topic.lastIndexOf(":") + 1),
    text: [subject, message].filter((line) => line !== undefined).join("\n"),
    blocks: [],
    files: [],
    only: undefined,
    replies: [],
  }));
  return { id: "pages", name: "Pages (SMS, e-mail)", kind: "pages", topic: "What reached people by SNS, without Slack.", messages };
}
