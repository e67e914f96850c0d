import { PortError } from "@nightshift/ports";
import { minutes, type ScalingDecision, type ScalingUpkeep, type ScalingVerdict, since } from "@nightshift/model";
import type { ScalerFacts } from "./decide-look.ts";
import type { ScalerWorld } from "./settings.ts";

/** A decision that stays the same is put on record so often (decision 35). */
const RECORD_EVERY = minutes(15);

/** The decision with everything it was made from, so that it can be made again. */
function decisionOf({ state: _, ...verdict }: ScalingVerdict, { observation, from, worker }: ScalerFacts): ScalingDecision {
  const { upkeep: __, ...before } = from;
  return { service: worker.service, at: observation.at, observation, from: before, verdict };
}

/** Puts a decision on record; one that no row holds, because strangers fill the broker's heartbeats, without what was heard there. */
export async function keepDecision({ scalingBook }: ScalerWorld, verdict: ScalingVerdict, facts: ScalerFacts): Promise<void> {
  const decision = decisionOf(verdict, facts);
  const { observation } = decision;
  try {
    await scalingBook.record(decision);
  } catch (error) {
    if (!(error instanceof PortError) || error.kind !== "invalid" || observation.broker.kind !== "seen") throw error;
    await scalingBook.record({ ...decision, observation: { ...observation, broker: { ...observation.broker, workers: undefined } } });
  }
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
