import type { DatabaseManifest, SequenceManifest, TableManifest } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import type { Sandwich } from "./sandwich.ts";

/** One table before, after and in the copy: something of it changed in between, so that nothing is proven of that. */
export interface ChangedTable {
  readonly before: TableManifest;
  readonly after: TableManifest;
  readonly copy: TableManifest;
}

/**
 * What changed between two readings is not proven, and still cannot be anything (facts/backups.md, section 3.6): as many rows as lie between
 * the two, the largest key and the newest row between theirs. Empty: the copy is plausible.
 */
export function boundChanged(table: ChangedTable, all: Sandwich): readonly string[] {
  if (!guard("what changed is still bounded")) return [];
  const sequence = sequenceOf(table.before, all);
  const whole = boundRows(table, sequence);
  return [...(whole.length === 0 ? boundParts(table) : whole), ...boundKey(table, sequence), ...boundNewest(table, all)];
}

/** So many rows more or fewer say nothing: transactions that were open at a reading took their keys before it. */
const OPEN_ROWS = 100;
/** From so many rows on, half of them gone, or twice as many, is no ordinary coming and going. */
const LEAST_TOLD = 20;

interface Between {
  readonly least: number;
  readonly most: number;
}

/** Where nobody counts what was inserted: at least half of the smaller number, at most twice the larger. */
const plausible = (before: number, after: number): Between => {
  const low = Math.min(before, after);
  return { least: low < LEAST_TOLD ? 0 : Math.ceil(low / 2), most: 2 * Math.max(before, after) + OPEN_ROWS };
};

/** A sequence that feeds the key counts what was inserted, and with that what can have been deleted at most. */
const counted = (before: number, after: number, inserted: number): Between => ({
  least: Math.max(0, Math.min(before, after - inserted) - OPEN_ROWS),
  most: Math.max(before + inserted, after) + OPEN_ROWS,
});

function boundRows({ before, after, copy }: ChangedTable, sequence: KeySequence | undefined): readonly string[] {
  const inserted = sequence?.inserted;
  // Every row may be another by now, as in a table of jobs: then none at all is possible, too.
  const turned = inserted !== undefined && after.rows <= inserted;
  if (copy.rows === 0 && before.rows > 0 && after.rows > 0 && !turned)
    return [`${before.table}: it is empty in the copy, and had ${before.rows} rows before and ${after.rows} after`];
  const { least, most } = inserted === undefined ? plausible(before.rows, after.rows) : counted(before.rows, after.rows, inserted);
  return copy.rows >= least && copy.rows <= most
    ? []
    : [`${before.table}: ${copy.rows} rows in the copy, ${before.rows} before and ${after.rows} after: expected from ${least} to ${most}`];
}

/** A part that was emptied, or filled, where the table as a whole does not show it; rows without a key are in another part after each change. */
function boundParts({ before, after, copy }: ChangedTable): readonly string[] {
  const [first, second, third] = [before.parts, after.parts, copy.parts];
  if (first.by === "row" || first.each.length !== second.each.length || first.each.length !== third.each.length) return [];
  if (!sameBounds(first, second) || !sameBounds(first, third)) return [];
  return first.each.flatMap(({ rows }, n) => {
    const [then, seen] = [second.each[n]?.rows ?? 0, third.each[n]?.rows ?? 0];
    const { least, most } = plausible(rows, then);
    return seen >= least && seen <= most
      ? []
      : [`${before.table}, part ${n + 1} of ${first.each.length}: ${seen} rows in the copy, ${rows} before and ${then} after`];
  });
}
const sameBounds = (a: TableManifest["parts"], b: TableManifest["parts"]): boolean =>
  a.by === "range" ? b.by === "range" && JSON.stringify(a.bounds) === JSON.stringify(b.bounds) : a.by === b.by;

/** The sequence that feeds a table's key: what it counted in between, and the largest keys. */
interface KeySequence {
  /** At most so many rows were inserted. */
  readonly inserted: number;
  readonly first: bigint | undefined;
  /** No key that was given by the second reading is beyond it. */
  readonly furthest: bigint;
  readonly copy: bigint | undefined;
  readonly up: boolean;
}

function sequenceOf({ table, key }: TableManifest, { before, after, copy }: Sandwich): KeySequence | undefined {
  const feeds = ({ owner }: SequenceManifest): boolean => owner?.table === table && key.length === 1 && owner.column === key[0];
  const first = before.sequences.find(feeds);
  const second = after.sequences.find(({ sequence }) => sequence === first?.sequence);
  const third = copy.sequences.find(({ sequence }) => sequence === first?.sequence);
  if (first === undefined || second === undefined || first.cycles || second.increment !== first.increment) return undefined;
  const step = BigInt(first.increment);
  const up = step > 0n;
  const [low, high] = [BigInt(first.last), BigInt(second.lastAfter?.last ?? second.last)];
  // Set back by somebody in between: it counts nothing.
  if (step === 0n || (up ? high < low : high > low)) return undefined;
  const keys = [high, ...big(second.owner?.furthest)];
  const furthest = keys.reduce((a, b) => ((up ? b > a : b < a) ? b : a));
  return { inserted: Number((high - low) / step) + 1, first: big(first.owner?.furthest)[0], furthest, copy: big(third?.owner?.furthest)[0], up };
}
const big = (text: string | undefined): readonly bigint[] => (text !== undefined && /^-?\d+$/.test(text) ? [BigInt(text)] : []);

/** The largest key lies between the two readings'; a table all of whose rows may be others by now says nothing of the smaller one. */
function boundKey({ before, after, copy }: ChangedTable, sequence: KeySequence | undefined): readonly string[] {
  if (sequence?.copy === undefined) return [];
  const { up, first, furthest, copy: seen, inserted } = sequence;
  const beyond = (a: bigint, b: bigint): boolean => (up ? a > b : a < b);
  if (beyond(seen, furthest)) return [`${before.table}: its largest key in the copy was never given before the second reading`];
  const lost = first !== undefined && beyond(first, seen) && copy.rows < before.rows && after.rows > inserted;
  return lost ? [`${before.table}: its newest rows are missing: the largest key in the copy is older than that of before`] : [];
}

/** The newest row, where the config names a column that says so: a heartbeat never goes back. */
function boundNewest({ before }: ChangedTable, all: Sandwich): readonly string[] {
  return all.before.freshness.flatMap((fresh) => {
    if (fresh.table !== before.table && fresh.table !== before.root) return [];
    const of = ({ freshness }: DatabaseManifest) => freshness.find(({ table, column }) => table === fresh.table && column === fresh.column);
    const [first, second, read] = [fresh.newest, of(all.after)?.newest, of(all.copy)];
    // Set back in between, or not read of the copy: it says nothing.
    if (first === undefined || second === undefined || second < first || read === undefined) return [];
    if (read.newest !== undefined && read.newest >= first && read.newest <= second) return [];
    return [`${fresh.table}: its newest ${fresh.column} in the copy does not lie between those of before and after`];
  });
}
