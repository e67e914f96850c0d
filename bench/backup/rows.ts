/** What one thing took, of every round. */
export interface Measured {
  readonly name: string;
  readonly seconds: number[];
  readonly megabytesResident: number[];
  /** What it left behind, where that has a size. */
  storedBytes?: number;
}
/** A bound that the issue names. */
export interface Verdict {
  readonly says: string;
  readonly figure: number;
  readonly unit: string;
  readonly bound: string;
  readonly holds: boolean;
}

/** The middle of an odd number of figures. */
export function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** The medians of a thing against another's, of the rounds of one run. */
export const ratio = (of: Measured, against: Measured): number => median(of.seconds) / median(against.seconds);

/** The table that is printed and written. */
export function table(rows: readonly Measured[], archiveBytes: number, limit: Measured): string {
  const head = ["| what | seconds, median | MB/s of the archive | of the limit | stored MB |", "|---|---:|---:|---:|---:|"];
  const body = rows.map((row) => {
    const seconds = median(row.seconds);
    const stored = row.storedBytes === undefined ? "" : (row.storedBytes / 1e6).toFixed(0);
    return `| ${row.name} | ${seconds.toFixed(2)} | ${(archiveBytes / 1e6 / seconds).toFixed(0)} | ${(median(limit.seconds) / seconds).toFixed(2)} | ${stored} |`;
  });
  return [...head, ...body].join("\n");
}

/** Bounds, each with what came out. */
export function verdictTable(verdicts: readonly Verdict[]): string {
  const lines = verdicts.map(
    ({ says, figure, unit, bound, holds }) => `| ${says} | ${figure.toFixed(unit === "MB" ? 0 : 2)} ${unit} | ${bound} | ${holds ? "✓" : "✗"} |`,
  );
  return ["| bound | figure | asked | |", "|---|---:|---:|---|", ...lines].join("\n");
}
