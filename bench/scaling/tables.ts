import { geometricMean, type OfWorkload, type Sum } from "./rows.ts";
import { holds, type Verdict } from "./verdicts.ts";
import { namedMisses } from "./named-misses.ts";

/** A table as cells, printed for a terminal or for a page. */
export interface Table {
  readonly headings: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Mean worker-hours of the lower bound by workload. */
export type Bounds = ReadonlyMap<string, number>;

/** All policies over all workloads. */
export const overview = (sums: readonly Sum[], bounds: Bounds): Table => ({
  headings: ["policy · setting", "worker-hours", "× bound (geo. mean)", "violating min above floor", "killed", "re-run", "changes", "reversals"],
  rows: sums.map((sum) => [
    sum.policy,
    sum.hours.toFixed(1),
    geometricMean([...sum.byWorkload].map(([workload, { hours }]) => hours / (bounds.get(workload) ?? Number.NaN))).toFixed(2),
    String(sum.worstAbove),
    String(sum.killed),
    String(sum.reRun),
    sum.actions.toFixed(0),
    sum.reversals.toFixed(0),
  ]),
});

/** One workload, every figure of each policy. */
export const inFull = (workload: string, sums: readonly Sum[], bounds: Bounds): Table => ({
  headings: ["policy · setting", "worker-hours", "× bound", "min above floor", "wait p50 / p95 / p99 s", "killed", "re-run", "changes", "reversals"],
  rows: sums.flatMap(({ policy, byWorkload }) => {
    const of = byWorkload.get(workload);
    if (of === undefined) return [];
    return [
      [
        policy,
        of.hours.toFixed(2),
        (of.hours / (bounds.get(workload) ?? Number.NaN)).toFixed(2),
        String(of.worstAbove),
        [of.p50, of.p95, of.p99].map((seconds) => seconds.toFixed(seconds < 10 ? 1 : 0)).join(" / "),
        String(of.killed),
        String(of.reRun),
        of.actions.toFixed(0),
        of.reversals.toFixed(0),
      ],
    ];
  }),
});

/** Workloads down, policies across: `hours / minutes above the floor / killed`. */
export const matrix = (
  workloads: readonly string[],
  columns: readonly { readonly name: string; readonly of: (workload: string) => OfWorkload | undefined }[],
  bounds: Bounds,
): Table => ({
  headings: ["workload", "bound", ...columns.map(({ name }) => name)],
  rows: workloads.map((workload) => [workload, (bounds.get(workload) ?? Number.NaN).toFixed(1), ...columns.map(({ of }) => cellOf(of(workload)))]),
});

const cellOf = (of: OfWorkload | undefined): string => (of === undefined ? "–" : `${of.hours.toFixed(1)} / ${of.worstAbove} / ${of.killed}`);

/** What the benchmark must show, line by line. */
export const verdictTable = (verdicts: readonly Verdict[]): Table => ({
  headings: ["", "line", "figure", "at most"],
  rows: verdicts.map((verdict) => [sayHolds(verdict), verdict.says, shown(verdict.figure), shown(verdict.atMost)]),
});

/** Holds, misses with a reason that covers it, or misses. */
export const sayHolds = (verdict: Verdict): "ok" | "named miss" | "MISS" => (holds(verdict) ? "ok" : isNamed(verdict) ? "named miss" : "MISS");

const isNamed = ({ id, figure }: Verdict): boolean => namedMisses.some((miss) => miss.id === id && figure <= miss.atMost + 1e-9);

const shown = (figure: number): string => (Number.isInteger(figure) ? String(figure) : figure.toFixed(3));

/** For a terminal. */
export function plain({ headings, rows }: Table): readonly string[] {
  const widths = headings.map((heading, column) => Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)));
  return [headings, ...rows].map((cells) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

/** For a page. */
export const markdown = ({ headings, rows }: Table): readonly string[] => [
  `| ${headings.join(" | ")} |`,
  `|${headings.map((_, column) => (column === 0 ? "---" : "---:")).join("|")}|`,
  ...rows.map((cells) => `| ${cells.join(" | ")} |`),
];
