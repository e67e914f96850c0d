import { createHash } from "node:crypto";
import { type EpochMs, type Ms, seconds } from "@nightshift/model";
import { AwsFault, type Kernel } from "../../kernel.ts";
import { hex, type Random } from "../../world/chance.ts";

/** One version of an object: its bytes, or the mark that it was deleted. */
export interface ObjectVersion {
  readonly id: string;
  /** Undefined: a delete marker. */
  readonly bytes: Uint8Array | undefined;
  readonly etag: string;
  readonly contentType: string | undefined;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly at: EpochMs;
  lockedUntil: EpochMs | undefined;
}

/** How a bucket is set up. */
export interface BucketSettings {
  versioning?: "Enabled" | "Suspended";
  /** Object Lock is on. */
  locked?: boolean;
  replication?: readonly { readonly to: string; readonly status: "Enabled" | "Disabled"; readonly prefix: string }[];
  /** How long an object travels; undefined: never. That it takes a quarter of a minute is assumed. */
  replicatesAfter?: Ms | undefined;
}

/** The objects of one bucket, newest version first; without versioning there is one version, named `null`. */
export class Bucket {
  readonly settings: BucketSettings;
  readonly #kernel: Kernel;
  readonly #random: Random;
  readonly #objects = new Map<string, ObjectVersion[]>();

  constructor(kernel: Kernel, name: string, settings: BucketSettings) {
    this.#kernel = kernel;
    this.#random = kernel.random(`versions of ${name}`);
    this.settings = { replicatesAfter: seconds(15), ...settings };
  }

  /** Keys of what lies there now, sorted. */
  keys(): readonly string[] {
    return [...this.#objects.keys()].filter((key) => this.current(key) !== undefined).sort();
  }

  /** Every version of every object under a prefix, by key, newest first. */
  versions(prefix = ""): readonly (readonly [string, ObjectVersion])[] {
    const keys = [...this.#objects.keys()].filter((key) => key.startsWith(prefix)).sort();
    return keys.flatMap((key) => (this.#objects.get(key) ?? []).map((version) => [key, version] as const));
  }

  /** What lies there now. */
  current(key: string): ObjectVersion | undefined {
    const newest = this.#objects.get(key)?.[0];
    return newest?.bytes === undefined ? undefined : newest;
  }

  find(key: string, id: string | undefined): ObjectVersion | undefined {
    return id === undefined ? this.current(key) : this.#objects.get(key)?.find((one) => one.id === id);
  }

  put(
    key: string,
    bytes: Uint8Array,
    of: { readonly contentType?: string | undefined; readonly metadata?: Readonly<Record<string, unknown>>; readonly lockedUntil?: EpochMs | undefined } = {},
  ): ObjectVersion {
    const etag = `"${createHash("md5").update(bytes).digest("hex")}"`;
    return this.#add(key, { bytes, etag, contentType: of.contentType, metadata: of.metadata ?? {}, lockedUntil: of.lockedUntil });
  }

  /**
   * With a version: that one is gone, unless it is locked. Without: a marker where there are versions, else the object is gone
   * ("Deleting object versions from a versioning-enabled bucket", https://docs.aws.amazon.com/AmazonS3/latest/userguide/DeletingObjectVersions.html, 2026-11-21).
   */
  delete(key: string, id: string | undefined): { readonly marker: boolean; readonly version: string | undefined } {
    const versions = this.#objects.get(key) ?? [];
    if (id !== undefined) {
      const found = versions.find((one) => one.id === id);
      if (found?.lockedUntil !== undefined && found.lockedUntil > this.#kernel.clock.now())
        throw new AwsFault("AccessDenied", "Access Denied because object protected by object lock.", 403);
      this.#objects.set(
        key,
        versions.filter((one) => one !== found),
      );
      return { marker: found?.bytes === undefined && found !== undefined, version: id };
    }
    if (this.settings.versioning === undefined) {
      this.#objects.delete(key);
      return { marker: false, version: undefined };
    }
    const marker = this.#add(key, { bytes: undefined, etag: "", contentType: undefined, metadata: {}, lockedUntil: undefined });
    return { marker: true, version: marker.id };
  }

  #add(key: string, version: Omit<ObjectVersion, "id" | "at">): ObjectVersion {
    const id = this.settings.versioning === "Enabled" ? hex(this.#random, 32) : "null";
    const added = { ...version, id, at: this.#kernel.clock.now() };
    const before = (this.#objects.get(key) ?? []).filter((one) => this.settings.versioning !== undefined && one.id !== id);
    this.#objects.set(key, [added, ...before]);
    return added;
  }
}
