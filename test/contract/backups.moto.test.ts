import { cacheBackupsFrom } from "@nightshift/aws/elasticache-backups";
import { configurationCopiesFrom } from "@nightshift/aws/configuration-copies";
import { tableBackupsFrom } from "@nightshift/aws/dynamodb-backups";
import { runnersFrom } from "@nightshift/aws/ecs-runners";
import { databasesFrom } from "@nightshift/aws/rds-databases";
import { restoresFrom } from "@nightshift/aws/rds-restores";
import { snapshotPruningFrom, snapshotTakingFrom } from "@nightshift/aws/rds-snapshots";
import { mediaFrom } from "@nightshift/aws/s3-media";
import { describe, expect, it } from "vitest";
import { fresh, motoCache, motoDatabase, motoMedia, motoParameters, motoRunner, motoTable, reach, secondRegion } from "./moto-backup-stage.ts";

if (process.env["AWS_ENDPOINT_URL"] === undefined) {
  describe("backups on moto", () => {
    it.skip("needs AWS_ENDPOINT_URL; `npm run test:moto` starts moto and sets it", () => undefined);
  });
} else {
  describe("databases on moto", () => {
    it("a snapshot is taken once, copied into a second region, listed in both, and only ours is deleted", async () => {
      const { instance } = await motoDatabase();
      const [databases, taking, pruning] = [databasesFrom(reach()), snapshotTakingFrom(reach()), snapshotPruningFrom(reach())];
      const id = fresh("nightshift-shop");
      const asked = { instance, id, tags: { "nightshift:state": "uploaded" } };
      expect([await taking.take(asked), await taking.take(asked)]).toEqual(["taken", "already"]);
      const taken = await databases.snapshot(id);
      expect(taken).toMatchObject({ id, instance, manual: true, status: "available", region: "eu-central-1" });
      expect(taken?.tags).toEqual({ "nightshift:owner": "nightshift", "nightshift:state": "uploaded" });

      const copy = { arn: taken?.arn ?? "", id, toRegion: secondRegion, kmsKey: undefined, tags: {} };
      expect(await taking.copy(copy)).toBe("copying");
      expect(await taking.copy(copy)).toBe("already");
      expect((await databases.snapshots(instance, secondRegion)).map((one) => [one.id, one.region])).toEqual([[id, secondRegion]]);
      expect((await databases.snapshots(instance)).map((one) => one.id)).toContain(id);

      expect([await pruning.delete(id, secondRegion), await pruning.delete(id, secondRegion)]).toEqual(["deleted", "gone"]);
      expect(await databases.snapshot(id)).toBeDefined();
    });

    it("a snapshot becomes an instance with our tags and none of its source's; it is deleted, the source never", async () => {
      const { instance, subnetGroup } = await motoDatabase();
      const [databases, restores] = [databasesFrom(reach()), restoresFrom(reach())];
      const snapshot = fresh("nightshift-shop");
      await snapshotTakingFrom(reach()).take({ instance, id: snapshot, tags: {} });
      const target = fresh("nightshift-verify-shop");
      const asked = {
        ...{ instance: target, from: { snapshot }, instanceClass: "db.t4g.small", subnetGroup, securityGroups: ["sg-12345678"], parameterGroup: undefined },
        tags: { "nightshift:purpose": "drill", "nightshift:expires": "2026-11-21T08:00:00Z" },
      };
      expect([await restores.restore(asked), await restores.restore(asked)]).toEqual(["restoring", "already"]);
      const made = await databases.instance(target);
      expect(made?.tags).toEqual({ "nightshift:owner": "nightshift", "nightshift:purpose": "drill", "nightshift:expires": "2026-11-21T08:00:00Z" });
      expect(made).toMatchObject({ instanceClass: "db.t4g.small", subnetGroup, multiAz: false, deletionProtection: false });
      expect((await databases.disposable()).map((one) => one.instance)).toContain(target);
      await expect(restores.delete(instance)).rejects.toMatchObject({ kind: "denied" });
      expect(await restores.delete(target)).toBe("deleting");
      expect((await databases.instance(instance))?.tags).toEqual({ env: "prod" });
    });

    it("a database that is not there is none", async () => {
      expect(await databasesFrom(reach()).instance(fresh("nobody"))).toBeUndefined();
    });
  });

  describe("tables on moto", () => {
    it("point in time is seen; a backup is taken once, listed and deleted", async () => {
      const table = await motoTable();
      const backups = tableBackupsFrom(reach());
      const look = await backups.look(table);
      expect([look.pointInTime.on, look.bytes, look.replicas]).toEqual([true, 0, []]);
      const name = fresh("nightshift-carts");
      const arn = await backups.take(table, name);
      expect(await backups.take(table, name)).toBe(arn);
      expect((await backups.list(table)).map((one) => [one.name, one.arn, one.status])).toEqual([[name, arn, "AVAILABLE"]]);
      expect([await backups.delete(arn, table), await backups.delete(arn, table)]).toEqual(["deleted", "gone"]);
    });
  });

  describe("caches on moto", () => {
    it("a snapshot is taken once, listed and deleted", async () => {
      const cache = await motoCache();
      const backups = cacheBackupsFrom(reach());
      expect(await backups.look(cache)).toMatchObject({ status: "available", retentionDays: 7 });
      const name = fresh("nightshift-carts");
      expect([await backups.take(cache, name), await backups.take(cache, name)]).toEqual(["taken", "already"]);
      expect((await backups.list(cache)).map((one) => [one.name, one.automatic])).toEqual([[name, false]]);
      expect(await backups.delete(name)).toBe("deleted");
    });
  });

  describe("media on moto", () => {
    it("versions and replication are told as they are; a canary is put and read", async () => {
      const { bucket, replica, bare } = await motoMedia();
      const media = mediaFrom(reach());
      expect(await media.look(bucket)).toEqual({ versioning: "on", replication: [{ to: replica, status: "on", prefix: "" }], locked: false });
      expect(await media.look(bare)).toEqual({ versioning: "off", replication: [], locked: false });
      const key = "photos/.nightshift/canary/1.txt";
      expect(await media.putCanary(bucket, key, "tweet")).toMatch(/\S/);
      expect((await media.canary(bucket, key))?.body).toBe("tweet");
      expect(await media.canary(replica, key)).toBeUndefined();
      await expect(media.putCanary(bare, key, "tweet")).rejects.toMatchObject({ kind: "unavailable" });
    });
  });

  describe("copies of the configuration on moto", () => {
    it("parameters without secrets are kept once", async () => {
      const [path, { bare }] = [await motoParameters(), await motoMedia()];
      const copies = configurationCopiesFrom(reach(), () => bare);
      const text = await copies.read({ taskDefinitions: [], parameterPaths: [path] });
      expect(JSON.parse(text)).toEqual({
        schema: 1,
        parameters: [
          { dataType: "text", name: `${path}/api/db`, type: "SecureString", version: 1 },
          { dataType: "text", name: `${path}/api/level`, type: "String", value: "value of level", version: 1 },
        ],
      });
      const kept = await copies.keep("configuration/1.json", text);
      expect(await copies.keep("configuration/1.json", text)).toEqual(kept);
      await expect(copies.keep("configuration/1.json", `${text} `)).rejects.toMatchObject({ kind: "conflict" });
    });
  });

  describe("runners on moto", () => {
    it("a task is started on Fargate, seen and stopped", async () => {
      const runners = runnersFrom(reach(), await motoRunner());
      const { task } = await runners.start({ run: fresh("night/shop"), of: "shop", do: "night", diskGiB: 60 });
      expect((await runners.look(task)).task).toBe(task);
      await runners.stop(task, "enough");
      expect(await runners.look(task)).toMatchObject({ task, state: "stopped", because: "enough" });
    });
  });

  describe("what moto 5.2.5 lacks of backups", () => {
    // Over real HTTP in wire.*.test.ts, and played to its end in the lab.
    it.skip("RDS DescribeAccountAttributes: not implemented", () => undefined);
    it.skip("ElastiCache: nothing of serverless caches' snapshots", () => undefined);
    it.skip("AWS Backup: no restore jobs and no restore tests", () => undefined);
    it.skip("ECS RunTask: a client token is not looked at", () => undefined);
  });
}
