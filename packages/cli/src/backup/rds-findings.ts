import type { DatabaseSettings, Finding } from "@nightshift/model";
import type { DatabaseInstance } from "@nightshift/ports";

/** What RDS says about the instance that a database lives in. */
export interface RdsSeen {
  readonly settings: Pick<DatabaseSettings, "name" | "instance" | "snapshots" | "drill">;
  /** Undefined: RDS knows none of that name. */
  readonly instance: DatabaseInstance | undefined;
  /** Manual snapshots of the region; undefined: it could not be read. */
  readonly quota: { readonly used: number; readonly most: number } | undefined;
}

/** What stands around the instance that makes its backups weaker, or a restore slower. */
export function findInRds({ settings, instance, quota }: RdsSeen): readonly Finding[] {
  const about = settings.instance ?? settings.name;
  const found = (id: string, bad: boolean, rest: Pick<Finding, "severity" | "says" | "remedy">): readonly Finding[] => (bad ? [{ id, about, ...rest }] : []);
  if (instance === undefined)
    return found("R1", true, {
      severity: "danger",
      says: "RDS knows no instance of that name: no snapshot and no point in time is there",
      remedy: `put its name right under databases.${settings.name}.instance`,
    });
  const modify = `aws rds modify-db-instance --db-instance-identifier ${instance.instance}`;
  return [
    ...found("R2", instance.retentionDays === 0, {
      severity: "danger",
      says: "automated backups are off (retention 0): there is no point-in-time restore",
      remedy: `${modify} --backup-retention-period 7   # stops the instance for a while: in a maintenance window`,
    }),
    ...found("R3", !instance.multiAz, {
      severity: "warning",
      says: "it is Single-AZ: a snapshot stops its disk for seconds to minutes, and a lost zone means a restore",
      remedy: `${modify} --multi-az`,
    }),
    ...found("R4", !instance.encrypted, {
      severity: "warning",
      says: "its storage is not encrypted, and so is no snapshot of it",
      remedy: "copy a snapshot with --kms-key-id and restore from the copy: it cannot be switched on",
    }),
    ...found("R5", !instance.deletionProtection, { severity: "warning", says: "it can be deleted by one call", remedy: `${modify} --deletion-protection` }),
    ...found("R6", quota !== undefined && quota.used * 10 >= quota.most * 9, {
      severity: quota !== undefined && quota.used >= quota.most ? "danger" : "warning",
      says: `${quota?.used} of ${quota?.most} manual snapshots of the region are used: soon none can be taken`,
      remedy: 'ask AWS for more (Service Quotas, "Manual DB instance snapshots"), or keep fewer',
    }),
    ...found("R7", settings.snapshots !== undefined && settings.snapshots.copyTo === undefined, {
      severity: "note",
      says: "its snapshots lie in one region",
      remedy: `name a second one under databases.${settings.name}.snapshots.copyTo`,
    }),
    ...found("R8", settings.drill === undefined, {
      severity: "note",
      says: "no drill restores its snapshots: how long that takes is a guess",
      remedy: `add databases.${settings.name}.drill`,
    }),
  ];
}
