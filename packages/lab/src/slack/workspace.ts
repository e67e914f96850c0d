import type { EpochMs } from "@nightshift/model";

/** A message as Slack keeps it. */
export interface SlackMessage {
  readonly ts: string;
  readonly channel: string;
  readonly threadTs: string | undefined;
  text: string;
  blocks: unknown;
  readonly metadata: unknown;
  /** When it was last edited. */
  editedAt: EpochMs | undefined;
  readonly postedAt: EpochMs;
}

/** A channel for readers: messages with their replies, oldest first. */
export interface ReadChannel {
  readonly name: string;
  readonly messages: readonly (SlackMessage & { readonly replies: readonly SlackMessage[] })[];
}

/** An answer: HTTP status, headers and JSON. */
export interface SlackAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A channel's post rate. Source: "Rate limits", https://docs.slack.dev/apis/web-api/rate-limits (2026-11-21): one message a second and channel, short bursts allowed. */
export interface PostRate {
  readonly perSecond: number;
  readonly burst: number;
}

/** Slack cuts longer texts off. Source: "chat.postMessage", https://docs.slack.dev/reference/methods/chat.postMessage (recalled, not re-read). */
const LONGEST = 40_000;

type Arguments = Readonly<Record<string, unknown>>;
const ok = (body: Arguments): SlackAnswer => ({ status: 200, headers: {}, body: { ok: true, ...body } });
const refused = (error: string): SlackAnswer => ({ status: 200, headers: {}, body: { ok: false, error } });

/** The messages of one Slack workspace, and the methods that read and write them. */
export class SlackWorkspace {
  readonly #now: () => EpochMs;
  readonly #messages: SlackMessage[] = [];
  readonly #rate: PostRate | undefined;
  readonly #buckets = new Map<string, { tokens: number; at: number }>();
  readonly #channels: ReadonlySet<string> | undefined;
  #posted = 0;

  /** Without `channels`, every channel name exists. Without `rate`, nothing is limited. */
  constructor(now: () => EpochMs, settings: { readonly rate?: PostRate; readonly channels?: readonly string[] } = {}) {
    this.#now = now;
    this.#rate = settings.rate;
    this.#channels = settings.channels && new Set(settings.channels);
  }

