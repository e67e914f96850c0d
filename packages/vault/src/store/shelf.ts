import { createHash } from "node:crypto";
import { type BackupId, type CommitRecord, type EpochMs, readCommitRecord } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { type BackupShelf, PortError, type RunReport, type ShelvedBackup } from "@nightshift/ports";
import { keysOf, runKeys, tombstoneOf } from "./layout.ts";
import { readStanding, type Standing } from "./standing.ts";
import type { Store, StoredObject, StoreReading } from "./store.ts";

/** SHA-256 of bytes, as hex: what the records are checked with. */
export const sha256Of = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** A backup as its records in the store tell of it. */
export interface ReadBackup extends Standing {
  readonly commit: CommitRecord;
  readonly commitSha256: string;
}

/** Backups as they lie in a store. A record that is refused is no record: its backup is not listed, or not proven. */
export function shelfOf(store: Store): BackupShelf {
  return {
    list: async (of) => (await look(store, of)).backups,
    report: (of, run) => reportOf(store, of, run),
    clock: () => store.clock(),
  };
}

/**
 * One backup's records, checked. Undefined: it was never committed, or retention removed it.
 * @throws {PortError} `invalid` when its commit record was changed.
 */
export async function readBackup(store: StoreReading, of: string, id: BackupId): Promise<ReadBackup | undefined> {
  return readFrom(store, { of, id, objects: await store.list(keysOf(of, id).folder) });
}

async function readFrom(store: StoreReading, { of, id, objects }: Omit<Seen, "read">): Promise<ReadBackup | undefined> {
  const { manifest } = keysOf(of, id);
  const bytes = await readIfThere(store, manifest);
  if (bytes === undefined || tombstoneOf(bytes) !== undefined) return undefined;
  const commit = readCommitRecord(bytes, sha256Of);
  if (!commit.ok) throw new PortError("invalid", "read", manifest, commit.because);
  return { commit: commit.record, commitSha256: commit.sha256, ...(await readStanding(store, commit, objects)) };
}

/** Everything under a database's `data/`. */
export interface Shelf {
  readonly backups: readonly ShelvedBackup[];
  /** Folders without a commit record: of runs that died, or are at work. */
  readonly leftovers: readonly { readonly id: BackupId; readonly objects: readonly StoredObject[]; readonly newest: EpochMs }[];
  /** Backups whose commit record is refused, and why: nothing of them is ever deleted, and they count nowhere. */
  readonly refused: readonly { readonly id: BackupId; readonly because: string }[];
}

/** Lists and reads, eight records at a time. */
export async function look(store: Store, of: string): Promise<Shelf> {
  const prefix = `${of}/data/`;
  const folders = new Map<string, StoredObject[]>();
  for (const object of await store.list(prefix)) {
    const id = object.key.slice(prefix.length).split("/")[0] ?? "";
    folders.set(id, [...(folders.get(id) ?? []), object]);
  }
  const shelf = { backups: [] as ShelvedBackup[], leftovers: [] as Shelf["leftovers"][number][], refused: [] as Shelf["refused"][number][] };
  const waiting = [...folders];
  for (let at = 0; at < waiting.length; at += 8) {
    await Promise.all(
      waiting.slice(at, at + 8).map(async ([name, objects]) => {
        // The folder's name is what the id was when it was written.
        const id = name as BackupId;
        if (!objects.some(({ key }) => key === keysOf(of, id).manifest)) {
          const newest = objects.reduce((latest, { modified }) => (modified > latest ? modified : latest), objects[0]?.modified ?? (0 as EpochMs));
          shelf.leftovers.push({ id, objects, newest });
          return;
        }
        try {
          const read = await readFrom(store, { of, id, objects });
          if (read !== undefined) shelf.backups.push(await shelved(store, { id, of, read, objects }));
        } catch (error) {
          if (!(error instanceof PortError) || error.kind !== "invalid") throw error;
          shelf.refused.push({ id, because: error.message });
        }
      }),
    );
  }
  return { ...shelf, backups: shelf.backups.toSorted((a, b) => a.contentsOf - b.contentsOf || (a.id < b.id ? -1 : 1)) };
}

interface Seen {
  readonly id: BackupId;
  readonly of: string;
  readonly read: ReadBackup;
  readonly objects: readonly StoredObject[];
}

async function shelved(store: Store, { id, of, read, objects }: Seen): Promise<ShelvedBackup> {
  const { commit, commitSha256, proof, refused } = read;
  const first = commit.segments[0];
  const head = first === undefined ? undefined : await store.head(first.key);
  return {
    id,
    of,
    contentsOf: commit.contentsOf,
    scheduled: commit.scheduled,
    bytes: objects.reduce((sum, object) => sum + object.bytes, 0),
    verified: read.proven && !guard("a record lies where it belongs", commit.id !== id || commit.of !== of),
    suspect: proof?.verdict === "suspect" && proof.manifestSha256 === commitSha256 && refused === undefined,
    ...(head?.lockedUntil === undefined ? {} : { lockedUntil: head.lockedUntil }),
    objects: objects.map(({ key, version, bytes, etag }) => ({ key, version, bytes, etag })),
  };
}

async function reportOf(store: StoreReading, of: string, run: string): Promise<RunReport | undefined> {
  const keys = runKeys(of, run);
  for (const key of [keys.outcome, keys.progress]) {
    const bytes = await readIfThere(store, key);
    if (bytes === undefined) continue;
    try {
      const report: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
      if (typeof report !== "object" || report === null || guard("a report is of its own run", Reflect.get(report, "run") !== run))
        throw new Error("it tells of another run");
      // Written by the runner out of the same type; a report is told to people and decides nothing that records do not.
      return report as RunReport;
    } catch (error) {
      throw new PortError("invalid", "read", key, `the run's report cannot be read (${String(error)}); look at the task's own log`, error);
    }
  }
  return undefined;
}

/** Undefined: it is not there. */
export async function readIfThere(store: StoreReading, key: string): Promise<Uint8Array | undefined> {
  try {
    return await store.read(key);
  } catch (error) {
    if (error instanceof PortError && error.kind === "not-found") return undefined;
    throw error;
  }
}
