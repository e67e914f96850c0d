import type { Manifest } from "@nightshift/model";

export const manifest = {
  name: "ingress",
  kind: "plain",
  does: "Takes requests from Slack: checks the signature, spends it once, opens forms, and queues the rest.",
  events: [],
  trigger: { kind: "url" },
  // It signs its own calls (decision 22): nothing but nonces, one queue, two secrets.
  uses: ["nonces"],
  timeoutSeconds: 5,
  memoryMb: 512,
} as const satisfies Manifest;
