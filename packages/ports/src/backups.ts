import type { BackupId, BackupRecord, EpochMs, RecoverySample, SliceRecord, SliceSide } from "@nightshift/model";
import type { RunReport } from "./runs.ts";

/** Backups as the ledger knows them: what status, alarms and retention read. */
export interface BackupBook {
  /** Every row of one database, table, cache or of the configuration, oldest first; at most 2,000. */
  all(of: string): Promise<readonly BackupRecord[]>;
  find(of: string, id: BackupId): Promise<BackupRecord | undefined>;
  /** Only if the row still has `next.version - 1` (0: there is none); false when somebody was first. */
  replace(next: BackupRecord): Promise<boolean>;
  /** Keeps a sample; the same moment again replaces it. */
  sample(sample: RecoverySample): Promise<void>;
  /** Samples since a moment, oldest first; at most 10,000. */
  samples(of: string, since: EpochMs): Promise<readonly RecoverySample[]>;
}

/** What could be lost and how long a restore would take, as metrics that alarms stand on: one that stops coming rings, too. */
export interface RecoveryGauges {
  /** Seconds, by the name in the config. What is unknown is left out, never zero. */
  publish(
    of: string,
    at: EpochMs,
    figures: { readonly rpoSeconds?: number; readonly newestVerifiedAgeSeconds?: number; readonly rtoSeconds?: number; readonly unprovenSeconds?: number },
  ): Promise<void>;
}

/** Backups as they lie in the store (S3 or a directory). Reading only. */
export interface BackupShelf {
  /** Every committed backup of a database: id, moment, whether it is proven, bytes. Its truth is the records themselves, not the ledger. */
  list(of: string): Promise<readonly ShelvedBackup[]>;
  /** The newest report of a run; undefined: it has not said anything. @throws {PortError} `invalid` when it cannot be read. */
  report(of: string, run: string): Promise<RunReport | undefined>;
  /** What S3 says the time is, to see clocks that differ. */
  clock(): Promise<EpochMs>;
}
/** One committed backup in the store. */
export interface ShelvedBackup {
  readonly id: BackupId;
  readonly of: string;
  readonly contentsOf: EpochMs;
  readonly scheduled: EpochMs;
  readonly bytes: number;
  /** Both records are whole, and the proof names this very commit record. */
  readonly verified: boolean;
  readonly suspect: boolean;
  readonly lockedUntil?: EpochMs;
  /** Objects that belong to it, by key; deleting deletes these versions and no other. */
  readonly objects: readonly { readonly key: string; readonly version: string | undefined; readonly bytes: number; readonly etag: string }[];
}

/** Deletes what retention removed, in two phases; its own function with its own role has it. */
export interface BackupPruning {
  /** Writes down what will be deleted and why, before anything is; the same plan again is no error. */
  record(plan: { readonly of: string; readonly at: EpochMs; readonly remove: readonly { readonly id: BackupId; readonly because: string }[] }): Promise<void>;
  /** Deletes the data by version, leaves a tombstone in place of the commit record. Repeating is harmless. */
  remove(backup: ShelvedBackup, because: string, at: EpochMs): Promise<"removed" | "locked">;
  /** Makes the folders `daily/ weekly/ monthly/ safety/` point at what is kept, and at nothing else. */
  point(
    of: string,
    pointers: readonly { readonly folder: "daily" | "weekly" | "monthly" | "safety"; readonly id: BackupId; readonly at: EpochMs }[],
  ): Promise<void>;
  /** Extends the lock of a backup's objects; never shortens one, and repeating is harmless. The object that `list` reads the lock of goes last. `unsupported`: the store knows no locks. */
  lock(backup: ShelvedBackup, until: EpochMs): Promise<"locked" | "unsupported">;
  /** Removes what runs that died before they committed left behind, and the readings beside snapshots that are gone; says how many objects and open uploads that were. */
  clear(of: string, asked: ClearAsked): Promise<number>;
}

