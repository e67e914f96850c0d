import loadHighs from "highs";
import type { Workload } from "@nightshift/lab/flow/workload";

const highs = await loadHighs();

/** Length of a slot of the bound. Longer slots only make it lower. */
const SLOT = 60_000;
/** Worker-hours that a late slot-second costs: lateness that cannot be avoided even with every worker is allowed, and nothing else. */
const LATENESS = 1;

/**
 * Fewest worker-hours in which every task can start as promised, for anybody who knew all that is to come: the linear program of facts/scaling.md 4.2.
 * Workers may be split and started ahead of time, starts cost the shortest start time and slots are free to be shared, so that every real schedule
 * without a late task satisfies it. A policy may go below it only by the 1 % of late tasks that a minute may have.
 * @throws {Error} when the solver finds no optimum.
 */
export function fewestWorkerHours(workload: Workload): number {
  const { arrived, required } = curvesOf(workload);
  const { fleet } = workload;
  const slots = arrived.length;
  const slotSeconds = SLOT / 1_000;
  const hour = slotSeconds / 3_600;
  const started = fleet.startAtLeast / 3_600_000;
  const objective: string[] = [];
  const rows: string[] = [];
  const bounds: string[] = [];
  for (let k = 0; k < slots; k += 1) {
    objective.push(`${fixed(hour)} n${k}`, `${fixed(started)} s${k}`, `${LATENESS} l${k}`);
    rows.push(k === 0 ? `n0 - s0 <= ${fleet.min}` : `n${k} - n${k - 1} - s${k} <= 0`);
    rows.push(`${k === 0 ? "w0" : `w${k} - w${k - 1}`} - ${fixed(fleet.concurrency * slotSeconds)} n${k} <= 0`);
    if ((required[k] ?? 0) > 0) rows.push(`w${k} + l${k} >= ${fixed(required[k] ?? 0)}`);
    if (k > 0) rows.push(`w${k} - w${k - 1} >= 0`);
    bounds.push(`${fleet.min} <= n${k} <= ${fleet.max}`, `0 <= w${k} <= ${fixed(arrived[k] ?? 0)}`);
  }
  const text = ["Minimize", ` obj: ${joined(objective)}`, "Subject To", ...rows.map((row, i) => ` c${i}: ${row}`), "Bounds", ...bounds, "End"].join("\n");
  const solved = highs.solve(text, { output_flag: false });
  if (solved.Status !== "Optimal") throw new Error(`The bound of ${workload.name} was not solved: ${solved.Status}. Look at its promise and maximum.`);
  let hours = 0;
  for (const [name, column] of Object.entries(solved.Columns)) {
    const value = "Primal" in column ? column.Primal : 0;
    if (name.startsWith("n")) hours += hour * value;
    if (name.startsWith("s")) hours += started * value;
  }
  return hours;
}

/** Work in slot-seconds that has come by the end of each slot, and that must be done by then. */
function curvesOf({ tasks, wait, length, stretch }: Workload): { readonly arrived: Float64Array; readonly required: Float64Array } {
  const slots = Math.ceil(length / SLOT);
  const arrived = new Float64Array(slots);
  const required = new Float64Array(slots);
  for (let task = 0; task < tasks.due.length; task += 1) {
    const due = tasks.due[task] ?? 0;
    // A dependency that is slow from one end of the promise to the other cannot be waited out.
    const least = stretch === undefined ? 1 : Math.min(stretch(due, 1), stretch(due + wait, 1));
    const service = (tasks.service[task] ?? 0) * least;
    const come = Math.floor(due / SLOT);
    const done = Math.max(come, Math.ceil((due + wait + service) / SLOT) - 1);
    if (come < slots) arrived[come] = (arrived[come] ?? 0) + service / 1_000;
    if (done < slots) required[done] = (required[done] ?? 0) + service / 1_000;
  }
  for (let k = 1; k < slots; k += 1) {
    arrived[k] = (arrived[k] ?? 0) + (arrived[k - 1] ?? 0);
    required[k] = (required[k] ?? 0) + (required[k - 1] ?? 0);
  }
  return { arrived, required };
}

const fixed = (value: number): string => value.toFixed(6);
/** The solver reads lines of bounded length. */
const joined = (terms: readonly string[]): string => terms.map((term, i) => `${i === 0 ? "" : "+ "}${term}${i % 6 === 5 ? "\n" : ""}`).join(" ");
