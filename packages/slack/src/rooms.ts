import { PortError, type RoomChannels } from "@nightshift/ports";
import { type Call, textAt } from "./call.ts";
import { cleaned, escaped, plainWithin } from "./escape.ts";
import { limits } from "./limits.ts";
import { codeOf } from "./refusals.ts";
import { safeLink } from "./render/spans.ts";

/**
 * Channels over Slack's Web API: one call each. What stands already (a member, a pin) is no error. A bot cannot open an
 * archived channel again, so nothing here archives (slack-go/slack issue 1066).
 */
export function roomsOver(call: Call): RoomChannels {
  return {
    async create(name) {
      const answer = await call("conversations.create", name, { name: channelName(name), is_private: false });
      const id = textAt(answer, "channel", "id");
      if (id === undefined) throw new PortError("timeout", "slack:conversations.create", name, "Slack said yes without a channel; perhaps it was made");
      return id;
    },
    async invite(channel, people) {
      if (people.length > limits.room.people)
        throw new PortError(
          "invalid",
          "slack:conversations.invite",
          channel,
          `${people.length} people at once, and Slack takes ${limits.room.people}: invite fewer`,
        );
      if (people.length === 0) return;
      // `force`: one id that is no longer good keeps nobody else out.
      await unless(["already_in_channel", "cant_invite_self"], call("conversations.invite", channel, { channel, users: people.join(","), force: true }));
    },
    async topic(channel, text) {
      await call("conversations.setTopic", channel, { channel, topic: topicText(text) });
    },
    async bookmark(channel, title, link) {
      const target = safeLink(link);
      if (target === undefined || target.length > limits.room.bookmarkLink)
        throw new PortError(
          "invalid",
          "slack:bookmarks.add",
          channel,
          `expected an address that begins with https://, got "${link.slice(0, 80)}": correct it in nightshift.config.ts`,
        );
      await call("bookmarks.add", channel, { channel_id: channel, title: plainWithin(title, limits.room.bookmarkTitle), type: "link", link: target });
    },
    async pin(channel, ts) {
      await unless(["already_pinned"], call("pins.add", channel, { channel, timestamp: ts }));
    },
  };
}

/** A name as Slack takes it: lower-case letters, digits, `-` and `_`, at most 80. Source: "conversations.create method", https://docs.slack.dev/reference/methods/conversations.create, 2026-11-21. */
export function channelName(name: string): string {
  const plain = name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, "-")
    .replace(/-{2,}/g, "-")
    .slice(0, limits.room.name)
    .replace(/^-+|-+$/g, "");
  return plain === "" ? "incident" : plain;
}

/** A topic counts with its entities. */
function topicText(text: string): string {
  const line = cleaned(text).replace(/\s+/g, " ").trim();
  let shown = plainWithin(line, limits.room.topic);
  for (let room: number = limits.room.topic; escaped(shown).length > limits.room.topic; room -= 5) shown = plainWithin(line, room);
  return escaped(shown);
}

async function unless(fine: readonly string[], answer: Promise<unknown>): Promise<void> {
  try {
    await answer;
  } catch (error) {
    if (!fine.includes(codeOf(error) ?? "")) throw error;
  }
}
