import type { Manifest } from "@nightshift/model";

export const manifest = {
  name: "prune",
  kind: "plain",
  does: "Deletes what retention removes, never the last proven ones: plan, record, data by version, tombstone; then lets daily/, weekly/, monthly/ and safety/ point at what is kept. The only function that may delete a backup.",
  events: [],
  // After the nights of 02:00 and their proofs; the documents count in days.
  trigger: { kind: "schedule", expression: "cron(30 6 * * ? *)" },
  uses: [
    "clock",
    "control",
    "backupBook",
    "shelf",
    "backupPruning",
    "databases",
    "snapshotPruning",
    "tableBackups",
    "cacheBackups",
    "audit",
    "incidents",
    "groups",
    "wakes",
    "starter",
    "approvals",
  ],
  timeoutSeconds: 900,
  memoryMb: 512,
} as const satisfies Manifest;
