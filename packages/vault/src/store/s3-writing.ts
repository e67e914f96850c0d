import { createHash } from "node:crypto";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  PutObjectCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { epochMs, minutes, seconds } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { PortError } from "@nightshift/ports";
import { crcToBase64 } from "../stream/crc64nvme.ts";
import { refuseKey } from "./keys.ts";
import { askS3, need, type S3Reach } from "./s3-reach.ts";
import type { OpenUpload, Stored, StoreReading, StoreWriting, Upload } from "./store.ts";

// 16 MiB in two minutes is 140 kB/s: slower is not a network that backs anything up.
const partAtMost = minutes(2);
const short = seconds(60);
// S3 may take minutes over a Complete of many parts. Source: "CompleteMultipartUpload", https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html, 2026-11-21.
const completeAtMost = minutes(5);
const mostPages = 10;

/** Writes into a bucket. */
export function s3Writing(reach: S3Reach, reading: StoreReading): StoreWriting {
  return {
    put: (key, body, { onlyIfAbsent = false } = {}) => put(reach, reading, { key, body, onlyIfAbsent }),
    upload: (key, { signal }) => beginUpload(reach, reading, { key, signal }),
    openUploads: (prefix) => openUploads(reach, prefix),
    abort: (upload) => abortUpload(reach, upload),
  };
}

async function put(
  reach: S3Reach,
  reading: StoreReading,
  { key, body, onlyIfAbsent }: { key: string; body: Uint8Array; onlyIfAbsent: boolean },
): Promise<Stored> {
  refuseKey("s3:PutObject", key);
  const command = new PutObjectCommand({
    Bucket: reach.bucket,
    Key: reach.prefix + key,
    Body: body,
    ContentLength: body.length,
    ChecksumSHA256: createHash("sha256").update(body).digest("base64"),
    ...(guard("nothing in the store is written over", onlyIfAbsent) ? { IfNoneMatch: "*" } : {}),
  });
  try {
    await askS3(reach, { operation: "s3:PutObject", key, attemptAtMost: short }, async (options) => {
      await reach.client.send(command, options).catch(orConflictThatPasses(key));
    });
    return "stored";
  } catch (error) {
    // The answer to an earlier attempt may have been lost: what lies there is ours if it is these very bytes.
    if (!onlyIfAbsent || !isConflict(error)) throw error;
    return Buffer.compare(await reading.read(key), body) === 0 ? "stored" : "taken";
  }
}

/**
 * 409 to a conditional write says that another one was under way. PutObject may be sent again as it is; a Complete that meets it wants a new upload
 * with new parts, so that `complete` does not repeat it.
 * Source: "How to prevent object overwrites with conditional writes", https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html, 2026-11-21.
 */
const orConflictThatPasses =
  (key: string) =>
  (thrown: unknown): never => {
    if (thrown instanceof Error && thrown.name === "ConditionalRequestConflict")
      throw new PortError("unavailable", "s3:PutObject", key, thrown.message, thrown);
    throw thrown;
  };

const isConflict = (error: unknown): boolean => error instanceof PortError && error.kind === "conflict";
const isMissing = (error: unknown): boolean => error instanceof PortError && error.kind === "not-found";

interface Begun {
  readonly key: string;
  readonly signal: AbortSignal;
}

async function beginUpload(reach: S3Reach, reading: StoreReading, { key, signal }: Begun): Promise<Upload> {
  refuseKey("s3:CreateMultipartUpload", key);
  const target = { Bucket: reach.bucket, Key: reach.prefix + key };
  const create = new CreateMultipartUploadCommand({ ...target, ChecksumAlgorithm: "CRC64NVME", ChecksumType: "FULL_OBJECT" });
  const begun = await askS3(reach, { operation: "s3:CreateMultipartUpload", key, signal, attemptAtMost: short }, (options) =>
    reach.client.send(create, options),
  );
  const id = need(begun.UploadId, "s3:CreateMultipartUpload", "UploadId");
  const parts = new Map<number, { readonly ETag: string; readonly ChecksumCRC64NVME: string }>();
  let over = false;
  return {
    async part(number, body, crc) {
      const ChecksumCRC64NVME = crcToBase64(crc);
      const command = { ...target, UploadId: id, PartNumber: number, Body: body, ContentLength: body.length, ChecksumCRC64NVME };
      // A command is made for each attempt: the SDK changes what it sends.
      const answer = await askS3(reach, { operation: "s3:UploadPart", key, signal, attemptAtMost: partAtMost }, (options) =>
        reach.client.send(new UploadPartCommand(command), options),
      );
      parts.set(number, { ETag: need(answer.ETag, "s3:UploadPart", "ETag"), ChecksumCRC64NVME });
    },
    async complete(whole) {
      const listed = [...parts].toSorted(([a], [b]) => a - b).map(([PartNumber, part]) => ({ PartNumber, ...part }));
      const how = await complete(reach, reading, { key, id, signal, whole, listed });
      over = how === "stored";
      return how;
    },
    async abort() {
      if (over) return;
      over = true;
      await abortUpload(reach, { key, id });
    },
  };
}

