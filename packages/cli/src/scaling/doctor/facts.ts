import type { DueTasks, EpochMs, Ms, Reading, WorkerSettings } from "@nightshift/model";

/** The worker's container, as its task definition says. Of its environment one variable is read, and no other. */
export interface WorkerContainer {
  readonly name: string;
  /** Undefined: ECS's 30 s. */
  readonly stopTimeout: Ms | undefined;
  /** Empty: the image's own, which ECS does not show. */
  readonly command: readonly string[];
  readonly entryPoint: readonly string[];
  /** `REMAP_SIGTERM`; undefined: not set in the task definition. */
  readonly remapSigterm: string | undefined;
}

/** How the service is run. */
export interface WorkerDefinition {
  readonly containers: readonly WorkerContainer[];
  readonly fargate: boolean;
}

/** What Redis says of itself, as far as a queue depends on it. */
export interface RedisFacts {
  /** `maxmemory_policy` of INFO; undefined: not told. */
  readonly evictionPolicy: string | undefined;
  readonly cluster: boolean;
  readonly replica: boolean;
  /** The database that the broker's address names. */
  readonly database: number;
  readonly databases: readonly { readonly database: number; readonly keys: number }[];
  /** Keys of that database that are no part of Celery, in a bounded sample. */
  readonly sample: { readonly keys: number; readonly foreign: readonly string[] };
}

/** One queue as the probe sees it. */
export interface QueueFacts {
  readonly name: string;
  /** False: no such queue was ever declared or used. Undefined: the broker does not tell. */
  readonly known: boolean | undefined;
  readonly dueLater: number | undefined;
  readonly due: readonly DueTasks[];
}

/** What a worker says of itself. */
export interface WorkerStats {
  readonly name: string;
  readonly slots: number | undefined;
  readonly reserved: number | undefined;
  readonly active: number;
}

/** What is looked at for one worker service; each part was read, or why it could not be. */
export interface WorkerPatient {
  readonly at: EpochMs;
  readonly settings: WorkerSettings;
  readonly definition: Reading<WorkerDefinition>;
  readonly redis: Reading<RedisFacts>;
  readonly queues: Reading<readonly QueueFacts[]>;
  readonly workers: Reading<readonly WorkerStats[]>;
  /** How long a task takes, in seconds, as the scaler last measured it. */
  readonly taskSeconds: Reading<number>;
  /** Another scaler on the same service, in words; undefined: none. */
  readonly rival: Reading<string | undefined>;
}

/** One thing that was looked at: as it should be, not so, or not to be seen. */
export type Checkup =
  | { readonly kind: "right"; readonly found: string }
  | { readonly kind: "wrong"; readonly severity: "danger" | "warning" | "note"; readonly found: string; readonly right: string; readonly next: string }
  | { readonly kind: "unseen"; readonly because: string; readonly next: string };

/** One check: an id that never changes meaning, a title, and a pure look. An empty answer: it does not apply here. */
export interface WorkerCheck {
  readonly id: `S${number}`;
  readonly title: string;
  readonly look: (patient: WorkerPatient) => readonly Checkup[];
}

/** A part that could not be read. */
export const unseen = (reading: { readonly because: string }, next: string): readonly Checkup[] => [{ kind: "unseen", because: reading.because, next }];
export const right = (found: string): readonly Checkup[] => [{ kind: "right", found }];
