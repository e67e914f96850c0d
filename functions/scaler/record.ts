import { minutes, type ScalingDecision, type ScalingUpkeep, type ScalingVerdict, since } from "@nightshift/model";
import type { ScalerFacts } from "./decide-look.ts";

/** A decision that stays the same is put on record so often (decision 35). */
const RECORD_EVERY = minutes(15);

/** The decision with everything it was made from, so that it can be made again. */
export function decisionOf({ state: _, ...verdict }: ScalingVerdict, { observation, from, worker }: ScalerFacts): ScalingDecision {
  const { upkeep: __, ...before } = from;
  return { service: worker.service, at: observation.at, observation, from: before, verdict };
}

/** What makes it another decision than the last: not the words, whose figures change at every look. */
const decidedAs = ({ kind, desired, drain, undrain, attention }: ScalingVerdict): string =>
  [kind, desired, drain.length, undrain.length, ...attention.map((one) => one.kind).toSorted()].join("/");

/** Whether this decision is to be put on record, and the mark that it was; undefined: it stands there already. */
export function dueRecord(verdict: ScalingVerdict, { observation: { at }, upkeep }: ScalerFacts): ScalingUpkeep["recorded"] {
  const as = decidedAs(verdict);
  const { recorded } = upkeep;
  return recorded !== undefined && recorded.as === as && since(recorded.at, at) < RECORD_EVERY ? undefined : { at, as };
}
