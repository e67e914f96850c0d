import { epochMs, type FreshnessManifest, hashSum, type TableManifest, type TableParts } from "@nightshift/model";
import { countParts, type PartsPlan, partExpression } from "./parts.ts";
import { quoted } from "./quoted.ts";
import { numberOf, type Row, type Session } from "./session.ts";
import { listColumns, type TableFacts } from "./tables.ts";

/** A column whose outermost value is read in the same pass. */
export interface ExtremeColumn {
  readonly column: string;
  readonly of: "largest" | "smallest" | "newest";
}

/** One table as it will be read: some blocks at a time, so that several sessions share a large one and progress is seen. */
export interface TableWork {
  readonly facts: TableFacts;
  readonly plan: PartsPlan;
  readonly extremes: readonly ExtremeColumn[];
}
/** Some of a table's blocks; the last piece has no end, whatever was added meanwhile. */
export interface Piece {
  readonly work: TableWork;
  readonly from: number;
  readonly to: number | undefined;
  readonly bytes: number;
}

/** What one session reads at a time: about a second's work (facts/backups.md 3.2: 190 MB/s a core). */
const usualPiece = 128 * 1_024 * 1_024;

/** Pieces of a table. Ranges of blocks are read without a full scan since version 14 (release notes of PostgreSQL 14, "TID range scans"). */
export function cutTable(work: TableWork, major: number, pieceBytes = usualPiece): readonly Piece[] {
  const { tableBytes, blocks } = work.facts;
  const count = major < 14 ? 1 : Math.max(1, Math.min(blocks, Math.ceil(tableBytes / pieceBytes)));
  const each = Math.ceil(blocks / count);
  return Array.from({ length: count }, (_, n) => ({ work, from: n * each, to: n === count - 1 ? undefined : (n + 1) * each, bytes: tableBytes / count }));
}

/**
 * Hashes one piece. A row's hash is of its text with every column named, so that −0 and 0, 1.5 and 1.50, NULL and '' differ, which
 * `=` calls equal; the sum of hashes does not depend on the order, keeps duplicates apart (XOR would not), and adds up over pieces.
 */
export async function hashPiece(session: Session, piece: Piece): Promise<readonly Row[]> {
  const { facts, plan, extremes } = piece.work;
  const where = [
    ...(facts.condition === "" ? [] : [`(${facts.condition.replace(/^\s*where\s/i, "")})`]),
    ...(piece.from === 0 ? [] : [`r.ctid >= '(${piece.from},0)'`]),
    ...(piece.to === undefined ? [] : [`r.ctid < '(${piece.to},0)'`]),
  ];
  const from = `from only ${facts.table} r${where.length === 0 ? "" : ` where ${where.join(" and ")}`}`;
  const hash = `pg_catalog.hashtextextended(row(${listColumns(facts.columns.map(({ name }) => name))})::text collate pg_catalog."C", 0) as h`;
  const outermost = extremes.map((extreme, n) => `, r.${quoted(extreme.column)} as x${n}`).join("");
  // By the row's own hash: OFFSET 0 keeps the two levels apart, or the row's text would be made twice.
  const inner =
    plan.by === "row" && countParts(plan) > 1
      ? `select ${partExpression(plan, facts)} as part, q.* from (select ${hash}${outermost} ${from} offset 0) q`
      : `select ${partExpression(plan, facts)} as part, ${hash}${outermost} ${from}`;
  const group = countParts(plan) > 1 ? " group by part" : "";
  const sql = `select ${group === "" ? "0" : "part"} as part, pg_catalog.count(*) as rows, coalesce(pg_catalog.sum(h), 0) as hash${extremes.map(aggregate).join("")}
    from (${inner}) p${group}`;
  return session.query(sql, plan.by === "range" && plan.bounds.length > 0 ? [plan.bounds] : undefined);
}

function aggregate({ of }: ExtremeColumn, n: number): string {
  if (of === "newest") return `, pg_catalog.floor(extract(epoch from pg_catalog.max(x${n}) filter (where pg_catalog.isfinite(x${n}))) * 1000)::bigint as x${n}`;
  return `, pg_catalog.${of === "largest" ? "max" : "min"}(x${n}) as x${n}`;
}

/** Adds up what the pieces of one table gave. */
export class TableSum {
  readonly work: TableWork;
  readonly #parts: { rows: number; hash: bigint }[];
  readonly #extremes: (bigint | undefined)[];
  constructor(work: TableWork) {
    this.work = work;
    this.#parts = Array.from({ length: countParts(work.plan) }, () => ({ rows: 0, hash: 0n }));
    this.#extremes = work.extremes.map(() => undefined);
  }

  add(rows: readonly Row[]): void {
    for (const row of rows) {
      const part = this.#parts[numberOf(row, "part")];
      if (part === undefined) throw new Error(`${this.work.facts.table}: the server named a part that was not asked for`);
      part.rows += numberOf(row, "rows");
      part.hash += BigInt(row["hash"] ?? "0");
      for (const [n, { of }] of this.work.extremes.entries()) {
        const value = row[`x${n}`];
        if (value === null || value === undefined) continue;
        const found = BigInt(value);
        const known = this.#extremes[n];
        if (known === undefined || (of === "smallest" ? found < known : found > known)) this.#extremes[n] = found;
      }
    }
  }

  /** The outermost value of a column that was asked for; undefined: no rows. */
  extreme(column: string, of: ExtremeColumn["of"]): bigint | undefined {
    const n = this.work.extremes.findIndex((each) => each.column === column && each.of === of);
    return n < 0 ? undefined : this.#extremes[n];
  }

  manifest(): TableManifest {
    const { facts, plan } = this.work;
    const each = this.#parts.map(({ rows, hash }) => ({ rows, hash: hashSum(String(hash)) }));
    const parts: TableParts =
      plan.by === "range"
        ? { by: "range", column: plan.column.name, type: plan.column.type, speakable: plan.order.speakable, bounds: plan.bounds, each }
        : { by: plan.by, count: plan.count, each };
    return {
      table: facts.table,
      root: facts.root,
      columns: facts.columns.map(({ name, type }) => ({ name, type })),
      key: facts.key,
      rows: this.#parts.reduce((sum, { rows }) => sum + rows, 0),
      hash: hashSum(String(this.#parts.reduce((sum, { hash }) => sum + hash, 0n))),
      bytes: facts.bytes,
      parts,
    };
  }
}

/** The newest value over the tables that a name stands for. */
export function newestOf(asked: { readonly table: string; readonly column: string }, sums: readonly TableSum[]): FreshnessManifest {
  const found = sums.filter(({ work }) => isNamed(work.facts, asked.table)).flatMap((sum) => sum.extreme(asked.column, "newest") ?? []);
  const newest = found.reduce<bigint | undefined>((most, each) => (most === undefined || each > most ? each : most), undefined);
  return { ...asked, newest: newest === undefined ? undefined : epochMs(Number(newest)) };
}

/** Whether a name from the config means this table or one that it is a part of; a name without a schema is in `public`. */
export const isNamed = (facts: TableFacts, name: string): boolean => facts.names.includes(name) || facts.names.includes(`public.${name}`);
