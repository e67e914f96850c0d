import type { LeaveSnapshot, SnapshotEnd, SnapshotFacts, SnapshotSettled, TakeSnapshot } from "@nightshift/decide/backups/decide-snapshot";
import type { SideRead } from "@nightshift/decide/backups/snapshot-manifests";
import type {
  BackupDue,
  BackupSettings,
  CacheSettings,
  DatabaseSettings,
  MediaSettings,
  Mode,
  ServiceRef,
  SnapshotSettings as Kept,
  TableSettings,
} from "@nightshift/model";
import { CONFIGURATION, mirroredIn, mirrorName } from "@nightshift/model";
import type { World } from "@nightshift/ports";
import type { MutationOutcome, Run, Story } from "@nightshift/runtime";
import type { OpenTrouble } from "@nightshift/runtime/backup-incidents";
import type { manifest } from "./manifest.ts";

/** The part of the world a snapshot sees. */
export type SnapshotWorld = Pick<World, (typeof manifest)["uses"][number]>;
/** What its phases may do to it. */
export type SnapshotRun = Run<SnapshotWorld>;

/** What is saved, and how the config wants it. */
export type Subject =
  | { readonly kind: "database"; readonly database: DatabaseSettings; readonly instance: string; readonly snapshots: Kept }
  | { readonly kind: "table"; readonly table: TableSettings }
  | { readonly kind: "cache"; readonly cache: CacheSettings }
  | { readonly kind: "media"; readonly media: MediaSettings }
  | {
      readonly kind: "configuration";
      readonly parameterPaths: readonly string[];
      readonly taskDefinitions: readonly string[];
      readonly services: readonly ServiceRef[];
    }
  /** Somebody else mirrors it and says so on our bus. */
  | { readonly kind: "mirror"; readonly repository: string };

/** What one snapshot is taken by. */
export interface SnapshotSettings {
  readonly subject: Subject;
  readonly mode: Mode;
}

/** What is known of the config when a name is to be saved. */
export interface SnapshotConfig {
  readonly backups: BackupSettings;
  /** The mode of what has none of its own. */
  readonly mode: Mode;
  /** Task definitions that are saved besides those of the services. */
  readonly taskDefinitions: readonly string[];
  /** Services whose task definitions are saved as they run; absent: none. */
  readonly services?: readonly ServiceRef[];
}

/** What the name stands for; undefined: nothing of the config. */
export function subjectOf({ backups, mode, taskDefinitions, services = [] }: SnapshotConfig, of: string): SnapshotSettings | undefined {
  const database = backups.databases.find(({ name }) => name === of);
  if (database?.snapshots !== undefined && database.instance !== undefined)
    return { subject: { kind: "database", database, instance: database.instance, snapshots: database.snapshots }, mode: database.mode };
  const table = backups.tables.find(({ name }) => name === of);
  if (table !== undefined) return { subject: { kind: "table", table }, mode };
  const cache = backups.caches.find(({ name }) => name === of);
  if (cache !== undefined) return { subject: { kind: "cache", cache }, mode };
  const media = backups.media.find(({ name }) => name === of);
  if (media !== undefined) return { subject: { kind: "media", media }, mode };
  if (of === CONFIGURATION && backups.configuration !== undefined)
    return { subject: { kind: "configuration", parameterPaths: backups.configuration.parameterPaths, taskDefinitions, services }, mode };
  const repository = mirroredIn(backups).find((one) => mirrorName(one) === of);
  return repository === undefined ? undefined : { subject: { kind: "mirror", repository }, mode };
}

/** All that was known when it was decided. */
export interface SnapshotSeen extends SnapshotFacts {
  readonly due: BackupDue;
  readonly settings: SnapshotSettings;
  readonly trouble: OpenTrouble | undefined;
}

/** What asking for it came to. */
export interface SnapshotReceipt {
  readonly verdict: TakeSnapshot;
  /** What was read of its source before. */
  readonly reads: readonly SideRead[];
  /** An ARN, a name, a key. */
  readonly taken: MutationOutcome<string>;
}

/** How it ended. */
export interface SnapshotOutcome {
  readonly kind: SnapshotEnd["kind"];
  readonly end: SnapshotEnd;
  readonly settled: SnapshotSettled;
}

/** Everything it can tell. */
export type SnapshotStory = Story<BackupDue, SnapshotSeen, TakeSnapshot, LeaveSnapshot, SnapshotReceipt, SnapshotOutcome>;
