import { Readable } from "node:stream";
import { GetObjectCommand, HeadObjectCommand, ListObjectsV2Command, ListObjectVersionsCommand } from "@aws-sdk/client-s3";
import { epochMs, ms, seconds } from "@nightshift/model";
import { PortError } from "@nightshift/ports";
import { crcFromBase64 } from "../stream/crc64nvme.ts";
import { refuseKey } from "./keys.ts";
import { translateS3 } from "./s3-errors.ts";
import { askS3, need, type S3Reach } from "./s3-reach.ts";
import type { Glance, ObjectHead, StoredObject, StoreReading } from "./store.ts";

// A hundred pages of a thousand.
const mostPages = 100;
const largestRead = 64 * 1_024 ** 2;
const short = seconds(60);

/** Reads a bucket. */
export function s3Reading(reach: S3Reach): StoreReading {
  return {
    place: `s3://${reach.bucket}/${reach.prefix}`,
    read: (key) => read(reach, key),
    stream: async (key, { from = 0, signal }) => {
      refuseKey("s3:GetObject", key);
      const chunks = resumed(reach, { key, from, signal });
      // The first chunk is waited for, so that an object that is missing is said at once.
      const first = await chunks.next();
      return Readable.from(startingWith(first, chunks), { objectMode: false, highWaterMark: 1_024 ** 2 });
    },
    head: (key) => headOf(reach, key, undefined),
    list: (prefix) => list(reach, prefix),
    glance: (prefix, atMost) => glance(reach, prefix, atMost),
    async clock() {
      const asked = { operation: "s3:ListObjectsV2", key: "", attemptAtMost: short };
      await askS3(reach, asked, (options) => reach.client.send(new ListObjectsV2Command({ Bucket: reach.bucket, Prefix: reach.prefix, MaxKeys: 1 }), options));
      return need(reach.newestDate(), asked.operation, "the header Date");
    },
  };
}

/** Which kind of lock lies on a version. */
interface LockMode {
  readonly lockMode: "GOVERNANCE" | "COMPLIANCE" | undefined;
}

/** One version of an object, or the one that lies there now; undefined: it is not there. */
export async function headOf(reach: S3Reach, key: string, version: string | undefined): Promise<(ObjectHead & LockMode) | undefined> {
  refuseKey("s3:HeadObject", key);
  const command = new HeadObjectCommand({
    Bucket: reach.bucket,
    Key: reach.prefix + key,
    ChecksumMode: "ENABLED",
    ...(version === undefined ? {} : { VersionId: version }),
  });
  try {
    const answer = await askS3(reach, { operation: "s3:HeadObject", key, attemptAtMost: short }, (options) => reach.client.send(command, options));
    return {
      key,
      bytes: need(answer.ContentLength, "s3:HeadObject", "ContentLength"),
      version: versionOf(answer.VersionId),
      etag: unquoted(answer.ETag),
      modified: epochMs(answer.LastModified?.getTime() ?? 0),
      crc64nvme: answer.ChecksumCRC64NVME === undefined ? undefined : crcFromBase64(answer.ChecksumCRC64NVME),
      lockedUntil: answer.ObjectLockRetainUntilDate === undefined ? undefined : epochMs(answer.ObjectLockRetainUntilDate.getTime()),
      lockMode: answer.ObjectLockMode,
    };
  } catch (error) {
    if (error instanceof PortError && error.kind === "not-found") return undefined;
    throw error;
  }
}

async function read(reach: S3Reach, key: string): Promise<Uint8Array> {
  refuseKey("s3:GetObject", key);
  const asked = { operation: "s3:GetObject", key, attemptAtMost: short };
  return askS3(reach, asked, async (options) => {
    const answer = await reach.client.send(new GetObjectCommand({ Bucket: reach.bucket, Key: reach.prefix + key }), options);
    const bytes = need(answer.ContentLength, asked.operation, "ContentLength");
    if (bytes > largestRead)
      throw new PortError("invalid", asked.operation, key, `it has ${bytes} bytes, more than the 64 MiB that are read at once; stream it`);
    return need(answer.Body, asked.operation, "Body").transformToByteArray();
  });
}

