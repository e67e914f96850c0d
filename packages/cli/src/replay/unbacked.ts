import { PortError, type World } from "@nightshift/ports";
import type { UnmadeCall } from "./rehearsal.ts";

/** What a rehearsal may read of backups; what is not there cannot be read, and says so. */
export type ReadableBackups = Partial<Pick<World, "databases" | "shelf" | "backupBook" | "tableBackups" | "cacheBackups" | "restoreTests">>;

type Port =
  | "databases"
  | "shelf"
  | "backupBook"
  | "runners"
  | "snapshotTaking"
  | "snapshotPruning"
  | "restores"
  | "tableBackups"
  | "cacheBackups"
  | "media"
  | "configurationCopies"
  | "restoreTests"
  | "backupPruning"
  | "recoveryGauges";

/** Backups as they are, with recorders for what would take, restore or delete one. */
export function unbacked(readable: ReadableBackups, note: (operation: string, on: string, input: UnmadeCall["input"]) => void): Pick<World, Port> {
  return { ...readings(readable), ...untaken(readable, note), ...unchanged(readable, note) };
}

function readings({ databases, shelf, backupBook }: ReadableBackups): Pick<World, "databases" | "shelf" | "backupBook"> {
  return {
    databases: databases ?? {
      instance: unread("rds:DescribeDBInstances"),
      snapshots: unread("rds:DescribeDBSnapshots"),
      snapshot: unread("rds:DescribeDBSnapshots"),
      quota: unread("rds:DescribeAccountAttributes"),
      disposable: unread("rds:DescribeDBInstances"),
    },
    shelf: shelf ?? { list: unread("s3:ListObjectsV2"), report: unread("s3:GetObject"), clock: unread("s3:HeadBucket") },
    backupBook: {
      all: async (of) => (await backupBook?.all(of)) ?? [],
      find: async (of, id) => backupBook?.find(of, id),
      replace: async () => true,
      sample: async () => {},
      samples: async (of, since) => (await backupBook?.samples(of, since)) ?? [],
    },
  };
}

/** What takes a backup, or makes something out of one. */
function untaken(
  { tableBackups, cacheBackups }: ReadableBackups,
  note: (operation: string, on: string, input: UnmadeCall["input"]) => void,
): Pick<World, "runners" | "snapshotTaking" | "restores" | "tableBackups" | "cacheBackups"> {
  return {
    runners: {
      start: async (job) => {
        note("ecs:RunTask", job.of, { ...job });
        return { task: `${job.run} (not started)`, state: "starting" };
      },
      look: unread("ecs:DescribeTasks"),
      stop: async (task, reason) => note("ecs:StopTask", task, { task, reason }),
    },
    snapshotTaking: {
      take: async (asked) => {
        note("rds:CreateDBSnapshot", asked.instance, { ...asked });
        return "taken";
      },
      copy: async (asked) => {
        note("rds:CopyDBSnapshot", asked.arn, { ...asked });
        return "copying";
      },
    },
    restores: {
      restore: async (asked) => {
        note("snapshot" in asked.from ? "rds:RestoreDBInstanceFromDBSnapshot" : "rds:RestoreDBInstanceToPointInTime", asked.instance, { ...asked });
        return "restoring";
      },
      delete: async (instance) => {
        note("rds:DeleteDBInstance", instance, { instance });
        return "deleting";
      },
    },
    tableBackups: {
      look: tableBackups === undefined ? unread("dynamodb:DescribeContinuousBackups") : (table) => tableBackups.look(table),
      list: async (table) => (await tableBackups?.list(table)) ?? [],
      take: async (table, name) => {
        note("dynamodb:CreateBackup", table, { table, name });
        return `${name} (not taken)`;
      },
      delete: async (arn) => {
        note("dynamodb:DeleteBackup", arn, { arn });
        return "deleted";
      },
    },
    cacheBackups: {
      look: async (cache) => cacheBackups?.look(cache),
      list: async (cache) => (await cacheBackups?.list(cache)) ?? [],
      take: async (cache, name) => {
        note("elasticache:CreateSnapshot", cache, { cache, name });
        return "taken";
      },
      delete: async (name) => {
        note("elasticache:DeleteSnapshot", name, { name });
        return "deleted";
      },
    },
  };
}

/** What deletes, stores or answers. */
function unchanged(
  { restoreTests }: ReadableBackups,
  note: (operation: string, on: string, input: UnmadeCall["input"]) => void,
): Pick<World, "snapshotPruning" | "media" | "configurationCopies" | "restoreTests" | "backupPruning" | "recoveryGauges"> {
  return {
    recoveryGauges: { publish: async () => {} },
    snapshotPruning: {
      delete: async (id, region) => {
        note("rds:DeleteDBSnapshot", id, { id, ...(region === undefined ? {} : { region }) });
        return "deleted";
      },
    },
    media: {
      look: unread("s3:GetBucketReplication"),
      putCanary: async (bucket, key) => {
        note("s3:PutObject", bucket, { bucket, key });
        return "";
      },
      canary: async () => undefined,
    },
    configurationCopies: {
      read: unread("ecs:DescribeTaskDefinition"),
      keep: async (key) => {
        note("s3:PutObject", key, { key });
        return { key, sha256: "" };
      },
    },
    restoreTests: {
      job: restoreTests === undefined ? unread("backup:DescribeRestoreJob") : (id) => restoreTests.job(id),
      answer: async (id, how) => note("backup:PutRestoreValidationResult", id, { ...how }),
    },
    backupPruning: {
      record: async () => {},
      remove: async ({ id, of }) => {
        note("s3:DeleteObject", of, { backup: id });
        return "removed";
      },
      point: async () => {},
      lock: async ({ id, of }, until) => {
        note("s3:PutObjectRetention", of, { backup: id, until });
        return "locked";
      },
      clear: async () => 0,
    },
  };
}

/** What a rehearsal was given no way to read is never guessed. */
const unread =
  (operation: string) =>
  async (...on: readonly unknown[]): Promise<never> => {
    throw new PortError("unsupported", operation, String(on[0] ?? "the store"), "a rehearsal reads no backups; run the command against the account");
  };
