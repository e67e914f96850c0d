/// <reference path="../.sst/platform/config.d.ts" />
import type { BackupSettings, KeepSettings } from "@nightshift/model";
import { isProduction } from "./names.ts";

/** A day's worth of milliseconds. */
const DAY = 86_400_000;
/** Nothing that Nightshift keeps lives this much longer than its class, nor in all: a backstop, should its own pruning never run again. */
const BACKSTOP = { after: 400, atLeast: 1_100 };
/** A run says how it goes every few seconds, and each time is another version: a day later nobody reads them. How it ended is told for a year. */
const RUNS = { versions: 1, reports: 400 };

/**
 * Where backups lie: versioned, closed to the public and to plain text, and locked against deletion for as long as the config says. What
 * goes is decided by the prune function; the lifecycle only ends uploads that died, since age alone cannot know whether there is a newer
 * backup (decision 48). The lock is the rule of the bucket, so that nothing that is put there can forget it.
 * A version that is still locked goes when its lock is over. Rules go by prefix, so that each database has one for what its runs said.
 * Sources: "Locking objects with Object Lock", https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html, and "Object Lock
 * considerations", https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html, 2026-11-21.
 */
export function backupStore({ lockFor, databases }: Pick<BackupSettings, "lockFor" | "databases">): sst.aws.Bucket {
  const days = Math.ceil((lockFor ?? 0) / DAY);
  const backstop = Math.max(BACKSTOP.atLeast, ...databases.map(({ keep }) => Math.ceil(longestOf(keep) / DAY) + BACKSTOP.after));
  const store = new sst.aws.Bucket("Backups", {
    versioning: true,
    cors: false,
    lifecycle: [{ id: "backstop", expiresIn: `${backstop} days` }],
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
            expiration: { days: backstop },
            noncurrentVersionExpiration: { noncurrentDays: backstop },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
          },
          ...databases.map(({ name }) => ({
            id: `runs of ${name}`,
            status: "Enabled",
            // Where the runner says how it goes (packages/vault/src/store/layout.ts).
            filter: { prefix: `${name}/runs/` },
            expiration: { days: RUNS.reports },
            noncurrentVersionExpiration: { noncurrentDays: RUNS.versions },
          })),
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

const longestOf = ({ daily, weekly, monthly, safety }: KeepSettings): number => Math.max(daily, weekly, monthly, safety);
