import { createHash } from "node:crypto";
import { AwsFault, type Kernel, type ServiceModule } from "../../kernel.ts";
import { fields, maybeText, notModelled, text } from "../input.ts";

/** One object as it was put. */
export interface StoredObject {
  readonly bytes: Uint8Array;
  readonly etag: string;
  readonly contentType: string | undefined;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly at: number;
}

/**
 * S3 as far as Nightshift uses it: strongly consistent objects and conditional writes.
 * Source: "Conditional writes", https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html (2026-11-21).
 */
export class S3 implements ServiceModule {
  readonly service = "s3";
  readonly mutating = new Set(["PutObject"]);
  readonly #kernel: Kernel;
  readonly #buckets = new Map<string, Map<string, StoredObject>>();

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  create(bucket: string): void {
    this.#buckets.set(bucket, new Map());
  }

  /** Keys of a bucket, sorted. */
  keys(bucket: string): readonly string[] {
    return [...this.#bucket(bucket).keys()].sort();
  }

  /** An object's text; undefined when it is not there. */
  text(bucket: string, key: string): string | undefined {
    const stored = this.#bucket(bucket).get(key);
    return stored && Buffer.from(stored.bytes).toString("utf8");
  }

  handle(operation: string, input: unknown): unknown {
    const request = fields(input);
    const bucket = this.#bucket(text(request, "Bucket"));
    const key = text(request, "Key");
    switch (operation) {
      case "PutObject": {
        if (request["IfNoneMatch"] === "*" && bucket.has(key))
          throw new AwsFault("PreconditionFailed", "At least one of the pre-conditions you specified did not hold", 412);
        const bytes = bytesOf(request["Body"]);
        const etag = `"${createHash("md5").update(bytes).digest("hex")}"`;
        bucket.set(key, {
          bytes,
          etag,
          contentType: maybeText(request, "ContentType"),
          metadata: structuredClone(fields(request["Metadata"])),
          at: this.#kernel.clock.now(),
        });
        return { ETag: etag };
      }
      case "GetObject": {
        const stored = bucket.get(key);
        if (!stored) throw new AwsFault("NoSuchKey", "The specified key does not exist.", 404);
        return { ...headers(stored), Body: bodyOf(stored.bytes) };
      }
      case "HeadObject": {
        const stored = bucket.get(key);
        // A HEAD has no body to carry an error's name in, so the SDK calls it NotFound.
        if (!stored) throw new AwsFault("NotFound", "UnknownError", 404);
        return headers(stored);
      }
      default:
        throw notModelled("s3", operation);
    }
  }

  #bucket(name: string): Map<string, StoredObject> {
    const bucket = this.#buckets.get(name);
    if (!bucket) throw new AwsFault("NoSuchBucket", "The specified bucket does not exist", 404);
    return bucket;
  }
}

const headers = (stored: StoredObject): object => ({
  ETag: stored.etag,
  ContentLength: stored.bytes.length,
  ContentType: stored.contentType,
  Metadata: structuredClone(stored.metadata),
  LastModified: new Date(stored.at),
});

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
