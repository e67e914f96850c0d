import { epochMs } from "@nightshift/model";
import { AwsFault, type Kernel, type ServiceModule } from "../../kernel.ts";
import { type Fields, fields, maybeText, notModelled, text } from "../input.ts";
import { Bucket, type BucketSettings, type ObjectVersion } from "./bucket.ts";
import { listObjects, listVersions } from "./listing.ts";

/**
 * S3 as far as Nightshift uses it: strongly consistent objects with versions and locks, conditional writes, replication that takes its time.
 * Source: "Conditional writes", https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html (2026-11-21).
 */
export class S3 implements ServiceModule {
  readonly service = "s3";
  readonly mutating = new Set(["PutObject", "DeleteObject", "PutObjectRetention"]);
  readonly #kernel: Kernel;
  readonly #buckets = new Map<string, Bucket>();

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  create(bucket: string, settings: BucketSettings = {}): Bucket {
    const made = new Bucket(this.#kernel, bucket, settings);
    this.#buckets.set(bucket, made);
    return made;
  }

  /** @throws {AwsFault} NoSuchBucket */
  bucket(name: string): Bucket {
    const bucket = this.#buckets.get(name);
    if (!bucket) throw new AwsFault("NoSuchBucket", "The specified bucket does not exist", 404);
    return bucket;
  }

  /** Keys of a bucket, sorted. */
  keys(bucket: string): readonly string[] {
    return this.bucket(bucket).keys();
  }

  /** An object's text; undefined when it is not there. */
  text(bucket: string, key: string): string | undefined {
    const stored = this.bucket(bucket).current(key);
    return stored?.bytes && Buffer.from(stored.bytes).toString("utf8");
  }

  handle(operation: string, input: unknown): unknown {
    const request = fields(input);
    const bucket = this.bucket(text(request, "Bucket"));
    switch (operation) {
      case "PutObject":
        return this.#put(bucket, request);
      case "GetObject": {
        const { version, bytes } = stored(bucket, request, "NoSuchKey");
        const [from, until] = rangeOf(maybeText(request, "Range"), bytes.length);
        return { ...headers(version), ContentLength: until - from, Body: bodyOf(bytes.subarray(from, until)) };
      }
      case "HeadObject":
        // A HEAD has no body to carry an error's name in, so the SDK calls it NotFound.
        return headers(stored(bucket, request, "NotFound").version);
      case "DeleteObject":
        return remove(bucket, request);
      case "ListObjectsV2":
        return listObjects(bucket, request);
      case "ListObjectVersions":
        return listVersions(bucket, request);
      case "ListMultipartUploads":
        // Every object here is put at once.
        return { IsTruncated: false, Uploads: [] };
      case "PutObjectRetention":
        return retain(bucket, request);
      case "HeadBucket":
        return {};
      default:
        return setUp(bucket, operation);
    }
  }

  #put(bucket: Bucket, request: Fields): object {
    const key = text(request, "Key");
    if (request["IfNoneMatch"] === "*" && bucket.current(key) !== undefined) throw preconditionFailed();
    const until = request["ObjectLockRetainUntilDate"];
    const version = bucket.put(key, bytesOf(request["Body"]), {
      contentType: maybeText(request, "ContentType"),
      metadata: structuredClone(fields(request["Metadata"])),
      lockedUntil: until instanceof Date ? epochMs(until.getTime()) : undefined,
    });
    this.#replicate(bucket, key, version);
    return { ETag: version.etag, ...(bucket.settings.versioning === undefined ? {} : { VersionId: version.id }) };
  }

  /** Rules that are on carry new objects into the other bucket, some time later. */
  #replicate(bucket: Bucket, key: string, version: ObjectVersion): void {
    const { replication, replicatesAfter } = bucket.settings;
    if (replicatesAfter === undefined || bucket.settings.versioning !== "Enabled") return;
    for (const rule of replication ?? []) {
      const there = this.#buckets.get(rule.to);
      if (rule.status !== "Enabled" || !key.startsWith(rule.prefix) || there === undefined || version.bytes === undefined) continue;
      const { bytes } = version;
      this.#kernel.clock.in(replicatesAfter, () => void there.put(key, bytes, version));
    }
  }
}

