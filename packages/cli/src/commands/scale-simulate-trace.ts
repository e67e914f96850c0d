import type { OwnArrivals } from "@nightshift/lab/flow/workloads/own";
import { Refusal } from "../frame/command.ts";

/** More than this is a mistake, or takes minutes. */
const MOST_TASKS = 2_000_000;
const MOST_DAYS = 62;
const MINUTE = 60_000;

/** Recorded arrivals, and the moment (milliseconds since 1970, UTC) from which they are counted. */
export interface Trace {
  readonly from: number;
  readonly arrivals: OwnArrivals;
  readonly tasks: number;
}

/**
 * Reads recorded arrivals: one timestamp a line, `timestamp,seconds` with each task's own running time, or `minute,count`. A first line that begins with a
 * letter names the columns; without one, a second column counts. Empty lines and lines that begin with # are passed over.
 * @throws {Refusal} `FILE:LINE: expected …, got …`.
 */
export function readTrace(text: string, file: string): Trace {
  const rows = text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .map((line, i) => ({ line: i + 1, cells: line.split(",").map((cell) => cell.trim().replace(/^"(.*)"$/, "$1")) }))
    .filter(({ cells }) => cells.some((cell) => cell !== "") && !cells[0]?.startsWith("#"));
  const [head] = rows;
  if (head === undefined) throw new Refusal(`${file}:1: expected a timestamp, or a minute and a count, got an empty file.`);
  const named = /^[a-z]/i.test(head.cells[0] ?? "");
  const columns = named ? head.cells.map((cell) => cell.toLowerCase()) : head.cells.length === 1 ? ["timestamp"] : ["minute", "count"];
  const body = named ? rows.slice(1) : rows;
  const form = columns.join(",");
  if (body.length === 0) throw new Refusal(`${file}:${head.line}: expected lines of ${form} below this one, got none.`);
  if (form === "timestamp" || form === "timestamp,seconds") return momentsIn(body, form, file);
  if (form === "minute,count") return countsIn(body, file);
  throw new Refusal(`${file}:${head.line}: expected the columns "timestamp", "timestamp,seconds" or "minute,count", got "${form}".`);
}

interface Row {
  readonly line: number;
  readonly cells: readonly string[];
}

function momentsIn(rows: readonly Row[], form: string, file: string): Trace {
  const withSeconds = form === "timestamp,seconds";
  const read = rows.map((row) => {
    const [moment = "", length = ""] = row.cells;
    if (row.cells.length !== (withSeconds ? 2 : 1)) throw wrong(file, row, form);
    if (withSeconds && !(Number(length) > 0)) throw wrong(file, row, "a timestamp and seconds above 0");
    return { at: momentOf(moment) ?? fail(file, row), service: withSeconds ? Number(length) * 1_000 : undefined };
  });
  if (read.length > MOST_TASKS)
    throw new Refusal(
      `${file}:${rows[MOST_TASKS]?.line}: expected at most 2,000,000 tasks, got ${read.length}. Count them by minute (\`minute,count\`), or cut the file.`,
    );
  const first = read.reduce((least, { at }) => Math.min(least, at), Number.POSITIVE_INFINITY);
  const from = Math.floor(first / MINUTE) * MINUTE;
  const late = read.findIndex(({ at }) => at - from > MOST_DAYS * 1_440 * MINUTE);
  if (late >= 0) throw wrong(file, rows[late] ?? { line: 1, cells: [] }, `a moment within ${MOST_DAYS} days of the first, ${new Date(from).toISOString()}`);
  return { from, tasks: read.length, arrivals: { kind: "moments", tasks: read.map((task) => ({ ...task, at: task.at - from })) } };
}

function countsIn(rows: readonly Row[], file: string): Trace {
  const read = rows.map((row) => {
    const [minute = "", count = ""] = row.cells;
    if (row.cells.length !== 2) throw wrong(file, row, "minute,count");
    if (!/^\d{1,7}$/.test(count)) throw wrong(file, row, "a minute and a whole number from 0 on");
    const at = /^\d{1,6}$/.test(minute) ? Number(minute) * MINUTE : momentOf(minute);
    return { at: Math.floor((at ?? fail(file, row)) / MINUTE), count: Number(count), row };
  });
  const first = read.reduce((least, { at }) => Math.min(least, at), Number.POSITIVE_INFINITY);
  const counts: number[] = [];
  let tasks = 0;
  for (const { at, count, row } of read) {
    const place = at - first;
    if (place > MOST_DAYS * 1_440) throw wrong(file, row, `a minute within ${MOST_DAYS} days of the first`);
    while (counts.length <= place) counts.push(0);
    counts[place] = (counts[place] ?? 0) + count;
    tasks += count;
    if (tasks > MOST_TASKS) throw wrong(file, row, "at most 2,000,000 tasks in the whole file");
  }
  if (tasks === 0) throw new Refusal(`${file}: expected at least one task, got counts that are all 0.`);
  return { from: first * MINUTE, tasks, arrivals: { kind: "counts", counts } };
}

/** ISO 8601 or `2026-11-21 03:14:05`, UTC unless it says otherwise; or seconds or milliseconds since 1970. */
function momentOf(cell: string): number | undefined {
  if (/^\d{9,10}(\.\d+)?$/.test(cell)) return Math.round(Number(cell) * 1_000);
  if (/^\d{12,13}$/.test(cell)) return Number(cell);
  const [, day, clock, zone = "Z"] = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)\d*\s*(Z|[+-]\d{2}:?\d{2})?$/.exec(cell) ?? [];
  if (day === undefined || clock === undefined) return undefined;
  const at = Date.parse(`${day}T${clock}${zone}`);
  return Number.isNaN(at) ? undefined : at;
}

const wrong = (file: string, { line, cells }: Row, expected: string): Refusal =>
  new Refusal(`${file}:${line}: expected ${expected}, got "${cells.join(",")}".`);

function fail(file: string, row: Row): never {
  throw wrong(file, row, "a timestamp such as 2026-11-21T03:14:05Z, or seconds or milliseconds since 1970");
}
