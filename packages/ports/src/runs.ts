import type { BackupId, BackupRecord, EpochMs, SliceRecord } from "@nightshift/model";

/** How a run of the runner goes, or ended: it writes this beside the backups. */
export interface RunReport {
  readonly run: string;
  readonly of: string;
  readonly backup?: BackupId;
  readonly phase: RunPhase;
  readonly at: EpochMs;
  /** When the run began, and which process of which machine it is, in a form that only the machine itself understands. */
  readonly began?: EpochMs;
  readonly process?: string;
  /** From 0 to 1 within the phase; absent where nobody knows. */
  readonly share?: number;
  readonly bytesPerSecond?: number;
  /** Set once it ended. */
  readonly ended?: RunEnd;
}
/** What a run is doing. */
export type RunPhase =
  | "starting"
  | "dumping"
  | "uploading"
  | "downloading"
  | "restoring"
  | "comparing"
  | "describing"
  | "testing the verifier"
  | "yielding"
  | "ended";
/** How a run ended: everything the thread line, the ledger row and an incident need. Never a row's value. */
export interface RunEnd {
  readonly state: "uploaded" | "verified" | "suspect" | "failed" | "restored";
  readonly because?: string;
  readonly contentsOf?: EpochMs;
  readonly bytes?: number;
  readonly sourceBytes?: number;
  readonly tables?: number;
  readonly rows?: number;
  readonly differences: readonly string[];
  readonly findings: readonly string[];
  readonly times: BackupRecord["times"];
  /** The verifier failed on every damaged copy, as it must; false makes the night red. Absent: not tried. */
  readonly verifierFails?: boolean;
  /** It was proven then, by another run; this one restored nothing, and the times are those of that proof. */
  readonly provenAt?: EpochMs;
  /** Of a compared copy: what `pg_amcheck` said of its tables and indexes; `not checked` says why among the findings. */
  readonly structures?: "sound" | "damaged" | "not checked";
  /** Of a compared copy: how much of it stood still between two readings, and is equal. Absent: all. */
  readonly proven?: ProvenShare;
  /** Where a restore went, and the next steps to switch over. */
  readonly restoredInto?: string;
  readonly steps?: readonly string[];
  /** The manifest that a `manifest` run stored. */
  readonly slice?: SliceRecord;
}

/** How much of a copy was proven: the rest changed between the two readings, and was held to bounds alone. */
export interface ProvenShare {
  readonly rows: number;
  /** Tables with rows of which a part is proven, of all with rows. */
  readonly tables: number;
  readonly ofTables: number;
}
