import { quoted } from "./quoted.ts";
import { numberOf, type Row, type Session, textOf } from "./session.ts";

/** One column as the catalog has it. */
export interface ColumnFacts {
  readonly name: string;
  /** As `format_type` says it. */
  readonly type: string;
  /** Oid of the type: fixed for the built-in ones. */
  readonly typeOid: number;
}
/** One ordinary table whose rows a dump holds. */
export interface TableFacts {
  readonly oid: number;
  /** Quoted where it must be. */
  readonly table: string;
  readonly root: string;
  /** By name: a copy may have them in another order (a column added to a parent after the child was made). */
  readonly columns: readonly ColumnFacts[];
  readonly key: readonly string[];
  /** Its own name and those of all it inherits from. */
  readonly names: readonly string[];
  /** Of `reltuples`, or guessed from the size where it was never analyzed. */
  readonly likelyRows: number;
  readonly bytes: number;
  /** Heap and TOAST: what hashing reads. */
  readonly tableBytes: number;
  readonly blocks: number;
  /** `WHERE …` of an extension's table of which only some rows are the user's. */
  readonly condition: string;
}
/** What a database has, and what no dump takes rows from. */
export interface TablesFound {
  readonly tables: readonly TableFacts[];
  readonly leftOut: readonly { readonly table: string; readonly because: string }[];
}

/** Namespaces that belong to the server itself. */
export const ours = "n.nspname !~ '^pg_' and n.nspname <> 'information_schema'";
/** Name as SQL writes it. */
export const qualified = "pg_catalog.format('%I.%I', n.nspname, c.relname)";
/** Made by an extension: it makes it again. */
export const ofExtension =
  "exists (select from pg_catalog.pg_depend e where e.classid = 'pg_catalog.pg_class'::regclass and e.objid = c.oid and e.deptype = 'e')";

/** Every table, with columns, key and size. Runs in the caller's transaction, and so sees what its snapshot sees. */
export async function listTables(session: Session): Promise<TablesFound> {
  const rows = await session.query(
    `select c.oid::text as oid, ${qualified} as name, c.relkind as kind, c.relpersistence as persistence, c.reltuples::float8 as tuples,
       (${ofExtension})::text as extension, x.condition, pg_catalog.pg_total_relation_size(c.oid) as bytes,
       pg_catalog.pg_table_size(c.oid) as "tableBytes", pg_catalog.pg_relation_size(c.oid) / current_setting('block_size')::int as blocks,
       pg_catalog.pg_partition_root(c.oid)::oid::text as root
     from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       left join lateral (select e.extcondition[pg_catalog.array_position(e.extconfig, c.oid)] as condition
         from pg_catalog.pg_extension e where c.oid = any (e.extconfig) limit 1) x on true
     where c.relkind in ('r', 'p', 'f') and c.relpersistence <> 't' and ${ours} order by 2`,
  );
  const names = new Map(rows.map((row) => [textOf(row, "oid"), textOf(row, "name")]));
  const parents = await readParents(session);
  const columns = await readColumns(session);
  const keys = await readKeys(session);
  const left = rows.map((row) => ({ row, because: whyLeftOut(row) }));
  return {
    leftOut: left.flatMap(({ row, because }) => (because === undefined || because === "" ? [] : [{ table: textOf(row, "name"), because }])),
    tables: left.flatMap(({ row, because }) => {
      if (because !== undefined) return [];
      const oid = textOf(row, "oid");
      const table = textOf(row, "name");
      const tableBytes = numberOf(row, "tableBytes");
      return [
        {
          oid: Number(oid),
          table,
          root: names.get(row["root"] ?? oid) ?? table,
          columns: (columns.get(oid) ?? []).toSorted((a, b) => (a.name < b.name ? -1 : 1)),
          key: keys.get(oid) ?? [],
          names: [oid, ...ancestors(oid, parents)].flatMap((each) => names.get(each) ?? []),
          likelyRows: likelyRows(Number(textOf(row, "tuples")), tableBytes),
          bytes: numberOf(row, "bytes"),
          tableBytes,
          blocks: numberOf(row, "blocks"),
          condition: row["condition"] ?? "",
        },
      ];
    }),
  };
}

/** Undefined: it is taken; empty: it holds no rows by its nature, which nobody needs to hear. */
function whyLeftOut(row: Row): string | undefined {
  if (row["kind"] === "p") return "";
  if (row["kind"] === "f") return "a foreign table's rows are elsewhere";
  if (row["persistence"] === "u") return "an unlogged table is empty after a crash, too, and on every standby";
  // An extension names the tables whose rows belong to the user; a dump takes those, and nothing else of the extension's.
  if (row["extension"] === "true" && row["condition"] === null) return "its extension makes it";
  return undefined;
}

/** Never analyzed says -1, and 0 before version 14: then a row is taken for 100 bytes. */
const likelyRows = (tuples: number, tableBytes: number): number => (tuples > 0 ? Math.round(tuples) : Math.ceil(tableBytes / 100));

async function readParents(session: Session): Promise<ReadonlyMap<string, readonly string[]>> {
  const parents = new Map<string, string[]>();
  for (const row of await session.query("select inhrelid::text as child, inhparent::text as parent from pg_catalog.pg_inherits order by 1, 2")) {
    const child = textOf(row, "child");
    parents.set(child, [...(parents.get(child) ?? []), textOf(row, "parent")]);
  }
  return parents;
}

function ancestors(oid: string, parents: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const found = new Set<string>();
  const climb = (at: string): void => {
    for (const parent of parents.get(at) ?? []) {
      if (found.has(parent)) continue;
      found.add(parent);
      climb(parent);
    }
  };
  climb(oid);
  return [...found];
}

async function readColumns(session: Session): Promise<ReadonlyMap<string, readonly ColumnFacts[]>> {
  const columns = new Map<string, ColumnFacts[]>();
  const rows = await session.query(
    `select a.attrelid::text as oid, a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.atttypid::text as "typeOid"
     from pg_catalog.pg_attribute a join pg_catalog.pg_class c on c.oid = a.attrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'r' and a.attnum > 0 and not a.attisdropped and ${ours} order by a.attrelid, a.attnum`,
  );
  for (const row of rows) {
    const oid = textOf(row, "oid");
    const list = columns.get(oid) ?? [];
    list.push({ name: textOf(row, "name"), type: textOf(row, "type"), typeOid: numberOf(row, "typeOid") });
    columns.set(oid, list);
  }
  return columns;
}

async function readKeys(session: Session): Promise<ReadonlyMap<string, readonly string[]>> {
  const keys = new Map<string, string[]>();
  const rows = await session.query(
    `select i.indrelid::text as oid, a.attname as name from pg_catalog.pg_index i
       cross join lateral pg_catalog.unnest(i.indkey::smallint[]) with ordinality k (attnum, place)
       join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
     where i.indisprimary and k.place <= i.indnkeyatts order by i.indrelid, k.place`,
  );
  for (const row of rows) {
    const oid = textOf(row, "oid");
    keys.set(oid, [...(keys.get(oid) ?? []), textOf(row, "name")]);
  }
  return keys;
}

/** `r."a", r."b"`: the columns of a row, each named, because a column may be called as the table's alias is. */
export const listColumns = (columns: readonly string[]): string => columns.map((name) => `r.${quoted(name)}`).join(", ");
