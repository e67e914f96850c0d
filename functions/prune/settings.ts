import {
  type BackupId,
  type BackupKind,
  type BackupSettings,
  type DatabaseSettings,
  type EpochMs,
  type KeepSettings,
  type Mode,
  ms,
  type RetentionPlan,
} from "@nightshift/model";
import type { CloudKeeping, LeavePrune, Prune, PruneFacts } from "@nightshift/decide/backups/decide-prune";
import type { Disputed } from "@nightshift/decide/retention/fold";
import type { ShelvedBackup, World } from "@nightshift/ports";
import type { MutationOutcome, Run, Story } from "@nightshift/runtime";
import type { OpenTrouble } from "@nightshift/runtime/backup-incidents";
import type { manifest } from "./manifest.ts";

/** The part of the world pruning sees. */
export type PruneWorld = Pick<World, (typeof manifest)["uses"][number]>;
/** What its phases may do to it. */
export type PruneRun = Run<PruneWorld>;

/** One thing whose old backups go, and how long each kind is kept. */
export interface Pruned {
  readonly of: string;
  readonly mode: Mode;
  /** Of the store; undefined: it has no dumps. */
  readonly keep: KeepSettings | undefined;
  /** Of what AWS keeps. */
  readonly cloud:
    | (Pick<CloudKeeping, "keep" | "copyTo" | "safetyAlone"> & { readonly kind: Exclude<BackupKind, "dump" | "media" | "configuration"> })
    | undefined;
  /** Whether its store has Object Lock, whose ends are moved as backups are promoted. */
  readonly locks: boolean;
  /** The table's own name in DynamoDB, whose backups alone are deleted; undefined: it is none. */
  readonly table?: string;
}

/** Everything that the config keeps for a time; what has no mode of its own has the product's. */
export const prunedOf = ({ databases, tables, caches, lockFor = ms(0) }: BackupSettings, mode: Mode): readonly Pruned[] => [
  ...databases.map(
    (database): Pruned => ({
      of: database.name,
      mode: database.mode,
      keep: database.keep,
      locks: lockFor > 0,
      cloud: snapshotsOf(database),
    }),
  ),
  ...tables.map(({ name: of, table, keep }): Pruned => ({ of, mode, keep: undefined, locks: false, cloud: { kind: "dynamodb-backup", keep }, table })),
  ...caches.map(({ name: of, keep }): Pruned => ({ of, mode, keep: undefined, locks: false, cloud: { kind: "cache-snapshot", keep } })),
];

/** A database whose snapshots nobody asked for has one before each restore all the same. */
function snapshotsOf({ instance, snapshots, keep }: DatabaseSettings): Pruned["cloud"] {
  if (instance === undefined) return undefined;
  if (snapshots === undefined) return { kind: "rds-snapshot", keep: keep.safety, safetyAlone: true };
  const { copyTo } = snapshots;
  return { kind: "rds-snapshot", keep: snapshots.keep, ...(copyTo === undefined ? {} : { copyTo: copyTo.region }) };
}

/** A day passed for one thing. */
export interface PruneDue {
  readonly of: string;
  /** The day that it stands for. */
  readonly occasion: string;
}

/** All that was known when it was decided. */
export interface PruneSeen extends PruneFacts {
  readonly shelved: readonly ShelvedBackup[];
  /** Dumps that the ledger knows as committed: whatever the store says of them now, they are nobody's leftovers. */
  readonly committed: readonly BackupId[];
  /** Snapshots that the ledger knows and that are not deleted: the readings beside them stay. */
  readonly snapshots: readonly BackupId[];
  /** Backups that the store proves and the ledger does not: their rows are to say so. */
  readonly disputed: readonly Disputed[];
  readonly trouble: OpenTrouble | undefined;
  /** The table whose backups these are; undefined: it is none. */
  readonly table: string | undefined;
}

/** What moving one lock's end came to. */
export interface Locked {
  readonly id: BackupId;
  readonly until: EpochMs;
  readonly outcome: MutationOutcome<"locked" | "unsupported">;
}

/** What deleting came to, one by one. */
export interface PruneReceipt {
  readonly removed: readonly { readonly id: string; readonly outcome: MutationOutcome<string> }[];
  readonly pointed: MutationOutcome<"pointed"> | undefined;
  /** Backups that were locked for longer, one by one. */
  readonly locked: readonly Locked[];
  /** How many objects of runs that died went; undefined: it has no store. */
  readonly cleared: MutationOutcome<number> | undefined;
}

/** How it ended. `some`: something that was to go is still there. */
export interface PruneOutcome {
  readonly kind: "all" | "some";
  readonly left: readonly string[];
  /** Locks that should end later and, looked at again, do not: in words. */
  readonly unlocked: readonly string[];
  /** How many do. */
  readonly locked: number;
  /** Objects that runs which died had left behind, and that went. */
  readonly cleared: number;
}

/** Everything pruning can tell. */
export type PruneStory = Story<PruneDue, PruneSeen, Prune, LeavePrune, PruneReceipt, PruneOutcome>;

/** The plan without what only the planner needs, for the record. */
export const recorded = ({ removed }: RetentionPlan, { of, at }: { readonly of: string; readonly at: EpochMs }) => ({ of, at, remove: removed });
