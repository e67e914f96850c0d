import type { DatabaseManifest, SequenceManifest, TableManifest, TablePart } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { boundChanged } from "./sandwich-bounds.ts";

/** What was seen of a live database before and after a storage snapshot (or the moment of a point-in-time restore), and of the copy made from it. */
export interface Sandwich {
  readonly before: DatabaseManifest;
  /** With the parts of `before`. */
  readonly after: DatabaseManifest;
  /** With the parts of `before`. */
  readonly copy: DatabaseManifest;
}

/** How far the copy is proven. */
export interface SandwichVerdict {
  /** What cannot be, whatever happened in between: each in words, without values. */
  readonly differences: readonly string[];
  /** Rows in parts that were the same before and after, and so must be the same in the copy. */
  readonly provenRows: number;
  /** Rows of the database after. */
  readonly rows: number;
  /** `provenRows` of `rows`, from 0 to 100; 100 for a database without rows. */
  readonly coverage: number;
  /** Tables with rows of which at least a part was held against its like, of all tables with rows. */
  readonly tables: { readonly proven: number; readonly all: number };
  /** Why so little is proven that the copy cannot be called so; undefined: enough is. */
  readonly short: string | undefined;
  /** What changed in between, so that nothing is proven about it but its bounds: most rows first. */
  readonly undecided: readonly { readonly what: string; readonly rows: number }[];
}

/**
 * Of a hundred rows, and of a hundred tables with rows, so many must be proven, or the copy is not called so: no more may be open than was
 * shown. Measured are 99.34 % with changes of new rows, and 76.3 % with changes all over (facts/backups.md, section 3.6).
 */
export const leastCoverage = { rows: 50, tables: 50 } as const;

/**
 * Judges the copy of a database that went on living: whatever was equal before and after the snapshot was so at the snapshot, and must be so in
 * the copy. Its one limit: a value that changed and changed back in between (facts/backups.md, section 3.6).
 */
export function judgeSandwich({ before, after, copy }: Sandwich): SandwichVerdict {
  const all = { before, after, copy };
  const tables = before.tables.map((table) => judgeTable(table, { after: find(after.tables, table.table), copy: find(copy.tables, table.table) }, all));
  const unknown = [...after.tables, ...copy.tables].filter(({ table }) => find(before.tables, table) === undefined);
  const provenRows = tables.reduce((sum, { proven }) => sum + proven, 0);
  const rows = after.tables.reduce((sum, table) => sum + table.rows, 0);
  const undecided = [
    ...tables.flatMap((judged) => judged.undecided),
    ...[...new Map(unknown.map((table) => [table.table, table.rows]))].map(([table, count]) => ({ what: `${table}: it was made in between`, rows: count })),
  ];
  const coverage = rows === 0 ? 100 : (100 * Math.min(provenRows, rows)) / rows;
  // A table that was emptied in between has nothing to prove any more.
  const filled = after.tables.filter((table) => table.rows > 0).map(({ table }) => table);
  const counted = { proven: tables.filter(({ table, proven }) => proven > 0 && filled.includes(table)).length, all: filled.length };
  return {
    differences: [...tables.flatMap(({ differences }) => differences), ...judgeRest(all), ...judgeSequences(all)],
    provenRows,
    rows,
    coverage,
    tables: counted,
    short: sayShort(coverage, counted),
    undecided: undecided.toSorted((a, b) => b.rows - a.rows),
  };
}

function sayShort(coverage: number, { proven, all }: SandwichVerdict["tables"]): string | undefined {
  const few = coverage < leastCoverage.rows || 100 * proven < leastCoverage.tables * all;
  if (!guard("a proof covers at least half", few)) return undefined;
  const seen = `${sayShare(coverage)} of the rows and ${proven} of ${all} tables stood still and are equal`;
  return `too little could be compared to call it proven: ${seen}, and at least ${leastCoverage.rows} % of both are needed; the rest changed between the two readings`;
}

/** Two decimals, cut off: it is 100.00 % only when nothing is left out. */
export const sayShare = (coverage: number): string => `${(Math.floor(coverage * 100) / 100).toFixed(2)} %`;

/** Whether two readings can be held against each other part by part: every table that both know is divided in the same way. */
export const sameDivision = (before: DatabaseManifest, after: DatabaseManifest): boolean =>
  before.tables.every((table) => {
    const then = find(after.tables, table.table);
    return then === undefined || shapeOf(table) !== shapeOf(then) || partsOf(table) === partsOf(then);
  });

interface TableJudged {
  readonly table: string;
  readonly differences: readonly string[];
  readonly proven: number;
  readonly undecided: readonly { readonly what: string; readonly rows: number }[];
}

