import type { DatabaseManifest, TableManifest, TableParts } from "@nightshift/model";
import type { Check, Difference, DifferenceKind } from "./compare.ts";

/** A table that is ruined everywhere says so in this many sentences, and how many more there are. */
const mostRanges = 10;

/** Tables that one side has and the other has not. */
export const tables: Check = (source, restored) => [
  ...source.tables
    .filter(({ table }) => find(restored, table) === undefined)
    .map(({ table, rows: count }): Difference => ({ check: "tables", table, kind: "missing", sentence: `table ${table} (${sayRows(count)}) is missing` })),
  ...restored.tables
    .filter(({ table }) => find(source, table) === undefined)
    .map(({ table }): Difference => ({ check: "tables", table, kind: "extra", sentence: `table ${table} is not in the source` })),
];

/** Columns, their types and the key. */
export const columns: Check = (source, restored) =>
  both(source, restored).flatMap(([was, is]): readonly Difference[] => {
    const list = (table: TableManifest): string => table.columns.map(({ name, type }) => `${name} ${type}`).join(", ");
    const differ = list(was) !== list(is) ? "columns" : was.key.join() !== is.key.join() ? "primary key" : undefined;
    return differ === undefined
      ? []
      : [{ check: "columns", table: was.table, kind: "other", sentence: `table ${was.table} has other ${differ} than the source` }];
  });

/** How many rows. */
export const rows: Check = (source, restored) =>
  both(source, restored).flatMap(([was, is]): readonly Difference[] =>
    was.rows === is.rows
      ? []
      : [
          {
            check: "rows",
            table: was.table,
            kind: is.rows < was.rows ? "missing rows" : "extra rows",
            sentence: `table ${was.table} has ${sayRows(is.rows)}, the source had ${sayRows(was.rows)}`,
          },
        ],
  );

/** What the rows hold, part by part. */
export const hashes: Check = (source, restored) => both(source, restored).flatMap(([was, is]) => compareHashes(was, is));

function compareHashes(was: TableManifest, is: TableManifest): readonly Difference[] {
  if (!sameParts(was.parts, is.parts)) return was.hash === is.hash ? [] : [differs(was.table, undefined, kindOf(was, is))];
  const ranges: { first: number; last: number; kind: DifferenceKind }[] = [];
  for (const [n, part] of was.parts.each.entries()) {
    const other = is.parts.each[n];
    if (other !== undefined && part.hash === other.hash && part.rows === other.rows) continue;
    const kind = other === undefined ? "missing rows" : kindOf(part, other);
    const open = ranges.at(-1);
    // Neighbours by key are told as one stretch; neighbours by hash are none.
    if (open !== undefined && was.parts.by === "range" && open.last === n - 1 && open.kind === kind) open.last = n;
    else ranges.push({ first: n, last: n, kind });
  }
  if (ranges.length === 0) return was.hash === is.hash ? [] : [differs(was.table, undefined, kindOf(was, is))];
  const told = ranges.slice(0, mostRanges).map(({ first, last, kind }) => differs(was.table, sayKeys(was.parts, first, last), kind));
  const more = ranges.length - told.length;
  return more === 0
    ? told
    : [...told, { ...differs(was.table, undefined, "changed rows"), sentence: `table ${was.table} differs in ${more} more stretches of keys` }];
}

function differs(table: string, keyRange: string | undefined, kind: DifferenceKind): Difference {
  const where = keyRange === undefined ? "" : `, ${keyRange}`;
  return { check: "hashes", table, ...(keyRange === undefined ? {} : { keyRange }), kind, sentence: `table ${table}${where}: ${kind}` };
}

const kindOf = (was: { readonly rows: number }, is: { readonly rows: number }): DifferenceKind =>
  is.rows < was.rows ? "missing rows" : is.rows > was.rows ? "extra rows" : "changed rows";

/** Whether both sides were divided alike. */
export function sameParts(was: TableParts, is: TableParts): boolean {
  if (was.by === "range" || is.by === "range") {
    return (
      was.by === "range" &&
      is.by === "range" &&
      was.column === is.column &&
      was.bounds.length === is.bounds.length &&
      was.bounds.every((bound, n) => bound === is.bounds[n])
    );
  }
  return was.by === is.by && was.count === is.count;
}

/** Where parts lie, as people look for it; undefined: the whole table. */
export function sayKeys(parts: TableParts, first: number, last: number): string | undefined {
  const count = parts.each.length;
  if (first === 0 && last === count - 1) return undefined;
  if (parts.by !== "range") return `part ${first + 1} of ${count} by a hash of its ${parts.by}`;
  if (!parts.speakable) return `${first === last ? `part ${first + 1}` : `parts ${first + 1} to ${last + 1}`} of ${count} in the order of ${parts.column}`;
  const from = first === 0 ? "" : ` from ${parts.bounds[first - 1]}`;
  const to = last === count - 1 ? " on" : ` ${from === "" ? "" : "to "}below ${parts.bounds[last]}`;
  return `${parts.column}${from}${to}`;
}

const find = ({ tables: all }: DatabaseManifest, name: string): TableManifest | undefined => all.find(({ table }) => table === name);

const both = (source: DatabaseManifest, restored: DatabaseManifest): readonly (readonly [TableManifest, TableManifest])[] => {
  const others = new Map(restored.tables.map((each) => [each.table, each]));
  return source.tables.flatMap((was) => {
    const is = others.get(was.table);
    return is === undefined ? [] : [[was, is] as const];
  });
};

/** `1 row`, `88,100,214 rows`. */
export const sayRows = (count: number): string => `${String(count).replaceAll(/\B(?=(\d{3})+$)/g, ",")} ${count === 1 ? "row" : "rows"}`;
