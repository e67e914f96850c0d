import type { DBInstance, DBSnapshot } from "@aws-sdk/client-rds";
import { since } from "@nightshift/model";
import type { InstanceRecord, SnapshotRecord } from "./records.ts";
import { latestRestorable, nowIn, type RdsAccount, rdsArn } from "./region.ts";

const keyArn = (account: RdsAccount, region: string): string => `arn:aws:kms:${region}:${account.kernel.accountId}:key/the-lab-s-key`;

/** One instance as DescribeDBInstances answers it ("DBInstance", https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBInstance.html, 2026-11-21). */
export function describeInstance(account: RdsAccount, instance: InstanceRecord): DBInstance {
  const { region } = account.kernel;
  const restorable = latestRestorable(account, instance);
  const left = hydrationLeft(account, instance);
  return {
    DBInstanceIdentifier: instance.id,
    DBInstanceArn: rdsArn(account, "db", instance.id),
    DbiResourceId: instance.resourceId,
    DBInstanceStatus: instance.status,
    DBInstanceClass: instance.instanceClass,
    Engine: "postgres",
    EngineVersion: instance.engineVersion,
    MasterUsername: "postgres",
    AllocatedStorage: instance.allocatedGiB,
    StorageType: "gp3",
    MultiAZ: instance.multiAz,
    StorageEncrypted: instance.encrypted,
    BackupRetentionPeriod: instance.retentionDays,
    PubliclyAccessible: instance.publiclyAccessible,
    DeletionProtection: instance.deletionProtection,
    InstanceCreateTime: new Date(instance.createdAt),
    VpcSecurityGroups: instance.securityGroups.map((VpcSecurityGroupId) => ({ VpcSecurityGroupId, Status: "active" })),
    DBParameterGroups: [{ DBParameterGroupName: instance.parameterGroup, ParameterApplyStatus: "in-sync" }],
    DBSubnetGroup: { DBSubnetGroupName: instance.subnetGroup, SubnetGroupStatus: "Complete" },
    TagList: instance.tags.map((tag) => ({ ...tag })),
    ...(instance.encrypted ? { KmsKeyId: keyArn(account, region) } : {}),
    // An instance that is being made has no address yet.
    ...(instance.availableAt === undefined ? {} : { Endpoint: { Address: `${instance.id}.c0labrds.${region}.rds.amazonaws.com`, Port: 5432 } }),
    ...(restorable === undefined ? {} : { LatestRestorableTime: new Date(restorable) }),
    ...(left === 0 || instance.status !== "available"
      ? {}
      : { StorageOperationStatus: "Initializing", StorageOperationPercentProgress: Math.floor(100 * (1 - left)) }),
  };
}

/** Share of a restored volume's blocks that still lie in S3. */
export function hydrationLeft(account: RdsAccount, { availableAt, hydratedAt }: InstanceRecord): number {
  if (availableAt === undefined || hydratedAt === undefined) return 0;
  const whole = since(availableAt, hydratedAt);
  return whole === 0 ? 0 : Math.max(0, 1 - since(availableAt, nowIn(account)) / whole);
}

/** One snapshot as DescribeDBSnapshots answers it ("DBSnapshot", same reference, API_DBSnapshot.html). */
export function describeSnapshot(account: RdsAccount, snapshot: SnapshotRecord): DBSnapshot {
  const done = snapshot.status === "available";
  const gone = since(snapshot.startedAt, nowIn(account));
  return {
    DBSnapshotIdentifier: snapshot.id,
    DBSnapshotArn: rdsArn(account, "snapshot", snapshot.id, snapshot.region),
    DBInstanceIdentifier: snapshot.instance,
    SnapshotType: snapshot.manual ? "manual" : "automated",
    Status: snapshot.status,
    PercentProgress: done ? 100 : Math.min(99, Math.floor((100 * gone) / Math.max(1, snapshot.takes))),
    Engine: "postgres",
    EngineVersion: snapshot.engineVersion,
    AllocatedStorage: snapshot.allocatedGiB,
    StorageType: "gp3",
    Encrypted: snapshot.encrypted,
    TagList: snapshot.tags.map((tag) => ({ ...tag })),
    OriginalSnapshotCreateTime: new Date(snapshot.originalAt),
    ...(snapshot.kmsKey === undefined ? {} : { KmsKeyId: snapshot.kmsKey }),
    ...(snapshot.copyOf === undefined ? {} : { SourceDBSnapshotIdentifier: snapshot.copyOf, SourceRegion: snapshot.copyOf.split(":")[3] ?? "" }),
    // A snapshot has a time once the storage has one.
    ...(snapshot.contentsOf === undefined ? {} : { SnapshotCreateTime: new Date(snapshot.startedAt), SnapshotDatabaseTime: new Date(snapshot.contentsOf) }),
    ...(done ? { FullSnapshotSizeInBytes: snapshot.bytes } : {}),
  };
}
