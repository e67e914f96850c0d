import type { Draining, ScalingObservation, ScalingState, ScalingVerdict, WorkerReading } from "@nightshift/model";

/** What a look saw, as far as telling an effect from a wish needs it. */
export interface Seen {
  readonly observation: ScalingObservation;
  /** Drained workers that did not say that they take no more work from our queues. */
  readonly unheeded: readonly Draining[];
}

/** Whether the verdict changes anything outside our own ledger. */
export const isEffect = (verdict: ScalingVerdict, seen: Seen): boolean =>
  changesCount(verdict, seen) ||
  verdict.drain.length > 0 ||
  verdict.undrain.length > 0 ||
  verdict.protect.length > 0 ||
  verdict.unprotect.length > 0 ||
  toldAgain(verdict, seen).length > 0;

/** Whether another number of workers is wanted than ECS was told last. */
const changesCount = ({ desired }: ScalingVerdict, { observation: { fleet } }: Seen): boolean => fleet.ok && desired !== fleet.value.desired;

/** Workers that must be told once more to take no more work: the word was lost, or never sent before a crash. */
export const toldAgain = (verdict: ScalingVerdict, { unheeded }: Seen): readonly Draining[] =>
  unheeded.filter(({ worker }) => !verdict.undrain.includes(worker) && verdict.state.draining.some((one) => one.worker === worker));

/**
 * Drained workers that answered and still consume, or did not say: not one of them may count as empty, because what they take next
 * would be killed. The rest are those whose word counts.
 */
export function sortAnswers(
  { draining }: ScalingState,
  answers: readonly WorkerReading[],
): { readonly heeding: readonly WorkerReading[]; readonly unheeded: readonly Draining[] } {
  const heeds = (one: WorkerReading): boolean => {
    const queues = draining.find(({ worker }) => worker === one.name)?.queues ?? [];
    return one.queues?.every((queue) => !queues.includes(queue)) === true;
  };
  const heeding = answers.filter(heeds);
  const unheeded = draining.filter(({ worker }) => answers.some((one) => one.name === worker && !heeds(one)));
  return { heeding, unheeded };
}
