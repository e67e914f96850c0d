import type { Replies } from "@nightshift/ports";
import type { Call } from "./call.ts";
import { asItIs, repaired } from "./chat.ts";
import { postTo, type Sending } from "./http.ts";

/**
 * Answers to one person: by the request's own address, or in a channel so that only they see it.
 * Source: "Handling user interaction", https://docs.slack.dev/interactivity/handling-user-interaction, 2026-11-21.
 */
export function repliesOver(call: Call, sending: Sending): Replies {
  return {
    async respond(responseUrl, card, how = {}) {
      await repaired(call, "response_url", card, ({ text, blocks }) =>
        postTo(
          sending,
          { operation: "slack:respond", on: "response_url" },
          {
            url: responseUrl,
            headers: { "Content-Type": "application/json; charset=utf-8" },
            body: JSON.stringify({
              text,
              ...(blocks.length === 0 ? {} : { blocks }),
              response_type: how.inChannel === true ? "in_channel" : "ephemeral",
              replace_original: how.replace === true,
              ...asItIs,
            }),
          },
        ),
      );
    },
    async ephemeral(channel, user, card, thread) {
      await repaired(call, channel, card, ({ text, blocks }) =>
        call("chat.postEphemeral", channel, {
          channel,
          user,
          text,
          ...(blocks.length === 0 ? {} : { blocks }),
          ...asItIs,
          ...(thread === undefined ? {} : { thread_ts: thread }),
        }),
      );
    },
  };
}
