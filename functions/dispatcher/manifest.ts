import {
  alarmPattern,
  changeNotePattern,
  clusterPattern,
  clusterSnapshotPattern,
  codeDeployPattern,
  instancePattern,
  serviceActionPattern,
  snapshotPattern,
  spotPattern,
  taskPattern,
} from "@nightshift/events/patterns";
import type { Manifest } from "@nightshift/model";

export const manifest = {
  name: "dispatcher",
  kind: "plain",
  does: "Reads every event once, remembers alarms and changes, starts a watch for each new deployment and the backups and drills that are due, and asks for a look at workers that are due for one or are being reclaimed.",
  // Events that no automation listens to by itself but that the dispatcher remembers for them.
  events: [
    alarmPattern,
    changeNotePattern,
    clusterPattern,
    clusterSnapshotPattern,
    codeDeployPattern,
    instancePattern,
    serviceActionPattern,
    snapshotPattern,
    spotPattern,
    taskPattern,
  ],
  // A storm fills batches by itself; a single alarm waits a second at most (replaces the 50 of decision 15 and the 5 s of 55).
  trigger: { kind: "queue", queue: "events", batch: 1_000, windowSeconds: 1 },
  uses: [
    "clock",
    "control",
    "watches",
    "signals",
    "claims",
    "incidents",
    "incidentAlarms",
    "groups",
    "wakes",
    "silences",
    "heartbeats",
    "audit",
    "starter",
    "ticks",
    "deadLetters",
  ],
  timeoutSeconds: 60,
  memoryMb: 512,
} as const satisfies Manifest;
