import type { DBInstance, DeleteDBInstanceMessage, RestoreDBInstanceFromDBSnapshotMessage, RestoreDBInstanceToPointInTimeMessage } from "@aws-sdk/client-rds";
import { after, days, type EpochMs, epochMs, ms } from "@nightshift/model";
import { AwsFault } from "../../kernel.ts";
import { between } from "../../world/chance.ts";
import { tellInstance, tellSnapshot } from "./events.ts";
import type { InstanceRecord, RdsTag } from "./records.ts";
import { befalls, instanceIn, latestRestorable, newResourceId, nowIn, type RdsAccount, snapshotIn } from "./region.ts";
import { toTags } from "./snapshots.ts";
import { describeInstance } from "./views.ts";

/** What of a restore the two operations share. */
type Asked = Omit<RestoreDBInstanceFromDBSnapshotMessage, "DBInstanceIdentifier"> | Omit<RestoreDBInstanceToPointInTimeMessage, "TargetDBInstanceIdentifier">;
interface Source {
  readonly id: string;
  readonly bytes: number;
  readonly allocatedGiB: number;
  readonly engineVersion: string;
  readonly instanceClass: string;
  readonly encrypted: boolean;
  readonly retentionDays: number;
  readonly tags: readonly RdsTag[];
  readonly contentsOf: EpochMs;
}

/** A new instance out of a snapshot ("RestoreDBInstanceFromDBSnapshot", https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_RestoreDBInstanceFromDBSnapshot.html, 2026-11-21). */
export function restoreSnapshot(account: RdsAccount, asked: RestoreDBInstanceFromDBSnapshotMessage, region: string): DBInstance {
  const snapshot = snapshotIn(account, asked.DBSnapshotIdentifier ?? "", region);
  if (snapshot.status !== "available" || snapshot.contentsOf === undefined)
    throw new AwsFault("InvalidDBSnapshotStateFault", `The snapshot ${snapshot.id} is in the ${snapshot.status} state.`);
  const instance = account.instances.get(snapshot.instance);
  const source = {
    ...snapshot,
    contentsOf: snapshot.contentsOf,
    instanceClass: instance?.instanceClass ?? "db.t4g.medium",
    retentionDays: instance?.retentionDays ?? 1,
  };
  const made = restore(account, asked, {
    id: asked.DBInstanceIdentifier ?? "",
    source: { ...source, tags: snapshot.tags.length > 0 ? snapshot.tags : (instance?.tags ?? []) },
  });
  if (snapshot.region === account.kernel.region) tellSnapshot(account, snapshot, "RDS-EVENT-0043");
  return made;
}

/** A new instance as another one was at a moment ("RestoreDBInstanceToPointInTime", same reference). */
export function restorePointInTime(account: RdsAccount, asked: RestoreDBInstanceToPointInTimeMessage): DBInstance {
  const source = instanceIn(account, asked.SourceDBInstanceIdentifier ?? "");
  const latest = latestRestorable(account, source);
  if (source.retentionDays === 0 || latest === undefined)
    throw new AwsFault("PointInTimeRestoreNotEnabledFault", `Point in time restore is not enabled for the instance ${source.id}`);
  const at = asked.UseLatestRestorableTime === true ? latest : asked.RestoreTime === undefined ? undefined : epochMs(asked.RestoreTime.getTime());
  if (at === undefined || (asked.UseLatestRestorableTime === true && asked.RestoreTime !== undefined))
    throw new AwsFault("InvalidParameterCombination", "You must specify either RestoreTime or UseLatestRestorableTime.");
  if (at > latest || at < nowIn(account) - days(source.retentionDays))
    throw new AwsFault("InvalidParameterValue", `The specified instance cannot be restored to the time ${new Date(at).toISOString()}.`);
  return restore(account, asked, { id: asked.TargetDBInstanceIdentifier ?? "", source: { ...source, contentsOf: at } });
}

/**
 * What is not asked for is the default, and not the source's: parameter group, security group, subnet group; the source's tags come along
 * where none are given ("Restoring to a DB instance", https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_RestoreFromSnapshot.html, 2026-11-21).
 */
