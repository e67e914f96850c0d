import { DeleteObjectCommand, PutObjectRetentionCommand } from "@aws-sdk/client-s3";
import { type EpochMs, seconds } from "@nightshift/model";
import { guard, guarded } from "@nightshift/model/guards";
import { PortError } from "@nightshift/ports";
import { askS3, type S3Reach } from "./s3-reach.ts";
import { headOf } from "./s3-reading.ts";
import type { StoreDeleting, StoreReading } from "./store.ts";

const short = seconds(60);

/** Deletes in a bucket, by version, only what is as it was seen; and locks. */
export function s3Deleting(reach: S3Reach, reading: StoreReading): StoreDeleting {
  return {
    async delete({ key, version, etag }) {
      const there = await headOf(reach, key, version);
      if (there === undefined) return "gone";
      if (guard("only what was seen is deleted", there.etag !== etag)) return "changed";
      // Against the store's clock, which is the one that the lock goes by.
      if (there.lockedUntil !== undefined && there.lockedUntil > (await reading.clock())) return "locked";
      return deleteVersion(reach, { key, version, etag });
    },
    lock: ({ key, version }, until) => lock(reach, { key, version, until }),
  };
}

/**
 * A version names its bytes for ever; where there are none, the condition does: S3 evaluates If-Match against the current object alone, answers 412 where it
 * is another one, and asks for `s3:GetObject` beside `s3:DeleteObject`.
 * Source: "How to perform conditional deletes", https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-deletes.html, 2026-11-21.
 */
async function deleteVersion(
  reach: S3Reach,
  { key, version, etag }: { readonly key: string; readonly version: string | undefined; readonly etag: string },
): Promise<"deleted" | "gone" | "changed"> {
  const which = version === undefined ? { IfMatch: guarded("only what was seen is deleted", `"${etag}"`) } : { VersionId: version };
  const command = new DeleteObjectCommand({ Bucket: reach.bucket, Key: reach.prefix + key, ...which });
  try {
    await askS3(reach, { operation: "s3:DeleteObject", key, attemptAtMost: short }, (options) => reach.client.send(command, options));
    return "deleted";
  } catch (error) {
    if (error instanceof PortError && error.kind === "not-found") return "gone";
    if (error instanceof PortError && error.kind === "conflict") return "changed";
    throw error;
  }
}

/**
 * The mode that the bucket's own rule gave stays; without one it is governance, which our roles have no right to go around. A lock is only made longer here,
 * which takes `s3:PutObjectRetention` alone; making one shorter would take `s3:BypassGovernanceRetention`.
 * Sources: "Locking objects with Object Lock", https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html; "PutObjectRetention",
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectRetention.html, 2026-11-21.
 */
async function lock(
  reach: S3Reach,
  { key, version, until }: { readonly key: string; readonly version: string | undefined; readonly until: EpochMs },
): Promise<"locked" | "unsupported"> {
  if (version === undefined) return "unsupported"; // Object Lock needs versions.
  const there = await headOf(reach, key, version);
  if (there === undefined) throw new PortError("not-found", "s3:PutObjectRetention", key, "there is nothing to lock");
  if (there.lockedUntil !== undefined && there.lockedUntil >= until) return "locked";
  const retention = { Mode: there.lockMode ?? "GOVERNANCE", RetainUntilDate: new Date(until) } as const;
  const command = new PutObjectRetentionCommand({ Bucket: reach.bucket, Key: reach.prefix + key, VersionId: version, Retention: retention });
  try {
    await askS3(reach, { operation: "s3:PutObjectRetention", key, attemptAtMost: short }, (options) => reach.client.send(command, options));
    return "locked";
  } catch (error) {
    // "Bucket is missing Object Lock Configuration": an InvalidRequest.
    if (error instanceof PortError && error.kind === "invalid" && /Object ?Lock/i.test(error.message)) return "unsupported";
    throw error;
  }
}
