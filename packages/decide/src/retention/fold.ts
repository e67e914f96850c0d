import type { BackupId, BackupRecord, EpochMs, KeepSettings, RetentionPlan, ShelvedMoment } from "@nightshift/model";

/** What the pruning function looked at. */
export interface PruningFacts {
  /** What lies in the store: only this can be deleted. Hand in what `BackupShelf.list` says. */
  readonly shelved: readonly ShelvedMoment[];
  readonly now: EpochMs;
  /** `BackupShelf.clock`. */
  readonly storeClock: EpochMs;
  /** Backups of which a person said that what made them suspect is understood. */
  readonly acknowledged?: readonly BackupId[];
  /** Deletions in one run; absent: 10. */
  readonly atMost?: number;
}

/**
 * What may be deleted of one database's backups, what stays and why, and what the folders point at. Carried out by somebody else, in two phases:
 * record `removed`, then delete each. The same plan again after it was carried out removes nothing.
 */
export function planPruning(_records: readonly BackupRecord[], facts: PruningFacts, _settings: KeepSettings): RetentionPlan {
  return {
    kept: facts.shelved.map(({ id }) => ({ id, reasons: ["nothing is planned yet"] })),
    removed: [],
    refused: [],
    stopped: "nothing is planned yet",
    pointers: [],
  };
}
