import { add, isAnswer, writable } from "./messages.ts";
import { type Arguments, type Method, ok, refused, type SlackAnswer, text, type WorkspaceState } from "./state.ts";

/** The second way of uploading: an address, the bytes, the end. Source: "files.getUploadURLExternal" and "files.completeUploadExternal", https://docs.slack.dev/reference/methods (2026-11-21). */
export const fileMethods = (state: WorkspaceState): Readonly<Record<string, Method>> => ({
  "files.getUploadURLExternal": (given) => place(state, given),
  "files.completeUploadExternal": (given) => complete(state, given),
});

function place(state: WorkspaceState, given: Arguments): SlackAnswer {
  const name = text(given, "filename");
  const length = Number(given["length"] ?? 0);
  const alt = text(given, "alt_txt") ?? "";
  if (name === undefined || !(length > 0)) return refused("missing_argument");
  if (alt.length > 1_000) return refused("alt_txt_too_large");
  const id = state.id("F");
  state.files.set(id, { id, name, length, alt, title: name, bytes: undefined, channel: undefined, thread: undefined });
  return ok({ upload_url: state.addresses.upload + id, file_id: id });
}

/** The bytes arrive at the address. False: no such address, or not the length that was said. */
export function receive(state: WorkspaceState, id: string, bytes: Uint8Array): boolean {
  const file = state.files.get(id);
  if (file === undefined || file.bytes !== undefined || bytes.length !== file.length) return false;
  file.bytes = bytes;
  return true;
}

/** Only members of a channel share files in it, whatever they may post there. */
function complete(state: WorkspaceState, given: Arguments): SlackAnswer {
  const listed = Array.isArray(given["files"]) ? given["files"] : [];
  const files = listed.flatMap((one: unknown) => {
    const [id, title] = typeof one === "object" && one !== null ? [Reflect.get(one, "id"), Reflect.get(one, "title")] : [];
    const file = typeof id === "string" ? state.files.get(id) : undefined;
    return file === undefined ? [] : [{ file, title: typeof title === "string" ? title : file.title }];
  });
  if (files.length === 0 || files.length !== listed.length || files.some(({ file }) => file.bytes === undefined)) return refused("file_not_found");
  const id = text(given, "channel_id");
  if (id === undefined) return ok({ files: files.map(({ file }) => ({ id: file.id })) });
  const channel = writable(state, id);
  if (isAnswer(channel)) return channel;
  const thread = text(given, "thread_ts");
  for (const { file, title } of files) {
    file.title = title;
    file.channel = channel.id;
    file.thread = thread;
  }
  add(
    state,
    state.keep(channel),
    { text: text(given, "initial_comment") ?? "", ...(thread === undefined ? {} : { thread_ts: thread }) },
    { files: files.map(({ file }) => file.id) },
  );
  return ok({ files: files.map(({ file }) => ({ id: file.id, title: file.title })) });
}
