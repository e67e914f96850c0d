import { guard } from "@nightshift/model/guards";
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
export const toldAgain = (verdict: ScalingVerdict, { unheeded, observation: { held, rollback } }: Seen): readonly Draining[] =>
  guard("hold before scaling", held !== undefined) || guard("scaler yields to a rollback", rollback !== undefined)
    ? []
    : unheeded.filter(({ worker }) => !verdict.undrain.includes(worker) && verdict.state.draining.some((one) => one.worker === worker));

/**
 * Drained workers that answered and still consume anything, or did not say: not one of them may count as empty, because what they take
 * next would be killed. They are told again, of every queue they named, also one that the config does not. The rest are those whose word counts.
 */
export function sortAnswers(
  { draining }: ScalingState,
  answers: readonly WorkerReading[],
): { readonly heeding: readonly WorkerReading[]; readonly unheeded: readonly Draining[] } {
  const heeds = ({ queues }: WorkerReading): boolean => queues?.length === 0;
  const unheeded = draining.flatMap((row) => {
    const said = answers.find(({ name }) => name === row.worker);
    return said === undefined || heeds(said) ? [] : [{ ...row, queues: [...new Set([...row.queues, ...namesOf(said)])] }];
  });
  return { heeding: answers.filter(heeds), unheeded };
}

/** So many names, none longer than AMQP's: a row is kept, and an answer may hold anything. */
const namesOf = ({ queues = [] }: WorkerReading): readonly string[] => queues.filter(({ length }) => length <= 255).slice(0, 60);
