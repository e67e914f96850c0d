import type { Manifest } from "@nightshift/model";

export const manifest = {
  name: "sweep",
  kind: "plain",
  does: "Once an hour: suggests what to do about alarms in the 24 hours after a deployment, warns when a last known good image is gone, and sends what was left unsent.",
  events: [],
  trigger: { kind: "schedule", expression: "rate(1 hour)" },
  uses: ["clock", "services", "images", "control", "watches", "signals", "revisions", "incidents", "deliveries", "chat", "pages", "audit"],
  timeoutSeconds: 120,
  memoryMb: 512,
} as const satisfies Manifest;
