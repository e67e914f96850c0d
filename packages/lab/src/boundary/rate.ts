import type { EpochMs } from "@nightshift/model";

/** How many calls a second an API takes, and how many at once. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

/**
 * Token buckets per operation, as AWS APIs meter their callers.
 * Source: "Request throttling for the Amazon ECS API", https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html (2026-11-21).
 */
export class RateLimits {
  readonly #rates: ReadonlyMap<string, Rate>;
  readonly #buckets = new Map<string, { tokens: number; at: number }>();

  constructor(rates: Readonly<Record<string, Rate>>) {
    this.#rates = new Map(Object.entries(rates));
  }

  /** Takes one token for `name` (`ecs:DescribeServices`); false when there is none. Names without a rate always pass. */
  take(name: string, now: EpochMs): boolean {
    const rate = this.#rates.get(name);
    if (!rate) return true;
    const bucket = this.#buckets.get(name) ?? { tokens: rate.burst, at: now };
    const tokens = Math.min(rate.burst, bucket.tokens + ((now - bucket.at) / 1_000) * rate.perSecond);
    this.#buckets.set(name, { tokens: tokens >= 1 ? tokens - 1 : tokens, at: now });
    return tokens >= 1;
  }
}
