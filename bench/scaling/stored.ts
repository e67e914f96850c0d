import { readFileSync, writeFileSync } from "node:fs";
import type { Row } from "./rows.ts";

const file = new URL("./stored.json", import.meta.url);

/** What the last full run came to, as far as a quick one compares with it. */
export interface Stored {
  readonly date: string;
  /** Baselines that a verdict was made from, where it was. */
  readonly baselines: readonly Row[];
  /** One policy everywhere: where it comes to something else now, workloads or simulator changed. */
  readonly witness: readonly Row[];
}

type Packed = readonly [workload: string, seed: number, policy: string, family: string, hours: number, above: number, killed: number];

/** Keeps rows for quick runs, one line each. */
export function store({ date, baselines, witness }: Stored): void {
  const lines = (rows: readonly Row[]): string =>
    rows
      .map(({ workload, seed, policy, family, hours, above, killed }): Packed => [workload, seed, policy, family, hours, above, killed])
      .map((row) => JSON.stringify(row))
      .join(",\n");
  writeFileSync(file, `{ "date": ${JSON.stringify(date)}, "baselines": [\n${lines(baselines)}\n], "witness": [\n${lines(witness)}\n] }\n`);
}

/** @throws {Error} when there was no full run yet. */
export function readStored(): Stored {
  const { date, baselines, witness }: { readonly date: string; readonly baselines: readonly Packed[]; readonly witness: readonly Packed[] } = JSON.parse(
    readFileSync(file, "utf8"),
  );
  return { date, baselines: baselines.map(unpacked), witness: witness.map(unpacked) };
}

const unpacked = ([workload, seed, policy, family, hours, above, killed]: Packed): Row => ({
  workload,
  seed,
  policy,
  family,
  hours,
  above,
  killed,
  ...unstored,
});
/** What no verdict rests on is not stored. */
const unstored = { minutes: 0, reRun: 0, waits: { p50: 0, p95: 0, p99: 0, longest: 0 }, actions: 0, reversals: 0 };
