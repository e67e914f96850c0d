import type { Manifest } from "@nightshift/model";

export const manifest = {
  name: "notifier",
  kind: "plain",
  does: "Sends what the ledger says to Slack, once, in order; and to SNS when Slack does not take it.",
  events: [],
  trigger: { kind: "ledger-stream", keyPrefixes: ["INC#"] },
  uses: ["clock", "incidents", "deliveries", "chat", "pages"],
  timeoutSeconds: 60,
  memoryMb: 256,
} as const satisfies Manifest;
