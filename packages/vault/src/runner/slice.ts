import {
  type BackupId,
  backupId,
  countRows,
  type DatabaseManifest,
  ms,
  readSliceFile,
  type SliceFile,
  type SliceRecord,
  type SliceSide,
  writeRecord,
} from "@nightshift/model";
import { PortError, type RunEnd } from "@nightshift/ports";
import { sliceKey } from "../store/layout.ts";
import type { StoreReading } from "../store/store.ts";
import type { DatabaseAddress } from "./address.ts";
import { describeLive } from "./describe-live.ts";
import { sha256, squeeze, unsqueeze } from "./digest.ts";
import type { Reporter } from "./reporter.ts";
import { DamagedBackup, newestCommitted } from "./shelf-reading.ts";
import type { RunnerWorld } from "./world.ts";

/** A live database that is read whole beside a storage snapshot of it. */
export interface SliceAsked {
  readonly of: string;
  /** The snapshot. */
  readonly id: BackupId;
  readonly side: SliceSide;
  readonly run: string;
  readonly source: DatabaseAddress;
}

/** What was read, and of which snapshot's slice it was. */
export interface Slice {
  readonly id: BackupId;
  readonly side: SliceSide;
  readonly contents: DatabaseManifest;
}

/**
 * Stores the manifest of a live database as it is now, by one session and without a dump: one slice of the sandwich that proves a storage
 * snapshot (facts/backups.md 3.6). Reads the source only. Written once: a second run of the same slice hands back the first one's.
 */
export async function takeSlice(world: RunnerWorld, asked: SliceAsked, report: Reporter): Promise<RunEnd> {
  const there = await findSlice(world.store, asked);
  if (there !== undefined) return ended(there, ["it was taken before"], {});
  const began = world.clock();
  report.phase("describing");
  const like = await divisionFor(world.store, asked);
  const contents = await describeLive(world, asked.source, { like, phase: "describing", report, jobs: 1 });
  const { of, id, side, run } = asked;
  const file: SliceFile = { record: "nightshift slice", format: 1, id, of, side, run, contents };
  const body = await squeeze(new TextDecoder().decode(writeRecord(file, sha256)));
  const key = sliceKey(of, id, side);
  const record: SliceRecord = { key, bytes: body.length, sha256: sha256(body), at: contents.at };
  if ((await world.store.put(key, body, { onlyIfAbsent: true })) === "stored")
    return ended({ record, slice: { id, side, contents } }, [], { compare: ms(world.clock() - began) });
  const first = await findSlice(world.store, asked);
  if (first === undefined) throw new PortError("conflict", "backup:manifest", key, "it was there and is gone; look who deletes in the store");
  return ended(first, ["another run took it this moment"], {});
}

interface Found {
  readonly record: SliceRecord;
  readonly slice: Slice;
}

function ended({ record, slice }: Found, findings: readonly string[], times: RunEnd["times"]): RunEnd {
  const { contents } = slice;
  return {
    // Stored, and no more: a slice proves something only together with a restored copy.
    state: "uploaded",
    contentsOf: contents.at,
    sourceBytes: contents.server.bytes,
    tables: contents.tables.length,
    rows: countRows(contents),
    differences: [],
    findings,
    times,
    slice: record,
  };
}

/** Slices are comparable part by part only when they are divided alike: the second like the first, the first like the newest dump. */
async function divisionFor(store: StoreReading, asked: Pick<SliceAsked, "of" | "id" | "side">): Promise<DatabaseManifest | undefined> {
  const first = asked.side === "before" ? undefined : await undamaged(() => findSlice(store, { ...asked, side: "before" }));
  return first?.slice.contents ?? (await newestCommitted(store, asked.of))?.contents;
}

async function undamaged<T>(read: () => Promise<T | undefined>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof DamagedBackup) return undefined;
    throw error;
  }
}

async function findSlice(store: StoreReading, { of, id, side }: Pick<SliceAsked, "of" | "id" | "side">): Promise<Found | undefined> {
  const key = sliceKey(of, id, side);
  if ((await store.head(key)) === undefined) return undefined;
  const bytes = await store.read(key);
  const slice = await decodeSlice(bytes, { of, key });
  return { record: { key, bytes: bytes.length, sha256: sha256(bytes), at: slice.contents.at }, slice };
}

/** A slice of a database; `digest`: that of its stored bytes, where the ledger keeps it. @throws {DamagedBackup} when it is missing, was changed or moved. */
export async function readSlice(store: StoreReading, of: string, asked: { readonly key: string; readonly sha256?: string }): Promise<Slice> {
  const { key } = asked;
  if ((await store.head(key)) === undefined) throw new DamagedBackup(`${key} is missing`);
  const bytes = await store.read(key);
  if (asked.sha256 !== undefined && sha256(bytes) !== asked.sha256) throw new DamagedBackup(`${key} is not what was written (its SHA-256 is another)`);
  return decodeSlice(bytes, { of, key });
}

async function decodeSlice(bytes: Uint8Array, { of, key }: { readonly of: string; readonly key: string }): Promise<Slice> {
  const text = await unsqueeze(bytes).catch(() => "");
  const read = readSliceFile(new TextEncoder().encode(text), sha256);
  if (!read.ok) throw new DamagedBackup(`${key}: ${read.because}`);
  const { id, side, contents } = read.record;
  if (read.record.of !== of || sliceKey(of, backupId(id), side) !== key)
    throw new DamagedBackup(`${key}: it is the ${side} of ${id}, so it was moved or copied over`);
  return { id, side, contents };
}
