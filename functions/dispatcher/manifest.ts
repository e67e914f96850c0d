import {
  alarmPattern,
  changeNotePattern,
  codeDeployPattern,
  instancePattern,
  serviceActionPattern,
  snapshotPattern,
  taskPattern,
} from "@nightshift/events/patterns";
import type { Manifest } from "@nightshift/model";

export const manifest = {
  name: "dispatcher",
  kind: "plain",
  does: "Reads every event once, remembers alarms and changes, and starts a watch for each new deployment.",
  // Events that no automation listens to by itself but that the dispatcher remembers for them.
  events: [alarmPattern, changeNotePattern, codeDeployPattern, instancePattern, serviceActionPattern, snapshotPattern, taskPattern],
  trigger: { kind: "queue", batch: 50, windowSeconds: 1 },
  uses: ["clock", "control", "watches", "signals", "claims", "incidents", "audit", "starter", "deadLetters"],
  timeoutSeconds: 60,
  memoryMb: 512,
} as const satisfies Manifest;
