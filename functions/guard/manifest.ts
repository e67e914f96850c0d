import { deploymentPattern } from "@nightshift/events/patterns";
import type { Manifest } from "@nightshift/model";

export const manifest = {
  name: "guard",
  kind: "durable",
  does: "Watches one deployment for an hour, puts the last known good revision back when the deployment is to blame, and proves that it helped.",
  events: [deploymentPattern],
  uses: [
    "clock",
    "services",
    "taskDefinitions",
    "targets",
    "metrics",
    "alarms",
    "logs",
    "images",
    "probes",
    "rollbacks",
    "evidence",
    "control",
    "revisions",
    "tuples",
    "watches",
    "signals",
    "audit",
    "incidents",
    "groups",
    "wakes",
    "starter",
    "approvals",
    "plans",
  ],
  timeoutSeconds: 300,
  // The watch (60 min), a person's answer, the rollback and its proof; an execution never outlives a working night.
  executionTimeoutMinutes: 180,
  memoryMb: 512,
} as const satisfies Manifest;
