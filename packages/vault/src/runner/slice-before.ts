import { type BackupId, backupId, type DatabaseManifest, type SliceSide } from "@nightshift/model";
import { PortError, type RunnerJob } from "@nightshift/ports";
import { type Connect, oneRow, textOf, withSession } from "../postgres/session.ts";
import { slicesOf } from "../store/layout.ts";
import type { StoreReading } from "../store/store.ts";
import { type Committed, DamagedBackup, readCommitted } from "./shelf-reading.ts";
import { readSlice } from "./slice.ts";

/** At most so many readings are looked at, newest first. */
const MOST_LOOKED_AT = 60;

/** One reading of the source that a copy is held against. */
export interface BreadSlice {
  readonly kind: "dump" | "slice";
  /** Of the dump, or of the snapshot that the slice was taken beside. */
  readonly id: BackupId;
  readonly contents: DatabaseManifest;
}
/** What a copy lies between. */
export interface Bread {
  readonly before: BreadSlice;
  /** Undefined: nothing that was written down is surely newer, so that the live database is read. */
  readonly after: BreadSlice | undefined;
  /** Why something that was named was not taken. */
  readonly complaints: readonly string[];
}
/** What is named, and what finds the rest. */
interface BreadAsked {
  readonly of: string;
  readonly before: BackupId | undefined;
  readonly slices?: RunnerJob["slices"];
  readonly copy: Connect;
}

/**
 * The slices that were named where they are whole; else the dump that was named; else whatever in the store is surely older than the copy, and
 * surely newer. @throws {PortError} `not-found` when nothing is older.
 */
export async function findBread(store: StoreReading, asked: BreadAsked): Promise<Bread> {
  const named = await namedSlices(store, asked);
  if (named.before !== undefined) return { before: named.before, after: named.after, complaints: named.complaints };
  if (asked.before === undefined) {
    const found = await lookAround(store, asked);
    return { before: found.before, after: named.after ?? found.after, complaints: named.complaints };
  }
  const dump = await readCommitted(store, asked.of, asked.before);
  if (dump === undefined) throw missing(asked.before, `no backup of ${asked.of} is called that in ${store.place}`);
  return { before: { kind: "dump", id: dump.record.id, contents: dump.contents }, after: named.after, complaints: named.complaints };
}

async function namedSlices(store: StoreReading, { of, slices }: BreadAsked): Promise<Partial<Record<SliceSide, BreadSlice>> & Pick<Bread, "complaints">> {
  const found: Partial<Record<SliceSide, BreadSlice>> = {};
  const complaints: string[] = [];
  for (const side of ["before", "after"] as const) {
    const asked = slices?.[side];
    if (asked === undefined) continue;
    try {
      const { id, contents } = await readSlice(store, of, asked);
      found[side] = { kind: "slice", id, contents };
    } catch (error) {
      if (!(error instanceof DamagedBackup)) throw error;
      complaints.push(`the manifest ${side} the snapshot was not used: ${error.message}`);
    }
  }
  return { ...found, complaints };
}

const missing = (id: string, because: string): PortError => new PortError("not-found", "backup:compare", id, because);

/** Newest first: what is surely newer comes before what is surely older; what is neither is passed over. */
async function lookAround(store: StoreReading, { of, copy }: BreadAsked): Promise<Pick<Bread, "before" | "after">> {
  const log = await readLog(copy);
  const [earliest, latest] = [earliestOf(log), positionOf(log.lsn)];
  let after: BreadSlice | undefined;
  for (const { read } of (await readingsOf(store, of)).slice(0, MOST_LOOKED_AT)) {
    const found = await unlessDamaged(read);
    if (found?.contents.lsn === undefined) continue;
    const position = positionOf(found.contents.lsn);
    if (position <= earliest) return { before: found, after };
    // Only slices: a dump is divided in a way of its own, and the database as it is now will do.
    if (position >= latest && found.kind === "slice") after = found;
  }
  throw missing(of, `no backup in ${store.place} is surely older than this copy, so that nothing says what it must hold; name one`);
}

