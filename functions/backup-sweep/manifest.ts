import type { Manifest } from "@nightshift/model";

export const manifest = {
  name: "backup-sweep",
  kind: "plain",
  does: "Every 15 minutes: deletes drill instances past their time, by their tags, closes runs that died without a word, and has lines posted that Slack did not take.",
  events: [],
  trigger: { kind: "schedule", expression: "rate(15 minutes)" },
  uses: [
    "clock",
    "control",
    "backupBook",
    "shelf",
    "databases",
    "restores",
    "deliveries",
    "outbox",
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
