import { cacheBackupsFrom } from "@nightshift/aws/elasticache-backups";
import { epochMs } from "@nightshift/model";
import { describe, expect, it } from "vitest";
import { elements, faultXml, LoopbackStage, okXml, reach } from "./loopback-stage.ts";

/** ElastiCache over real HTTP through the real SDK: requests as they go out, answers in the query protocol's XML. */
const aws = new LoopbackStage();

const arn = (what: string) => `arn:aws:elasticache:eu-central-1:123456789012:${what}`;
const groups = () =>
  okXml(
    "DescribeReplicationGroups",
    `<ReplicationGroups><ReplicationGroup>${elements({ ReplicationGroupId: "carts", Status: "available", SnapshotRetentionLimit: 7, SnapshotWindow: "03:00-04:00", Engine: "valkey" })}</ReplicationGroup></ReplicationGroups>`,
  );
const noGroup = () => faultXml("ReplicationGroupNotFoundFault", 404);
const serverless = () =>
  okXml(
    "DescribeServerlessCaches",
    `<ServerlessCaches><member>${elements({ ServerlessCacheName: "carts", Status: "available", SnapshotRetentionLimit: 1, DailySnapshotTime: "03:00", Engine: "valkey" })}</member></ServerlessCaches>`,
  );
const node = (at: string, size: string) => `<NodeSnapshot>${elements({ SnapshotCreateTime: at, CacheSize: size })}</NodeSnapshot>`;
const snapshot = (name: string, source: string, nodes: string, group = "carts") =>
  `<Snapshot>${elements({ SnapshotName: name, ReplicationGroupId: group, SnapshotStatus: "available", SnapshotSource: source, ARN: arn(`snapshot:${name}`) })}<NodeSnapshots>${nodes}</NodeSnapshots></Snapshot>`;
const snapshots = (...of: readonly string[]) => okXml("DescribeSnapshots", `<Snapshots>${of.join("")}</Snapshots>`);
const one = (source = "manual", group = "carts") => snapshots(snapshot("nightshift-carts-1", source, node("2026-11-21T02:00:00Z", "12 MB"), group));
const serverlessOne = (type = "manual", cache = "carts") =>
  okXml(
    "DescribeServerlessCacheSnapshots",
    `<ServerlessCacheSnapshots><ServerlessCacheSnapshot>${elements({ ServerlessCacheSnapshotName: "nightshift-carts-1", ARN: arn("serverlesscachesnapshot:nightshift-carts-1"), SnapshotType: type, Status: "available", CreateTime: "2026-11-21T02:00:00Z", BytesUsedForCache: "4096" })}<ServerlessCacheConfiguration>${elements({ ServerlessCacheName: cache })}</ServerlessCacheConfiguration></ServerlessCacheSnapshot></ServerlessCacheSnapshots>`,
  );
const tagged = (owner: string) => () => okXml("ListTagsForResource", `<TagList><Tag>${elements({ Key: "nightshift:owner", Value: owner })}</Tag></TagList>`);
const operations = () => aws.requests.map(([operation]) => operation);

describe("replication groups over HTTP", () => {
  it("DescribeReplicationGroups: how its own snapshots are set", async () => {
    aws.answers = { DescribeReplicationGroups: groups };
    expect(await cacheBackupsFrom(reach()).look("carts")).toEqual({ status: "available", retentionDays: 7, window: "03:00-04:00", engine: "valkey" });
    expect(aws.requests).toEqual([["DescribeReplicationGroups", { ReplicationGroupId: "carts" }]]);
  });

  it("DescribeSnapshots: as old as the oldest shard, as large as all; one without a time has none", async () => {
    const shards = node("2026-11-21T02:00:00Z", "12 MB") + node("2026-11-21T01:59:58Z", "1 GB");
    aws.answers = {
      DescribeReplicationGroups: groups,
      DescribeSnapshots: ({ body }) =>
        String(body).includes("Marker")
          ? snapshots(snapshot("automatic.carts", "automated", "<NodeSnapshot><CacheSize>0 MB</CacheSize></NodeSnapshot>"))
          : okXml("DescribeSnapshots", `<Marker>m</Marker><Snapshots>${snapshot("nightshift-carts-1", "manual", shards)}</Snapshots>`),
    };
    expect(await cacheBackupsFrom(reach()).list("carts")).toEqual([
      { name: "nightshift-carts-1", status: "available", at: epochMs(1_795_226_398_000), automatic: false, bytes: 1_086_324_736 },
      { name: "automatic.carts", status: "available", at: undefined, automatic: true, bytes: 0 },
    ]);
    expect(aws.requests.slice(1).map(([, input]) => input)).toEqual([
      { ReplicationGroupId: "carts", MaxRecords: "50" },
      { ReplicationGroupId: "carts", MaxRecords: "50", Marker: "m" },
    ]);
  });

  const take = () => cacheBackupsFrom(reach()).take("carts", "nightshift-carts-1");

  it("CreateSnapshot: with our tag; one that stands is ours only by its tag and its cache", async () => {
    aws.answers = { DescribeReplicationGroups: groups, CreateSnapshot: () => okXml("CreateSnapshot", snapshot("nightshift-carts-1", "manual", "")) };
    expect(await take()).toBe("taken");
    expect(aws.requests.at(-1)).toEqual([
      "CreateSnapshot",
      { ReplicationGroupId: "carts", SnapshotName: "nightshift-carts-1", "Tags.Tag.1.Key": "nightshift:owner", "Tags.Tag.1.Value": "nightshift" },
    ]);
    const standing = { DescribeReplicationGroups: groups, CreateSnapshot: () => faultXml("SnapshotAlreadyExistsFault") };
    aws.answers = { ...standing, DescribeSnapshots: () => one(), ListTagsForResource: tagged("nightshift") };
    expect(await take()).toBe("already");
    aws.answers = { ...standing, DescribeSnapshots: () => one(), ListTagsForResource: tagged("ana") };
    await expect(take()).rejects.toMatchObject({ kind: "invalid" });
    aws.answers = { ...standing, DescribeSnapshots: () => one("manual", "sessions"), ListTagsForResource: tagged("nightshift") };
    await expect(take()).rejects.toMatchObject({ kind: "invalid" });
  });

  it("CreateSnapshot: a group that is busy is a conflict, a quota somebody's to raise", async () => {
    aws.answers = { DescribeReplicationGroups: groups, CreateSnapshot: () => faultXml("InvalidReplicationGroupState") };
    await expect(take()).rejects.toMatchObject({ kind: "conflict" });
    aws.answers = { DescribeReplicationGroups: groups, CreateSnapshot: () => faultXml("SnapshotQuotaExceededFault") };
    await expect(take()).rejects.toMatchObject({ kind: "invalid" });
  });

  it("DeleteSnapshot: a manual one with our tag, and no other", async () => {
    const remove = () => cacheBackupsFrom(reach()).delete("nightshift-carts-1");
    const deleting = { DeleteSnapshot: () => okXml("DeleteSnapshot", snapshot("nightshift-carts-1", "manual", "")) };
    aws.answers = { ...deleting, DescribeSnapshots: () => one(), ListTagsForResource: tagged("nightshift") };
    expect(await remove()).toBe("deleted");
    aws.answers = { ...aws.answers, DeleteSnapshot: () => faultXml("SnapshotNotFoundFault", 404) };
    expect(await remove()).toBe("gone");
    for (const [source, owner] of [
      ["automated", "nightshift"],
      ["manual", "ana"],
    ] as const) {
      aws.answers = { ...deleting, DescribeSnapshots: () => one(source), ListTagsForResource: tagged(owner) };
      await expect(remove()).rejects.toMatchObject({ kind: "denied" });
    }
    expect(operations().filter((operation) => operation === "DeleteSnapshot").length).toBe(2);
  });
});

