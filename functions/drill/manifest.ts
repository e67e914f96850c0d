import { restoreTestPattern } from "@nightshift/events/patterns";
import type { Manifest } from "@nightshift/model";

export const manifest = {
  name: "drill",
  kind: "durable",
  does: "Restores a snapshot or a point in time into a temporary isolated instance, compares it, measures how long that took, deletes it; answers AWS Backup's restore tests.",
  events: [restoreTestPattern],
  uses: [
    "clock",
    "control",
    "backupBook",
    "databases",
    "restores",
    "runners",
    "shelf",
    "restoreTests",
    "audit",
    "incidents",
    "groups",
    "wakes",
    "starter",
    "approvals",
  ],
  timeoutSeconds: 120,
  executionTimeoutMinutes: 1_440,
  memoryMb: 256,
} as const satisfies Manifest;
