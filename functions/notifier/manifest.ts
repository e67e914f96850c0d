import type { Manifest } from "@nightshift/model";

export const manifest = {
  name: "notifier",
  kind: "plain",
  does: "Sends what the ledger says to Slack, once, in order, one sender a channel; and to SNS when Slack does not take it.",
  events: [],
  trigger: { kind: "queue", queue: "outbox", batch: 10, windowSeconds: 0 },
  uses: ["clock", "incidents", "deliveries", "budgets", "heartbeats", "outbox", "chat", "directory", "pages", "silences", "onCall", "backupBook"],
  timeoutSeconds: 20,
  memoryMb: 256,
} as const satisfies Manifest;
