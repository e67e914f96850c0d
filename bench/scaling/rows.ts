import type { Outcome } from "@nightshift/lab/flow/outcome";
import type { Played } from "./round.ts";

/** One policy on one workload with one seed. */
export interface Row {
  readonly workload: string;
  readonly seed: number;
  readonly policy: string;
  readonly family: string;
  readonly hours: number;
  /** Violating minutes, and those above the floor. */
  readonly minutes: number;
  readonly above: number;
  readonly killed: number;
  readonly reRun: number;
  readonly waits: Outcome["wait"];
  readonly actions: number;
  readonly reversals: number;
}

/** Every policy of a round, one row each. */
export const rowsOf = ({ round: { workload, seed }, floor, outcomes }: Played): readonly Row[] =>
  outcomes.map(({ policy, family, outcome }) => ({
    workload,
    seed,
    policy,
    family,
    hours: rounded(outcome.workerHours, 4),
    minutes: outcome.violatingMinutes,
    above: Math.max(0, outcome.violatingMinutes - floor),
    killed: outcome.killed,
    reRun: outcome.reRun,
    waits: {
      p50: rounded(outcome.wait.p50, 1),
      p95: rounded(outcome.wait.p95, 1),
      p99: rounded(outcome.wait.p99, 1),
      longest: rounded(outcome.wait.longest, 1),
    },
    actions: outcome.actions,
    reversals: outcome.reversals,
  }));

const rounded = (value: number, digits: number): number => Math.round(value * 10 ** digits) / 10 ** digits;

/** One policy over several rows: hours are means over seeds and added up over workloads; minutes are of the worst seed of each workload, added up. */
export interface Sum {
  readonly policy: string;
  readonly family: string;
  readonly hours: number;
  readonly worstAbove: number;
  readonly killed: number;
  readonly reRun: number;
  readonly actions: number;
  readonly reversals: number;
  readonly byWorkload: ReadonlyMap<string, OfWorkload>;
}

/** One policy on one workload over the seeds: means, but for minutes (worst seed) and kills (all seeds). */
export interface OfWorkload {
  readonly hours: number;
  readonly worstAbove: number;
  readonly killed: number;
  readonly reRun: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly actions: number;
  readonly reversals: number;
}

/** Sums by policy, in the order the policies come. */
export function sumsOf(rows: readonly Row[]): readonly Sum[] {
  return [...Map.groupBy(rows, ({ policy }) => policy)].map(([policy, members]) => {
    const byWorkload = new Map([...Map.groupBy(members, ({ workload }) => workload)].map(([workload, some]) => [workload, overSeeds(some)]));
    const all = [...byWorkload.values()];
    const total = (of: (one: OfWorkload) => number): number => all.reduce((sum, one) => sum + of(one), 0);
    return {
      policy,
      family: members[0]?.family ?? policy,
      hours: total(({ hours }) => hours),
      worstAbove: total(({ worstAbove }) => worstAbove),
      killed: total(({ killed }) => killed),
      reRun: total(({ reRun }) => reRun),
      actions: total(({ actions }) => actions),
      reversals: total(({ reversals }) => reversals),
      byWorkload,
    };
  });
}

function overSeeds(rows: readonly Row[]): OfWorkload {
  const mean = (of: (row: Row) => number): number => rows.reduce((sum, row) => sum + of(row), 0) / rows.length;
  return {
    hours: mean(({ hours }) => hours),
    worstAbove: Math.max(...rows.map(({ above }) => above)),
    killed: rows.reduce((sum, { killed }) => sum + killed, 0),
    reRun: rows.reduce((sum, { reRun }) => sum + reRun, 0),
    p50: mean(({ waits }) => waits.p50),
    p95: mean(({ waits }) => waits.p95),
    p99: mean(({ waits }) => waits.p99),
    actions: mean(({ actions }) => actions),
    reversals: mean(({ reversals }) => reversals),
  };
}

/** The mean of ratios as ratios are averaged. */
export const geometricMean = (ratios: readonly number[]): number => Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length);