/** Which leftovers go. */
export interface ClearAsked {
  /** Nothing younger goes: a run at work writes younger objects. */
  readonly olderThan: EpochMs;
  /** Backups that were committed once: where such a one has no commit record any more, somebody removed it, and its data stays for a person. */
  readonly spare: readonly BackupId[];
  /** Snapshots that stand: the readings beside them stay. */
  readonly snapshots: readonly BackupId[];
  /** So many objects in one call. */
  readonly atMost: number;
}

/** One-off tasks that run the runner's container. */
export interface Runners {
  /** Starts once per `run` (the same name again finds the task that was started). */
  start(job: RunnerJob): Promise<RunnerTask>;
  look(task: string): Promise<RunnerTask>;
  /** Asks it to stop; its own handler leaves nothing half done. */
  stop(task: string, because: string): Promise<void>;
}
/** What the container is asked to do; it carries no secret: those are names of parameters. */
export interface RunnerJob {
  readonly run: string;
  readonly of: string;
  readonly do: "night" | "take" | "verify" | "restore" | "compare-instance" | "manifest";
  /** For `manifest` the snapshot beside which the live database is read. */
  readonly backup?: BackupId;
  /** Of `manifest`. */
  readonly side?: SliceSide;
  /** What `compare-instance` holds the copy against where it is whole; absent sides: the dump, and the live database. */
  readonly slices?: Partial<Readonly<Record<SliceSide, Pick<SliceRecord, "key" | "sha256">>>>;
  readonly scheduled?: EpochMs;
  readonly series?: BackupRecord["series"];
  /** Where to restore into, or which instance to compare: an endpoint, never a password. */
  readonly target?: string;
  /** Task disk. */
  readonly diskGiB: number;
}
/** One task of the runner. */
export interface RunnerTask {
  readonly task: string;
  readonly state: "starting" | "running" | "stopped";
  readonly exitCode?: number;
  readonly because?: string;
}

/** One RDS instance as backups see it. */
export interface DatabaseInstance {
  readonly instance: string;
  readonly arn: string;
  readonly status: string;
  readonly engine: string;
  readonly engineVersion: string;
  readonly endpoint: string | undefined;
  readonly instanceClass: string;
  readonly allocatedGiB: number;
  readonly multiAz: boolean;
  readonly encrypted: boolean;
  readonly kmsKey: string | undefined;
  readonly parameterGroup: string | undefined;
  readonly subnetGroup: string | undefined;
  readonly securityGroups: readonly string[];
  readonly retentionDays: number;
  readonly latestRestorable: EpochMs | undefined;
  readonly deletionProtection: boolean;
  readonly tags: Readonly<Record<string, string>>;
}
/** One RDS snapshot. */
export interface DatabaseSnapshot {
  readonly id: string;
  readonly arn: string;
  readonly instance: string;
  readonly region: string;
  readonly manual: boolean;
  readonly status: string;
  /** From 0 to 100. */
  readonly progress: number;
  /** Time of the last transaction in it: its true RPO. */
  readonly contentsOf: EpochMs | undefined;
  readonly created: EpochMs | undefined;
  readonly allocatedGiB: number;
  readonly encrypted: boolean;
  readonly tags: Readonly<Record<string, string>>;
}

