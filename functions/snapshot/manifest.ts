import type { Manifest } from "@nightshift/model";

export const manifest = {
  name: "snapshot",
  kind: "durable",
  does: "Takes what AWS itself keeps: RDS snapshots and their copies in a second region, DynamoDB and ElastiCache backups; has the source of a nightly one read before and after; sees that media travel; saves the configuration, and waits for the word of those who mirror repositories.",
  events: [],
  uses: [
    "clock",
    "control",
    "backupBook",
    "services",
    "databases",
    "snapshotTaking",
    "tableBackups",
    "cacheBackups",
    "media",
    "configurationCopies",
    "signals",
    "runners",
    "shelf",
    "audit",
    "incidents",
    "groups",
    "wakes",
    "starter",
    "approvals",
  ],
  timeoutSeconds: 120,
  // A snapshot of a large instance and its copy into another region take hours.
  executionTimeoutMinutes: 1_440,
  memoryMb: 256,
} as const satisfies Manifest;
