import type { TableManifest } from "@nightshift/model";
import { quoted } from "./quoted.ts";
import { oneRow, type Session, textOf } from "./session.ts";
import { type ColumnFacts, listColumns, type TableFacts } from "./tables.ts";

/** How a table's rows will be divided. */
export type PartsPlan =
  | { readonly by: "range"; readonly column: ColumnFacts; readonly order: Order; readonly bounds: readonly string[] }
  | { readonly by: "key" | "row"; readonly count: number };

/** How keys of a type are ordered alike on every server. `speakable`: a key of it says nothing about a person. */
interface Order {
  readonly cast: string;
  readonly collate: string;
  readonly speakable: boolean;
  /** The binary search in an array of texts walks it: more bounds cost more than they tell. */
  readonly atMost: number;
}

/** At most so many parts a table (decision 49). */
const mostParts = 1_000;
/** Rows that one part should hold: small enough to look through by hand. */
const rowsInAPart = 2_000;
/** Keys that are looked at: so many for each bound, that no part is more than a few times another, and all of a table that is small. */
const sampledForABound = 20;
const sampledAtLeast = 20_000;

/** Oids of built-in types are fixed (pg_type.dat). Texts go by their bytes: no collation differs between two servers' libraries. */
const orderOf = (typeOid: number): Order | undefined => {
  switch (typeOid) {
    case 20:
    case 21:
    case 23:
      return { cast: "bigint", collate: "", speakable: true, atMost: mostParts };
    case 1700:
      return { cast: "numeric", collate: "", speakable: true, atMost: 250 };
    case 2950:
      return { cast: "uuid", collate: "", speakable: true, atMost: mostParts };
    case 25:
    case 1043:
      return { cast: "text", collate: ' collate pg_catalog."C"', speakable: false, atMost: 250 };
    case 1082:
      return { cast: "date", collate: "", speakable: true, atMost: mostParts };
    case 1114:
      return { cast: "timestamp", collate: "", speakable: true, atMost: mostParts };
    case 1184:
      return { cast: "timestamptz", collate: "", speakable: true, atMost: mostParts };
    default:
      return undefined;
  }
};

/** Ranges of the key's first column where it has an order and enough different values; else by a hash of the key, or of the row. */
export async function planParts(session: Session, table: TableFacts): Promise<PartsPlan> {
  const wanted = Math.min(mostParts, Math.ceil(table.likelyRows / rowsInAPart));
  if (wanted <= 1) return { by: "row", count: 1 };
  const column = table.columns.find(({ name }) => name === table.key[0]);
  const order = column === undefined ? undefined : orderOf(column.typeOid);
  if (column !== undefined && order !== undefined && (order.cast !== "text" || (await speaksUtf8(session)))) {
    const bounds = await sampleBounds(session, { table, column, order, wanted: Math.min(wanted, order.atMost) - 1 });
    // A first column of few values (a tenant's number) would put everything into a handful of parts.
    if (bounds.length * 2 >= Math.min(wanted, order.atMost) - 1) return { by: "range", column, order, bounds };
  }
  return { by: column === undefined ? "row" : "key", count: 2 ** Math.floor(Math.log2(wanted)) };
}

/** Bounds travel through us: texts of another encoding, or of none (SQL_ASCII), need not be such as UTF-8 can say. */
async function speaksUtf8(session: Session): Promise<boolean> {
  return textOf(await oneRow(session, "select current_setting('server_encoding') as encoding"), "encoding") === "UTF8";
}

/** The same parts as the source's, so that they can be held against each other; one part where the table is not shaped alike. */
export function planLike(source: TableManifest, table: TableFacts): PartsPlan {
  const { parts } = source;
  if (parts.by === "range") {
    const column = table.columns.find(({ name, type }) => name === parts.column && type === parts.type);
    const order = column === undefined ? undefined : orderOf(column.typeOid);
    return column === undefined || order === undefined ? { by: "row", count: 1 } : { by: "range", column, order, bounds: parts.bounds };
  }
  const sameKey = source.key.length === table.key.length && source.key.every((name, n) => name === table.key[n]);
  return parts.by === "row" || sameKey ? { by: parts.by, count: parts.count } : { by: "row", count: 1 };
}

/** How many parts the plan makes. */
export const countParts = (plan: PartsPlan): number => (plan.by === "range" ? plan.bounds.length + 1 : plan.count);

/** The number of a row's part, from 0; `$1` stands for the bounds, `h` for the row's hash. */
export function partExpression(plan: PartsPlan, table: TableFacts): string {
  if (countParts(plan) === 1) return "0";
  if (plan.by === "range") {
    const { cast, collate } = plan.order;
    return `pg_catalog.width_bucket((r.${quoted(plan.column.name)})::${cast}${collate}, $1::text[]::${cast}[])`;
  }
  // The counts are powers of two: the lowest bits of a hash, which are never negative.
  if (plan.by === "row") return `(h & ${plan.count - 1})::int`;
  return `(pg_catalog.hashtextextended(row(${listColumns(table.key)})::text collate pg_catalog."C", 1) & ${plan.count - 1})::int`;
}

interface Sampling {
  readonly table: TableFacts;
  readonly column: ColumnFacts;
  readonly order: Order;
  readonly wanted: number;
}

/** Bounds of about equally many rows, from a sample of whole blocks: the index need not be read, nor the table sorted. */
async function sampleBounds(session: Session, { table, column, order, wanted }: Sampling): Promise<readonly string[]> {
  const share = Math.min(100, (100 * Math.max(sampledAtLeast, wanted * sampledForABound)) / table.likelyRows);
  const rows = await session.query(
    `select distinct v::text as bound, v from (
       select v, pg_catalog.row_number() over (order by v) as n, pg_catalog.count(*) over () as all
       from (select (r.${quoted(column.name)})::${order.cast}${order.collate} as v from only ${table.table} r tablesample system (${share}) repeatable (1)) s
     ) o where n % greatest(o.all / ${wanted + 1}, 1) = 0 order by v limit ${wanted}`,
  );
  return rows.map((row) => textOf(row, "bound"));
}