/** RDS as it is. */
export interface Databases {
  instance(instance: string): Promise<DatabaseInstance | undefined>;
  /** Manual and automated ones of an instance in a region (absent: ours), newest first; at most 200. */
  snapshots(instance: string, region?: string): Promise<readonly DatabaseSnapshot[]>;
  snapshot(id: string, region?: string): Promise<DatabaseSnapshot | undefined>;
  /** Manual snapshots of the account in a region: how many there are, how many there may be. */
  quota(region?: string): Promise<{ readonly used: number; readonly most: number }>;
  /** Instances that Nightshift made for verification (`nightshift-verify-*`) or a restore (`nightshift-restore-*`), with their tags; at most 100. */
  disposable(): Promise<readonly DatabaseInstance[]>;
}
/** Takes and copies RDS snapshots. Every method is safe to repeat under the same id. */
export interface SnapshotTaking {
  take(asked: { readonly instance: string; readonly id: string; readonly tags: Readonly<Record<string, string>> }): Promise<"taken" | "already">;
  copy(asked: {
    readonly arn: string;
    readonly id: string;
    readonly toRegion: string;
    readonly kmsKey: string | undefined;
    readonly tags: Readonly<Record<string, string>>;
  }): Promise<"copying" | "already">;
}
/** Deletes snapshots that retention removed: manual ones with our owner tag only. */
export interface SnapshotPruning {
  delete(id: string, region?: string): Promise<"deleted" | "gone" | "busy">;
}
/** Makes databases out of backups, and deletes those made for verification. */
export interface Restores {
  /** From a snapshot (`snapshot`) or from an instance's logs (`source` and `at`; `latest` for the newest moment). Tags are always given. */
  restore(asked: RestoreAsked): Promise<"restoring" | "already">;
  /** Deletes an instance that we made: `nightshift:owner` is ours, its purpose is `verify` or `drill`; no final snapshot. @throws {PortError} `denied` for any other. */
  delete(instance: string): Promise<"deleting" | "gone">;
}
/** What a restored instance is like. It is never public, never Multi-AZ, keeps no backups of its own, and can be deleted. */
export interface RestoreAsked {
  readonly instance: string;
  readonly from: { readonly snapshot: string } | { readonly source: string; readonly at: EpochMs | "latest" };
  readonly instanceClass: string;
  readonly subnetGroup: string;
  readonly securityGroups: readonly string[];
  readonly parameterGroup: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

/** DynamoDB tables' backups. */
export interface TableBackups {
  look(table: string): Promise<{
    readonly pointInTime: { readonly on: boolean; readonly earliest: EpochMs | undefined; readonly latest: EpochMs | undefined };
    readonly bytes: number;
    readonly deletionProtection: boolean;
    readonly replicas: readonly string[];
  }>;
  /** On-demand backups that we took, newest first; at most 200. */
  list(
    table: string,
  ): Promise<readonly { readonly arn: string; readonly name: string; readonly status: string; readonly at: EpochMs; readonly bytes: number }[]>;
  /** The same name again finds the one that exists. */
  take(table: string, name: string): Promise<string>;
  /** Deletes a backup that we took of this table. @throws {PortError} `denied` for any other. */
  delete(arn: string, table: string): Promise<"deleted" | "gone">;
}
/** ElastiCache snapshots. */
export interface CacheBackups {
  look(
    cache: string,
  ): Promise<{ readonly status: string; readonly retentionDays: number; readonly window: string | undefined; readonly engine: string } | undefined>;
  list(
    cache: string,
  ): Promise<
    readonly { readonly name: string; readonly status: string; readonly at: EpochMs | undefined; readonly automatic: boolean; readonly bytes: number }[]
  >;
  take(cache: string, name: string): Promise<"taken" | "already">;
  delete(name: string): Promise<"deleted" | "gone">;
}
/** Buckets that hold what cannot be made again. */
export interface MediaBuckets {
  look(bucket: string): Promise<{
    readonly versioning: "on" | "off" | "suspended";
    readonly replication: readonly { readonly to: string; readonly status: "on" | "off"; readonly prefix: string }[];
    readonly locked: boolean;
  }>;
  /** Puts a small object and returns its version. */
  putCanary(bucket: string, key: string, body: string): Promise<string>;
  /** What the object holds in the bucket that it should travel to; undefined: not there. */
  canary(bucket: string, key: string): Promise<{ readonly body: string; readonly at: EpochMs } | undefined>;
}
/** The configuration that a region would be rebuilt from: definitions and names, never a secret's value. */
export interface ConfigurationCopies {
  /** Active task definitions of our services and the parameters under a path: SecureStrings by name and version only. As one JSON text, in a stable order. */
  read(asked: { readonly taskDefinitions: readonly string[]; readonly parameterPaths: readonly string[] }): Promise<string>;
  /** Stores it under a key, only if absent or equal. */
  keep(key: string, text: string): Promise<{ readonly key: string; readonly sha256: string }>;
}
/** Answers to AWS Backup's restore tests. */
export interface RestoreTests {
  job(id: string): Promise<{ readonly status: string; readonly created: string | undefined; readonly source: string | undefined }>;
  answer(id: string, how: { readonly passed: boolean; readonly message: string }): Promise<void>;
}
