import { before, type EpochMs, minutes } from "@nightshift/model";

/** A channel's post rate. Source: "Rate limits", https://docs.slack.dev/apis/web-api/rate-limits (2026-11-21): one message a second and channel, short bursts allowed. */
export interface PostRate {
  readonly perSecond: number;
  readonly burst: number;
}

/** A call that was over a limit. */
export interface OverLimit {
  readonly at: EpochMs;
  readonly method: string;
  readonly channel: string | undefined;
}

/** Calls a minute by tier. Source: as above; the methods' own pages name their tier. */
const tiers = { T2: 20, T3: 50, T4: 100 } as const;

/** Which tier each method is in; what is missing (posting, `auth.test`) has rules of its own. */
export const tierOf: Readonly<Record<string, keyof typeof tiers>> = {
  "conversations.create": "T2",
  "conversations.archive": "T2",
  "conversations.rename": "T2",
  "conversations.setTopic": "T2",
  "usergroups.users.list": "T2",
  "bookmarks.add": "T2",
  "pins.add": "T2",
  "chat.update": "T3",
  "chat.delete": "T3",
  "conversations.history": "T3",
  "conversations.replies": "T3",
  "conversations.info": "T3",
  "conversations.invite": "T3",
  "conversations.join": "T3",
  "conversations.open": "T3",
  "chat.postEphemeral": "T4",
  "conversations.members": "T4",
  "users.info": "T4",
  "files.getUploadURLExternal": "T4",
  "files.completeUploadExternal": "T4",
  "views.open": "T4",
  "views.update": "T4",
};

/** Counts calls as Slack does: posts by channel, everything else by method over a sliding minute. Calls that are refused here do not count. */
export class Limiter {
  readonly #now: () => EpochMs;
  readonly #posts: PostRate | undefined;
  readonly #tiered: boolean;
  readonly #buckets = new Map<string, { tokens: number; at: number }>();
  readonly #calls = new Map<string, EpochMs[]>();
  /** Every call that was over a limit, oldest first. */
  readonly over: OverLimit[] = [];

  constructor(now: () => EpochMs, { posts, tiered }: { readonly posts: PostRate | undefined; readonly tiered: boolean }) {
    this.#now = now;
    this.#posts = posts;
    this.#tiered = tiered;
  }

  /** Whole seconds to wait before this call; 0: go on. */
  waitFor(method: string, channel: string | undefined): number {
    const wait = method === "chat.postMessage" ? this.#post(channel ?? "") : this.#tier(method);
    if (wait > 0) this.over.push({ at: this.#now(), method, channel });
    return wait;
  }

  #post(channel: string): number {
    if (!this.#posts) return 0;
    const { perSecond, burst } = this.#posts;
    const now = this.#now();
    const bucket = this.#buckets.get(channel) ?? { tokens: burst, at: now };
    const tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) / 1_000) * perSecond);
    this.#buckets.set(channel, { tokens: tokens >= 1 ? tokens - 1 : tokens, at: now });
    return tokens >= 1 ? 0 : Math.max(1, Math.ceil((1 - tokens) / perSecond));
  }

  #tier(method: string): number {
    const tier = tierOf[method];
    if (!this.#tiered || tier === undefined) return 0;
    const now = this.#now();
    const lately = (this.#calls.get(method) ?? []).filter((at) => at > before(now, minutes(1)));
    const [oldest] = lately;
    const full = lately.length >= tiers[tier];
    this.#calls.set(method, full ? lately : [...lately, now]);
    return full && oldest !== undefined ? Math.max(1, Math.ceil((oldest + minutes(1) - now) / 1_000)) : 0;
  }
}
