import type { World } from "@nightshift/ports";
import { apiUrlOf, caller, PATIENCE, type SlackOptions } from "./call.ts";
import { chatOver } from "./chat.ts";
import { directoryOver } from "./directory.ts";
import { filesOver } from "./files.ts";
import { repliesOver } from "./replies.ts";
import { roomsOver } from "./rooms.ts";

/** Every port that Slack stands behind, over one client. The client's module is loaded at the first call. */
export function slackPorts(options: SlackOptions): Pick<World, "chat" | "rooms" | "files" | "directory" | "replies"> {
  const call = caller(options);
  const sending = { fetch: options.fetch ?? globalThis.fetch, timeout: options.timeout ?? PATIENCE, slackApiUrl: apiUrlOf(options) };
  return { chat: chatOver(call), rooms: roomsOver(call), files: filesOver(call, sending), directory: directoryOver(call), replies: repliesOver(call, sending) };
}
