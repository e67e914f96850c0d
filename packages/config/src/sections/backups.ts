import * as z from "zod/mini";
import { lengthOf, objectOf, textOf } from "../kinds.ts";
import { section } from "../section.ts";
import { days, hours, minutes, seconds } from "../units.ts";
import { backedUpName, keptFor, nightlyTime, target } from "./databases.ts";
import { timeZone } from "./moments.ts";
import { regionName } from "./product.ts";

/** Defaults: 30 days and one hour are styling-adventures' (facts/backups.md 4). */
const table = objectOf({
  kind: z.literal("dynamodb"),
  table: textOf({
    says: "The DynamoDB table.",
    pattern: /^[A-Za-z0-9_.-]{3,255}$/,
    expected: "a table's name, 3 to 255 letters, digits and . _ -",
    remedy: "write it as `aws dynamodb list-tables` does",
  }),
  nightly: z._default(nightlyTime("When its backup is taken."), "02:00"),
  keep: z._default(keptFor("How long its backups are kept."), days(30)),
  rpo: z._default(target("Target: at most so much is lost."), hours(1)),
  copyIn: z.optional(regionName("A region that must hold a replica.")),
});

/** Default: seven days, AccuNode's (facts/backups.md 4). */
const cache = objectOf({
  kind: z.literal("elasticache"),
  cache: textOf({
    says: "The replication group, or the serverless cache.",
    pattern: /^[A-Za-z][A-Za-z0-9-]{0,39}$/,
    expected: "the id of a replication group or serverless cache",
    remedy: "write it as `aws elasticache describe-replication-groups` does",
  }),
  nightly: z._default(nightlyTime("When its snapshot is taken."), "02:00"),
  // RDB files of ElastiCache are kept by count and day; more than 35 days is nobody's cache.
  keep: z._default(lengthOf({ says: "How long its snapshots are kept.", from: days(1), to: days(35) }), days(7)),
});

const bucketName = (says: string) =>
  textOf({
    says,
    pattern: /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
    expected: "a bucket's name, 3 to 63 small letters, digits, dots and hyphens",
    remedy: "write it as `aws s3 ls` does, without s3://",
  });
/** Default: S3 promises most objects within 15 minutes where replication time control is on (Amazon S3 User Guide, "Replication Time Control", read 2026-11-21). */
const mediaBucket = objectOf({
  kind: z.literal("s3"),
  bucket: bucketName("The bucket."),
  replica: z.optional(bucketName("The bucket that objects must travel to; absent: only versioning is checked.")),
  within: z._default(lengthOf({ says: "A canary object must have arrived after so long.", from: seconds(30), to: hours(24) }), minutes(15)),
});

export type DynamodbInput = z.input<typeof table>;
export type ElasticacheInput = z.input<typeof cache>;
export type BucketInput = z.input<typeof mediaBucket>;

export const tables = section({
  title: "Tables",
  says: "DynamoDB tables whose backups are taken, and whose point-in-time recovery must be on.",
  schema: z._default(z.record(backedUpName("The table's name in messages."), z.discriminatedUnion("kind", [table])), {}),
});

export const caches = section({
  title: "Caches",
  says: "ElastiCache groups whose snapshots are taken.",
  schema: z._default(z.record(backedUpName("The cache's name in messages."), z.discriminatedUnion("kind", [cache])), {}),
});

export const media = section({
  title: "Media",
  says: "Buckets whose versioning and replication must really be on: a canary object travels.",
  schema: z._default(z.record(backedUpName("The bucket's name in messages."), z.discriminatedUnion("kind", [mediaBucket])), {}),
});

export const backups = section({
  title: "Backups",
  says: "What concerns all backups: copies of the configuration, the second region, locks, and the zone that times are written in.",
  schema: z.prefault(
    objectOf({
      configuration: z.optional(
        objectOf({
          parameterPaths: z._default(
            z.array(
              textOf({
                says: "Parameters under this path are copied, without the values of secret ones.",
                pattern: /^\/[\w./-]{1,1000}$/,
                expected: "a path of the Parameter Store, from its first /",
                remedy: 'write "/shop/production"',
              }),
            ),
            [],
          ),
          repositories: z._default(
            z.array(
              textOf({
                says: "Repository whose mirror is asked for each night, by an event on Nightshift's own bus; whoever mirrors it answers there.",
                pattern: /^[\w.-]+\/[\w.-]+$/,
                expected: "OWNER/NAME",
                remedy: 'write "shop/api"',
              }),
            ),
            [],
          ),
        }),
      ),
      secondRegion: z.optional(regionName("Second region of the disaster plan.")),
      lockFor: z._default(
        lengthOf({
          says: "A stored backup cannot be deleted for so long (Object Lock, governance mode); `seconds(0)`: no lock.",
          from: seconds(0),
          to: days(90),
        }),
        days(7),
      ),
      zone: z.optional(timeZone("Zone in which the times of backups are written; by its winter clock all year, so that no night falls out. UTC when absent.")),
    }),
    {},
  ),
});
