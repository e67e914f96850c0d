import { awsWorld, reachOf } from "@nightshift/aws/world";
import { after, epochMs, minutes, ms, seconds } from "@nightshift/model";
import { describe, expect, it } from "vitest";
import { createAccount, type LabAccount } from "../../account.ts";
import { labConnections, loadAdapters } from "../../connections.ts";

const GB = 1e9;
const START = epochMs(Date.UTC(2026, 2, 16, 12, 3, 0));
const owned = { "nightshift:owner": "nightshift" };
const drill = { ...owned, "nightshift:purpose": "drill", "nightshift:expires": "2026-03-16T18:00:00Z" };
const asked = { instanceClass: "db.t4g.medium", subnetGroup: "isolated", securityGroups: ["sg-0drill"], parameterGroup: "shop-postgres17", tags: drill };

async function stage() {
  await loadAdapters();
  const lab = createAccount({ seed: 3, startAt: START });
  lab.rds.add({ id: "shop-prod", bytes: 40 * GB, tags: { env: "prod" } });
  const connections = labConnections(lab, "test");
  const environment = { AWS_REGION: lab.kernel.region };
  return { lab, aws: awsWorld({ connections, environment, ledger: {}, clock: reachOf({ connections }).clock }), connections };
}

/** Looks every half minute until it holds; how long that took. */
async function until(lab: LabAccount, holds: () => Promise<boolean>, atMost = minutes(180)): Promise<number> {
  const start = lab.clock.now();
  while (!(await holds())) {
    if (lab.clock.now() > start + atMost) throw new Error("it never came to hold");
    await lab.clock.sleep(seconds(30));
  }
  return lab.clock.now() - start;
}

describe("a snapshot in the lab", () => {
  it("takes its time by size, the second one less, and its contents are of a moment after the call", async () => {
    const { lab, aws } = await stage();
    await lab.run(async () => {
      expect(await aws.snapshotTaking.take({ instance: "shop-prod", id: "one", tags: owned })).toBe("taken");
      expect(await aws.snapshotTaking.take({ instance: "shop-prod", id: "one", tags: owned })).toBe("already");
      expect((await aws.databases.snapshot("one"))?.contentsOf).toBeUndefined();
      const first = await until(lab, async () => (await aws.databases.snapshot("one"))?.status === "available");
      const contents = (await aws.databases.snapshot("one"))?.contentsOf ?? 0;
      expect([contents > START, contents < START + seconds(10), first > minutes(7), first < minutes(10)]).toEqual([true, true, true, true]);
      await aws.snapshotTaking.take({ instance: "shop-prod", id: "two", tags: owned });
      expect(await until(lab, async () => (await aws.databases.snapshot("two"))?.status === "available")).toBeLessThan(minutes(4));
      expect((await aws.databases.snapshots("shop-prod")).map(({ id, manual }) => [id, manual])).toEqual([
        ["two", true],
        ["one", true],
      ]);
    });
  });

  it("fails or hangs where that was expected, and meets the quota, which automated ones do not count in", async () => {
    const { lab, aws } = await stage();
    lab.rds.expect("snapshot-fails");
    lab.rds.fillQuota(2);
    await lab.run(async () => {
      await aws.snapshotTaking.take({ instance: "shop-prod", id: "one", tags: owned });
      await until(lab, async () => (await aws.databases.snapshot("one"))?.status === "failed");
      await aws.snapshotTaking.take({ instance: "shop-prod", id: "two", tags: owned });
      expect(await aws.databases.quota()).toEqual({ used: 2, most: 2 });
      await expect(aws.snapshotTaking.take({ instance: "shop-prod", id: "three", tags: owned })).rejects.toMatchObject({ name: "PortError" });
      expect(await aws.snapshotPruning.delete("one")).toBe("deleted");
      expect(await aws.snapshotTaking.take({ instance: "shop-prod", id: "three", tags: owned })).toBe("taken");
      expect(await aws.snapshotPruning.delete("three")).toBe("busy");
    });
  });

  it("is taken by RDS each night, unless RDS skips it under load and says nothing", async () => {
    const { lab, aws } = await stage();
    lab.rds.expect("automated-skipped");
    await lab.runUntil(epochMs(Date.UTC(2026, 2, 17, 4)));
    const skipped = lab.history.filter((line) => line.kind === "world" && line.what === "event");
    await lab.runUntil(epochMs(Date.UTC(2026, 2, 18, 4)));
    const names = await lab.run(() => aws.databases.snapshots("shop-prod"));
    expect([skipped.length, names.map(({ id, manual }) => [id, manual])]).toEqual([0, [["rds:shop-prod-2026-03-18-03-00", false]]]);
    expect(lab.history.flatMap((line) => (line.kind === "world" && line.what.startsWith("RDS-EVENT") ? [line.what] : []))).toEqual([
      "RDS-EVENT-0001",
      "RDS-EVENT-0090",
      "RDS-EVENT-0091",
      "RDS-EVENT-0002",
    ]);
  });

  it("goes into another region with that region's key: whole at first, what changed later, and whole again once the last copy is gone", async () => {
    const { lab, aws } = await stage();
    const copy = { toRegion: "eu-west-1", kmsKey: "alias/aws/rds", tags: owned };
    await lab.run(async () => {
      await aws.snapshotTaking.take({ instance: "shop-prod", id: "one", tags: owned });
      await until(lab, async () => (await aws.databases.snapshot("one"))?.status === "available");
      const arn = (await aws.databases.snapshot("one"))?.arn ?? "";
      await expect(aws.snapshotTaking.copy({ arn, id: "c0", ...copy, kmsKey: undefined })).rejects.toMatchObject({ kind: "invalid" });
      const lengths: number[] = [];
      for (const id of ["c1", "c2"]) {
        expect(await aws.snapshotTaking.copy({ arn, id, ...copy })).toBe("copying");
        lengths.push(await until(lab, async () => (await aws.databases.snapshot(id, "eu-west-1"))?.status === "available"));
      }
      for (const id of ["c1", "c2"]) expect(await aws.snapshotPruning.delete(id, "eu-west-1")).toBe("deleted");
      await aws.snapshotTaking.copy({ arn, id: "c3", ...copy });
      lengths.push(await until(lab, async () => (await aws.databases.snapshot("c3", "eu-west-1"))?.status === "available"));
      expect(lengths.map((length) => length > minutes(8))).toEqual([true, false, true]);
    });
  });
});