interface Reading {
  readonly name: string;
  readonly read: () => Promise<BreadSlice | undefined>;
}

/** Dumps and slices, newest first: ids begin with the minute they were scheduled for. */
async function readingsOf(store: StoreReading, of: string): Promise<readonly Reading[]> {
  const dumps = (await store.list(`${of}/data/`)).flatMap(({ key }): readonly Reading[] => {
    const id = backupId(key.split("/").at(-2) ?? "");
    return key.endsWith("/manifest.json") ? [{ name: id, read: async () => asBread(await readCommitted(store, of, id)) }] : [];
  });
  const slices = (await store.list(slicesOf(of))).map(({ key }): Reading => {
    // Of two that were taken beside one snapshot the one after it is the newer.
    const name = key.slice(slicesOf(of).length).replace("/before.", "/1.").replace("/after.", "/2.");
    return { name, read: async () => ({ kind: "slice", ...(await readSlice(store, of, { key })) }) };
  });
  return [...dumps, ...slices].toSorted((a, b) => (a.name < b.name ? 1 : -1));
}

const asBread = (found: Committed | undefined): BreadSlice | undefined =>
  found === undefined ? undefined : { kind: "dump", id: found.record.id, contents: found.contents };

async function unlessDamaged(read: () => Promise<BreadSlice | undefined>): Promise<BreadSlice | undefined> {
  try {
    return await read();
  } catch (error) {
    // A damaged one is the business of its own verification; an older one will do.
    if (error instanceof DamagedBackup) return undefined;
    throw error;
  }
}

/** How far a server's log is, and how fast it moves by itself. */
export interface LogFacts {
  readonly lsn: string;
  readonly segmentBytes: number;
  /** Seconds after which a segment is closed although it is not full; 0: never. */
  readonly closedAfter: number;
  readonly upSeconds: number;
}

async function readLog(connect: Connect): Promise<LogFacts> {
  return withSession(connect, async (session) => {
    const row = await oneRow(
      session,
      `select pg_catalog.pg_current_wal_lsn()::text as lsn, extract(epoch from pg_catalog.clock_timestamp() - pg_catalog.pg_postmaster_start_time())::bigint as up,
         (select setting from pg_catalog.pg_settings where name = 'archive_timeout') as closed, (select setting from pg_catalog.pg_settings where name = 'wal_segment_size') as segment`,
    );
    return {
      lsn: textOf(row, "lsn"),
      segmentBytes: Number(textOf(row, "segment")),
      closedAfter: Number(textOf(row, "closed")),
      upSeconds: Number(textOf(row, "up")),
    };
  });
}

/** Segments that a server may have written between the copied moment and its first answer: recovery ends in a new one, then checkpoints. */
const SPARE_SEGMENTS = 4n;

/**
 * The earliest log position that the copied moment can have had. The copy's own log went on since: by a segment each `archive_timeout`
 * ("Write Ahead Log", https://www.postgresql.org/docs/15/runtime-config-wal.html), which is read from the copy; RDS uploads its logs each five
 * minutes ("Why is the point-in-time restore of my Amazon RDS DB instance taking a long time?",
 * https://repost.aws/knowledge-center/rds-point-in-time-restore-issues, 2026-11-21). An older backup is always a
 * right choice: it proves less, never something wrong.
 */
export function earliestOf({ lsn, segmentBytes, closedAfter, upSeconds }: LogFacts): bigint {
  const closed = closedAfter === 0 ? 0n : BigInt(Math.ceil(upSeconds / closedAfter));
  return positionOf(lsn) - (closed + SPARE_SEGMENTS) * BigInt(segmentBytes);
}

/** `16/B374D848` as a number of bytes. */
export function positionOf(lsn: string): bigint {
  const [high = "0", low = "0"] = lsn.split("/");
  return (BigInt(`0x${high}`) << 32n) + BigInt(`0x${low}`);
}