function judgeTable(
  before: TableManifest,
  { after, copy }: { readonly after: TableManifest | undefined; readonly copy: TableManifest | undefined },
  all: Sandwich,
): TableJudged {
  const { table } = before;
  const judged = (over: Partial<TableJudged>): TableJudged => ({ table, differences: [], proven: 0, undecided: [], ...over });
  if (after === undefined) return judged({ undecided: [{ what: `${table}: it was dropped in between`, rows: before.rows }] });
  if (copy === undefined) return judged({ differences: [`${table}: it was there before and after, and is missing in the copy`] });
  const bounded = (why: string): TableJudged =>
    judged({ differences: boundChanged({ before, after, copy }, all), undecided: [{ what: `${table}: ${why}`, rows: after.rows }] });
  if (shapeOf(before) !== shapeOf(after)) return bounded("its columns or key changed in between");
  if (shapeOf(before) !== shapeOf(copy)) return judged({ differences: [`${table}: its columns or key are not those it had before and after`] });
  if (partsOf(before) !== partsOf(after) || partsOf(before) !== partsOf(copy)) return bounded("it was not divided in the same way each time");
  const still = before.parts.each.flatMap((part, n) => {
    const then = after.parts.each[n];
    return then !== undefined && equal(part, then) ? [{ part, n }] : [];
  });
  const proven = still.reduce((sum, { part }) => sum + part.rows, 0);
  const wrong = still.flatMap(({ part, n }) => {
    const seen = copy.parts.each[n];
    return seen !== undefined && equal(part, seen) ? [] : [`${sayPart(before, n)}: ${sayUnequal(part, seen)}`];
  });
  if (still.length === before.parts.each.length) return judged({ differences: wrong, proven });
  const changed = after.rows - proven;
  // What stood still and is wrong says more than that the whole is not within its bounds.
  const differences = wrong.length > 0 ? wrong : boundChanged({ before, after, copy }, all);
  return judged({ differences, proven, undecided: changed === 0 ? [] : [{ what: `${table}: rows changed in between`, rows: changed }] });
}

const equal = (a: TablePart, b: TablePart): boolean => a.rows === b.rows && a.hash === b.hash;

function sayUnequal(expected: TablePart, seen: TablePart | undefined): string {
  const rows = seen?.rows ?? 0;
  if (rows === expected.rows) return `rows differ though nothing changed in between (${rows} of them, as many as expected)`;
  return `${rows} rows in the copy, ${expected.rows} before and after`;
}

/** A part by its number, and by its keys only where those may be told. */
function sayPart({ table, parts }: TableManifest, n: number): string {
  if (parts.by !== "range" || !parts.speakable) return `${table}, part ${n + 1} of ${parts.each.length}`;
  const from = n === 0 ? undefined : parts.bounds[n - 1];
  const to = parts.bounds[n];
  const ends = [...(from === undefined ? [] : [`from ${from}`]), ...(to === undefined ? [] : [`below ${to}`])];
  return ends.length === 0 ? table : `${table}, ${parts.column} ${ends.join(" ")}`;
}

const shapeOf = ({ columns, key }: TableManifest): string => JSON.stringify([columns.map(({ name, type }) => [name, type]), key]);
const partsOf = ({ parts }: TableManifest): string => (parts.by === "range" ? JSON.stringify([parts.column, parts.bounds]) : `${parts.by} ${parts.count}`);
const find = (tables: readonly TableManifest[], name: string): TableManifest | undefined => tables.find(({ table }) => table === name);

/** What is judged as a whole: equal before and after, so equal in the copy. */
function judgeRest({ before, after, copy }: Sandwich): readonly string[] {
  const held = (what: string, of: (manifest: DatabaseManifest) => unknown): readonly string[] => {
    const [first, second, third] = [before, after, copy].map((manifest) => JSON.stringify(of(manifest)));
    return first === second && first !== third ? [`${what}: not as before and after`] : [];
  };
  return [
    ...schemaDifferences({ before, after, copy }),
    ...held("extensions", ({ extensions }) => extensions),
    ...held("large objects", ({ largeObjects }) => largeObjects),
    ...held("indexes and constraints that do not hold", ({ validity }) => validity),
    ...held("settings of the database", ({ settings }) => settings),
  ];
}

function schemaDifferences({ before, after, copy }: Sandwich): readonly string[] {
  const [first, second, third] = [before, after, copy].map(({ schema }) => new Map(schema.objects.map(({ object, digest }) => [object, digest])));
  if (first === undefined || second === undefined || third === undefined) return [];
  const stood = [...first].filter(([object, digest]) => second.get(object) === digest);
  const wrong = stood.filter(([object, digest]) => third.get(object) !== digest);
  return wrong.map(([object]) => `${object}: ${third.has(object) ? "defined in another way than" : "missing, and there"} before and after`);
}

/** PostgreSQL notes the next 32 numbers of a sequence ahead, so that a copy made by crash recovery may be so far ahead (PostgreSQL source, commands/sequence.c, SEQ_LOG_VALS, 2026-11-21). */
const LOGGED_AHEAD = 32n;

/** A sequence that only counted on between the two looks stands between them in the copy. */
function judgeSequences({ before, after, copy }: Sandwich): readonly string[] {
  return before.sequences.flatMap((first) => {
    const second = after.sequences.find(({ sequence }) => sequence === first.sequence);
    const seen = copy.sequences.find(({ sequence }) => sequence === first.sequence);
    if (second === undefined || first.cycles || second.increment !== first.increment) return [];
    if (seen === undefined) return [`${first.sequence}: it was there before and after, and is missing in the copy`];
    return standsBetween(first, second, seen) ? [] : [`${first.sequence}: it does not stand between where it stood before and after`];
  });
}

function standsBetween(first: SequenceManifest, second: SequenceManifest, seen: SequenceManifest): boolean {
  const step = BigInt(first.increment);
  const up = step > 0n;
  const low = BigInt(first.last);
  const high = BigInt(second.lastAfter?.last ?? second.last);
  // Set back by somebody in between: nothing is known.
  if (up ? high < low : high > low) return true;
  const value = BigInt(seen.last);
  const ahead = high + LOGGED_AHEAD * step;
  return up ? value >= low && value <= ahead : value <= low && value >= ahead;
}
