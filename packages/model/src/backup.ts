import type { EpochMs, Ms } from "./time.ts";

/** What one backup is called: the database, the UTC minute it was scheduled for and its series: `shop-260314-0200-nightly`. The same schedule gives the same id, so that a second run meets the first one's commit record. */
export type BackupId = string & { readonly of: "backup" };
/** Marks a text as that name; nothing is checked. */
export const backupId = (s: string): BackupId => s as BackupId;

/** What a backup is made of. `media`: no copy of our own, but the proof that a bucket's own versions and replication work. */
export type BackupKind = "dump" | "rds-snapshot" | "dynamodb-backup" | "cache-snapshot" | "media" | "configuration";

/** Why a backup was taken. `safety`: before a restore; `before-deploy`: asked by CI or the guard; `manual`: somebody asked. */
export type BackupSeries = "nightly" | "safety" | "before-deploy" | "manual";

/**
 * How far a backup came. Only `verified` counts anywhere: it was read back, restored and compared without a difference.
 * `uploaded`: committed, not proven yet. `suspect`: equal to its source, whose contents look wrong (a day-over-day gate); pruning stops until a
 * person acknowledges. `failed`: not committed, or the proof failed.
 */
export type BackupState = "running" | "uploaded" | "verified" | "suspect" | "failed" | "pruned";

/** How strong the proof of a backup is, strongest first. */
export type ProofLevel = "restored-and-compared" | "restored" | "checked" | "exists" | "none";

/** How long each part took; absent parts did not happen. */
export interface BackupTimes {
  readonly dump?: Ms;
  readonly download?: Ms;
  readonly restore?: Ms;
  readonly compare?: Ms;
  /** Until a cloud snapshot or a restored instance said `available`. */
  readonly available?: Ms;
}

/** The two readings of a live database between which a storage snapshot of it was taken. */
export type SliceSide = "before" | "after";

/** A manifest of the live database beside a snapshot, as it lies in the store. */
export interface SliceRecord {
  readonly key: string;
  readonly bytes: number;
  /** Of the stored bytes, hex. */
  readonly sha256: string;
  /** The server's clock at the reading. */
  readonly at: EpochMs;
}

/** What a snapshot can be held against once it is restored: what was equal in both readings must be equal in the copy. */
export interface SandwichRecord {
  readonly before?: SliceRecord;
  readonly after?: SliceRecord;
  /** Why a reading that was wanted is missing. The snapshot stands all the same. */
  readonly lacks?: string;
}

/** How far a run was when it was looked at; shown to people, and nothing is decided by it. */
export interface BackupProgress {
  readonly at: EpochMs;
  /** In the run's own word. */
  readonly phase: string;
  /** Of the phase, from 0 to 1; absent where nobody knows. */
  readonly share?: number;
  readonly bytesPerSecond?: number;
  /** What is left of the phase at the rate so far. */
  readonly left?: Ms;
}

/** One backup as the ledger knows it. The store's commit record and proof are the truth; this row is what status, alarms and retention read. */
export interface BackupRecord {
  readonly id: BackupId;
  /** The name in the config: a database, a table, a cache, or `configuration`. */
  readonly of: string;
  readonly kind: BackupKind;
  readonly series: BackupSeries;
  readonly state: BackupState;
  readonly proof: ProofLevel;
  /** When it was to be taken. */
  readonly scheduled: EpochMs;
  /** The moment its contents are of, by the server's own clock. Absent while it runs. */
  readonly contentsOf?: EpochMs;
  readonly finished?: EpochMs;
  readonly verifiedAt?: EpochMs;
  /** Size as stored. */
  readonly bytes?: number;
  /** Size of the database it was taken from. */
  readonly sourceBytes?: number;
  readonly tables?: number;
  readonly rows?: number;
  readonly differences?: number;
  readonly times: BackupTimes;
  /** Why it failed or is suspect, in one sentence. */
  readonly because?: string;
  /** Who said that what made it suspect is understood: pruning goes on; it still does not count as verified. */
  readonly acknowledgedBy?: string;
  /** Nobody may delete it before (Object Lock, or pinned by a restore). */
  readonly lockedUntil?: EpochMs;
  readonly pinnedUntil?: EpochMs;
  /** An ARN, or the key of its commit record. */
  readonly where?: string;
  /** Of a snapshot: the manifests of its source that were taken around it. */
  readonly slices?: SandwichRecord;
  /** Copies in other regions: region, and the copy's ARN. */
  readonly copies?: readonly { readonly region: string; readonly where: string; readonly at: EpochMs }[];
  /** While it runs: what was last said of it. */
  readonly progress?: BackupProgress;
  /** Counts writes of this row; a writer that saw an older one is refused. */
  readonly version: number;
}

/** A day, week or month line of the sampler: how old the newest proof was and what could have been lost. */
export interface RecoverySample {
  readonly at: EpochMs;
  readonly of: string;
  /** What would be lost if everything were restored now, by the best means that is up: point in time, snapshot or dump. Absent: nothing could be read. */
  readonly rpo?: Ms;
  /** Age of the contents of the newest verified backup; absent when there is none. */
  readonly newestVerifiedAge?: Ms;
  /** What a restore would take, from measured rates and the present size. */
  readonly rto?: Ms;
  readonly sourceBytes?: number;
}
