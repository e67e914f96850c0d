import type { Stage } from "../scenario/stage.ts";
import type { SlackMessage } from "../slack/workspace.ts";
import type { ChannelPart, MessagePart, SlackPart } from "./picture.ts";

/** The workspace as it stands, and what left Slack by SNS. */
export function slackOf(stage: Stage, answers: boolean): SlackPart {
  const { slack } = stage.lab;
  const channels = slack.channels.map(({ name, messages }) => ({
    id: name,
    name: name.replace(/^#/, ""),
    kind: name.startsWith("D") ? ("direct" as const) : ("channel" as const),
    topic: undefined,
    messages: messages.map((message) => ({ ...messageOf(message), replies: message.replies.map(messageOf) })),
  }));
  return { channels: [...channels, pagesOf(stage)], people: [], views: [], answers };
}

const messageOf = (message: SlackMessage): MessagePart => ({
  ts: message.ts,
  at: message.postedAt,
  editedAt: message.editedAt,
  from: "Nightshift",
  text: message.text,
  blocks: Array.isArray(message.blocks) ? message.blocks : [],
  only: undefined,
  replies: [],
});

/** What reached telephones and mailboxes without Slack. */
function pagesOf(stage: Stage): ChannelPart {
  const messages = stage.lab.sns.published.map(({ topic, subject, message, at }, i) => ({
    ts: `page-${i}`,
    at,
    editedAt: undefined,
    from: topic.slice(topic.lastIndexOf(":") + 1),
    text: [subject, message].filter((line) => line !== undefined).join("\n"),
    blocks: [],
    only: undefined,
    replies: [],
  }));
  return { id: "pages", name: "Pages (SMS, e-mail)", kind: "pages", topic: "What reached people by SNS, without Slack.", messages };
}
