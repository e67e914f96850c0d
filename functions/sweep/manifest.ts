import type { Manifest } from "@nightshift/model";

export const manifest = {
  name: "sweep",
  kind: "plain",
  does: "Every five minutes: starts the watch over a deployment whose event was lost, suggests what to do about alarms in the 24 hours after a deployment, opens incidents for alarms that still ring after their silence and sends what was left unsent; every hour: warns when a last known good image is gone.",
  events: [],
  trigger: { kind: "schedule", expression: "rate(5 minutes)" },
  uses: [
    "clock",
    "services",
    "images",
    "starter",
    "control",
    "watches",
    "signals",
    "revisions",
    "incidents",
    "incidentAlarms",
    "groups",
    "wakes",
    "silences",
    "deliveries",
    "outbox",
    "audit",
  ],
  timeoutSeconds: 120,
  memoryMb: 512,
} as const satisfies Manifest;
