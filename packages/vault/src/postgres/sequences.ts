import type { SequenceManifest } from "@nightshift/model";
import { literal } from "./quoted.ts";
import { isTrue } from "./server.ts";
import { numberOf, type Session, textOf } from "./session.ts";
import { ofExtension, ours, qualified } from "./tables.ts";

/** One sequence as the catalog has it, and the column that it feeds. */
export interface SequenceFacts {
  readonly sequence: string;
  readonly increment: string;
  readonly cycles: boolean;
  readonly owner: { readonly table: string; readonly column: string; readonly whole: boolean } | undefined;
}
/** Where a sequence stands. */
export interface SequenceReading {
  readonly sequence: string;
  readonly last: string;
  readonly called: boolean;
}

/** So many in one statement. */
const readTogether = 200;

/** Every sequence a dump holds. Unlogged ones are left out: a standby cannot read them. */
export async function listSequences(session: Session): Promise<readonly SequenceFacts[]> {
  const rows = await session.query(
    `select ${qualified} as name, s.seqincrement::text as increment, s.seqcycle as cycles, o.name as table, o.attname as column, o.atttypid::text as type
     from pg_catalog.pg_sequence s join pg_catalog.pg_class c on c.oid = s.seqrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       left join lateral (select pg_catalog.format('%I.%I', tn.nspname, t.relname) as name, a.attname, a.atttypid
         from pg_catalog.pg_depend d join pg_catalog.pg_class t on t.oid = d.refobjid join pg_catalog.pg_namespace tn on tn.oid = t.relnamespace
           join pg_catalog.pg_attribute a on a.attrelid = t.oid and a.attnum = d.refobjsubid
         where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid and d.refclassid = 'pg_catalog.pg_class'::regclass
           and d.deptype in ('a', 'i') and d.refobjsubid > 0 limit 1) o on true
     where c.relpersistence = 'p' and ${ours} and not ${ofExtension} order by 1`,
  );
  return rows.map((row) => ({
    sequence: textOf(row, "name"),
    increment: textOf(row, "increment"),
    cycles: isTrue(row, "cycles"),
    owner:
      row["table"] === null || row["table"] === undefined
        ? undefined
        : { table: row["table"], column: textOf(row, "column"), whole: [20, 21, 23].includes(numberOf(row, "type")) },
  }));
}

/** Where each sequence stands now: no snapshot holds a sequence still. */
export async function readSequences(session: Session, sequences: readonly string[]): Promise<readonly SequenceReading[]> {
  const read: SequenceReading[] = [];
  for (let from = 0; from < sequences.length; from += readTogether) {
    const some = sequences.slice(from, from + readTogether);
    const rows = await session.query(
      some.map((name) => `select ${literal(name)} as name, last_value::text as last, is_called as called from ${name}`).join(" union all "),
    );
    for (const row of rows) read.push({ sequence: textOf(row, "name"), last: textOf(row, "last"), called: isTrue(row, "called") });
  }
  return read;
}

/** The same manifests with what a second reading found, after the dump had ended. */
export function withSecondReading(sequences: readonly SequenceManifest[], readings: readonly SequenceReading[]): readonly SequenceManifest[] {
  const later = new Map(readings.map((reading) => [reading.sequence, reading]));
  return sequences.map((each) => {
    const found = later.get(each.sequence);
    return found === undefined ? each : { ...each, lastAfter: { last: found.last, called: found.called } };
  });
}
