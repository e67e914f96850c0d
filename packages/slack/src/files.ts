import { type ChatFiles, PortError } from "@nightshift/ports";
import { type Call, textAt } from "./call.ts";
import { plainWithin } from "./escape.ts";
import { postTo, type Sending } from "./http.ts";
import { limits } from "./limits.ts";

/**
 * Files over Slack's second way of uploading: an address, the bytes, the end; 3 calls. Before the last one nobody sees
 * anything, so only that one can leave a file behind whose answer was lost. The description is `alt_txt`: the types of
 * @slack/web-api 8.2.0 call it `alt_text`, which the method does not know.
 * Source: "files.getUploadURLExternal method", https://docs.slack.dev/reference/methods/files.getUploadURLExternal, 2026-11-21.
 */
export function filesOver(call: Call, sending: Sending): ChatFiles {
  return {
    async upload({ channel, thread, name, bytes, alt, title }) {
      const place = await definite(
        call("files.getUploadURLExternal", channel, { filename: name, length: bytes.byteLength, alt_txt: plainWithin(alt, limits.file.alt) }),
      );
      const url = textAt(place, "upload_url");
      const id = textAt(place, "file_id");
      if (url === undefined || id === undefined)
        throw new PortError("unavailable", "slack:files.getUploadURLExternal", channel, "Slack gave no address to upload to");
      const body = new FormData();
      // A copy: the bytes of an SDK may stand in memory that is shared.
      body.append("file", new Blob([Buffer.from(bytes)]), name);
      await definite(postTo(sending, { operation: "slack:files.upload", on: channel }, { url, body }));
      await call("files.completeUploadExternal", channel, {
        files: [{ id, title: plainWithin(title, limits.section) }],
        channel_id: channel,
        ...(thread === undefined ? {} : { thread_ts: thread }),
      });
      return id;
    },
  };
}

/** What fails here is surely not seen by anybody, whatever became of the call: the upload can begin again. */
async function definite<T>(step: Promise<T>): Promise<T> {
  try {
    return await step;
  } catch (error) {
    if (!(error instanceof PortError) || !error.outcomeUnknown) throw error;
    throw new PortError("unavailable", error.operation, error.on, error.message, error, error.retryAfter);
  }
}
