import { type DatabaseManifest, type DatabaseSettings, sayLength, sayPercent, percent, since } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { sayRows } from "./compare-tables.ts";

/** Below so many rows a share says little (a handful of sessions); losing all of them still does. */
const rowsForAShare = 100;

/**
 * Whether a night's contents look like the shop's, held against the night before: what is wrong with them, in sentences; none: nothing.
 * A backup can be equal to its source, and its source be wrong: emptied by mistake, or filled by nobody since Tuesday.
 */
export function judgeDay(previous: DatabaseManifest | undefined, current: DatabaseManifest, { gates }: Pick<DatabaseSettings, "gates">): readonly string[] {
  return [...(previous === undefined ? [] : judgeRows(previous, current, gates)), ...judgeFreshness(current, gates)];
}

/** Partitions are counted together: one that was dropped by plan is a drop of the whole only if it held that much. */
function judgeRows(previous: DatabaseManifest, current: DatabaseManifest, { rowDrop }: DatabaseSettings["gates"]): readonly string[] {
  const now = countByRoot(current);
  return [...countByRoot(previous)].flatMap(([table, was]) => {
    const is = now.get(table) ?? 0;
    const lost = was - is;
    const counts = was >= rowsForAShare || is === 0;
    if (lost <= 0 || !counts || !guard("a backup that lost rows is suspect", (lost * 100) / was > rowDrop)) return [];
    const share = sayPercent(percent((lost * 100) / was));
    return [
      now.has(table)
        ? `${table} lost ${share} of its rows since the last backup: ${sayRows(is)}, before ${sayRows(was)}`
        : `${table} (${sayRows(was)}) is gone since the last backup`,
    ];
  });
}

function countByRoot({ tables }: DatabaseManifest): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { root, rows } of tables) counts.set(root, (counts.get(root) ?? 0) + rows);
  return counts;
}

function judgeFreshness(current: DatabaseManifest, { fresh }: DatabaseSettings["gates"]): readonly string[] {
  return fresh.flatMap(({ table, column, within }) => {
    const newest = current.freshness.find((each) => each.table === table && each.column === column)?.newest;
    if (newest === undefined) return [`nobody can say how new ${table} is: it has no rows, or no time column ${column}`];
    const age = since(newest, current.at);
    if (!guard("a backup of old rows is suspect", age > within)) return [];
    return [`the newest ${column} of ${table} is ${sayLength(age)} old; it may be ${sayLength(within)}`];
  });
}
