import { eviction, oneNode, rival, sharedBroker, unknownQueue } from "./broker-checks.ts";
import { acknowledgement, eta, prefetch, slots, visibility } from "./celery-checks.ts";
import type { Checkup, WorkerCheck, WorkerPatient } from "./facts.ts";
import { remap, shellForm, stopTimeout } from "./task-checks.ts";

export type { Checkup, WorkerPatient } from "./facts.ts";

/** Every check over a worker service, by id. An id keeps its meaning for ever. */
export const workerChecks: readonly WorkerCheck[] = [
  prefetch,
  acknowledgement,
  stopTimeout,
  remap,
  visibility,
  eta,
  shellForm,
  eviction,
  sharedBroker,
  slots,
  unknownQueue,
  rival,
  oneNode,
];

/** What one check found. */
export interface Examined {
  readonly id: string;
  readonly title: string;
  readonly about: string;
  readonly checkup: Checkup;
}

const order: Readonly<Record<string, number>> = { danger: 0, warning: 1, note: 2, unseen: 3, right: 4 };
const rank = ({ checkup }: Examined): number => order[checkup.kind === "wrong" ? checkup.severity : checkup.kind] ?? 5;

/** Everything that was looked at in one worker service, the worst first. Pure. */
export const examineWorker = (patient: WorkerPatient): readonly Examined[] =>
  workerChecks
    .flatMap(({ id, title, look }) => look(patient).map((checkup): Examined => ({ id, title, about: patient.settings.service, checkup })))
    .toSorted((a, b) => rank(a) - rank(b));
