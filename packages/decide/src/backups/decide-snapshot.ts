import {
  type BackupId,
  type BackupKind,
  type BackupRecord,
  type BackupSeries,
  CONFIGURATION,
  type EpochMs,
  hours,
  type SandwichRecord,
  since,
  type SliceSide,
  type SnapshotManifests,
} from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { backupIdOf, cloudName } from "./names.ts";
import { sidesToRead } from "./snapshot-manifests.ts";

/** What AWS keeps or copies for us, as one look saw it. */
export type SnapshotSubject =
  | {
      readonly kind: "rds-snapshot";
      readonly instance: { readonly status: string; readonly multiAz: boolean; readonly arn: string } | undefined;
      readonly quota: { readonly used: number; readonly most: number };
      /** The newest automated snapshot that is available. */
      readonly automated: { readonly arn: string; readonly contentsOf: EpochMs } | undefined;
    }
  | {
      readonly kind: "dynamodb-backup";
      readonly pointInTime: boolean;
      readonly deletionProtection: boolean;
      readonly lacksReplica: string | undefined;
    }
  | { readonly kind: "cache-snapshot"; readonly cache: { readonly status: string } | undefined }
  | {
      readonly kind: "media";
      readonly versioning: "on" | "off" | "suspended";
      /** Whether a rule copies everything there; undefined: no replica is asked for. */
      readonly replicates: boolean | undefined;
    }
  | { readonly kind: "configuration" };

/** What is decided by. */
export interface SnapshotFacts {
  readonly of: string;
  readonly at: EpochMs;
  readonly scheduled: EpochMs;
  readonly series: BackupSeries;
  readonly subject: SnapshotSubject;
  /** Rows of this kind, oldest first. */
  readonly rows: readonly BackupRecord[];
  readonly heldBecause: string | undefined;
  /** Of an RDS snapshot: for which series its source is read whole; absent: `nightly`. */
  readonly manifests?: SnapshotManifests;
}

/** It shall be taken, or looked after. */
export interface TakeSnapshot {
  readonly kind: "take";
  readonly because: readonly string[];
  readonly id: BackupId;
  readonly of: BackupKind;
  /** What it is called in the account. */
  readonly name: string;
  /** An automated snapshot to copy instead of taking one. */
  readonly copyOf: { readonly arn: string; readonly contentsOf: EpochMs } | undefined;
  /** Where its source is read whole: before it is asked for, after it stands. */
  readonly manifests: readonly SliceSide[];
  /** What is wrong and does not keep it from being taken: told, and the work is red. */
  readonly wrong: readonly string[];
}
/** Nothing is taken, and why. `red`: somebody must know. */
export interface LeaveSnapshot {
  readonly kind: "leave";
  readonly because: readonly string[];
  readonly red: boolean;
}

/** Whether a snapshot, a backup or a copy is taken now, and what is wrong around it. */
export function decideSnapshot(facts: SnapshotFacts): TakeSnapshot | LeaveSnapshot {
  const { of, at, scheduled, series, subject, rows, heldBecause } = facts;
  const id = backupIdOf({ of, scheduled, series, kind: subject.kind });
  const own = rows.find((row) => row.id === id);
  if (own !== undefined && guard("a backup that ended is not taken again", own.state !== "running"))
    return { kind: "leave", because: [`${id} is ${own.state} already`], red: false };
  if (heldBecause !== undefined && guard("hold at the verdict"))
    return { kind: "leave", because: [`nothing is changed inside a hold: ${heldBecause}`], red: false };
  const impossible = impossibleBecause(of, subject);
  if (impossible !== undefined) return { kind: "leave", because: [impossible], red: true };
  const copyOf = subject.kind === "rds-snapshot" && series === "nightly" ? copyable(subject, at) : undefined;
  return {
    kind: "take",
    because: [series === "nightly" ? "it is its hour" : `it was asked for (${series})`],
    id,
    of: subject.kind,
    name: cloudName("snapshot", id),
    copyOf,
    manifests: subject.kind === "rds-snapshot" ? sidesToRead({ manifests: facts.manifests ?? "nightly", series, copied: copyOf !== undefined }) : [],
    wrong: wrongAround(of, subject),
  };
}

/** Why nothing can be taken; undefined: it can. */
function impossibleBecause(of: string, subject: SnapshotSubject): string | undefined {
  switch (subject.kind) {
    case "rds-snapshot": {
      const { instance, quota } = subject;
      if (instance === undefined) return `RDS knows no instance of ${of}: was it renamed or deleted?`;
      if (instance.status !== "available" && instance.status !== "backing-up" && instance.status !== "storage-optimization")
        return `the instance of ${of} is ${instance.status}, and RDS takes snapshots of available ones only`;
      if (guard("quota leaves room", quota.used >= quota.most))
        return `${quota.used} of ${quota.most} manual snapshots of this account and region are used: ask AWS for more (Service Quotas, "Manual DB instance snapshots"), or keep fewer`;
      return undefined;
    }
    case "cache-snapshot":
      if (subject.cache === undefined) return `ElastiCache knows no cache of ${of}: was it renamed or deleted?`;
      return subject.cache.status === "available"
        ? undefined
        : `the cache of ${of} is ${subject.cache.status}, and ElastiCache takes snapshots of available ones only`;
    case "dynamodb-backup":
    case "media":
    case "configuration":
      return undefined;
  }
}

