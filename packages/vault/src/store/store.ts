import type { Readable } from "node:stream";
import type { EpochMs } from "@nightshift/model";

/** An object as the store lists it. Keys are relative to the store's prefix or directory. */
export interface StoredObject {
  readonly key: string;
  readonly bytes: number;
  /** The version that lies there now; undefined where the store keeps no versions. */
  readonly version: string | undefined;
  /** As the store says it, without quotes. */
  readonly etag: string;
  readonly modified: EpochMs;
}
/** What `head` knows besides. */
export interface ObjectHead extends StoredObject {
  /** CRC64NVME of the whole object as 16 hex digits, where the store keeps it. */
  readonly crc64nvme: string | undefined;
  /** Nobody may delete this version before; undefined: it is not locked, or we may not ask. */
  readonly lockedUntil: EpochMs | undefined;
}

/** A listing that may end early. */
export interface Glance {
  readonly objects: readonly Pick<StoredObject, "key" | "modified">[];
  readonly whole: boolean;
}

/** Reads what lies in a store. Every method throws `PortError`; one of a missing object is `not-found`. */
export interface StoreReading {
  /** `s3://bucket/prefix` or the directory, for people. */
  readonly place: string;
  /** The whole object, for small ones. @throws {PortError} `invalid` above 64 MiB. */
  read(key: string): Promise<Uint8Array>;
  /** The object's bytes from an offset on, carried on by itself after a broken connection as long as it is still the same object. */
  stream(key: string, options: { readonly from?: number; readonly signal: AbortSignal }): Promise<Readable>;
  /** Undefined: it is not there. */
  head(key: string): Promise<ObjectHead | undefined>;
  /** What lies under a prefix now, by key; at most 100,000, else it throws: a short list is not taken for all. */
  list(prefix: string): Promise<readonly StoredObject[]>;
  /** What lies under a prefix now, by key, without asking for versions: old ones cost nothing. At most so many; `whole` is false where more lie there. */
  glance(prefix: string, atMost: number): Promise<Glance>;
  /** What the store's own clock says. */
  clock(): Promise<EpochMs>;
}

/** What became of an object that may only be written if it is absent. `taken`: another one lies there; our own, found after a lost answer, is `stored`. */
export type Stored = "stored" | "taken";

/** Writes objects. Nothing is ever deleted by it. */
export interface StoreWriting {
  /** Puts a small object; with `onlyIfAbsent` it never replaces another. */
  put(key: string, body: Uint8Array, options?: { readonly onlyIfAbsent?: boolean }): Promise<Stored>;
  /** Begins an object whose length nobody knows yet. It does not exist before `complete`. */
  upload(key: string, options: { readonly signal: AbortSignal }): Promise<Upload>;
  /** Uploads that were begun and neither completed nor aborted. */
  openUploads(prefix: string): Promise<readonly OpenUpload[]>;
  /** Ends one of them; one that is gone is no error. */
  abort(upload: OpenUpload): Promise<void>;
}
/** An object being written in parts. */
export interface Upload {
  /** Sends the next part: numbers from 1, all but the last at least 5 MiB and of one size. Several may be on their way; the bytes must stay as they are until it is answered. */
  part(number: number, body: Uint8Array, crc64nvme: string): Promise<void>;
  /** Makes the object exist, only if none is there: `taken` leaves the other alone. The store itself refuses another length or checksum. */
  complete(whole: { readonly bytes: number; readonly crc64nvme: string }): Promise<Stored>;
  /** Leaves nothing behind; may be called at any time, and again. */
  abort(): Promise<void>;
}
/** An upload that somebody left open. */
export interface OpenUpload {
  readonly key: string;
  readonly id: string;
  readonly begun: EpochMs;
}

/** Deletes and locks; only the pruner's role may. */
export interface StoreDeleting {
  /** Deletes this very version (where there are versions), only if the object is the one that was seen. A plain store deletes the object. */
  delete(object: { readonly key: string; readonly version: string | undefined; readonly etag: string }): Promise<"deleted" | "gone" | "locked" | "changed">;
  /** Nobody may delete this version before; a longer lock stays. `unsupported`: the store knows no locks. */
  lock(object: { readonly key: string; readonly version: string | undefined }, until: EpochMs): Promise<"locked" | "unsupported">;
}

/** A bucket with a prefix, or a directory. */
export interface Store extends StoreReading, StoreWriting, StoreDeleting {}