function restore(account: RdsAccount, asked: Asked, { id, source }: { readonly id: string; readonly source: Source }): DBInstance {
  if (account.instances.has(id)) throw new AwsFault("DBInstanceAlreadyExistsFault", `DB instance already exists: ${id}`);
  if (!/^[a-z](?!.*--)[a-z0-9-]{0,62}$/.test(id) || id.endsWith("-")) throw new AwsFault("InvalidParameterValue", `Invalid DB instance identifier: ${id}`);
  if (account.instances.size >= account.quota.instances)
    throw new AwsFault("InstanceQuotaExceededFault", `Cannot create more than ${account.quota.instances} instances`);
  const instance: InstanceRecord = {
    id,
    resourceId: newResourceId(account),
    bytes: source.bytes,
    allocatedGiB: asked.AllocatedStorage ?? source.allocatedGiB,
    engineVersion: source.engineVersion,
    instanceClass: asked.DBInstanceClass ?? source.instanceClass,
    multiAz: asked.MultiAZ ?? false,
    encrypted: source.encrypted,
    retentionDays: asked.BackupRetentionPeriod ?? source.retentionDays,
    parameterGroup: asked.DBParameterGroupName ?? `default.postgres${source.engineVersion.split(".")[0] ?? ""}`,
    subnetGroup: asked.DBSubnetGroupName ?? "default",
    securityGroups: asked.VpcSecurityGroupIds ?? ["sg-0default"],
    publiclyAccessible: asked.PubliclyAccessible ?? asked.DBSubnetGroupName === undefined,
    deletionProtection: asked.DeletionProtection ?? false,
    createdAt: nowIn(account),
    contentsOf: source.contentsOf,
    tags: asked.Tags === undefined ? source.tags : toTags(asked.Tags),
    status: "creating",
    availableAt: undefined,
    hydratedAt: undefined,
    logsStoppedAt: undefined,
  };
  account.instances.set(id, instance);
  account.kernel.record({ kind: "world", what: "restore-began", about: id, detail: { from: source.id, contentsOf: source.contentsOf } });
  const { least, most } = account.rates.restoreBase;
  const end = befalls(account, "restore-fails") ? "failed" : befalls(account, "restore-without-network") ? "incompatible-network" : "available";
  account.kernel.clock.in(ms(Math.round(between(account.random, least, most))), () => arrive(account, instance, end));
  return describeInstance(account, instance);
}

/** It can be connected to; its blocks still lie in S3 and come one by one. */
function arrive(account: RdsAccount, instance: InstanceRecord, end: "available" | "failed" | "incompatible-network"): void {
  if (account.instances.get(instance.id) !== instance || instance.status !== "creating") return;
  instance.status = end;
  if (end !== "available") {
    tellInstance(account, instance, end === "failed" ? "RDS-EVENT-0031" : "RDS-EVENT-0036");
    return;
  }
  instance.availableAt = nowIn(account);
  instance.hydratedAt = after(nowIn(account), ms(Math.round((instance.bytes / account.rates.hydrationBytesPerSecond) * 1_000)));
  tellInstance(account, instance, "RDS-EVENT-0005");
}

/**
 * Deletes an instance. One that is being made is refused here until it is made: whether RDS does so is not documented, and the lab takes
 * the harder answer ("DeleteDBInstance", same reference: what state is wrong, it does not say).
 */
export function deleteInstance(account: RdsAccount, asked: DeleteDBInstanceMessage): DBInstance {
  const instance = instanceIn(account, asked.DBInstanceIdentifier ?? "");
  if (instance.deletionProtection)
    throw new AwsFault("InvalidParameterCombination", "Cannot delete protected DB Instance, please disable deletion protection and try again.");
  if (asked.SkipFinalSnapshot !== true)
    throw new AwsFault(
      "InvalidParameterCombination",
      "The lab deletes without a final snapshot only: FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.",
    );
  if (instance.status === "creating" || instance.status === "deleting")
    throw new AwsFault("InvalidDBInstanceStateFault", `Instance ${instance.id} is currently ${instance.status} and cannot be deleted.`);
  instance.status = "deleting";
  account.kernel.clock.in(account.rates.deleting, () => {
    if (account.instances.get(instance.id) !== instance) return;
    account.instances.delete(instance.id);
    tellInstance(account, instance, "RDS-EVENT-0003");
  });
  return describeInstance(account, instance);
}
