import { readFileSync, writeFileSync } from "node:fs";
import type { Row } from "./rows.ts";

const file = new URL("./stored.json", import.meta.url);

/** Rows of the last full run that a quick one compares with, packed: one line each. */
export interface Stored {
  readonly date: string;
  readonly rows: readonly Row[];
}

type Packed = readonly [workload: string, seed: number, policy: string, family: string, hours: number, minutes: number, above: number, killed: number];

/** Keeps rows of the policies that verdicts are made from. */
export function store(date: string, rows: readonly Row[]): void {
  const lines = rows.map(({ workload, seed, policy, family, hours, minutes, above, killed }) =>
    JSON.stringify([workload, seed, policy, family, hours, minutes, above, killed] satisfies Packed),
  );
  writeFileSync(file, `{ "date": ${JSON.stringify(date)}, "rows": [\n${lines.join(",\n")}\n] }\n`);
}

/** @throws {Error} when there was no full run yet. */
export function readStored(): Stored {
  const { date, rows }: { readonly date: string; readonly rows: readonly Packed[] } = JSON.parse(readFileSync(file, "utf8"));
  const nothing = { reRun: 0, waits: { p50: 0, p95: 0, p99: 0, longest: 0 }, actions: 0, reversals: 0 };
  return {
    date,
    rows: rows.map(([workload, seed, policy, family, hours, minutes, above, killed]) => ({
      workload,
      seed,
      policy,
      family,
      hours,
      minutes,
      above,
      killed,
      ...nothing,
    })),
  };
}
