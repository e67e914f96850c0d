import type { Manifest } from "@nightshift/model";

export const manifest = {
  name: "restore",
  kind: "durable",
  does: "Restores what two people approved, always into a new database or instance, after a safety backup; verifies it and says the exact steps to switch over.",
  events: [],
  uses: [
    "clock",
    "control",
    "backupBook",
    "databases",
    "restores",
    "snapshotTaking",
    "runners",
    "shelf",
    "plans",
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
