import { tags } from "@nightshift/model";
import type { LabAccount } from "../account.ts";
import { accepted, tagsIn, textIn } from "./history.ts";
import { parameters } from "./parameters.ts";

const RESTORES = ["RestoreDBInstanceFromDBSnapshot", "RestoreDBInstanceToPointInTime"];

/** 30: what is restored has a name of ours, tags of its own, groups that were named, and never the source's name; what is for verification is gone after its time. */
export function drillsStayApartAndGo(lab: LabAccount): readonly string[] {
  const problems: string[] = [];
  for (const call of accepted(lab, "rds", ...RESTORES)) {
    const id = textIn(call, "DBInstanceIdentifier") || textIn(call, "TargetDBInstanceIdentifier");
    const given = tagsIn(call);
    if (!/^nightshift-(verify|restore)-/.test(id)) problems.push(`${call.caller} restored into ${id}, which is no name of ours`);
    if (given[tags.owner] === undefined) problems.push(`${call.caller} restored ${id} without our owner tag: the source's tags came along`);
    if (call.fields["VpcSecurityGroupIds"] === undefined || call.fields["DBSubnetGroupName"] === undefined)
      problems.push(`${call.caller} restored ${id} without groups: it lies in the default network`);
    if (call.fields["BackupRetentionPeriod"] !== 0) problems.push(`${call.caller} restored ${id} with backups of its own`);
    if (id.startsWith("nightshift-verify-") && given[tags.expires] === undefined) problems.push(`${call.caller} restored ${id} without an expiry`);
  }
  const now = lab.clock.now();
  for (const { id, tags: its } of lab.rds.instances) {
    const expires = Number(new Date(its.find(({ Key }) => Key === tags.expires)?.Value ?? Number.NaN));
    if (id.startsWith("nightshift-verify-") && !(expires + parameters.drillOutlives > now)) problems.push(`${id} is still there, long after it expired`);
  }
  return problems;
}

/** 31: an instance is deleted only when we made it for verification; one that was asked for is never swept. */
export function onlyOurInstancesAreDeleted(lab: LabAccount): readonly string[] {
  const made = new Set(accepted(lab, "rds", ...RESTORES).map((call) => textIn(call, "DBInstanceIdentifier") || textIn(call, "TargetDBInstanceIdentifier")));
  return accepted(lab, "rds", "DeleteDBInstance").flatMap((call) => {
    const id = textIn(call, "DBInstanceIdentifier");
    if (!made.has(id)) return [`${call.caller} deleted ${id}, which we did not make`];
    return id.startsWith("nightshift-verify-") ? [] : [`${call.caller} deleted ${id}, which somebody asked for`];
  });
}
