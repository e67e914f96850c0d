import type { BackupSeries } from "./backup.ts";
import type { BackupSettings, TimeOfDay } from "./backup-settings.ts";
import type { EpochMs } from "./time.ts";

/** Work on backups that a schedule starts, by the durable function that does it. */
export type BackupJob = "night" | "snapshot" | "drill";

/** What one of these functions is started with. */
export interface BackupDue {
  /** Its name in the config. */
  readonly of: string;
  /** The minute that it was due: with the series it makes the work's key. */
  readonly scheduled: EpochMs;
  readonly series: BackupSeries;
  /** Who asked for it; absent: its schedule did. */
  readonly by?: string;
}

/** One schedule: stacks and lab make it, its event reaches the dispatcher, which starts `job` for `of`. */
export interface BackupSchedule {
  readonly job: BackupJob;
  /** A database, table, cache, bucket of media by its name in the config, or `configuration`. */
  readonly of: string;
  /** What the schedule's name ends in, after what the deployment puts before it: `night.shop`. */
  readonly name: string;
  /** In UTC, as EventBridge reads it: `cron(0 2 * * ? *)`. */
  readonly expression: string;
  /** The repository whose mirror it asks for, by an event on our own bus; absent: it asks Nightshift alone. */
  readonly mirrors?: string;
}

/** What the copy of the configuration is called. */
export const CONFIGURATION = "configuration";
/** When media and the configuration are looked after, which have no time of their own: after the documents' 02:00, when the nights run. */
export const QUIET_HOUR: TimeOfDay = { hour: 3, minute: 30 };

/** What the mirror of a repository is called among backups: `shop/api` → `mirror.shop.api`. */
export const mirrorName = (repository: string): string => `mirror.${repository.replace("/", ".")}`;
/** Every repository whose mirror is asked for each night. */
export const mirroredIn = ({ configuration }: Pick<BackupSettings, "configuration">): readonly string[] => configuration?.repositories ?? [];

/** Every schedule that these settings need. */
export function backupSchedules({ databases, tables, caches, media, configuration }: BackupSettings): readonly BackupSchedule[] {
  return [
    ...databases.flatMap(({ name, nightly, snapshots, drill }) => [
      daily("night", name, nightly),
      ...(snapshots === undefined ? [] : [daily("snapshot", name, nightly)]),
      ...(drill === undefined ? [] : [schedule("drill", name, `cron(${drill.at.minute} ${drill.at.hour} ${drill.day} * ? *)`)]),
    ]),
    ...[...tables, ...caches].map(({ name, nightly }) => daily("snapshot", name, nightly)),
    ...media.map(({ name }) => daily("snapshot", name, QUIET_HOUR)),
    ...(configuration === undefined ? [] : [daily("snapshot", CONFIGURATION, QUIET_HOUR)]),
    ...mirroredIn({ configuration }).map((repository) => ({ ...daily("snapshot", mirrorName(repository), QUIET_HOUR), mirrors: repository })),
  ];
}

const schedule = (job: BackupJob, of: string, expression: string): BackupSchedule => ({ job, of, name: `${job}.${of}`, expression });
const daily = (job: BackupJob, of: string, at: TimeOfDay): BackupSchedule => schedule(job, of, `cron(${at.minute} ${at.hour} * * ? *)`);

/** Whose schedule fired, from its name in the account (`nightshift-production-night.shop`); undefined: none of these. */
export function readBackupSchedule(name: string): Pick<BackupSchedule, "job" | "of"> | undefined {
  const [, job, of] = /(?:^|[-/])(night|snapshot|drill)\.([^/]+)$/.exec(name) ?? [];
  if (of === undefined || (job !== "night" && job !== "snapshot" && job !== "drill")) return undefined;
  return { job, of };
}
