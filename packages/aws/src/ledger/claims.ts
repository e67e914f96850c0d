import { after, days, type EpochMs, keyPrefixes } from "@nightshift/model";
import { guarded } from "@nightshift/model/guards";
import type { Claims } from "@nightshift/ports";
import type { Table } from "./table.ts";

/**
 * When DynamoDB may throw a claim away. Longer than any event can come late: SQS keeps a message 14 days at most.
 * Source: "Amazon SQS message quotas", https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html, 2026-11-21.
 */
const keptFor = days(90);

/** Claims on pieces of work. `claim`: 1 call. */
export const claimsOver = (ledger: Table): Claims => ({
  async claim(key, holder, at) {
    const taken = await ledger.update(
      { pk: `${keyPrefixes.claim}${key}`, sk: "ROW" },
      { holder, at, expires: secondsOf(after(at, keptFor)) },
      guarded("work is claimed once", { if: "attribute_not_exists(#pk) OR #holder = :ours", values: { ours: holder } }),
    );
    return taken !== undefined;
  },
});

/** DynamoDB's own expiry counts in whole seconds. */
const secondsOf = (at: EpochMs) => Math.floor(at / 1_000);
