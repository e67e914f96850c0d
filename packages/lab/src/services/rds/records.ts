import type { EpochMs, Ms } from "@nightshift/model";

/** A key and its value, as RDS writes tags. */
export interface RdsTag {
  readonly Key: string;
  readonly Value: string;
}

/** One instance as the world was told of it; everything else has a plausible default. */
export interface InstanceSpec {
  readonly id: string;
  /** Bytes that the database uses. */
  readonly bytes: number;
  /** Size of the volume; default: twice the bytes, at least 20 GiB. */
  readonly allocatedGiB?: number;
  readonly engineVersion?: string;
  readonly instanceClass?: string;
  readonly multiAz?: boolean;
  readonly encrypted?: boolean;
  readonly retentionDays?: number;
  /** UTC hour of the automated snapshot; default 3. */
  readonly backupHour?: number;
  readonly parameterGroup?: string;
  readonly subnetGroup?: string;
  readonly securityGroups?: readonly string[];
  readonly deletionProtection?: boolean;
  readonly tags?: Readonly<Record<string, string>>;
}

/** One instance. */
export interface InstanceRecord {
  readonly id: string;
  readonly resourceId: string;
  readonly bytes: number;
  readonly allocatedGiB: number;
  readonly engineVersion: string;
  readonly instanceClass: string;
  readonly multiAz: boolean;
  readonly encrypted: boolean;
  readonly retentionDays: number;
  readonly parameterGroup: string;
  readonly subnetGroup: string;
  readonly securityGroups: readonly string[];
  readonly publiclyAccessible: boolean;
  readonly deletionProtection: boolean;
  readonly createdAt: EpochMs;
  /** What its contents are of, where it was restored; an instance that was always there has the present's. */
  readonly contentsOf: EpochMs | undefined;
  tags: readonly RdsTag[];
  status: "creating" | "available" | "backing-up" | "deleting" | "failed" | "incompatible-network";
  /** Since when it can be connected to. */
  availableAt: EpochMs | undefined;
  /** When every block has come from S3; undefined where nothing has to come. */
  hydratedAt: EpochMs | undefined;
  /** From then on no log reaches S3; undefined: they do. */
  logsStoppedAt: EpochMs | undefined;
}

/** One snapshot. */
export interface SnapshotRecord {
  readonly id: string;
  readonly region: string;
  readonly instance: string;
  readonly manual: boolean;
  readonly bytes: number;
  readonly allocatedGiB: number;
  readonly engineVersion: string;
  readonly encrypted: boolean;
  readonly kmsKey: string | undefined;
  readonly startedAt: EpochMs;
  readonly takes: Ms;
  /** Where it was copied from. */
  readonly copyOf: string | undefined;
  readonly originalAt: EpochMs;
  tags: readonly RdsTag[];
  status: "creating" | "copying" | "available" | "failed" | "deleting";
  /** Time of the last transaction in it. */
  contentsOf: EpochMs | undefined;
}

/**
 * What goes wrong next, once each time it is expected: a snapshot that ends `failed`, one that never ends, an automated one that is skipped
 * under load, a copy that fails, a restore that fails or comes up in no network.
 */
export type RdsTrouble = "snapshot-fails" | "snapshot-hangs" | "automated-skipped" | "copy-fails" | "restore-fails" | "restore-without-network";

/**
 * How fast the lab's RDS is. AWS documents none of these; each is the lab's assumption, plausible beside what teams report.
 * What is documented stands in the table of cloud times (`packages/decide/src/backups/cloud-times.ts`).
 */
export interface RdsRates {
  /** A snapshot takes this long and what has to be copied. */
  readonly snapshotBase: Ms;
  /** Bytes a second of a snapshot or a copy. */
  readonly snapshotBytesPerSecond: number;
  /** Share of an instance's bytes that changed since the last snapshot. */
  readonly changed: number;
  readonly copyBytesPerSecond: number;
  /** From the call to `available`. */
  readonly restoreBase: { readonly least: Ms; readonly most: Ms };
  /** Bytes a second that come from S3 into a restored volume. */
  readonly hydrationBytesPerSecond: number;
  readonly deleting: Ms;
}
