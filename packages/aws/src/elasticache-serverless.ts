import {
  CreateServerlessCacheSnapshotCommand,
  DeleteServerlessCacheSnapshotCommand,
  DescribeServerlessCacheSnapshotsCommand,
  DescribeServerlessCachesCommand,
  type ServerlessCacheSnapshot,
} from "@aws-sdk/client-elasticache";
import type { CacheKind } from "./elasticache-backups.ts";
import { bytesIn } from "./elasticache-groups.ts";
import { refuseDeletingForeign, refuseForeignSnapshot } from "./elasticache-ours.ts";
import { moment } from "./ecs-tasks.ts";
import { isFault, unlessFault } from "./faults.ts";
import { allPages } from "./pages.ts";
import { need } from "./partial.ts";
import type { Reach } from "./reach.ts";
import { ownTags } from "./tags.ts";

const snapshotsPerCall = 50;
const snapshotPages = 20;
const noSnapshot = "ServerlessCacheSnapshotNotFoundFault";

/**
 * Snapshots of serverless caches. Sources: "DescribeServerlessCaches" and "CreateServerlessCacheSnapshot",
 * https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateServerlessCacheSnapshot.html and its siblings, 2026-11-21.
 */
export const serverlessBackups = (reach: Reach): CacheKind => ({
  async look(cache) {
    const call = { operation: "elasticache:DescribeServerlessCaches", on: cache };
    const answer = await unlessFault(
      () =>
        reach.calls.read(call, async () => (await reach.connections.elasticache()).send(new DescribeServerlessCachesCommand({ ServerlessCacheName: cache }))),
      "ServerlessCacheNotFoundFault",
    );
    if (answer === undefined) return undefined;
    const found = need(call, "ServerlessCaches[0]", answer.ServerlessCaches?.[0]);
    return {
      status: need(call, "Status", found.Status),
      retentionDays: found.SnapshotRetentionLimit ?? 0,
      window: found.DailySnapshotTime,
      engine: need(call, "Engine", found.Engine),
    };
  },
  async list(cache) {
    return (await readSnapshots(reach, { ServerlessCacheName: cache })).map(snapshotFrom);
  },
  async take(cache, name) {
    const call = { operation: "elasticache:CreateServerlessCacheSnapshot", on: `${cache} as ${name}` };
    const input = { ServerlessCacheName: cache, ServerlessCacheSnapshotName: name, Tags: ownTags({}) };
    try {
      await reach.calls.change(call, async () => (await reach.connections.elasticache()).send(new CreateServerlessCacheSnapshotCommand(input)));
      return "taken";
    } catch (error) {
      if (!isFault(error, "ServerlessCacheSnapshotAlreadyExistsFault")) throw error;
      const standing = await readSnapshot(reach, name);
      const found = standing && { arn: need(call, "ARN", standing.ARN), cache: standing.ServerlessCacheConfiguration?.ServerlessCacheName };
      await refuseForeignSnapshot(reach, call, { found, cache });
      return "already";
    }
  },
  async delete(name) {
    const call = { operation: "elasticache:DeleteServerlessCacheSnapshot", on: name };
    const found = await readSnapshot(reach, name);
    if (found === undefined) return "unknown";
    await refuseDeletingForeign(reach, call, { arn: need(call, "ARN", found.ARN), manual: found.SnapshotType === "manual" });
    try {
      await reach.calls.change(call, async () =>
        (await reach.connections.elasticache()).send(new DeleteServerlessCacheSnapshotCommand({ ServerlessCacheSnapshotName: name })),
      );
      return "deleted";
    } catch (error) {
      if (isFault(error, noSnapshot)) return "gone";
      throw error;
    }
  },
});

const readSnapshot = async (reach: Reach, name: string): Promise<ServerlessCacheSnapshot | undefined> =>
  (await unlessFault(() => readSnapshots(reach, { ServerlessCacheSnapshotName: name }), noSnapshot))?.[0];

function readSnapshots(
  { connections, calls }: Reach,
  which: { ServerlessCacheName: string } | { ServerlessCacheSnapshotName: string },
): Promise<readonly ServerlessCacheSnapshot[]> {
  const call = { operation: "elasticache:DescribeServerlessCacheSnapshots", on: Object.values(which).join("") };
  return allPages(call, snapshotPages, async (NextToken) => {
    const input = { ...which, MaxResults: snapshotsPerCall, ...(NextToken === undefined ? {} : { NextToken }) };
    const answer = await calls.read(call, async () => (await connections.elasticache()).send(new DescribeServerlessCacheSnapshotsCommand(input)));
    return { items: answer.ServerlessCacheSnapshots ?? [], next: answer.NextToken };
  });
}

const described = { operation: "elasticache:DescribeServerlessCacheSnapshots", on: "a snapshot" };

const snapshotFrom = (read: ServerlessCacheSnapshot) => ({
  name: need(described, "ServerlessCacheSnapshotName", read.ServerlessCacheSnapshotName),
  status: need(described, "Status", read.Status),
  at: moment(read.CreateTime),
  automatic: read.SnapshotType !== "manual",
  bytes: bytesIn(read.BytesUsedForCache),
});
