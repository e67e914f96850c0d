import {
  CreateSnapshotCommand,
  DeleteSnapshotCommand,
  DescribeReplicationGroupsCommand,
  DescribeSnapshotsCommand,
  type Snapshot,
} from "@aws-sdk/client-elasticache";
import type { CacheKind } from "./elasticache-backups.ts";
import { refuseDeletingForeign, refuseForeignSnapshot } from "./elasticache-ours.ts";
import { moment } from "./ecs-tasks.ts";
import { isFault, unlessFault } from "./faults.ts";
import { allPages } from "./pages.ts";
import { need } from "./partial.ts";
import type { Reach } from "./reach.ts";
import { ownTags } from "./tags.ts";

// ElastiCache tells at most 50 snapshots a call. It makes one a day and keeps it for 35 days at most; by hand there may be 20 a node a day, for a serverless
// cache 24 ("Snapshot and restore", https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/backups.html, 2026-11-21), and those stay until they are deleted.
const snapshotsPerCall = 50;
const snapshotPages = 20;
const noSnapshot = "SnapshotNotFoundFault";

/**
 * Snapshots of replication groups. Sources: "DescribeReplicationGroups", "DescribeSnapshots", "CreateSnapshot" and "DeleteSnapshot",
 * https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateSnapshot.html and its siblings, 2026-11-21.
 */
export const groupBackups = (reach: Reach): CacheKind => ({
  async look(cache) {
    const call = { operation: "elasticache:DescribeReplicationGroups", on: cache };
    const answer = await unlessFault(
      () =>
        reach.calls.read(call, async () => (await reach.connections.elasticache()).send(new DescribeReplicationGroupsCommand({ ReplicationGroupId: cache }))),
      "ReplicationGroupNotFoundFault",
    );
    if (answer === undefined) return undefined;
    const group = need(call, "ReplicationGroups[0]", answer.ReplicationGroups?.[0]);
    return {
      status: need(call, "Status", group.Status),
      retentionDays: need(call, "SnapshotRetentionLimit", group.SnapshotRetentionLimit),
      window: group.SnapshotWindow,
      engine: group.Engine ?? "redis",
    };
  },
  async list(cache) {
    return (await readSnapshots(reach, { ReplicationGroupId: cache })).map(snapshotFrom);
  },
  async take(cache, name) {
    const call = { operation: "elasticache:CreateSnapshot", on: `${cache} as ${name}` };
    const input = { ReplicationGroupId: cache, SnapshotName: name, Tags: ownTags({}) };
    try {
      await reach.calls.change(call, async () => (await reach.connections.elasticache()).send(new CreateSnapshotCommand(input)));
      return "taken";
    } catch (error) {
      if (!isFault(error, "SnapshotAlreadyExistsFault")) throw error;
      const standing = await readSnapshot(reach, name);
      const found = standing && { arn: need(call, "ARN", standing.ARN), cache: standing.ReplicationGroupId };
      await refuseForeignSnapshot(reach, call, { found, cache });
      return "already";
    }
  },
  async delete(name) {
    const call = { operation: "elasticache:DeleteSnapshot", on: name };
    const found = await readSnapshot(reach, name);
    if (found === undefined) return "unknown";
    await refuseDeletingForeign(reach, call, { arn: need(call, "ARN", found.ARN), manual: found.SnapshotSource === "manual" });
    try {
      await reach.calls.change(call, async () => (await reach.connections.elasticache()).send(new DeleteSnapshotCommand({ SnapshotName: name })));
      return "deleted";
    } catch (error) {
      if (isFault(error, noSnapshot)) return "gone";
      throw error;
    }
  },
});

const readSnapshot = async (reach: Reach, name: string): Promise<Snapshot | undefined> =>
  (await unlessFault(() => readSnapshots(reach, { SnapshotName: name }), noSnapshot))?.[0];

function readSnapshots({ connections, calls }: Reach, which: { ReplicationGroupId: string } | { SnapshotName: string }): Promise<readonly Snapshot[]> {
  const call = { operation: "elasticache:DescribeSnapshots", on: Object.values(which).join("") };
  return allPages(call, snapshotPages, async (Marker) => {
    const input = { ...which, MaxRecords: snapshotsPerCall, ...(Marker === undefined ? {} : { Marker }) };
    const answer = await calls.read(call, async () => (await connections.elasticache()).send(new DescribeSnapshotsCommand(input)));
    return { items: answer.Snapshots ?? [], next: answer.Marker };
  });
}

const described = { operation: "elasticache:DescribeSnapshots", on: "a snapshot" };

/** A group's snapshot is as old as its oldest shard's, and as large as all of them. */
function snapshotFrom(read: Snapshot) {
  const nodes = read.NodeSnapshots ?? [];
  const moments = nodes.map(({ SnapshotCreateTime: time }) => moment(time));
  const known = moments.filter((at) => at !== undefined);
  return {
    name: need(described, "SnapshotName", read.SnapshotName),
    status: need(described, "SnapshotStatus", read.SnapshotStatus),
    at: known.length === 0 || known.length < moments.length ? undefined : known.reduce((a, b) => (a < b ? a : b)),
    automatic: read.SnapshotSource !== "manual",
    bytes: nodes.reduce((sum, { CacheSize: size }) => sum + bytesIn(size), 0),
  };
}

const units: Readonly<Record<string, number>> = { "": 1, B: 1, KB: 2 ** 10, MB: 2 ** 20, GB: 2 ** 30, TB: 2 ** 40 };

/** `12 MB`: ElastiCache tells a size as text. What is told otherwise counts as nothing. */
export function bytesIn(size: string | undefined): number {
  const [, number = "0", unit = ""] = /^([\d.]+)\s*([KMGT]?B?)$/i.exec(size ?? "") ?? [];
  return Math.round(Number(number) * (units[unit.toUpperCase()] ?? 0));
}
