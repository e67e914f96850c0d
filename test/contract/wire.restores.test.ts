import { restoresFrom } from "@nightshift/aws/rds-restores";
import { epochMs } from "@nightshift/model";
import type { RestoreAsked } from "@nightshift/ports";
import { describe, expect, it } from "vitest";
import { faultXml, LoopbackStage, okXml, reach } from "./loopback-stage.ts";
import { instances, instanceXml, ownerTag } from "./rds-answers.ts";

/** Databases made out of backups, over real HTTP through the real SDK. */
const aws = new LoopbackStage();

const drillTags = { "nightshift:purpose": "drill", "nightshift:expires": "2026-11-21T08:00:00Z" };
const asked: RestoreAsked = {
  instance: "nightshift-verify-shop",
  from: { snapshot: "nightshift-shop-1" },
  instanceClass: "db.t4g.medium",
  subnetGroup: "isolated",
  securityGroups: ["sg-9"],
  parameterGroup: "shop-17",
  tags: drillTags,
};
const sentLike = {
  DBInstanceClass: "db.t4g.medium",
  DBSubnetGroupName: "isolated",
  "VpcSecurityGroupIds.VpcSecurityGroupId.1": "sg-9",
  DBParameterGroupName: "shop-17",
  MultiAZ: "false",
  PubliclyAccessible: "false",
  AutoMinorVersionUpgrade: "false",
  DeletionProtection: "false",
  BackupRetentionPeriod: "0",
  CopyTagsToSnapshot: "false",
  "Tags.Tag.1.Key": "nightshift:expires",
  "Tags.Tag.1.Value": "2026-11-21T08:00:00Z",
  "Tags.Tag.2.Key": "nightshift:owner",
  "Tags.Tag.2.Value": "nightshift",
  "Tags.Tag.3.Key": "nightshift:purpose",
  "Tags.Tag.3.Value": "drill",
};

describe("restores over HTTP", () => {
  it("RestoreDBInstanceFromDBSnapshot: never public, alone in its zone, without backups, with our tags", async () => {
    aws.answers = { RestoreDBInstanceFromDBSnapshot: () => okXml("RestoreDBInstanceFromDBSnapshot", instanceXml("nightshift-verify-shop")) };
    expect(await restoresFrom(reach()).restore(asked)).toBe("restoring");
    expect(aws.requests).toEqual([
      ["RestoreDBInstanceFromDBSnapshot", { DBInstanceIdentifier: "nightshift-verify-shop", DBSnapshotIdentifier: "nightshift-shop-1", ...sentLike }],
    ]);
  });

  it.each([
    ["latest" as const, { UseLatestRestorableTime: "true" }],
    [epochMs(1_795_229_700_000), { RestoreTime: "2026-11-21T02:55:00Z" }],
  ])("RestoreDBInstanceToPointInTime: to %s", async (at, moment) => {
    aws.answers = { RestoreDBInstanceToPointInTime: () => okXml("RestoreDBInstanceToPointInTime", instanceXml("nightshift-verify-shop")) };
    expect(await restoresFrom(reach()).restore({ ...asked, from: { source: "shop", at } })).toBe("restoring");
    expect(aws.requests).toEqual([
      ["RestoreDBInstanceToPointInTime", { SourceDBInstanceIdentifier: "shop", TargetDBInstanceIdentifier: "nightshift-verify-shop", ...moment, ...sentLike }],
    ]);
  });

  it("RestoreDBInstanceFromDBSnapshot: one that stands is ours only by its tags", async () => {
    const standing = (tags: Readonly<Record<string, string>>) => ({
      RestoreDBInstanceFromDBSnapshot: () => faultXml("DBInstanceAlreadyExists"),
      DescribeDBInstances: () => instances(instanceXml("nightshift-verify-shop", tags)),
    });
    aws.answers = standing({ ...ownerTag, ...drillTags });
    expect(await restoresFrom(reach()).restore(asked)).toBe("already");
    aws.answers = standing({ ...ownerTag, "nightshift:purpose": "verify" });
    await expect(restoresFrom(reach()).restore(asked)).rejects.toMatchObject({ kind: "invalid" });
    aws.answers = standing(drillTags);
    await expect(restoresFrom(reach()).restore(asked)).rejects.toMatchObject({ kind: "invalid" });
  });

  it.each<[string, Partial<RestoreAsked>]>([
    ["a name that nobody sweeps", { instance: "shop-copy" }],
    ["no expiry", { tags: { "nightshift:purpose": "drill" } }],
    ["no purpose", { tags: { "nightshift:expires": "2026-11-21T08:00:00Z" } }],
    ["the purpose of the other kind", { tags: { "nightshift:purpose": "restore" } }],
    ["no security group", { securityGroups: [] }],
  ])("an instance with %s is not made", async (_what, over) => {
    await expect(restoresFrom(reach()).restore({ ...asked, ...over })).rejects.toMatchObject({ kind: "invalid" });
    expect(aws.requests).toEqual([]);
  });

  it("DeleteDBInstance: one made for verification goes without a last snapshot", async () => {
    aws.answers = {
      DescribeDBInstances: () => instances(instanceXml("nightshift-verify-shop", { ...ownerTag, ...drillTags })),
      DeleteDBInstance: () => okXml("DeleteDBInstance", instanceXml("nightshift-verify-shop", {}, { DBInstanceStatus: "deleting" })),
    };
    expect(await restoresFrom(reach()).delete("nightshift-verify-shop")).toBe("deleting");
    expect(aws.requests.at(-1)).toEqual([
      "DeleteDBInstance",
      { DBInstanceIdentifier: "nightshift-verify-shop", SkipFinalSnapshot: "true", DeleteAutomatedBackups: "true" },
    ]);
    aws.answers = { DescribeDBInstances: () => faultXml("DBInstanceNotFound", 404) };
    expect(await restoresFrom(reach()).delete("nightshift-verify-shop")).toBe("gone");
  });

  it("DeleteDBInstance: one that is being deleted is not asked again", async () => {
    aws.answers = {
      DescribeDBInstances: () => instances(instanceXml("nightshift-verify-shop", { ...ownerTag, ...drillTags }, { DBInstanceStatus: "deleting" })),
    };
    expect(await restoresFrom(reach()).delete("nightshift-verify-shop")).toBe("deleting");
    expect(aws.requests.length).toBe(1);
  });

  it.each([
    ["the team's own", "shop", { ...ownerTag, ...drillTags }],
    ["a restore that somebody asked for", "nightshift-restore-shop", { ...ownerTag, "nightshift:purpose": "restore" }],
    ["one that somebody else named like ours", "nightshift-verify-shop", drillTags],
    ["one of another purpose", "nightshift-verify-shop", { ...ownerTag, "nightshift:purpose": "restore" }],
  ])("DeleteDBInstance: %s is never deleted", async (_whose, name, tags) => {
    aws.answers = { DescribeDBInstances: () => instances(instanceXml(name, tags)) };
    await expect(restoresFrom(reach()).delete(name)).rejects.toMatchObject({ kind: "denied" });
    expect(aws.requests.map(([operation]) => operation)).toEqual(["DescribeDBInstances"]);
  });
});