describe("serverless caches over HTTP", () => {
  const elsewhere = {
    DescribeReplicationGroups: noGroup,
    DescribeServerlessCaches: serverless,
    DescribeSnapshots: () => faultXml("SnapshotNotFoundFault", 404),
  };

  it("DescribeServerlessCaches: asked where there is no such group; where neither is, there is no such cache", async () => {
    aws.answers = elsewhere;
    expect(await cacheBackupsFrom(reach()).look("carts")).toEqual({ status: "available", retentionDays: 1, window: "03:00", engine: "valkey" });
    aws.answers = { ...elsewhere, DescribeServerlessCaches: () => faultXml("ServerlessCacheNotFoundFault", 404) };
    expect(await cacheBackupsFrom(reach()).look("carts")).toBeUndefined();
  });

  it("DescribeServerlessCacheSnapshots: in our words", async () => {
    aws.answers = { ...elsewhere, DescribeServerlessCacheSnapshots: () => serverlessOne("automated") };
    expect(await cacheBackupsFrom(reach()).list("carts")).toEqual([
      { name: "nightshift-carts-1", status: "available", at: epochMs(1_795_226_400_000), automatic: true, bytes: 4_096 },
    ]);
  });

  it("CreateServerlessCacheSnapshot: with our tag, once", async () => {
    const take = () => cacheBackupsFrom(reach()).take("carts", "nightshift-carts-1");
    aws.answers = { ...elsewhere, CreateServerlessCacheSnapshot: () => okXml("CreateServerlessCacheSnapshot", "") };
    expect(await take()).toBe("taken");
    expect(aws.requests.at(-1)?.[1]).toMatchObject({ ServerlessCacheName: "carts", ServerlessCacheSnapshotName: "nightshift-carts-1" });
    const standing = { ...elsewhere, CreateServerlessCacheSnapshot: () => faultXml("ServerlessCacheSnapshotAlreadyExistsFault") };
    aws.answers = { ...standing, DescribeServerlessCacheSnapshots: () => serverlessOne(), ListTagsForResource: tagged("nightshift") };
    expect(await take()).toBe("already");
    aws.answers = { ...standing, DescribeServerlessCacheSnapshots: () => serverlessOne("manual", "sessions"), ListTagsForResource: tagged("nightshift") };
    await expect(take()).rejects.toMatchObject({ kind: "invalid" });
  });

  it("DeleteServerlessCacheSnapshot: ours; of neither kind it is gone", async () => {
    const remove = () => cacheBackupsFrom(reach()).delete("nightshift-carts-1");
    aws.answers = {
      ...elsewhere,
      DescribeServerlessCacheSnapshots: () => serverlessOne(),
      ListTagsForResource: tagged("nightshift"),
      DeleteServerlessCacheSnapshot: () => okXml("DeleteServerlessCacheSnapshot", ""),
    };
    expect(await remove()).toBe("deleted");
    aws.answers = { ...aws.answers, ListTagsForResource: tagged("ana") };
    await expect(remove()).rejects.toMatchObject({ kind: "denied" });
    aws.answers = { ...elsewhere, DescribeServerlessCacheSnapshots: () => faultXml("ServerlessCacheSnapshotNotFoundFault", 404) };
    expect(await remove()).toBe("gone");
  });
});
