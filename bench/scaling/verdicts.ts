import { geometricMean, type OfWorkload, type Row, type Sum, sumsOf } from "./rows.ts";

/** One line of what the benchmark must show. */
export interface Verdict {
  /** What a named miss is found by: `hindsight sparse`. */
  readonly id: string;
  readonly says: string;
  readonly figure: number;
  readonly atMost: number;
}

/** Whether a line holds; a figure that is not a number does not. */
export const holds = ({ figure, atMost }: Verdict): boolean => figure <= atMost + 1e-9;

/** Our own rows' name. */
export const OURS = "nightshift";
/** Suffix of a baseline's family that is played with our drain. */
const DRAINED = ", with our drain";

/** What is compared with what. */
export interface Compared {
  readonly rows: readonly Row[];
  /** Names of the single settings, by tuning. */
  readonly chosen: readonly string[];
}

/** Every line of "It must show" that rests on played rows. */
export function verdictsOf({ rows, chosen }: Compared): readonly Verdict[] {
  const sums = sumsOf(rows);
  const ours = sums.find(({ policy }) => policy === OURS);
  if (ours === undefined) throw new Error("There is no row of our own policy: nothing can be compared.");
  return [
    { id: "killed", says: "running tasks killed, all workloads and seeds", figure: ours.killed, atMost: 0 },
    ...[...ours.byWorkload].map(([workload, { worstAbove }]) => ({
      id: `minutes ${workload}`,
      says: `${workload}: violating minutes above the floor, worst seed`,
      figure: worstAbove,
      atMost: 1,
    })),
    ...againstBest(ours, sums),
    ...[...ours.byWorkload].flatMap(([workload, mine]) => againstOn(workload, mine, { sums, chosen })),
  ];
}

/** A KEDA target of so many tasks a slot: no tuning of the facts' grid (facts/scaling.md 3), and the strongest baseline there is. */
const PER_SLOT = "of the slots";

/** Which baselines are looked at. */
export interface Field {
  readonly drained: boolean;
  /** Whether KEDA's targets per slot are among them. */
  readonly perSlot: boolean;
  /** Violating minutes above the floor that it may have in a workload's worst seed: 0, or 1 as ours may. */
  readonly perWorkload: number;
}

/** The cheapest setting for all workloads among baselines that keep the promise on each; undefined: none does. */
export const bestBaseline = (sums: readonly Sum[], field: Field): Sum | undefined => baselinesIn(sums, field)[0];

/** Every setting of the field that was played on all workloads, the cheapest first. */
function baselinesIn(sums: readonly Sum[], { drained, perSlot, perWorkload }: Field): readonly Sum[] {
  const everywhere = Math.max(...sums.map(({ byWorkload }) => byWorkload.size));
  return sums
    .filter(
      ({ policy, family, byWorkload }) =>
        byWorkload.size === everywhere &&
        !policy.startsWith(OURS) &&
        family.endsWith(DRAINED) === drained &&
        (perSlot || !policy.endsWith(PER_SLOT)) &&
        [...byWorkload.values()].every(({ worstAbove }) => worstAbove <= perWorkload),
    )
    .sort((a, b) => a.hours - b.hours);
}

/** The baseline that ours is judged against: without violating minutes, or where no setting has none, the cheapest of those with the fewest. */
export function judgedBaseline(sums: readonly Sum[], perSlot: boolean): Sum | undefined {
  const anyMinutes = { drained: false, perSlot, perWorkload: Number.POSITIVE_INFINITY };
  const fewest = Math.min(...baselinesIn(sums, anyMinutes).map(({ worstAbove }) => worstAbove));
  return bestBaseline(sums, { ...anyMinutes, perWorkload: 0 }) ?? baselinesIn(sums, anyMinutes).find(({ worstAbove }) => worstAbove === fewest);
}

function againstBest(ours: Sum, sums: readonly Sum[]): readonly Verdict[] {
  return [false, true].flatMap((perSlot) => {
    const best = judgedBaseline(sums, perSlot);
    const among = perSlot ? "KEDA targets per slot included" : "the grid of the facts";
    const id = perSlot ? "per slot, " : "";
    // No baseline to compare with is no figure, which does not hold.
    if (best === undefined) return [{ id: `${id}total`, says: `no baseline was played on all workloads (${among})`, figure: Number.NaN, atMost: 0.7 }];
    const which = best.worstAbove === 0 ? "without violating minutes" : `with the fewest violating minutes, ${best.worstAbove}, for none has 0`;
    const ratios = [...ours.byWorkload].map(([workload, { hours }]) => hours / (best.byWorkload.get(workload)?.hours ?? Number.NaN));
    return [
      {
        id: `${id}total`,
        says: `worker-hours against the best single setting ${which}, ${among}: ${best.policy}`,
        figure: ours.hours / best.hours,
        atMost: 0.7,
      },
      { id: `${id}geometric mean`, says: "the same, geometric mean over workloads", figure: geometricMean(ratios), atMost: 0.75 },
    ];
  });
}

function againstOn(
  workload: string,
  mine: OfWorkload,
  { sums, chosen }: { readonly sums: readonly Sum[]; readonly chosen: readonly string[] },
): readonly Verdict[] {
  const single = cheapestOn(
    workload,
    sums.filter(({ policy }) => chosen.includes(policy)),
  );
  const hindsight = cheapestOn(
    workload,
    sums.filter(({ policy }) => !policy.startsWith(OURS)),
  );
  const against = (id: string, named: string, found: { readonly policy: string; readonly hours: number } | undefined, atMost: number): readonly Verdict[] =>
    found === undefined
      ? []
      : [
          {
            id: `${id} ${workload}`,
            says: `${workload}: worker-hours against the cheapest ${named} with 0 minutes and 0 kills (${found.policy})`,
            figure: mine.hours / found.hours,
            atMost,
          },
        ];
  return [...against("single", "single setting", single, 1.03), ...against("hindsight", "setting in hindsight", hindsight, 1.1)];
}

/** The cheapest on one workload that breaks no promise above the floor and kills nothing, with any seed; undefined: all do. */
export function cheapestOn(workload: string, sums: readonly Sum[]): { readonly policy: string; readonly hours: number } | undefined {
  return sums
    .flatMap(({ policy, byWorkload }) => {
      const of = byWorkload.get(workload);
      return of === undefined || of.worstAbove > 0 || of.killed > 0 ? [] : [{ policy, hours: of.hours }];
    })
    .sort((a, b) => a.hours - b.hours)[0];
}
