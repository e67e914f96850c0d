import { hours, minutes, type Ms, seconds } from "@nightshift/model";

/** How sure a length is. `measured`: in a drill or by the benchmark. `documented`: AWS says so. `assumed`: nobody said or measured it. */
export type Sureness = "measured" | "documented" | "assumed";

/** How long something in the cloud takes, and who says so. */
export interface CloudTime {
  /** On an ordinary day. */
  readonly usual: Ms;
  /** What has to be reckoned with. */
  readonly worst: Ms;
  readonly sure: Sureness;
  readonly source: string;
}

/** Lengths that nobody can measure without an account. A drill's own figures replace them. */
export const cloudTimes = {
  /** From the call to `available`, for a snapshot or a point in time. */
  "restored instance available": {
    usual: minutes(15),
    worst: minutes(30),
    sure: "assumed",
    source: "AWS names no length; 5 to 30 minutes are usual (facts/backups.md 2), until a drill measured it",
  },
  /** An empty instance to restore a dump into. */
  "new instance": {
    usual: minutes(10),
    worst: minutes(20),
    sure: "assumed",
    source: "AWS names no length; until a drill measured it",
  },
  /** A database on a server that runs. */
  "new database": { usual: seconds(5), worst: seconds(30), sure: "assumed", source: "CREATE DATABASE copies a small template" },
  "switch over": { usual: minutes(2), worst: minutes(5), sure: "assumed", source: "two renames, or a new address and a deployment of the services" },
  /** Age of what a point in time can go back to. */
  "logs in S3": {
    usual: minutes(5),
    worst: minutes(10),
    sure: "documented",
    source:
      "logs go to S3 every 5 minutes and the newest moment is typically within the last five: https://repost.aws/knowledge-center/rds-point-in-time-restore-issues (2026-11-21); one upload that is missed doubles it (assumed)",
  },
  /** The same of a DynamoDB table. */
  "table's point in time": {
    usual: minutes(5),
    worst: minutes(10),
    sure: "documented",
    source:
      "typically five minutes before now: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeContinuousBackups.html (2026-11-21); twice that is reckoned with (assumed)",
  },
  /** A DynamoDB table out of its backup or a point in time. */
  "table restored": {
    usual: minutes(30),
    worst: hours(1),
    sure: "documented",
    source: "at least 20 minutes whatever the size, usually less than an hour: https://repost.aws/knowledge-center/dynamodb-restore-taking-long (2026-11-21)",
  },
  "standby takes over": {
    usual: seconds(60),
    worst: seconds(120),
    sure: "documented",
    source: "typically 60 to 120 seconds: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.MultiAZ.Failover.html (2026-11-21)",
  },
  /** The services of a product in another region, by its own definitions. */
  "services in another region": { usual: minutes(30), worst: minutes(60), sure: "assumed", source: "nobody measured it; a drill of the region does" },
} as const satisfies Readonly<Record<string, CloudTime>>;

/** What one of them is called. */
export type CloudTimeName = keyof typeof cloudTimes;
