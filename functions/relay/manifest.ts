import type { Manifest } from "@nightshift/model";

export const manifest = {
  name: "relay",
  kind: "plain",
  does: "Puts every incident that changed into the outbox queue of its channel, and tells the heartbeat on.",
  events: [],
  trigger: { kind: "ledger-stream", keyPrefixes: ["INC#", "HEARTBEAT"] },
  uses: ["clock", "incidents", "outbox"],
  timeoutSeconds: 30,
  memoryMb: 256,
} as const satisfies Manifest;
