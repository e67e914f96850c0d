import type { Severity } from "@nightshift/model";

/** Names of what `sst deploy` would make, as the lab makes it. */
export const names = {
  ledger: "nightshift-ledger",
  audit: "nightshift-audit",
  evidence: "nightshift-evidence",
  backups: "nightshift-backups",
  events: "nightshift-events",
  outbox: "nightshift-outbox.fifo",
  commands: "nightshift-commands",
  deadLetters: "nightshift-dead-letters",
  deadOutbox: "nightshift-dead-outbox.fifo",
} as const;

/** The topic of each severity. */
export const topicName = (severity: Severity): string => `nightshift-pages-${severity.toLowerCase()}`;

/** Every severity. */
export const severities = ["P1", "P2", "P3", "P4"] as const satisfies readonly Severity[];

/** The task definition family of a database's runner. */
export const runnerFamily = (of: string): string => `nightshift-runner-${of}`;

/** What stands before a broker secret's name in the name of its parameter. */
export const brokerParameters = "/nightshift/lab/";
