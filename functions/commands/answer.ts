import { type Card, minutes, type SlackRequest, since } from "@nightshift/model";
import { PortError } from "@nightshift/ports";
import type { CommandsWorld } from "./verb.ts";

/** A response address is good for half an hour ("Handling user interaction", https://docs.slack.dev/interactivity/handling-user-interaction, 2026-11-21). */
export const RESPONSE_LASTS = minutes(30);

/** Answers the person who asked, so that only they see it: by the request's own address, else in the channel, else by direct message. Returns how, for the log; a card that reaches nobody undoes nothing. */
export async function answerTo(world: Pick<CommandsWorld, "clock" | "replies" | "directory" | "chat">, request: SlackRequest, shown: Card): Promise<string> {
  const { responseUrl, channel, thread, asker } = request;
  const ways: readonly (readonly [string, (() => Promise<unknown>) | undefined])[] = [
    [
      "response address",
      responseUrl === undefined || since(request.at, world.clock.now()) >= RESPONSE_LASTS ? undefined : () => world.replies.respond(responseUrl, shown),
    ],
    ["ephemeral", channel === undefined ? undefined : () => world.replies.ephemeral(channel, asker.user, shown, thread)],
    ["direct message", async () => world.chat.post({ channel: await world.directory.directMessage(asker.user), card: shown, key: `answer/${request.key}` })],
  ];
  const failed: string[] = [];
  for (const [name, way] of ways) {
    if (way === undefined) continue;
    try {
      await way();
      return name;
    } catch (error) {
      if (!(error instanceof PortError)) throw error;
      failed.push(error.message);
    }
  }
  return `not answered: ${failed.join("; ")}`;
}