interface Completed extends Begun {
  readonly id: string;
  readonly whole: { readonly bytes: number; readonly crc64nvme: string };
  readonly listed: readonly { readonly PartNumber: number; readonly ETag: string; readonly ChecksumCRC64NVME: string }[];
}

/**
 * Completes only over nothing, and only with the length and checksum that were counted while sending. An answer that was lost leaves an object, and the
 * next attempt meets it (412) or finds no upload any more (404): the object is ours if S3's own checksum of it is ours.
 * Source: "CompleteMultipartUpload", https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html, 2026-11-21.
 */
async function complete(reach: S3Reach, reading: StoreReading, { key, id, signal, whole, listed }: Completed): Promise<Stored> {
  const command = {
    Bucket: reach.bucket,
    Key: reach.prefix + key,
    UploadId: id,
    MultipartUpload: { Parts: [...listed] },
    ...(guard("nothing in the store is written over") ? { IfNoneMatch: "*" } : {}),
    MpuObjectSize: whole.bytes,
    ChecksumCRC64NVME: crcToBase64(whole.crc64nvme),
    ChecksumType: "FULL_OBJECT" as const,
  };
  try {
    await askS3(reach, { operation: "s3:CompleteMultipartUpload", key, signal, attemptAtMost: completeAtMost }, (options) =>
      reach.client.send(new CompleteMultipartUploadCommand(command), options),
    );
    return "stored";
  } catch (error) {
    if (!isConflict(error) && !isMissing(error)) throw error;
    const there = await reading.head(key);
    if (there !== undefined && there.bytes === whole.bytes && there.crc64nvme === whole.crc64nvme) return "stored";
    if (isConflict(error) && there !== undefined) return "taken";
    throw error;
  }
}

async function openUploads(reach: S3Reach, prefix: string): Promise<readonly OpenUpload[]> {
  const operation = "s3:ListMultipartUploads";
  const found: OpenUpload[] = [];
  let marker: { KeyMarker?: string; UploadIdMarker?: string } = {};
  for (let page = 0; page < mostPages; page += 1) {
    const command = new ListMultipartUploadsCommand({ Bucket: reach.bucket, Prefix: reach.prefix + prefix, ...marker });
    const answer = await askS3(reach, { operation, key: prefix, attemptAtMost: short }, (options) => reach.client.send(command, options));
    for (const each of answer.Uploads ?? []) {
      const key = need(each.Key, operation, "Key").slice(reach.prefix.length);
      found.push({ key, id: need(each.UploadId, operation, "UploadId"), begun: epochMs(each.Initiated?.getTime() ?? 0) });
    }
    if (answer.IsTruncated !== true) return found;
    marker = {
      ...(answer.NextKeyMarker === undefined ? {} : { KeyMarker: answer.NextKeyMarker }),
      ...(answer.NextUploadIdMarker === undefined ? {} : { UploadIdMarker: answer.NextUploadIdMarker }),
    };
  }
  throw new PortError("unsupported", operation, prefix, "more than 10,000 uploads are open there; let a lifecycle rule abort old ones");
}

/** Not under the caller's signal: what was begun is tidied up also when somebody pressed Ctrl-C. */
async function abortUpload(reach: S3Reach, { key, id }: { readonly key: string; readonly id: string }): Promise<void> {
  const command = new AbortMultipartUploadCommand({ Bucket: reach.bucket, Key: reach.prefix + key, UploadId: id });
  try {
    await askS3(reach, { operation: "s3:AbortMultipartUpload", key, attemptAtMost: short }, (options) => reach.client.send(command, options));
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}
