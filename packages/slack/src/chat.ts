import { createHash } from "node:crypto";
import type { Card } from "@nightshift/model";
import { type Chat, PortError } from "@nightshift/ports";
import type { WebAPICallResult } from "@slack/web-api";
import { at, type Call, caller, type SlackOptions, textAt } from "./call.ts";
import { refusalError } from "./errors.ts";
import { limits } from "./limits.ts";
import { codeOf, isAboutBlocks } from "./refusals.ts";
import { plainCard, type Rendered, renderCard } from "./render/card.ts";

/** Marks our messages; the key beside it is all that is in there: any member can read it. */
const EVENT_TYPE = "nightshift_entry";
/** Pages of a thread (100 messages each) looked through for a lost message. */
const THREAD_PAGES = 10;

/**
 * Chat over Slack's Web API. Cards are made safe here: callers hand over plain text, foreign parts and all. One try a
 * call; retry, pacing and order are the notifier's. `post` and `update`: 1 call, and where Slack refuses the blocks or
 * the app is not in a public channel, the repair's calls (definite refusals: nothing was posted before them). `find`:
 * 1 call in a channel, 1 for every 100 messages in a thread (threads are read from their start).
 */
export const slackChat = (options: SlackOptions): Chat => chatOver(caller(options));

/** The same over calls that other ports share. */
export function chatOver(call: Call): Chat {
  return {
    async post({ channel, thread, card, key, broadcast }) {
      const answer = await repaired(call, channel, card, (shown) =>
        call("chat.postMessage", channel, {
          channel,
          text: shown.text,
          ...(shown.blocks.length === 0 ? {} : { blocks: shown.blocks }),
          metadata: { event_type: EVENT_TYPE, event_payload: { key } },
          client_msg_id: messageId(key),
          ...asItIs,
          unfurl_links: false,
          unfurl_media: false,
          ...(thread === undefined ? {} : { thread_ts: thread, ...(broadcast === true ? { reply_broadcast: true } : {}) }),
        }),
      );
      const ts = textAt(answer, "ts");
      if (ts === undefined) throw new PortError("timeout", "slack:chat.postMessage", channel, "Slack said yes without a timestamp; perhaps it was posted");
      if (thread !== undefined && isOrphan(answer)) await takeBack(call, channel, ts);
      return ts;
    },
    async update({ channel, ts, card }) {
      // Without `metadata` the message keeps the metadata it has; without `blocks` it would be unclear whether it keeps those.
      await repaired(call, channel, card, ({ text, blocks }) => call("chat.update", channel, { channel, ts, text, blocks, ...asItIs }));
    },
    async find({ channel, thread, key }) {
      const where = { channel, limit: limits.page, include_all_metadata: true };
      if (thread === undefined) return tsOf(await call("conversations.history", channel, where), key);
      try {
        return await findInThread(call, { channel, thread, where }, key);
      } catch (error) {
        // A reply to a thread that is gone stands in the channel, if it stands at all.
        if (codeOf(error) !== "thread_not_found") throw error;
        return tsOf(await call("conversations.history", channel, where), key);
      }
    },
  };
}

type InThread = { readonly channel: string; readonly thread: string; readonly where: Readonly<Record<string, unknown>> };

async function findInThread(call: Call, { channel, thread, where }: InThread, key: string): Promise<string | undefined> {
  let cursor: string | undefined;
  for (let page = 0; page < THREAD_PAGES; page++) {
    const answer = await call("conversations.replies", channel, { ...where, ts: thread, ...(cursor === undefined ? {} : { cursor }) });
    const found = tsOf(answer, key);
    if (found !== undefined) return found;
    cursor = answer.response_metadata?.next_cursor;
    if (cursor === undefined || cursor === "") return undefined;
  }
  return undefined;
}

/** Slack does not refuse a reply whose first message was deleted: it posts it into the channel, and only the missing `thread_ts` tells (slack-go/slack issue 1571, 2026-11-21). */
const isOrphan = (answer: WebAPICallResult): boolean => at(answer, "message") !== undefined && at(answer, "message", "thread_ts") === undefined;

/** Takes a reply back that lost its thread. One that cannot be taken back stands where it is: it was told. @throws {PortError} `not-found`, as Slack says elsewhere that a thread is gone. */
async function takeBack(call: Call, channel: string, ts: string): Promise<void> {
  try {
    await call("chat.delete", channel, { channel, ts });
  } catch (error) {
    if (error instanceof PortError) return;
    throw error;
  }
  throw refusalError({ operation: "slack:chat.postMessage", on: channel }, "thread_not_found");
}

/** Slack makes nothing of words by itself: no links, no mentions. An update without these falls back to its defaults ("chat.update method", https://docs.slack.dev/reference/methods/chat.update, 2026-11-21). */
export const asItIs = { parse: "none", link_names: false } as const;

/**
 * Sends a card; what was surely not taken is mended once in each way that there is: the app joins a public channel,
 * pictures that Slack cannot show yet are left out, and blocks that it does not take become plain text.
 */
export async function repaired<T>(call: Call, channel: string, card: Card, send: (shown: Rendered) => Promise<T>): Promise<T> {
  const ways = waysToShow(card);
  let joined = false;
  for (;;) {
    try {
      return await send(ways[0] ?? plainCard(card));
    } catch (error) {
      if (isAboutBlocks(error) && ways.length > 1) ways.shift();
      else if (codeOf(error) === "not_in_channel" && !joined) {
        joined = true;
        await join(call, channel, error);
      } else throw error;
    }
  }
}

/** Best first; a card without blocks has one way only. */
function waysToShow(card: Card): Rendered[] {
  const whole = renderCard(card);
  const plain = plainCard(card);
  if (whole.blocks.length === 0) return [whole];
  const without = renderCard({ ...card, parts: card.parts.filter((part) => part.kind !== "image") });
  return without.blocks.length < whole.blocks.length && without.blocks.length > 0 ? [whole, without, plain] : [whole, plain];
}

/** A join that failed says nothing about the message: what passes by itself stays a definite no, the rest is the first refusal. */
async function join(call: Call, channel: string, refusal: unknown): Promise<void> {
  try {
    await call("conversations.join", channel, { channel });
  } catch (error) {
    if (!(error instanceof PortError) || !error.retryable) throw refusal;
    throw new PortError(error.kind === "throttled" ? "throttled" : "unavailable", error.operation, channel, error.message, error, error.retryAfter);
  }
}

/** The timestamp of the first message on this page that carries our key. */
function tsOf(answer: WebAPICallResult, key: string): string | undefined {
  const messages = at(answer, "messages");
  for (const message of Array.isArray(messages) ? messages : []) {
    const ts = textAt(message, "ts");
    if (ts !== undefined && at(message, "metadata", "event_type") === EVENT_TYPE && at(message, "metadata", "event_payload", "key") === key) return ts;
  }
  return undefined;
}

/** The same id for the same key, in the shape of a UUID of version 5 (RFC 9562). Slack may tell a repeated post by it; nothing relies on that. */
function messageId(key: string): string {
  const hash = createHash("sha1").update(`nightshift/${key}`).digest();
  const part = (from: number, to: number) => hash.subarray(from, to).toString("hex");
  const variant = ((hash[8] ?? 0) & 0x3f) | 0x80;
  return `${part(0, 4)}-${part(4, 6)}-5${part(6, 8).slice(1)}-${variant.toString(16)}${part(9, 10)}-${part(10, 16)}`;
}
