/** What a story says and does to the word, with seed 1: everything that is read in Slack, and everything that is changed in the account. */
export interface Literally {
  readonly told: readonly string[];
  readonly calls: readonly string[];
  /** The database's rows: which, what it counts as, and why. */
  readonly rows: readonly (readonly [id: string, state: string, because?: string])[];
}

const proven = [
  "✓ shop 4.0 GB dumped in 27 s · restored in 1 m 7 s · 42 tables, 9.3 M rows, 0 differences",
  "kept 1 (1 daily, 1 weekly, 1 monthly), oldest verified 2 m 16 s · RPO now 5 m · RTO 26 m 33 s of 1 h (create target, switch over assumed)",
];
const [DUMP, SNAPSHOT] = ["shop-260316-0305-nightly", "shop-260316-0305-nightly-snapshot"];
const taken = `03:05 snapshot rds:CreateDBSnapshot nightshift-${SNAPSHOT} of shop-prod`;
const copied = `03:07 snapshot rds:CopyDBSnapshot nightshift-${SNAPSHOT}`;
const run = "03:05 night ecs:RunTask night";
const table = "03:10 snapshot dynamodb:CreateBackup nightshift-sessions-260316-0310-nightly-table";
const cache = "03:20 snapshot elasticache:CreateSnapshot nightshift-cache-260316-0320-nightly-cache";
const please = (minute: string): string =>
  `  ${minute} <@U0789ANA> (tier 1, On-Call Engineer): please take it. Press Acknowledge on the first message, or say: /ops ack INC-260316-0305-shop-backup`;
const red = "the backup of shop of 2026-03-16 03:05:00 UTC is red";
const full = '0 of 0 manual snapshots of this account and region are used: ask AWS for more (Service Quotas, "Manual DB instance snapshots"), or keep fewer';
const missed = "the backup of shop that was due on 2026-03-16 at 03:05:00 UTC is not there 55 m later: nothing was started. No backup of it is proven.";
const killed = "its task stopped with exit code 137 while dumping: OutOfMemoryError: Container killed due to memory usage";
const suspect = "public.orders lost 62 % of its rows since the last night";

/** The stories whose own expectations are a word or a count. */
export const literally: Readonly<Record<string, Literally>> = {
  "runner-dies-dumping": {
    told: [
      `● [shop] [P2] ${red}: its task stopped with exit code 137 while dumping: OutOfMemoryError: Container ki…`,
      `  03:05:01 ✗ ${red}: ${killed}. No backup of it is proven.`,
      please("03:06:02"),
    ],
    calls: [taken, run, copied, table],
    rows: [
      [DUMP, "failed", killed],
      [SNAPSHOT, "uploaded"],
    ],
  },
  "suspect-contents": {
    told: [`● [shop] [P2] ${red}: ${suspect}`, `  03:05:01 ✗ ${red}: ${suspect}. No backup of it is proven.`, please("03:08:03")],
    calls: [taken, run, copied, table],
    rows: [
      [DUMP, "suspect", suspect],
      [SNAPSHOT, "uploaded"],
    ],
  },
  "scheduler-never-fires": {
    told: [`● [shop] [P3] shop: ${missed.slice(0, -5)}…`, `  04:00:00 ✗ ${missed}`],
    calls: [taken, copied, table, cache],
    rows: [[SNAPSHOT, "uploaded"]],
  },
  "snapshot-fails": {
    told: ["● [shop] [P3] the RDS snapshot of shop: RDS says failed", "  03:05:01 ✗ the RDS snapshot of shop: RDS says failed", ...proven],
    calls: [taken, run, table],
    rows: [
      [DUMP, "verified"],
      [SNAPSHOT, "failed", "RDS says failed"],
    ],
  },
  "snapshot-quota-full": {
    told: [
      '● [shop] [P3] the RDS snapshot of shop: 0 of 0 manual snapshots of this account and region are used: ask AWS for more (Service Quotas, "Manual DB ins…',
      `  03:05:01 ✗ the RDS snapshot of shop: ${full}`,
      ...proven,
    ],
    calls: [run, table],
    rows: [[DUMP, "verified"]],
  },
  "snapshot-copy-fails": {
    told: [
      ...proven,
      "● [shop] [P3] the RDS snapshot of shop: its copy in eu-west-1 failed: RDS says failed",
      "  03:05:01 ✗ the RDS snapshot of shop: its copy in eu-west-1 failed: RDS says failed",
    ],
    calls: [taken, run, copied, table, cache],
    rows: [
      [DUMP, "verified"],
      [SNAPSHOT, "uploaded", "its copy in eu-west-1 failed: RDS says failed"],
    ],
  },
};