/** Carries on where a broken connection stopped, as long as the object is the same; ten breaks in a row without a byte between them are too many. */
async function* resumed(
  reach: S3Reach,
  { key, from, signal }: { readonly key: string; readonly from: number; readonly signal: AbortSignal },
): AsyncGenerator<Buffer> {
  const operation = "s3:GetObject";
  let [at, breaks] = [from, 0];
  let etag: string | undefined;
  for (;;) {
    const range = { ...(at === 0 ? {} : { Range: `bytes=${at}-` }), ...(etag === undefined ? {} : { IfMatch: etag }) };
    const command = new GetObjectCommand({ Bucket: reach.bucket, Key: reach.prefix + key, ...range });
    const answer = await askS3(reach, { operation, key, signal }, (options) => reach.client.send(command, options));
    etag ??= answer.ETag;
    const total = at + need(answer.ContentLength, operation, "ContentLength");
    // In Node the SDK's body is a Readable of buffers.
    const body = need(answer.Body, operation, "Body") as Readable;
    try {
      for await (const chunk of body) {
        at += (chunk as Buffer).length;
        breaks = 0;
        yield chunk as Buffer;
      }
    } catch (error) {
      signal.throwIfAborted();
      const said = translateS3(operation, key, error);
      if (!(said instanceof PortError && said.retryable)) throw said;
    } finally {
      body.destroy();
    }
    if (at >= total) return;
    breaks += 1;
    if (breaks === 10) throw new PortError("unavailable", operation, key, `the connection broke ten times at byte ${at} of ${total}; try again later`);
    await reach.patience.pause(ms(Math.floor(reach.patience.random() * 100 * 2 ** breaks)), signal);
  }
}

async function* startingWith(first: IteratorResult<Buffer>, rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  try {
    if (!first.done) yield first.value;
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
}

/** With versions: deleting needs them. Where the bucket keeps none, S3 calls the only one `null`. */
async function list(reach: S3Reach, prefix: string): Promise<readonly StoredObject[]> {
  const operation = "s3:ListObjectVersions";
  const found: StoredObject[] = [];
  let marker: { KeyMarker?: string; VersionIdMarker?: string } = {};
  for (let page = 0; page < mostPages; page += 1) {
    const command = new ListObjectVersionsCommand({ Bucket: reach.bucket, Prefix: reach.prefix + prefix, ...marker });
    const answer = await askS3(reach, { operation, key: prefix, attemptAtMost: short }, (options) => reach.client.send(command, options));
    for (const each of answer.Versions ?? []) {
      if (each.IsLatest === false) continue;
      found.push({
        key: need(each.Key, operation, "Key").slice(reach.prefix.length),
        bytes: need(each.Size, operation, "Size"),
        version: versionOf(each.VersionId),
        etag: unquoted(each.ETag),
        modified: epochMs(each.LastModified?.getTime() ?? 0),
      });
    }
    if (answer.IsTruncated !== true) return found;
    marker = {
      ...(answer.NextKeyMarker === undefined ? {} : { KeyMarker: answer.NextKeyMarker }),
      ...(answer.NextVersionIdMarker === undefined ? {} : { VersionIdMarker: answer.NextVersionIdMarker }),
    };
  }
  throw new PortError("unsupported", operation, prefix, "more than 100,000 versions lie there; let a lifecycle rule expire old versions under runs/");
}

/** A thousand a page; `NextContinuationToken` leads on ("ListObjectsV2", https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html, 2026-11-21). */
async function glance(reach: S3Reach, prefix: string, atMost: number): Promise<Glance> {
  const operation = "s3:ListObjectsV2";
  const objects: Glance["objects"][number][] = [];
  let next: string | undefined;
  do {
    const command = new ListObjectsV2Command({
      Bucket: reach.bucket,
      Prefix: reach.prefix + prefix,
      ...(next === undefined ? {} : { ContinuationToken: next }),
    });
    const answer = await askS3(reach, { operation, key: prefix, attemptAtMost: short }, (options) => reach.client.send(command, options));
    for (const each of answer.Contents ?? [])
      objects.push({ key: need(each.Key, operation, "Key").slice(reach.prefix.length), modified: epochMs(each.LastModified?.getTime() ?? 0) });
    next = answer.IsTruncated === true ? need(answer.NextContinuationToken, operation, "NextContinuationToken") : undefined;
  } while (next !== undefined && objects.length < atMost);
  return { objects: objects.slice(0, atMost), whole: next === undefined && objects.length <= atMost };
}

const versionOf = (version: string | undefined): string | undefined => (version === "null" ? undefined : version);
const unquoted = (etag: string | undefined): string => (etag ?? "").replaceAll('"', "");