/** What is wrong around it, each with what to do. */
function wrongAround(of: string, subject: SnapshotSubject): readonly string[] {
  switch (subject.kind) {
    case "rds-snapshot":
      return subject.quota.used * 10 >= subject.quota.most * 9
        ? [`${subject.quota.used} of ${subject.quota.most} manual snapshots are used: in some days there is no room. Ask AWS for more, or keep fewer.`]
        : [];
    case "dynamodb-backup":
      return [
        ...(subject.pointInTime ? [] : [`point-in-time recovery of ${of} is off: turn it on (UpdateContinuousBackups), or up to a day is lost`]),
        ...(subject.deletionProtection ? [] : [`deletion protection of ${of} is off: one call deletes the table`]),
        ...(subject.lacksReplica === undefined ? [] : [`${of} has no replica in ${subject.lacksReplica}`]),
      ];
    case "media":
      return [
        ...(subject.versioning === "on" ? [] : [`versioning of ${of} is ${subject.versioning}: what is overwritten or deleted is gone`]),
        ...(subject.replicates === false ? [`no replication rule copies everything of ${of} to its replica`] : []),
      ];
    case "cache-snapshot":
    case "configuration":
      return [];
  }
}

/** A snapshot of tonight's is new enough to be copied. */
const NEW_ENOUGH = hours(6);

/**
 * A Single-AZ instance stops its disk for seconds to minutes while a snapshot begins; a copy of the automated one does not stop it a second
 * time. Source: "Creating a DB snapshot for a Single-AZ DB instance", https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_CreateSnapshot.html, 2026-11-21.
 */
const copyable = ({ instance, automated }: Extract<SnapshotSubject, { kind: "rds-snapshot" }>, at: EpochMs): TakeSnapshot["copyOf"] =>
  instance?.multiAz === false && automated !== undefined && since(automated.contentsOf, at) <= NEW_ENOUGH ? automated : undefined;

/** What taking it came to, seen by looking again. */
export interface SnapshotSettled {
  /** `ready`: it is there. `failed`: AWS says so. `waiting`: it was not there when the looks were spent. */
  readonly stands: "ready" | "failed" | "waiting";
  readonly because?: string;
  readonly where?: string;
  readonly contentsOf?: EpochMs;
  readonly bytes?: number;
  /** What was read of its source around it; undefined: nothing was to be. */
  readonly slices?: SandwichRecord;
  /** In the second region; undefined: none is asked for. */
  readonly copy?: { readonly region: string; readonly where?: string; readonly stands: "ready" | "failed" | "waiting"; readonly because?: string };
}

/** How the work ended: `kept`: it stands and nothing is wrong. */
export interface SnapshotEnd {
  readonly kind: "kept" | "red";
  readonly because: readonly string[];
}

/** Judges what was settled, with what was wrong around it. */
export function judgeSnapshot(settled: SnapshotSettled, wrong: readonly string[]): SnapshotEnd {
  const { stands, because, copy } = settled;
  const own = stands === "ready" ? [] : [because ?? (stands === "waiting" ? "it was not there in time" : "it failed")];
  const copied =
    copy === undefined || copy.stands === "ready"
      ? []
      : [`its copy in ${copy.region} ${copy.because ?? (copy.stands === "waiting" ? "was not there in time" : "failed")}`];
  const all = [...own, ...copied, ...wrong];
  return { kind: all.length === 0 ? "kept" : "red", because: all.length === 0 ? ["it stands"] : all };
}

/**
 * The ledger's row. A snapshot that stands only exists, with its manifests or without: whether it can be restored, and holds what they say, a drill
 * finds out. A canary that arrived, and a copy whose digest was taken, are checked; neither is proven.
 */
export function snapshotRow(row: BackupRecord, settled: SnapshotSettled, { at, end }: { readonly at: EpochMs; readonly end: SnapshotEnd }): BackupRecord {
  const { stands, where, contentsOf, bytes, copy, slices } = settled;
  const { because: _, ...before } = row;
  const copies = copy?.where === undefined || copy.stands !== "ready" ? {} : { copies: [{ region: copy.region, where: copy.where, at }] };
  // Of a mirror there is only somebody's word.
  const checked = row.kind === "media" || row.of === CONFIGURATION;
  return {
    ...before,
    ...copies,
    ...(where === undefined ? {} : { where }),
    ...(contentsOf === undefined ? {} : { contentsOf }),
    ...(bytes === undefined ? {} : { bytes }),
    ...(slices === undefined ? {} : { slices }),
    state: stands === "ready" ? "uploaded" : "failed",
    proof: stands === "ready" ? (checked ? "checked" : "exists") : "none",
    finished: at,
    times: { ...row.times, available: since(row.scheduled, at) },
    ...(end.kind === "red" ? { because: end.because.join("; ") } : {}),
  };
}