  /** Everything in the workspace, for tests and the demo. */
  get channels(): readonly ReadChannel[] {
    const names = [...new Set(this.#messages.map((message) => message.channel))].sort();
    return names.map((name) => ({
      name,
      messages: this.#messages
        .filter((message) => message.channel === name && message.threadTs === undefined)
        .map((message) => ({
          ...message,
          replies: this.#messages.filter((reply) => reply.channel === name && reply.threadTs === message.ts).map((reply) => ({ ...reply })),
        })),
    }));
  }

  /** Answers a method as Slack's Web API does; what goes wrong is `ok: false` with Slack's word for it. */
  answer(method: string, given: Arguments): SlackAnswer {
    switch (method) {
      case "auth.test":
        return ok({ url: "https://lab.slack.com/", team: "Lab", user: "nightshift", team_id: "T0LAB", user_id: "U0LAB", bot_id: "B0LAB" });
      case "chat.postMessage":
        return this.#post(given);
      case "chat.update":
        return this.#update(given);
      case "conversations.history":
        return this.#page(given, (message) => message.threadTs === undefined, "newest-first");
      case "conversations.replies": {
        const thread = given["ts"];
        if (!this.#messages.some((message) => message.channel === given["channel"] && message.ts === thread)) return refused("thread_not_found");
        return this.#page(given, (message) => message.ts === thread || message.threadTs === thread, "oldest-first");
      }
      default:
        return refused("unknown_method");
    }
  }

  // Source: "chat.postMessage", https://docs.slack.dev/reference/methods/chat.postMessage (2026-11-21).
  #post(given: Arguments): SlackAnswer {
    const { channel, text } = given;
    if (typeof channel !== "string" || (this.#channels && !this.#channels.has(channel))) return refused("channel_not_found");
    if ((typeof text !== "string" || text === "") && given["blocks"] === undefined) return refused("no_text");
    const wait = this.#waitFor(channel);
    if (wait > 0) return { status: 429, headers: { "retry-after": String(wait) }, body: { ok: false, error: "ratelimited" } };
    const threadTs = typeof given["thread_ts"] === "string" ? given["thread_ts"] : undefined;
    const message: SlackMessage = {
      ts: this.#timestamp(),
      channel,
      threadTs,
      text: typeof text === "string" ? text.slice(0, LONGEST) : "",
      blocks: structuredClone(given["blocks"]),
      metadata: structuredClone(given["metadata"]),
      editedAt: undefined,
      postedAt: this.#now(),
    };
    this.#messages.push(message);
    return ok({ channel, ts: message.ts, message: shown(message) });
  }

  // Source: "chat.update", https://docs.slack.dev/reference/methods/chat.update (2026-11-21).
  #update(given: Arguments): SlackAnswer {
    const message = this.#messages.find((one) => one.channel === given["channel"] && one.ts === given["ts"]);
    if (!message) return refused("message_not_found");
    if (typeof given["text"] === "string") message.text = given["text"];
    if (given["blocks"] !== undefined) message.blocks = structuredClone(given["blocks"]);
    message.editedAt = this.#now();
    return ok({ channel: message.channel, ts: message.ts, text: message.text, message: shown(message) });
  }

  // Sources: "conversations.history" and "conversations.replies", https://docs.slack.dev/reference/methods (2026-11-21). Metadata comes only when asked for.
  #page(given: Arguments, wanted: (message: SlackMessage) => boolean, direction: "newest-first" | "oldest-first"): SlackAnswer {
    const channel = given["channel"];
    if (typeof channel !== "string" || (this.#channels && !this.#channels.has(channel))) return refused("channel_not_found");
    const oldest = Number(given["oldest"] ?? 0);
    const latest = given["latest"] === undefined ? Number.POSITIVE_INFINITY : Number(given["latest"]);
    const all = this.#messages.filter(
      (message) => message.channel === channel && wanted(message) && Number(message.ts) > oldest && Number(message.ts) < latest,
    );
    const ordered = direction === "newest-first" ? all.toReversed() : all;
    const from = typeof given["cursor"] === "string" && given["cursor"] !== "" ? Number(Buffer.from(given["cursor"], "base64").toString("utf8")) : 0;
    const limit = Math.min(Number(given["limit"] ?? 100), 999);
    const page = ordered.slice(from, from + limit);
    const more = from + page.length < ordered.length;
    const withMetadata = given["include_all_metadata"] === true || given["include_all_metadata"] === "true";
    const next = more ? Buffer.from(String(from + page.length)).toString("base64") : "";
    return ok({ messages: page.map((message) => shown(message, withMetadata)), has_more: more, response_metadata: { next_cursor: next } });
  }

  #waitFor(channel: string): number {
    if (!this.#rate) return 0;
    const { perSecond, burst } = this.#rate;
    const bucket = this.#buckets.get(channel) ?? { tokens: burst, at: this.#now() };
    const tokens = Math.min(burst, bucket.tokens + ((this.#now() - bucket.at) / 1_000) * perSecond);
    this.#buckets.set(channel, { tokens: tokens >= 1 ? tokens - 1 : tokens, at: this.#now() });
    return tokens >= 1 ? 0 : Math.max(1, Math.ceil((1 - tokens) / perSecond));
  }

  // Slack's timestamps are seconds with six digits, unique in a channel: the last three count here.
  #timestamp(): string {
    this.#posted += 1;
    return `${(this.#now() / 1_000).toFixed(3)}${String(this.#posted % 1_000).padStart(3, "0")}`;
  }
}

const shown = (message: SlackMessage, withMetadata = true): Arguments => ({
  type: "message",
  user: "U0LAB",
  bot_id: "B0LAB",
  text: message.text,
  ts: message.ts,
  ...(message.threadTs === undefined ? {} : { thread_ts: message.threadTs }),
  ...(message.blocks === undefined ? {} : { blocks: message.blocks }),
  ...(message.editedAt === undefined ? {} : { edited: { user: "U0LAB", ts: `${(message.editedAt / 1_000).toFixed(3)}000` } }),
  ...(withMetadata && message.metadata !== undefined ? { metadata: message.metadata } : {}),
});
