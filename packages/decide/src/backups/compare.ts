import type { DatabaseManifest, SequenceManifest } from "@nightshift/model";
import { columns, hashes, rows, tables } from "./compare-tables.ts";
import { encoding, extensions, freshness, largeObjects, locale, schema, settings, validity } from "./compare-objects.ts";

/** One way in which a restored copy can fall short; each is a function of its own, so that a test can leave one out. */
export type CheckName =
  | "encoding"
  | "locale"
  | "tables"
  | "columns"
  | "rows"
  | "hashes"
  | "sequences"
  | "schema"
  | "extensions"
  | "large objects"
  | "validity"
  | "freshness"
  | "settings";

/** What kind of difference it is. */
export type DifferenceKind =
  | "missing"
  | "extra"
  | "other"
  | "missing rows"
  | "extra rows"
  | "changed rows"
  | "behind"
  | "older"
  | "not valid"
  | "not comparable";

/** One difference between a source and its restored copy. Its sentence names what and where, never a row's value. */
export interface Difference {
  readonly check: CheckName;
  readonly table?: string;
  /** `id from 2001 to below 4001`, where keys may be told; else which part. */
  readonly keyRange?: string;
  readonly kind: DifferenceKind;
  readonly sentence: string;
}

/** How two manifests are held against each other. */
export interface CompareSettings {
  /** Checks that are left out: for tests that show what each is for, and `locale` where an image lacks the source's. */
  readonly without?: readonly CheckName[];
  /** Extensions that the scratch server need not have. */
  readonly withoutExtensions?: readonly string[];
  /** Only these tables were looked at again, and the sequences: nothing else is held against anything. */
  readonly only?: readonly string[];
}

/** One check: what it finds when a restored copy is held against its source. */
export type Check = (source: DatabaseManifest, restored: DatabaseManifest, settings: CompareSettings) => readonly Difference[];

/** Every check there is. */
export const checks: Readonly<Record<CheckName, Check>> = {
  encoding,
  locale,
  tables,
  columns,
  rows,
  hashes,
  sequences,
  schema,
  extensions,
  "large objects": largeObjects,
  validity,
  freshness,
  settings,
};
/** Names of all checks, in the order they are told. */
export const checkNames: readonly CheckName[] = [
  "encoding",
  "locale",
  "tables",
  "columns",
  "rows",
  "hashes",
  "sequences",
  "schema",
  "extensions",
  "large objects",
  "validity",
  "freshness",
  "settings",
];
const whereOnlySomeTables: readonly CheckName[] = ["tables", "columns", "rows", "hashes", "sequences"];

/** Everything in which a restored copy differs from its source; none: it is equal in all that is looked at. */
export function compareManifests(source: DatabaseManifest, restored: DatabaseManifest, how: CompareSettings = {}): readonly Difference[] {
  const { only } = how;
  const left = only === undefined ? source : { ...source, tables: source.tables.filter(({ table }) => only.includes(table)) };
  return checkNames
    .filter((name) => how.without?.includes(name) !== true && (only === undefined || whereOnlySomeTables.includes(name)))
    .flatMap((name) => checks[name](left, restored, how));
}

/**
 * A sequence must not hand out what is taken, nor stand where the source never stood while it was dumped. Equality is not asked:
 * sequences are not transactional, and the dump reads them a little later. A source whose own sequence is behind is told as such
 * (`findSourceFaults`), not as the copy's fault.
 */
function sequences(source: DatabaseManifest, restored: DatabaseManifest): readonly Difference[] {
  return source.sequences.flatMap((was): readonly Difference[] => {
    const is = restored.sequences.find(({ sequence }) => sequence === was.sequence);
    if (is === undefined) return [{ check: "sequences", kind: "missing", sentence: `sequence ${was.sequence} is missing` }];
    if (was.cycles) return [];
    const down = was.increment.startsWith("-");
    const before = (a: bigint, b: bigint): boolean => (down ? a > b : a < b);
    const next = nextOf(is, was.increment);
    const about = was.owner === undefined ? {} : { table: was.owner.table };
    if (!wasSetBack(was) && before(next, nextOf(was, was.increment))) {
      return [
        { check: "sequences", ...about, kind: "behind", sentence: `sequence ${was.sequence} stands before where the source's stood when the dump began` },
      ];
    }
    if (isBehindItsColumn({ ...was, last: is.last, called: is.called }) && !sourceIsBehind(was)) {
      const { table, column } = was.owner ?? { table: "", column: "" };
      return [
        { check: "sequences", ...about, kind: "behind", sentence: `sequence ${was.sequence} would give out values that ${table}.${column} holds already` },
      ];
    }
    return [];
  });
}

/** Whether somebody set the source's sequence back while it was dumped: then nobody knows where the dump met it. */
export function wasSetBack({ last, called, increment, lastAfter }: SequenceManifest): boolean {
  if (lastAfter === undefined) return false;
  const [first, after] = [nextOf({ last, called }, increment), nextOf(lastAfter, increment)];
  return increment.startsWith("-") ? after > first : after < first;
}

/** Whether the source's own sequence would give out values that its column holds already, at either reading. */
export function sourceIsBehind(sequence: SequenceManifest): boolean {
  return isBehindItsColumn(sequence) || (sequence.lastAfter !== undefined && isBehindItsColumn({ ...sequence, ...sequence.lastAfter }));
}

function isBehindItsColumn({ last, called, increment, cycles, owner }: SequenceManifest): boolean {
  if (owner?.furthest === undefined || cycles) return false;
  const next = nextOf({ last, called }, increment);
  return increment.startsWith("-") ? next >= BigInt(owner.furthest) : next <= BigInt(owner.furthest);
}

/** What the sequence would give out next. */
const nextOf = ({ last, called }: { readonly last: string; readonly called: boolean }, increment: string): bigint =>
  BigInt(last) + (called ? BigInt(increment) : 0n);
