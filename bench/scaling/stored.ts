import { readFileSync, writeFileSync } from "node:fs";
import { type Row, sumsOf } from "./rows.ts";

const file = new URL("./stored.json", import.meta.url);

/** What the last full run came to, as far as a quick one compares with it. */
export interface Stored {
  readonly date: string;
  /** Baselines over all seeds of that run, a row a workload: mean hours, minutes of the worst seed, all kills. */
  readonly baselines: readonly Row[];
  /** One policy seed by seed: where it comes to something else now, workloads or simulator changed. */
  readonly witness: readonly Row[];
}

type Packed = readonly [workload: string, seed: number, policy: string, family: string, hours: number, above: number, killed: number];

/** Keeps baselines that verdicts are made from, and the witness. */
export function store(date: string, { baselines, witness }: { readonly baselines: readonly Row[]; readonly witness: readonly Row[] }): void {
  const summed = sumsOf(baselines).flatMap(({ policy, family, byWorkload }) =>
    [...byWorkload].map(([workload, of]): Packed => [workload, 0, policy, family, Math.round(of.hours * 10_000) / 10_000, of.worstAbove, of.killed]),
  );
  const seen = witness.map(({ workload, seed, policy, family, hours, above, killed }): Packed => [workload, seed, policy, family, hours, above, killed]);
  const lines = (rows: readonly Packed[]): string => rows.map((row) => JSON.stringify(row)).join(",\n");
  writeFileSync(file, `{ "date": ${JSON.stringify(date)}, "baselines": [\n${lines(summed)}\n], "witness": [\n${lines(seen)}\n] }\n`);
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
