import type { Mode } from "./severity.ts";
import type { Ms } from "./time.ts";
import type { Percent } from "./units.ts";

/** A time of day in UTC. */
export interface TimeOfDay {
  readonly hour: number;
  readonly minute: number;
}

/** How long a class of backups is kept, counted from the newest verified one. */
export interface KeepSettings {
  readonly daily: Ms;
  readonly weekly: Ms;
  readonly monthly: Ms;
  /** Safety copies before a restore. */
  readonly safety: Ms;
  /** So many verified ones always stay, however old. */
  readonly atLeast: number;
}

/** A statement that must hold in the restored copy: one row, one column. Its value is never shown, only whether it holds. */
export interface AssertionSettings {
  readonly name: string;
  readonly sql: string;
  /** `true`: the statement says true; a number: it says at least this. */
  readonly holds: true | { readonly atLeast: number };
}

/** One PostgreSQL database and how it is backed up and proven. */
export interface DatabaseSettings {
  readonly name: string;
  /** The RDS instance it lives in; absent: snapshots, point in time and drills are not for it. */
  readonly instance: string | undefined;
  /** Name of the secret that holds `postgres://USER:PASSWORD@HOST:PORT/DATABASE`. */
  readonly url: string;
  /** Name of the secret with the address of the role that restores: into the same server, and held by no night. Absent: `/ops restore` restores no dump. */
  readonly restoreUrl?: string | undefined;
  readonly mode: Mode;
  readonly nightly: TimeOfDay;
  /** A night that took longer than this is late; absent: the larger of 2 h and twice the last one. */
  readonly maxDuration: Ms | undefined;
  readonly keep: KeepSettings;
  /** Targets. */
  readonly rpo: Ms;
  readonly rto: Ms;
  /** What the runner's container is made from: `postgres:17`, or one with the extensions the database needs. */
  readonly image: string;
  /** How often a backup is restored and compared whole: every night (1), every second (2)… */
  readonly proveEvery: number;
  /** Gates from one night to the next. */
  readonly gates: {
    /** A table that lost more of its rows than this makes the backup suspect. */
    readonly rowDrop: Percent;
    /** The newest value of a time column must be at most this old. */
    readonly fresh: readonly { readonly table: string; readonly column: string; readonly within: Ms }[];
  };
  readonly assertions: readonly AssertionSettings[];
  /** Extensions that the scratch server need not have. */
  readonly withoutExtensions: readonly string[];
  readonly snapshots: SnapshotSettings | undefined;
  readonly drill: DrillSettings | undefined;
}
/** For which snapshots the source is read whole before and after: `nightly` spares deployments and people the wait. */
export type SnapshotManifests = "nightly" | "always" | "never";
/** RDS snapshots of a database's instance. */
export interface SnapshotSettings {
  readonly keep: Ms;
  /** A copy in a second region, under that region's key. */
  readonly copyTo: { readonly region: string; readonly kmsKey: string | undefined } | undefined;
  /** Absent: `nightly`. */
  readonly manifests?: SnapshotManifests;
}
/** A restore of a snapshot or a point in time into a temporary instance. */
export interface DrillSettings {
  /** Day of the month, 1 to 28. */
  readonly day: number;
  readonly at: TimeOfDay;
  readonly from: "snapshot" | "point-in-time";
  readonly instanceClass: string;
  readonly subnetGroup: string;
  /** An isolated one: nothing but the runner may reach the instance. */
  readonly securityGroups: readonly string[];
  /** The instance is deleted after so long, whatever became of the drill. */
  readonly atMost: Ms;
  /** US dollars; a drill whose estimate is above is refused. */
  readonly costAtMost: number;
}

/** One DynamoDB table. */
export interface TableSettings {
  readonly name: string;
  readonly table: string;
  readonly nightly: TimeOfDay;
  readonly keep: Ms;
  readonly rpo: Ms;
  /** A region that must hold a replica. */
  readonly copyIn: string | undefined;
}
/** One ElastiCache replication group or serverless cache. */
export interface CacheSettings {
  readonly name: string;
  readonly cache: string;
  readonly nightly: TimeOfDay;
  readonly keep: Ms;
}
/** One bucket of media. */
export interface MediaSettings {
  readonly name: string;
  readonly bucket: string;
  /** The bucket that objects must travel to; absent: only versioning is checked. */
  readonly replica: string | undefined;
  /** A canary must arrive within. */
  readonly within: Ms;
}

/** Everything that is backed up, or checked to be. */
export interface BackupSettings {
  readonly databases: readonly DatabaseSettings[];
  readonly tables: readonly TableSettings[];
  readonly caches: readonly CacheSettings[];
  readonly media: readonly MediaSettings[];
  readonly configuration: { readonly parameterPaths: readonly string[]; readonly repositories: readonly string[] } | undefined;
  /** The second region of the disaster plan. */
  readonly secondRegion: string | undefined;
  /** A stored backup is under Object Lock (governance) for so long; zero: not at all. */
  readonly lockFor?: Ms;
}
