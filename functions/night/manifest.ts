import type { Manifest } from "@nightshift/model";

export const manifest = {
  name: "night",
  kind: "durable",
  does: "Backs one database up at its hour: a one-off task dumps it, reads the dump back, restores and compares it; then says in one line what was proven, or opens an incident.",
  // Its schedules (packages/model/src/backup-schedules.ts) and what ECS says of its task reach the dispatcher.
  events: [],
  uses: [
    "clock",
    "control",
    "watches",
    "backupBook",
    "shelf",
    "databases",
    "runners",
    "outbox",
    "audit",
    "incidents",
    "groups",
    "wakes",
    "starter",
    "approvals",
  ],
  timeoutSeconds: 120,
  // A person's word (an hour at most), a deployment that is let through, twelve hours of dump and proof.
  executionTimeoutMinutes: 960,
  memoryMb: 256,
} as const satisfies Manifest;