describe("a restore in the lab", () => {
  it("is available after minutes, with its blocks still to come, and is gone some minutes after it was deleted", async () => {
    const { lab, aws } = await stage();
    await lab.run(async () => {
      await aws.snapshotTaking.take({ instance: "shop-prod", id: "one", tags: owned });
      await until(lab, async () => (await aws.databases.snapshot("one"))?.status === "available");
      const instance = "nightshift-verify-one";
      expect(await aws.restores.restore({ instance, from: { snapshot: "one" }, ...asked })).toBe("restoring");
      expect(await aws.restores.restore({ instance, from: { snapshot: "one" }, ...asked })).toBe("already");
      expect((await aws.databases.instance(instance))?.endpoint).toBeUndefined();
      const took = await until(lab, async () => (await aws.databases.instance(instance))?.status === "available");
      expect([took >= minutes(6), took <= minutes(13)]).toEqual([true, true]);
      expect(await aws.databases.instance(instance)).toMatchObject({
        parameterGroup: "shop-postgres17",
        subnetGroup: "isolated",
        tags: drill,
        retentionDays: 0,
      });
      expect(lab.rds.readable(instance)?.left).toBeGreaterThan(0.9);
      await lab.clock.sleep(minutes(9));
      expect(lab.rds.readable(instance)?.left).toBe(0);
      expect(await aws.restores.delete(instance)).toBe("deleting");
      await until(lab, async () => (await aws.databases.instance(instance)) === undefined);
    });
  });

  it("a careless one is seen: the source's tags, the default groups, backups of its own", async () => {
    const { lab, connections } = await stage();
    const { RestoreDBInstanceToPointInTimeCommand, DescribeDBInstancesCommand } = await import("@aws-sdk/client-rds");
    await lab.run(async () => {
      const rds = await connections.rds();
      const latest = { SourceDBInstanceIdentifier: "shop-prod", UseLatestRestorableTime: true };
      await rds.send(new RestoreDBInstanceToPointInTimeCommand({ TargetDBInstanceIdentifier: "careless", ...latest }));
      const { DBInstances } = await rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: "careless" }));
      expect(DBInstances?.[0]).toMatchObject({
        TagList: [{ Key: "env", Value: "prod" }],
        DBParameterGroups: [{ DBParameterGroupName: "default.postgres17" }],
        VpcSecurityGroups: [{ VpcSecurityGroupId: "sg-0default" }],
        BackupRetentionPeriod: 7,
        PubliclyAccessible: true,
      });
    });
  });

  it("goes to a moment that the logs reach, and to no later one", async () => {
    const { lab, aws } = await stage();
    await lab.run(async () => {
      const latest = (await aws.databases.instance("shop-prod"))?.latestRestorable ?? epochMs(0);
      expect(new Date(latest).toISOString()).toBe("2026-03-16T12:00:00.000Z");
      const from = (at: number) => ({ source: "shop-prod", at: epochMs(at) });
      const later = aws.restores.restore({ instance: "nightshift-verify-a", from: from(latest + 1), ...asked });
      await expect(later).rejects.toMatchObject({ name: "PortError" });
      expect(await aws.restores.restore({ instance: "nightshift-verify-a", from: from(latest), ...asked })).toBe("restoring");
      lab.rds.stopLogs("shop-prod");
      await lab.clock.sleep(minutes(30));
      expect((await aws.databases.instance("shop-prod"))?.latestRestorable).toBe(latest);
    });
  });
});

it("the newest restorable moment stands on a five-minute step and is never older than five and a half", async () => {
  const { lab, aws } = await stage();
  const ages = await lab.run(async () => {
    const found: number[] = [];
    for (let n = 0; n < 40; n += 1) {
      await lab.clock.sleep(ms(37_000));
      const latest = (await aws.databases.instance("shop-prod"))?.latestRestorable ?? epochMs(0);
      expect(latest % minutes(5)).toBe(0);
      found.push(lab.clock.now() - latest);
    }
    return found;
  });
  expect([Math.min(...ages) >= seconds(20), Math.max(...ages) <= after(epochMs(0), seconds(325))]).toEqual([true, true]);
});
