import type { ScalingDecision, ScalingObservation, ScalingState, ScalingVerdict, WorkerSettings } from "@nightshift/model";
import type { ObservedLine } from "./observations.ts";

type Verdict = ScalingDecision["verdict"];

/** The decision, as `decideScaling` is. */
export type Decide = (observation: ScalingObservation, state: ScalingState, settings: WorkerSettings) => ScalingVerdict;

/** One line decided again. */
export interface DecidedAgain {
  readonly line: number;
  readonly service: string;
  readonly at: ScalingObservation["at"];
  /** ECS's desired count at the time. */
  readonly from: number | undefined;
  readonly was: Verdict | undefined;
  readonly now: Verdict;
  /** In words; empty: the same, or nothing was recorded to compare with. */
  readonly differences: readonly string[];
}

interface Deciding {
  readonly settings: (service: string) => WorkerSettings;
  readonly decide: Decide;
  readonly first: (at: ScalingObservation["at"]) => ScalingState;
}

/** Decides every line again, each from the state that was recorded with it; without one, from what the line before left. */
export function decideAgain(lines: readonly ObservedLine[], { settings, decide, first }: Deciding): readonly DecidedAgain[] {
  const left = new Map<string, ScalingState>();
  return lines.map(({ line, service, observation, from, verdict }) => {
    const { state, ...now } = decide(observation, from ?? left.get(service) ?? first(observation.at), settings(service));
    left.set(service, state);
    const desired = observation.fleet.ok ? observation.fleet.value.desired : undefined;
    return { line, service, at: observation.at, from: desired, was: verdict, now, differences: verdict === undefined ? [] : differencesOf(verdict, now) };
  });
}

function differencesOf(was: Verdict, now: Verdict): readonly string[] {
  const names = ({ drain }: Verdict): string =>
    drain
      .map(({ worker }) => worker)
      .toSorted()
      .join(", ") || "nobody";
  const undrained = ({ undrain }: Verdict): string => undrain.toSorted().join(", ") || "nobody";
  return [
    ...(was.kind === now.kind ? [] : [`${was.kind} became ${now.kind}`]),
    ...(was.desired === now.desired ? [] : [`${was.desired} workers became ${now.desired}`]),
    ...(names(was) === names(now) ? [] : [`drained ${names(was)}, now ${names(now)}`]),
    ...(undrained(was) === undrained(now) ? [] : [`given work again ${undrained(was)}, now ${undrained(now)}`]),
  ];
}