/** What a bucket is set up like; what was never set is a fault by its own name. */
function setUp(bucket: Bucket, operation: string): object {
  const { versioning, locked, replication } = bucket.settings;
  switch (operation) {
    case "GetBucketVersioning":
      return versioning === undefined ? {} : { Status: versioning };
    case "GetBucketReplication":
      if (replication === undefined) throw new AwsFault("ReplicationConfigurationNotFoundError", "The replication configuration was not found", 404);
      return {
        ReplicationConfiguration: {
          Role: "arn:aws:iam::111122223333:role/replication",
          Rules: replication.map(({ to, status, prefix }) => ({ Status: status, Filter: { Prefix: prefix }, Destination: { Bucket: `arn:aws:s3:::${to}` } })),
        },
      };
    case "GetObjectLockConfiguration":
      if (locked !== true) throw new AwsFault("ObjectLockConfigurationNotFoundError", "Object Lock configuration does not exist for this bucket", 404);
      return { ObjectLockConfiguration: { ObjectLockEnabled: "Enabled" } };
    default:
      throw notModelled("s3", operation);
  }
}

function stored(bucket: Bucket, request: Fields, fault: string): { readonly version: ObjectVersion; readonly bytes: Uint8Array } {
  const version = bucket.find(text(request, "Key"), maybeText(request, "VersionId"));
  if (version?.bytes === undefined) throw new AwsFault(fault, fault === "NotFound" ? "UnknownError" : "The specified key does not exist.", 404);
  const wanted = maybeText(request, "IfMatch");
  if (wanted !== undefined && wanted.replaceAll('"', "") !== version.etag.replaceAll('"', "")) throw preconditionFailed();
  return { version, bytes: version.bytes };
}

/** `IfMatch` refuses another object than the one that was seen ("DeleteObject", https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html, 2026-11-21). */
function remove(bucket: Bucket, request: Fields): object {
  const [key, id, wanted] = [text(request, "Key"), maybeText(request, "VersionId"), maybeText(request, "IfMatch")];
  const found = bucket.find(key, id);
  if (wanted !== undefined && found === undefined) throw new AwsFault("NoSuchKey", "The specified key does not exist.", 404);
  if (wanted !== undefined && found?.etag.replaceAll('"', "") !== wanted.replaceAll('"', "")) throw preconditionFailed();
  const { marker, version } = bucket.delete(key, id);
  return { ...(marker ? { DeleteMarker: true } : {}), ...(version === undefined ? {} : { VersionId: version }) };
}

/** Never shortened by whoever may not go around governance, as nobody here may ("Locking objects with Object Lock", https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html, 2026-11-21). */
function retain(bucket: Bucket, request: Fields): object {
  if (bucket.settings.locked !== true) throw new AwsFault("InvalidRequest", "Bucket is missing Object Lock Configuration");
  const { version } = stored(bucket, request, "NoSuchKey");
  const until = fields(request["Retention"])["RetainUntilDate"];
  if (!(until instanceof Date)) throw new AwsFault("MalformedXML", "RetainUntilDate is missing");
  if (version.lockedUntil !== undefined && until.getTime() < version.lockedUntil) throw new AwsFault("AccessDenied", "Access Denied", 403);
  version.lockedUntil = epochMs(until.getTime());
  return {};
}

const preconditionFailed = (): AwsFault => new AwsFault("PreconditionFailed", "At least one of the pre-conditions you specified did not hold", 412);

const headers = ({ id, etag, bytes, contentType, metadata, at, lockedUntil }: ObjectVersion): object => ({
  ETag: etag,
  ContentLength: bytes?.length ?? 0,
  ContentType: contentType,
  Metadata: structuredClone(metadata),
  LastModified: new Date(at),
  ...(id === "null" ? {} : { VersionId: id }),
  ...(lockedUntil === undefined ? {} : { ObjectLockMode: "GOVERNANCE", ObjectLockRetainUntilDate: new Date(lockedUntil) }),
});

/** `bytes=N-` or `bytes=N-M`. */
function rangeOf(range: string | undefined, length: number): readonly [number, number] {
  const [, from, last] = /^bytes=(\d+)-(\d*)$/.exec(range ?? "") ?? [];
  if (from === undefined) return [0, length];
  if (Number(from) >= length) throw new AwsFault("InvalidRange", "The requested range is not satisfiable", 416);
  return [Number(from), last === "" || last === undefined ? length : Math.min(length, Number(last) + 1)];
}

// The part of the SDK's streaming body that callers read with.
const bodyOf = (bytes: Uint8Array): object => ({
  transformToString: async (encoding: BufferEncoding = "utf8") => Buffer.from(bytes).toString(encoding),
  transformToByteArray: async () => new Uint8Array(bytes),
});

function bytesOf(body: unknown): Uint8Array {
  if (body === undefined) return new Uint8Array();
  if (typeof body === "string") return new Uint8Array(Buffer.from(body, "utf8"));
  if (body instanceof Uint8Array) return new Uint8Array(body);
  throw new AwsFault("NotImplemented", "The lab takes an object's body as text or bytes only", 501);
}
