import { DeleteDBInstanceCommand, RestoreDBInstanceFromDBSnapshotCommand, RestoreDBInstanceToPointInTimeCommand } from "@aws-sdk/client-rds";
import { tags } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { type DatabaseInstance, PortError, type RestoreAsked, type Restores } from "@nightshift/ports";
import type { Call } from "./calls.ts";
import { isFault } from "./faults.ts";
import { disposablePrefixes } from "./rds-databases.ts";
import { readInstance } from "./rds-reading.ts";
import type { Reach } from "./reach.ts";
import { isOurs, ownTags } from "./tags.ts";

/**
 * Makes instances out of backups and deletes those made for verification. Tags are always sent: without any, RDS would copy
 * the source's, and with them its alarms, plans and costs.
 * Sources: "RestoreDBInstanceFromDBSnapshot", "RestoreDBInstanceToPointInTime" and "DeleteDBInstance",
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/; "Restoring to a DB instance",
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_RestoreFromSnapshot.html, 2026-11-21.
 */
export const restoresFrom = (reach: Reach): Restores => ({
  async restore(asked) {
    const call = { operation: "snapshot" in asked.from ? fromSnapshot : toMoment, on: asked.instance };
    refuseUnlabelled(call, asked);
    try {
      await reach.calls.change(call, () => sendRestore(reach, asked));
      return "restoring";
    } catch (error) {
      if (!isFault(error, "DBInstanceAlreadyExistsFault")) throw error;
      await refuseForeign(reach, call, asked);
      return "already";
    }
  },
  async delete(instance) {
    const call = { operation: "rds:DeleteDBInstance", on: instance };
    const found = await readInstance(reach, instance);
    if (found === undefined) return "gone";
    if (!isForVerification(found) && guard("only a database made for verification is deleted"))
      throw new PortError("denied", call.operation, call.on, `its name and tags do not say that we made it for verification; it is never deleted by us`);
    if (found.status === "deleting") return "deleting";
    try {
      await reach.calls.change(call, async () =>
        (await reach.connections.rds()).send(
          new DeleteDBInstanceCommand({ DBInstanceIdentifier: instance, SkipFinalSnapshot: true, DeleteAutomatedBackups: true }),
        ),
      );
      return "deleting";
    } catch (error) {
      if (isFault(error, "DBInstanceNotFoundFault")) return "gone";
      throw error;
    }
  },
});

const fromSnapshot = "rds:RestoreDBInstanceFromDBSnapshot";
const toMoment = "rds:RestoreDBInstanceToPointInTime";

async function sendRestore({ connections }: Reach, asked: RestoreAsked): Promise<void> {
  const { from, instance } = asked;
  const rds = await connections.rds();
  const like = likeness(asked);
  if ("snapshot" in from) {
    await rds.send(new RestoreDBInstanceFromDBSnapshotCommand({ DBInstanceIdentifier: instance, DBSnapshotIdentifier: from.snapshot, ...like }));
    return;
  }
  const moment = from.at === "latest" ? { UseLatestRestorableTime: true } : { RestoreTime: new Date(from.at) };
  await rds.send(
    new RestoreDBInstanceToPointInTimeCommand({ TargetDBInstanceIdentifier: instance, SourceDBInstanceIdentifier: from.source, ...moment, ...like }),
  );
}

/** What every restored instance is like, wherever it comes from. */
const likeness = ({ instanceClass, subnetGroup, securityGroups, parameterGroup, tags: given }: RestoreAsked) => ({
  DBInstanceClass: instanceClass,
  DBSubnetGroupName: subnetGroup,
  VpcSecurityGroupIds: [...securityGroups],
  ...(parameterGroup === undefined ? {} : { DBParameterGroupName: parameterGroup }),
  MultiAZ: false,
  PubliclyAccessible: false,
  AutoMinorVersionUpgrade: false,
  DeletionProtection: false,
  BackupRetentionPeriod: 0,
  CopyTagsToSnapshot: false,
  Tags: ownTags(given),
});

/** Whoever sweeps and deletes goes by name and tags: an instance without them would stay, and cost, for ever. */
function refuseUnlabelled(call: Call, { instance, tags: given, securityGroups }: RestoreAsked): void {
  const purpose = given[tags.purpose];
  const wrong =
    purpose === "restore"
      ? !instance.startsWith(disposablePrefixes.restore)
      : !(verifying.has(purpose ?? "") && instance.startsWith(disposablePrefixes.verify) && /^\S+$/.test(given[tags.expires] ?? ""));
  if (wrong && guard("a restored database says what it is for"))
    throw new PortError(
      "invalid",
      call.operation,
      call.on,
      `it must be ${disposablePrefixes.verify}… with the purpose verify or drill and an expiry, or ${disposablePrefixes.restore}… with the purpose restore`,
    );
  // Without groups RDS takes the network's default one, which is no isolation.
  if (securityGroups.length === 0) throw new PortError("invalid", call.operation, call.on, "no security group is given; name an isolated one in the config");
}

const verifying: ReadonlySet<string> = new Set(["verify", "drill"]);

const isForVerification = ({ instance, tags: its }: DatabaseInstance): boolean =>
  instance.startsWith(disposablePrefixes.verify) && isOurs(its) && verifying.has(its[tags.purpose] ?? "");

async function refuseForeign(reach: Reach, call: Call, { instance, tags: given }: RestoreAsked): Promise<void> {
  const found = await readInstance(reach, instance);
  if (found === undefined) throw new PortError("conflict", call.operation, call.on, "an instance of this name was there and is gone; ask again");
  if (isOurs(found.tags) && found.tags[tags.purpose] === given[tags.purpose]) return;
  if (guard("a foreign database is not taken for ours"))
    throw new PortError("invalid", call.operation, call.on, "an instance of this name stands that we did not make; rename or remove it");
}
