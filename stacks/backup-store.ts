/// <reference path="../.sst/platform/config.d.ts" />
import { isProduction } from "./names.ts";

/** Nothing that Nightshift keeps lives this long: a backstop, should its own pruning never run again. */
const BACKSTOP_DAYS = 1_100;

/**
 * Where backups lie: versioned, closed to the public and to plain text, and locked against deletion for as long as the config says. What
 * goes is decided by the prune function; the lifecycle only ends uploads that died, since age alone cannot know whether there is a newer
 * backup (decision 48). The lock is the rule of the bucket, so that nothing that is put there can forget it.
 * Source: "Locking objects with Object Lock", https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html, 2026-11-21.
 */
export function backupStore(lockFor: number): sst.aws.Bucket {
  const days = Math.ceil(lockFor / 86_400_000);
  const store = new sst.aws.Bucket("Backups", {
    versioning: true,
    cors: false,
    lifecycle: [{ id: "backstop", expiresIn: `${BACKSTOP_DAYS} days` }],
    transform: {
      // SST empties buckets that it removes; backups are not for that, and locked ones would not go.
      bucket: (args) => {
        args.forceDestroy = !isProduction() && days === 0;
        args.objectLockEnabled = days > 0;
      },
      lifecycle: (args) => {
        args.rules = [
          {
            id: "backstop",
            status: "Enabled",
            filter: { prefix: "" },
            expiration: { days: BACKSTOP_DAYS },
            noncurrentVersionExpiration: { noncurrentDays: BACKSTOP_DAYS },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
          },
        ];
      },
    },
  });
  if (days > 0)
    new aws.s3.BucketObjectLockConfiguration("BackupsLock", {
      bucket: store.name,
      // Governance: who holds `s3:BypassGovernanceRetention` can still end it; no role of ours does.
      rule: { defaultRetention: { mode: "GOVERNANCE", days } },
    });
  return store;
}
