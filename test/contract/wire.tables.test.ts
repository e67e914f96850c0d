import { tableBackupsFrom } from "@nightshift/aws/dynamodb-backups";
import { epochMs } from "@nightshift/model";
import { describe, expect, it } from "vitest";
import { fault, LoopbackStage, ok, reach } from "./loopback-stage.ts";

/** Backups of tables over real HTTP through the real SDK. */
const aws = new LoopbackStage();

const arn = (n: number) => `arn:aws:dynamodb:eu-central-1:123456789012:table/carts/backup/0${n}`;
const backup = (n: number, over: object = {}) => ({
  ...{ TableName: "carts", BackupArn: arn(n), BackupName: `nightshift-carts-${n}`, BackupStatus: "AVAILABLE", BackupType: "USER" },
  ...{ BackupCreationDateTime: 1_795_226_400 + n, BackupSizeBytes: 10 },
  ...over,
});

describe("DynamoDB's backups over HTTP", () => {
  it("DescribeTable and DescribeContinuousBackups: point in time, size and the replicas that live", async () => {
    aws.answers = {
      DescribeTable: () =>
        ok({
          Table: {
            TableName: "carts",
            TableSizeBytes: 4_096,
            DeletionProtectionEnabled: true,
            Replicas: [
              { RegionName: "eu-west-1", ReplicaStatus: "ACTIVE" },
              { RegionName: "eu-north-1", ReplicaStatus: "CREATING" },
            ],
          },
        }),
      DescribeContinuousBackups: () =>
        ok({
          ContinuousBackupsDescription: {
            ContinuousBackupsStatus: "ENABLED",
            PointInTimeRecoveryDescription: {
              PointInTimeRecoveryStatus: "ENABLED",
              EarliestRestorableDateTime: 1_792_634_400,
              LatestRestorableDateTime: 1_795_226_400.5,
            },
          },
        }),
    };
    expect(await tableBackupsFrom(reach()).look("carts")).toEqual({
      pointInTime: { on: true, earliest: epochMs(1_792_634_400_000), latest: epochMs(1_795_226_400_500) },
      bytes: 4_096,
      deletionProtection: true,
      replicas: ["eu-west-1"],
    });
  });

  it("DescribeContinuousBackups: continuous backups without point in time are not on", async () => {
    aws.answers = {
      DescribeTable: () => ok({ Table: { TableName: "carts", TableSizeBytes: 0 } }),
      DescribeContinuousBackups: () =>
        ok({ ContinuousBackupsDescription: { ContinuousBackupsStatus: "ENABLED", PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: "DISABLED" } } }),
    };
    expect((await tableBackupsFrom(reach()).look("carts")).pointInTime).toEqual({ on: false, earliest: undefined, latest: undefined });
  });

  it("ListBackups: ours alone, newest first, over pages", async () => {
    aws.answers = {
      ListBackups: ({ body }) =>
        ok(
          JSON.stringify(body).includes("ExclusiveStartBackupArn")
            ? { BackupSummaries: [backup(3)] }
            : { BackupSummaries: [backup(1), backup(2, { BackupName: "before-the-move" })], LastEvaluatedBackupArn: arn(2) },
        ),
    };
    expect(await tableBackupsFrom(reach()).list("carts")).toEqual([
      { arn: arn(3), name: "nightshift-carts-3", status: "AVAILABLE", at: epochMs(1_795_226_403_000), bytes: 10 },
      { arn: arn(1), name: "nightshift-carts-1", status: "AVAILABLE", at: epochMs(1_795_226_401_000), bytes: 10 },
    ]);
    expect(aws.requests.map(([, input]) => input)).toEqual([
      { TableName: "carts", BackupType: "USER", Limit: 100 },
      { TableName: "carts", BackupType: "USER", Limit: 100, ExclusiveStartBackupArn: arn(2) },
    ]);
  });

  it("CreateBackup: once under its name, and again when the first was deleted", async () => {
    const standing: object[] = [];
    aws.answers = {
      ListBackups: () => ok({ BackupSummaries: standing }),
      CreateBackup: () => ok({ BackupDetails: { ...backup(7), BackupStatus: "CREATING" } }),
    };
    const take = () => tableBackupsFrom(reach()).take("carts", "nightshift-carts-7");
    expect(await take()).toBe(arn(7));
    standing.push(backup(6, { BackupName: "nightshift-carts-7", BackupStatus: "DELETED" }));
    expect(await take()).toBe(arn(7));
    standing.push(backup(5, { BackupName: "nightshift-carts-7", BackupStatus: "CREATING" }));
    expect(await take()).toBe(arn(5));
    expect(aws.requests.filter(([operation]) => operation === "CreateBackup")).toEqual([
      ["CreateBackup", { TableName: "carts", BackupName: "nightshift-carts-7" }],
      ["CreateBackup", { TableName: "carts", BackupName: "nightshift-carts-7" }],
    ]);
  });

  it("CreateBackup: a name by which nobody would know it as ours is refused", async () => {
    await expect(tableBackupsFrom(reach()).take("carts", "carts-7")).rejects.toMatchObject({ kind: "invalid" });
    expect(aws.requests).toEqual([]);
  });

  it("DeleteBackup: deleted, or gone; one in use is neither", async () => {
    const remove = () => tableBackupsFrom(reach()).delete(arn(1), "carts");
    const DescribeBackup = () => ok({ BackupDescription: { BackupDetails: backup(1) } });
    aws.answers = { DescribeBackup, DeleteBackup: () => ok({ BackupDescription: { BackupDetails: backup(1) } }) };
    expect(await remove()).toBe("deleted");
    expect(aws.requests).toEqual([
      ["DescribeBackup", { BackupArn: arn(1) }],
      ["DeleteBackup", { BackupArn: arn(1) }],
    ]);
    aws.answers = { DescribeBackup: () => fault("BackupNotFoundException") };
    expect(await remove()).toBe("gone");
    aws.answers = { DescribeBackup, DeleteBackup: () => fault("BackupNotFoundException") };
    expect(await remove()).toBe("gone");
    aws.answers = { DescribeBackup, DeleteBackup: () => fault("BackupInUseException") };
    await expect(remove()).rejects.toMatchObject({ kind: "conflict" });
  });

  it.each([
    ["of another table", "baskets", {}],
    ["of a table whose name begins alike", "cart", {}],
    ["that a person named", "carts", { BackupName: "before-the-move" }],
    ["that AWS Backup took", "carts", { BackupType: "AWS_BACKUP" }],
  ])("DeleteBackup: one %s is never asked for", async (_, table, over) => {
    aws.answers = { DescribeBackup: () => ok({ BackupDescription: { BackupDetails: backup(1, over) } }) };
    await expect(tableBackupsFrom(reach()).delete(arn(1), table)).rejects.toMatchObject({ kind: "denied" });
    expect(aws.requests.map(([operation]) => operation)).toEqual(["DescribeBackup"]);
  });
});
