import { type DueTasks, type EpochMs, epochMs } from "@nightshift/model";

const rowsAtMost = 60;
// Finest first: a minute of single seconds is told by the second, a day of them by the half hour.
const coarsestMs = 1_800_000;
const stepsMs = [1_000, 5_000, 15_000, 60_000, 300_000, coarsestMs] as const;

/** Tasks of one moment; a sampled one stands for several. */
export interface DueTask {
  readonly at: EpochMs;
  readonly tasks: number;
}

/**
 * When tasks become due, soonest first, at most 60 rows. Moments are rounded down, never up: work is expected too soon
 * rather than too late.
 */
export function dueRows(due: readonly DueTask[]): readonly DueTasks[] {
  for (const step of stepsMs) {
    const rows = countBy(due, step);
    if (rows.length <= rowsAtMost) return rows;
  }
  const rows = countBy(due, coarsestMs);
  const rest = rows.slice(rowsAtMost - 1);
  const at = rest[0]?.at;
  return at === undefined ? rows : [...rows.slice(0, rowsAtMost - 1), { at, tasks: rest.reduce((sum, one) => sum + one.tasks, 0) }];
}

function countBy(due: readonly DueTask[], step: number): readonly DueTasks[] {
  const counts = new Map<number, number>();
  for (const { at, tasks } of due) {
    const from = Math.floor(at / step) * step;
    counts.set(from, (counts.get(from) ?? 0) + tasks);
  }
  return [...counts].sort(([a], [b]) => a - b).map(([at, tasks]) => ({ at: epochMs(at), tasks: Math.round(tasks) }));
}
