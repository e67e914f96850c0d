import { joinCrc64nvme } from "../stream/crc64nvme.ts";

/** A refusal as S3 says it. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string = code) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** Bytes that arrived and were checked: a file of the server's. */
export interface Blob {
  readonly file: string;
  readonly bytes: number;
  readonly crc64nvme: string;
  readonly etag: string;
}
/** One version of an object; a marker says that it was deleted. */
export interface Version {
  readonly key: string;
  readonly version: string;
  readonly blobs: readonly Blob[];
  readonly bytes: number;
  readonly crc64nvme: string;
  readonly etag: string;
  readonly modified: number;
  readonly marker: boolean;
  lockedUntil: number | undefined;
}
interface OpenUpload {
  readonly id: string;
  readonly key: string;
  readonly begun: number;
  readonly parts: Map<number, Blob>;
}
/** What a Complete says it has. */
export interface Completion {
  readonly listed: readonly { readonly number: number; readonly etag: string; readonly crc64nvme: string | undefined }[];
  readonly bytes: number | undefined;
  readonly crc64nvme: string | undefined;
  readonly onlyIfAbsent: boolean;
}

// Source: "Amazon S3 multipart upload limits", https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html, 2026-11-21.
const smallestPart = 5 * 1_024 ** 2;
const mostParts = 10_000;

/** How a bucket is kept. */
export interface BucketSettings {
  readonly versioned: boolean;
  /** Object Lock. */
  readonly locks: boolean;
  readonly now: () => number;
}

/** One bucket with S3's rules: versions, conditions, locks, parts. */
export class Bucket {
  readonly #settings: BucketSettings;
  readonly #versions = new Map<string, Version[]>();
  readonly #uploads = new Map<string, OpenUpload>();
  #count = 0;

  constructor(settings: BucketSettings) {
    this.#settings = settings;
  }

  /** Every version, by key, newest first. */
  all(): readonly (Version & { readonly latest: boolean })[] {
    return [...this.#versions.keys()]
      .toSorted()
      .flatMap((key) => (this.#versions.get(key) ?? []).toReversed().map((version, n) => ({ ...version, latest: n === 0 })));
  }
  openUploads(): readonly OpenUpload[] {
    return [...this.#uploads.values()].toSorted((a, b) => (a.key < b.key ? -1 : 1));
  }
  find(key: string, version: string | undefined): Version {
    const found = version === undefined ? this.#latest(key) : this.#versions.get(key)?.find((each) => each.version === version && !each.marker);
    if (found === undefined) throw new Refusal(404, version === undefined ? "NoSuchKey" : "NoSuchVersion");
    return found;
  }
  put(key: string, blob: Blob, onlyIfAbsent: boolean): Version {
    this.#refuseTaken(key, onlyIfAbsent);
    return this.#add(key, [blob]);
  }
  begin(key: string): string {
    this.#count += 1;
    const id = `upload-${this.#count}`;
    this.#uploads.set(id, { id, key, begun: this.#settings.now(), parts: new Map() });
    return id;
  }
  part(id: string, number: number, blob: Blob): void {
    if (!(number >= 1 && number <= mostParts)) throw new Refusal(400, "InvalidArgument", "Part number must be an integer between 1 and 10000, inclusive");
    this.#upload(id).parts.set(number, blob);
  }
  complete(id: string, asked: Completion): Version {
    const upload = this.#upload(id);
    const blobs = asked.listed.map((listed, n) => {
      const blob = upload.parts.get(listed.number);
      if (blob === undefined || blob.etag !== listed.etag || (listed.crc64nvme !== undefined && listed.crc64nvme !== blob.crc64nvme))
        throw new Refusal(400, "InvalidPart", `part ${listed.number} is not as it was uploaded`);
      if (n > 0 && listed.number <= (asked.listed[n - 1]?.number ?? 0)) throw new Refusal(400, "InvalidPartOrder");
      if (n < asked.listed.length - 1 && blob.bytes < smallestPart) throw new Refusal(400, "EntityTooSmall");
      return blob;
    });
    if (blobs.length === 0) throw new Refusal(400, "MalformedXML");
    const { bytes, crc64nvme } = joined(blobs);
    if (asked.bytes !== bytes)
      throw new Refusal(400, "InvalidRequest", `the object has ${bytes} bytes, and x-amz-mp-object-size says ${asked.bytes ?? "nothing"}`);
    if (asked.crc64nvme !== crc64nvme) throw new Refusal(400, "BadDigest", `the object's CRC64NVME is ${crc64nvme}, and ${asked.crc64nvme ?? "none"} was sent`);
    this.#refuseTaken(upload.key, asked.onlyIfAbsent);
    this.#uploads.delete(id);
    return this.#add(upload.key, blobs);
  }
  abort(id: string): void {
    this.#uploads.delete(this.#upload(id).id);
  }
  remove(key: string, version: string | undefined, ifMatch: string | undefined): void {
    if (version === undefined && this.#settings.versioned) {
      this.#add(key, [], true);
      return;
    }
    const there = this.#versions.get(key)?.find((each) => version === undefined || each.version === version);
    if (there === undefined) return;
    if (ifMatch !== undefined && ifMatch !== there.etag) throw new Refusal(412, "PreconditionFailed");
    if ((there.lockedUntil ?? 0) > this.#settings.now()) throw new Refusal(403, "AccessDenied", locked);
    const left = (this.#versions.get(key) ?? []).filter((each) => each !== there);
    if (left.length === 0) this.#versions.delete(key);
    else this.#versions.set(key, left);
  }
  retain(key: string, version: string | undefined, until: number): void {
    if (!this.#settings.locks) throw new Refusal(400, "InvalidRequest", "Bucket is missing Object Lock Configuration");
    const found = this.find(key, version);
    if ((found.lockedUntil ?? 0) > until) throw new Refusal(403, "AccessDenied", locked);
    found.lockedUntil = until;
  }

  #latest(key: string): Version | undefined {
    const newest = this.#versions.get(key)?.at(-1);
    return newest === undefined || newest.marker ? undefined : newest;
  }
  #upload(id: string): OpenUpload {
    const upload = this.#uploads.get(id);
    if (upload === undefined) throw new Refusal(404, "NoSuchUpload");
    return upload;
  }
  #refuseTaken(key: string, onlyIfAbsent: boolean): void {
    if (onlyIfAbsent && this.#latest(key) !== undefined)
      throw new Refusal(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold");
  }
  #add(key: string, blobs: readonly Blob[], marker = false): Version {
    this.#count += 1;
    const { versioned, now } = this.#settings;
    const { bytes, crc64nvme } = joined(blobs);
    const etag = `${crc64nvme}${String(this.#count).padStart(8, "0")}-${blobs.length}`;
    const name = versioned ? `v${String(this.#count).padStart(6, "0")}` : "null";
    const version: Version = { key, version: name, blobs, bytes, crc64nvme, etag, modified: now(), marker, lockedUntil: undefined };
    this.#versions.set(key, versioned ? [...(this.#versions.get(key) ?? []), version] : [version]);
    return version;
  }
}

const locked = "Access Denied because object protected by object lock.";

function joined(blobs: readonly Blob[]): { readonly bytes: number; readonly crc64nvme: string } {
  let [bytes, crc] = [0, "0000000000000000"];
  for (const blob of blobs) {
    crc = joinCrc64nvme(crc, blob.crc64nvme, blob.bytes);
    bytes += blob.bytes;
  }
  return { bytes, crc64nvme: crc };
}
