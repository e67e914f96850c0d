import { type DatabaseManifest, hashSum } from "@nightshift/model";
import { numberOf, oneRow, type Session, textOf } from "./session.ts";

/** Read at a time from one object; a longer one is read on, piece by piece, so that no object is held whole. */
const pieceBytes = 1_048_576;
/** Objects begun in one statement. */
const atOnce = 1_000;

/**
 * Counts large objects and hashes what each holds, with its number. Pieces, not stored pages, are hashed: a restore fills the holes
 * that a sparse object has, which are read as zeros on both sides.
 */
export async function readLargeObjects(session: Session, signal?: AbortSignal): Promise<DatabaseManifest["largeObjects"]> {
  let count = 0;
  let hash = 0n;
  for (let after = "0", more = true; more; ) {
    signal?.throwIfAborted();
    const row = await oneRow(session, piecesSql("select oid from pg_catalog.pg_largeobject_metadata where oid > $1::oid order by oid limit " + atOnce, 0), [
      after,
    ]);
    const begun = numberOf(row, "count");
    count += begun;
    hash += BigInt(textOf(row, "hash"));
    more = begun === atOnce;
    after = row["last"] ?? after;
    hash += await readOn(session, longOf(row["long"]), signal);
  }
  return { count, hash: hashSum(String(hash)) };
}

/** Reads on in the objects that go beyond their first piece, each until a piece is not full. */
async function readOn(session: Session, long: readonly string[], signal: AbortSignal | undefined): Promise<bigint> {
  let hash = 0n;
  for (const oid of long) {
    for (let n = 1, full = true; full; n += 1) {
      signal?.throwIfAborted();
      const row = await oneRow(session, piecesSql("select $1::oid as oid", n), [oid]);
      hash += BigInt(textOf(row, "hash"));
      full = longOf(row["long"]).length > 0;
    }
  }
  return hash;
}

/** One piece of each object of `objects`; an empty piece after a full one counts too, and equally on both sides. */
const piecesSql = (objects: string, n: number): string =>
  `select pg_catalog.count(*) as count, coalesce(pg_catalog.sum(pg_catalog.hashtextextended(row(oid, ${n}, piece)::text collate pg_catalog."C", 0)), 0) as hash,
     pg_catalog.max(oid)::text as last, pg_catalog.string_agg(oid::text, ',') filter (where pg_catalog.octet_length(piece) = ${pieceBytes}) as long
   from (select o.oid, pg_catalog.lo_get(o.oid, ${n}::bigint * ${pieceBytes}, ${pieceBytes}) as piece from (${objects}) o offset 0) p`;

const longOf = (list: string | null | undefined): readonly string[] => (list === null || list === undefined ? [] : list.split(","));
