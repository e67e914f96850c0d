import {
  GetBucketReplicationCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  GetObjectLockConfigurationCommand,
  PutObjectCommand,
  type ReplicationRule,
} from "@aws-sdk/client-s3";
import { guard } from "@nightshift/model/guards";
import { type MediaBuckets, PortError } from "@nightshift/ports";
import { moment } from "./ecs-tasks.ts";
import { unlessFault } from "./faults.ts";
import { need } from "./partial.ts";
import type { Reach } from "./reach.ts";

/** What every canary's key has in it, wherever in the bucket it must lie to be replicated: nothing else of the team's is ever written. */
const canaryFolder = ".nightshift/canary/";

/**
 * Buckets of media. `look`: 3 calls. `putCanary`, `canary`: 1. A replica in another region is asked there by the client.
 * Sources: "GetBucketVersioning", "GetBucketReplication", "GetObjectLockConfiguration", "PutObject" and "GetObject",
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketReplication.html and its siblings, 2026-11-21.
 */
export const mediaFrom = (reach: Reach): MediaBuckets => ({
  look: (bucket) => lookAt(reach, bucket),
  async putCanary(bucket, key, body) {
    const call = { operation: "s3:PutObject", on: `${bucket}/${key}` };
    if (!key.includes(canaryFolder) && guard("only a canary is written to media"))
      throw new PortError("invalid", call.operation, call.on, `a canary's key has ${canaryFolder} in it; nothing else is written there`);
    const answer = await reach.calls.change(call, async () =>
      (await reach.connections.s3()).send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType: "text/plain; charset=utf-8" })),
    );
    return need(call, "VersionId: the bucket keeps no versions, so nothing of it can be replicated", answer.VersionId);
  },
  async canary(bucket, key) {
    const call = { operation: "s3:GetObject", on: `${bucket}/${key}` };
    const found = await unlessFault(
      () =>
        reach.calls.read(call, async () => {
          const answer = await (await reach.connections.s3()).send(new GetObjectCommand({ Bucket: bucket, Key: key }));
          return { body: await need(call, "Body", answer.Body).transformToString("utf-8"), at: need(call, "LastModified", moment(answer.LastModified)) };
        }),
      "NoSuchKey",
    );
    return found;
  },
});

async function lookAt(reach: Reach, bucket: string): ReturnType<MediaBuckets["look"]> {
  const ask = { Bucket: bucket };
  const { connections, calls } = reach;
  const s3 = await connections.s3();
  const [versioning, replication, lock] = await Promise.all([
    calls.read({ operation: "s3:GetBucketVersioning", on: bucket }, () => s3.send(new GetBucketVersioningCommand(ask))),
    unlessFault(
      () => calls.read({ operation: "s3:GetReplicationConfiguration", on: bucket }, () => s3.send(new GetBucketReplicationCommand(ask))),
      "ReplicationConfigurationNotFoundError",
    ),
    unlessFault(
      () => calls.read({ operation: "s3:GetBucketObjectLockConfiguration", on: bucket }, () => s3.send(new GetObjectLockConfigurationCommand(ask))),
      "ObjectLockConfigurationNotFoundError",
    ),
  ]);
  return {
    // A bucket that never had versions says nothing.
    versioning: versioning.Status === "Enabled" ? "on" : versioning.Status === "Suspended" ? "suspended" : "off",
    replication: (replication?.ReplicationConfiguration?.Rules ?? []).map(ruleFrom),
    locked: lock?.ObjectLockConfiguration?.ObjectLockEnabled === "Enabled",
  };
}

/** A destination is told as an ARN: `arn:aws:s3:::BUCKET`. */
const ruleFrom = (rule: ReplicationRule) => ({
  to: (rule.Destination?.Bucket ?? "").split(":").at(-1) ?? "",
  status: rule.Status === "Enabled" ? ("on" as const) : ("off" as const),
  prefix: rule.Filter?.Prefix ?? rule.Filter?.And?.Prefix ?? rule.Prefix ?? "",
});
