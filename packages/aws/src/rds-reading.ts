import { type DBInstance, type DBSnapshot, DescribeDBInstancesCommand, DescribeDBSnapshotsCommand } from "@aws-sdk/client-rds";
import type { DatabaseInstance, DatabaseSnapshot } from "@nightshift/ports";
import { moment } from "./ecs-tasks.ts";
import { unlessFault } from "./faults.ts";
import { need } from "./partial.ts";
import type { Reach } from "./reach.ts";
import { tagsFrom } from "./tags.ts";

/** One instance; undefined: RDS knows none of that name. Source: "DescribeDBInstances", https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBInstances.html, 2026-11-21. */
export async function readInstance({ connections, calls }: Reach, instance: string): Promise<DatabaseInstance | undefined> {
  const call = { operation: "rds:DescribeDBInstances", on: instance };
  const answer = await unlessFault(
    () => calls.read(call, async () => (await connections.rds()).send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: instance }))),
    "DBInstanceNotFoundFault",
  );
  return answer === undefined ? undefined : instanceFrom(need(call, "DBInstances[0]", answer.DBInstances?.[0]));
}

/** One snapshot; undefined: RDS knows none of that name there. Source: "DescribeDBSnapshots", https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBSnapshots.html, 2026-11-21. */
export async function readSnapshot({ connections, calls }: Reach, id: string, region?: string): Promise<DatabaseSnapshot | undefined> {
  const call = { operation: "rds:DescribeDBSnapshots", on: where(id, region) };
  const answer = await unlessFault(
    () => calls.read(call, async () => (await connections.rds(region)).send(new DescribeDBSnapshotsCommand({ DBSnapshotIdentifier: id }))),
    "DBSnapshotNotFoundFault",
  );
  return answer === undefined ? undefined : snapshotFrom(need(call, "DBSnapshots[0]", answer.DBSnapshots?.[0]));
}

/** A name, with its region where it is not ours. */
export const where = (id: string, region: string | undefined): string => (region === undefined ? id : `${id} in ${region}`);

const instances = { operation: "rds:DescribeDBInstances", on: "an instance" };
const snapshots = { operation: "rds:DescribeDBSnapshots", on: "a snapshot" };

/** An instance in our words. What decides whether it may be deleted or restored is never guessed. */
export const instanceFrom = (read: DBInstance): DatabaseInstance => ({
  instance: need(instances, "DBInstanceIdentifier", read.DBInstanceIdentifier),
  arn: need(instances, "DBInstanceArn", read.DBInstanceArn),
  status: need(instances, "DBInstanceStatus", read.DBInstanceStatus),
  engine: need(instances, "Engine", read.Engine),
  engineVersion: need(instances, "EngineVersion", read.EngineVersion),
  endpoint: read.Endpoint?.Address === undefined || read.Endpoint.Port === undefined ? undefined : `${read.Endpoint.Address}:${read.Endpoint.Port}`,
  instanceClass: need(instances, "DBInstanceClass", read.DBInstanceClass),
  allocatedGiB: need(instances, "AllocatedStorage", read.AllocatedStorage),
  multiAz: read.MultiAZ ?? false,
  encrypted: need(instances, "StorageEncrypted", read.StorageEncrypted),
  kmsKey: read.KmsKeyId,
  parameterGroup: read.DBParameterGroups?.[0]?.DBParameterGroupName,
  subnetGroup: read.DBSubnetGroup?.DBSubnetGroupName,
  securityGroups: (read.VpcSecurityGroups ?? []).flatMap(({ VpcSecurityGroupId: id }) => (id === undefined ? [] : [id])),
  retentionDays: need(instances, "BackupRetentionPeriod", read.BackupRetentionPeriod),
  latestRestorable: moment(read.LatestRestorableTime),
  deletionProtection: read.DeletionProtection ?? false,
  tags: tagsFrom(read.TagList),
});

/**
 * A snapshot in our words. Its own creation time changes when it is copied, the original one does not; the time of its last
 * transaction says what a restore of it loses.
 * Source: "DBSnapshot", https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBSnapshot.html, 2026-11-21.
 */
export function snapshotFrom(read: DBSnapshot): DatabaseSnapshot {
  const arn = need(snapshots, "DBSnapshotArn", read.DBSnapshotArn);
  return {
    id: need(snapshots, "DBSnapshotIdentifier", read.DBSnapshotIdentifier),
    arn,
    instance: need(snapshots, "DBInstanceIdentifier", read.DBInstanceIdentifier),
    region: regionOf(arn),
    manual: read.SnapshotType === "manual",
    status: need(snapshots, "Status", read.Status),
    progress: read.PercentProgress ?? 0,
    contentsOf: moment(read.SnapshotDatabaseTime),
    created: moment(read.OriginalSnapshotCreateTime ?? read.SnapshotCreateTime),
    allocatedGiB: read.AllocatedStorage ?? 0,
    encrypted: need(snapshots, "Encrypted", read.Encrypted),
    tags: tagsFrom(read.TagList),
  };
}

/** The region that an ARN names. */
export const regionOf = (arn: string): string => arn.split(":")[3] ?? "";
