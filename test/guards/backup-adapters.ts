import { configurationCopiesFrom } from "@nightshift/aws/configuration-copies";
import { tableBackupsFrom } from "@nightshift/aws/dynamodb-backups";
import { runnersFrom } from "@nightshift/aws/ecs-runners";
import { restoresFrom } from "@nightshift/aws/rds-restores";
import { snapshotPruningFrom, snapshotTakingFrom } from "@nightshift/aws/rds-snapshots";
import type { Reach } from "@nightshift/aws/reach";
import { mediaFrom } from "@nightshift/aws/s3-media";
import { answering, awsError } from "@nightshift/aws/testing/answering";
import type { RestoreAsked } from "@nightshift/ports";
import type { GuardCase } from "./case.ts";

const refuse = (name: string) => () => {
  throw awsError(name);
};
const foreignSnapshot = {
  ...{ DBSnapshotIdentifier: "nightshift-shop-1", DBInstanceIdentifier: "shop", DBSnapshotArn: "arn:aws:rds:eu-central-1:1:snapshot:x" },
  ...{ Status: "available", SnapshotType: "manual", Encrypted: false, TagList: [] },
};
const foreignInstance = {
  ...{ DBInstanceIdentifier: "nightshift-verify-shop", DBInstanceArn: "arn:aws:rds:eu-central-1:1:db:x", DBInstanceStatus: "available", Engine: "postgres" },
  ...{ EngineVersion: "17.6", DBInstanceClass: "db.t4g.medium", AllocatedStorage: 20, StorageEncrypted: true, BackupRetentionPeriod: 0, TagList: [] },
};
const drill: RestoreAsked = {
  ...{ instance: "nightshift-verify-shop", from: { snapshot: "s" }, instanceClass: "db.t4g.medium", subnetGroup: "isolated", securityGroups: ["sg-9"] },
  ...{ parameterGroup: undefined, tags: { "nightshift:purpose": "drill", "nightshift:expires": "2026-11-21T08:00:00Z" } },
};

/** Whether the work is refused, over an account that answers so; what it sent beside. */
async function refused(answers: Parameters<typeof answering>[0], work: (reach: Reach) => Promise<unknown>): Promise<boolean> {
  try {
    await work(answering(answers).reach);
    return false;
  } catch {
    return true;
  }
}

/** What the last command sent had as one of its fields. */
async function sentWith(field: string, answers: Parameters<typeof answering>[0], work: (reach: Reach) => Promise<unknown>): Promise<unknown> {
  const { reach, sent } = answering(answers);
  await work(reach);
  return Reflect.get(Object(sent.at(-1)?.input), field);
}

const places = {
  cluster: () => "backups",
  taskDefinition: () => "arn",
  restoreDefinition: () => "arn",
  subnets: () => ["subnet-a"],
  securityGroups: () => ["sg-1"],
  publicAddress: () => false,
};

export const backupAdapterGuards: readonly GuardCase[] = [
  {
    off: ["only our own snapshot is deleted"],
    promise: "somebody's snapshot is not deleted",
    kept: () =>
      refused({ DescribeDBSnapshots: () => ({ DBSnapshots: [foreignSnapshot] }), DeleteDBSnapshot: () => ({}) }, (reach) =>
        snapshotPruningFrom(reach).delete("nightshift-shop-1"),
      ),
  },
  {
    off: ["only a database made for verification is deleted"],
    promise: "a database without our tags is not deleted",
    kept: () =>
      refused({ DescribeDBInstances: () => ({ DBInstances: [foreignInstance] }), DeleteDBInstance: () => ({}) }, (reach) =>
        restoresFrom(reach).delete("nightshift-verify-shop"),
      ),
  },
  {
    off: ["a restored database says what it is for"],
    promise: "a database that nobody would sweep is not made",
    kept: () => refused({ RestoreDBInstanceFromDBSnapshot: () => ({}) }, (reach) => restoresFrom(reach).restore({ ...drill, instance: "shop-copy" })),
  },
  {
    off: ["a foreign snapshot is not taken for ours"],
    promise: "a snapshot that somebody took is not called taken",
    kept: () =>
      refused({ CreateDBSnapshot: refuse("DBSnapshotAlreadyExistsFault"), DescribeDBSnapshots: () => ({ DBSnapshots: [foreignSnapshot] }) }, (reach) =>
        snapshotTakingFrom(reach).take({ instance: "shop", id: "nightshift-shop-1", tags: {} }),
      ),
  },
  {
    off: ["a foreign database is not taken for ours"],
    promise: "a database that somebody made is not called restored",
    kept: () =>
      refused(
        { RestoreDBInstanceFromDBSnapshot: refuse("DBInstanceAlreadyExistsFault"), DescribeDBInstances: () => ({ DBInstances: [foreignInstance] }) },
        (reach) => restoresFrom(reach).restore(drill),
      ),
  },
  {
    off: ["a table's backup is taken once"],
    promise: "a backup that stands is not taken again",
    kept: async () => {
      const { reach, sent } = answering({
        ListBackups: () => ({ BackupSummaries: [{ BackupName: "nightshift-carts-1", BackupArn: "arn", BackupStatus: "AVAILABLE" }] }),
        CreateBackup: () => ({ BackupDetails: { BackupArn: "arn2" } }),
      });
      await tableBackupsFrom(reach).take("carts", "nightshift-carts-1");
      return sent.every(({ operation }) => operation !== "CreateBackup");
    },
  },
  {
    off: ["a runner is started once"],
    promise: "a run has a token of its own",
    kept: async () =>
      (await sentWith("clientToken", { RunTask: () => ({ tasks: [{ taskArn: "arn", lastStatus: "PENDING" }] }) }, (reach) =>
        runnersFrom(reach, places).start({ run: "night/shop", of: "shop", do: "night", diskGiB: 20 }),
      )) !== undefined,
  },
  {
    off: ["only a canary is written to media"],
    promise: "nothing of the team's is written over",
    kept: () => refused({ PutObject: () => ({ VersionId: "v" }) }, (reach) => mediaFrom(reach).putCanary("media", "photos/cat.jpg", "tweet")),
  },
  {
    off: ["a copy of the configuration is never written over"],
    promise: "a copy is kept only where none stands",
    kept: async () =>
      (await sentWith("IfNoneMatch", { PutObject: () => ({}) }, (reach) => configurationCopiesFrom(reach, () => "backups").keep("configuration/1", "{}"))) ===
      "*",
  },
];
