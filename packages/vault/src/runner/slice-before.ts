import { type BackupId, backupId } from "@nightshift/model";
import { PortError } from "@nightshift/ports";
import { type Connect, oneRow, textOf, withSession } from "../postgres/session.ts";
import type { StoreReading } from "../store/store.ts";
import { type Committed, DamagedBackup, readCommitted } from "./shelf-reading.ts";

/** At most so many backups are looked at, newest first. */
const MOST_LOOKED_AT = 60;

/** The backup that was named, or the newest one that is surely older than a copy. @throws {PortError} `not-found` when there is none. */
export async function sliceBefore(
  store: StoreReading,
  asked: { readonly of: string; readonly before: BackupId | undefined; readonly copy: Connect },
): Promise<Committed> {
  const { of, before, copy } = asked;
  const missing = (id: string, because: string): PortError => new PortError("not-found", "backup:compare", id, because);
  if (before !== undefined) {
    const named = await readCommitted(store, of, before);
    if (named === undefined) throw missing(before, `no backup of ${of} is called that in ${store.place}`);
    return named;
  }
  const earliest = earliestOf(await readLog(copy));
  const ids = (await store.list(`${of}/data/`)).flatMap(({ key }) => (key.endsWith("/manifest.json") ? [key.split("/").at(-2) ?? ""] : []));
  for (const id of ids.toSorted().reverse().slice(0, MOST_LOOKED_AT)) {
    const found = await readUndamaged(store, of, backupId(id));
    if (found?.contents.lsn !== undefined && positionOf(found.contents.lsn) <= earliest) return found;
  }
  throw missing(of, `no backup in ${store.place} is surely older than this copy, so that nothing says what it must hold; name one`);
}

async function readUndamaged(store: StoreReading, of: string, id: BackupId): Promise<Committed | undefined> {
  try {
    return await readCommitted(store, of, id);
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
 * The earliest log position that the copied moment can have had. The copy's own log went on since: by a segment each `archive_timeout`, which RDS
 * sets to five minutes ("archive_timeout", https://www.postgresql.org/docs/15/runtime-config-wal.html, 2026-11-21). An older backup is always a
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
