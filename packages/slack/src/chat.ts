import { type Ms, seconds } from "@nightshift/model";
import { type Chat, PortError } from "@nightshift/ports";
import type { WebAPICallResult, WebClient } from "@slack/web-api";
import { slackError } from "./errors.ts";
import { slackText } from "./escape.ts";
import { limits } from "./limits.ts";
import { connectSlack, type SlackFetch } from "./transport.ts";

/** How Slack is reached. */
export interface SlackOptions {
  /** The bot token; asked for before every call, so that a rotated one is used as soon as its giver knows it. */
  readonly token: () => Promise<string>;
  /** Absent: `SLACK_API_URL`, or Slack. */
  readonly slackApiUrl?: string;
  /** Absent: the machine's. The lab gives its own, so that Slack is played without network or clock. */
  readonly fetch?: SlackFetch;
  /** One try's length; absent: 4 s. */
  readonly timeout?: Ms;
}

/** Marks our messages; the key beside it is all that is in there: any member can read it. */
const EVENT_TYPE = "nightshift_entry";
/** Pages of a thread (100 messages each) looked through for a lost message. */
const THREAD_PAGES = 10;
/** Slack usually answers in well under a second; a notifier must not wait for one that does not. */
const PATIENCE = seconds(4);

/**
 * Chat over Slack's Web API. Texts are made safe here: callers hand over plain text, foreign parts and all. One try a
 * call; retry, pacing and order are the notifier's. `post` and `update`: 1 call. `find`: 1 call in a channel, 1 for
 * every 100 messages in a thread (threads are read from their start).
 */
export function slackChat(options: SlackOptions): Chat {
  const call = caller(options);
  return {
    async post({ channel, thread, text, key }) {
      const answer = await call("chat.postMessage", channel, {
        channel,
        text: slackText(text, limits.textBytes),
        metadata: { event_type: EVENT_TYPE, event_payload: { key } },
        unfurl_links: false,
        unfurl_media: false,
        link_names: false,
        ...(thread === undefined ? {} : { thread_ts: thread }),
      });
      const ts: unknown = Reflect.get(answer, "ts");
      if (typeof ts !== "string")
        throw new PortError("timeout", "slack:chat.postMessage", channel, "Slack said yes without a timestamp; perhaps it was posted");
      return ts;
    },
    async update({ channel, ts, text }) {
      // Without `metadata` the message keeps the metadata it has.
      await call("chat.update", channel, { channel, ts, text: slackText(text, limits.textBytes), link_names: false });
    },
    async find({ channel, thread, key }) {
      const where = { channel, limit: limits.page, include_all_metadata: true };
      if (thread === undefined) return tsOf(await call("conversations.history", channel, where), key);
      let cursor: string | undefined;
      for (let page = 0; page < THREAD_PAGES; page++) {
        const answer = await call("conversations.replies", channel, { ...where, ts: thread, ...(cursor === undefined ? {} : { cursor }) });
        const found = tsOf(answer, key);
        if (found !== undefined) return found;
        cursor = answer.response_metadata?.next_cursor;
        if (cursor === undefined || cursor === "") return undefined;
      }
      return undefined;
    },
  };
}

type Call = (method: string, on: string, input: Record<string, unknown>) => Promise<WebAPICallResult>;

function caller({ token, fetch = globalThis.fetch, timeout = PATIENCE, slackApiUrl = process.env["SLACK_API_URL"] }: SlackOptions): Call {
  let connected: { readonly token: string; readonly client: Promise<WebClient> } | undefined;
  return async (method, on, input) => {
    const current = await token();
    if (connected?.token !== current) connected = { token: current, client: connectSlack(current, { slackApiUrl, fetch, timeout }) };
    const client = await connected.client;
    try {
      return await client.apiCall(method, input);
    } catch (error) {
      throw slackError({ operation: `slack:${method}`, on }, error);
    }
  };
}

/** The timestamp of the first message on this page that carries our key. */
function tsOf(answer: WebAPICallResult, key: string): string | undefined {
  const messages: unknown = Reflect.get(answer, "messages");
  for (const message of Array.isArray(messages) ? messages : []) {
    const metadata = at(message, "metadata");
    const ts = at(message, "ts");
    if (at(metadata, "event_type") === EVENT_TYPE && at(at(metadata, "event_payload"), "key") === key && typeof ts === "string") return ts;
  }
  return undefined;
}

const at = (from: unknown, name: string): unknown => (typeof from === "object" && from !== null ? Reflect.get(from, name) : undefined);
