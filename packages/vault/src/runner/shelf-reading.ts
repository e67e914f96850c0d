import { type BackupId, backupId, type CommitRecord, type DatabaseManifest, readCommitRecord } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { PortError } from "@nightshift/ports";
import { keysOf, verdictAt } from "../store/layout.ts";
import { readStanding, type Standing } from "../store/standing.ts";
import type { StoredObject, StoreReading } from "../store/store.ts";
import { sha256, unsqueeze } from "./digest.ts";

/** A committed backup: its record, the digest that a proof names, and what the database held. */
export interface Committed {
  readonly record: CommitRecord;
  readonly sha256: string;
  readonly contents: DatabaseManifest;
}

/** Something in the store is not what was written: the backup is not to be trusted. */
export class DamagedBackup extends Error {
  override readonly name = "DamagedBackup";
}

/** The commit record alone; undefined: there is no such backup. @throws {DamagedBackup} when it was changed. */
export async function readCommit(store: StoreReading, of: string, id: BackupId): Promise<Omit<Committed, "contents"> | undefined> {
  const bytes = await readIfThere(store, keysOf(of, id).manifest);
  if (bytes === undefined) return undefined;
  const read = readCommitRecord(bytes, sha256);
  if (!read.ok) throw new DamagedBackup(`${id}: ${read.because}`);
  if (guard("a record lies where it belongs", read.record.id !== id || read.record.of !== of))
    throw new DamagedBackup(`${id}: its manifest.json is that of ${read.record.id}, so it was moved or copied over`);
  return { record: read.record, sha256: read.sha256 };
}

/** A backup with its database's manifest, whose digest the commit record holds. @throws {DamagedBackup} when it is missing or was changed. */
export async function readCommitted(store: StoreReading, of: string, id: BackupId): Promise<Committed | undefined> {
  const commit = await readCommit(store, of, id);
  if (commit === undefined) return undefined;
  const { contents } = commit.record;
  const bytes = await readIfThere(store, contents.key);
  if (bytes === undefined) throw new DamagedBackup(`${id}: ${contents.key} is missing`);
  if (guard("a description is as it was written", bytes.length !== contents.bytes || sha256(bytes) !== contents.sha256))
    throw new DamagedBackup(`${id}: ${contents.key} is not what was written (its SHA-256 is another)`);
  // The digest says that these are the bytes that `storeContents` made of such a manifest.
  return { ...commit, contents: JSON.parse(await unsqueeze(bytes)) as DatabaseManifest };
}

/** What a backup's records come to: whether it is proven, and whether it is all there. */
export async function standingOf(store: StoreReading, commit: Omit<Committed, "contents">, objects?: readonly StoredObject[]): Promise<Standing> {
  return readStanding(store, commit, objects ?? (await store.list(keysOf(commit.record.of, commit.record.id).folder)));
}

async function readIfThere(store: StoreReading, key: string): Promise<Uint8Array | undefined> {
  try {
    return await store.read(key);
  } catch (error) {
    if (error instanceof PortError && error.kind === "not-found") return undefined;
    throw error;
  }
}

/** At most so many earlier backups are looked at for one that is proven. */
const MOST_LOOKED_AT = 60;

/** The newest proven backup before this one: what today's contents are held against. Undefined: there is none. */
export async function previousProven(store: StoreReading, { record }: Pick<Committed, "record">): Promise<Committed | undefined> {
  const folders = Map.groupBy(await store.list(`${record.of}/data/`), ({ key }) => key.split("/").at(-2) ?? "");
  const proven = [...folders].filter(([name, objects]) => name !== record.id && objects.some(({ key }) => verdictAt(key) === "proof"));
  // Ids begin with the minute they were scheduled for, so that their order is that of time.
  for (const [id, objects] of proven.toSorted(([a], [b]) => (a < b ? 1 : -1)).slice(0, MOST_LOOKED_AT)) {
    const earlier = await readEarlier(store, { of: record.of, id: backupId(id), objects });
    if (earlier !== undefined && earlier.record.contentsOf < record.contentsOf) return earlier;
  }
  return undefined;
}

/** The newest backup of a database that is committed and whole, proven or not. Undefined: there is none. */
export async function newestCommitted(store: StoreReading, of: string): Promise<Committed | undefined> {
  const ids = (await store.list(`${of}/data/`)).flatMap(({ key }) => (key.endsWith("/manifest.json") ? [key.split("/").at(-2) ?? ""] : []));
  for (const id of ids.toSorted().reverse().slice(0, MOST_LOOKED_AT)) {
    try {
      const found = await readCommitted(store, of, backupId(id));
      if (found !== undefined) return found;
    } catch (error) {
      if (!(error instanceof DamagedBackup)) throw error;
    }
  }
  return undefined;
}

/** A damaged older backup is the business of its own verification; it is not compared with. */
async function readEarlier(
  store: StoreReading,
  { of, id, objects }: { readonly of: string; readonly id: BackupId; readonly objects: readonly StoredObject[] },
): Promise<Committed | undefined> {
  try {
    const commit = await readCommit(store, of, id);
    return commit === undefined || !(await standingOf(store, commit, objects)).proven ? undefined : await readCommitted(store, of, id);
  } catch (error) {
    if (error instanceof DamagedBackup) return undefined;
    throw error;
  }
}
