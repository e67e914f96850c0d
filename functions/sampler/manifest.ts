import type { Manifest } from "@nightshift/model";

export const manifest = {
  name: "sampler",
  kind: "plain",
  does: "Every five minutes: what would be lost and how long a restore would take, against the targets; every hour: whether the newest backup is there, whole, proven and fresh.",
  events: [],
  trigger: { kind: "schedule", expression: "rate(5 minutes)" },
  uses: [
    "clock",
    "control",
    "backupBook",
    "shelf",
    "databases",
    "tableBackups",
    "cacheBackups",
    "recoveryGauges",
    "audit",
    "incidents",
    "groups",
    "wakes",
    "starter",
    "approvals",
  ],
  timeoutSeconds: 120,
  memoryMb: 256,
} as const satisfies Manifest;
