import type { ServiceRef } from "./service.ts";
import type { BrokerReading, WorkerReading } from "./queue.ts";
import type { EpochMs, Ms } from "./time.ts";
import type { Datapoint, Reading } from "./metric.ts";

/** One task of a worker service, as far as scaling is concerned. */
export interface FleetTask {
  readonly arn: string;
  /** Private IPv4: what its Celery node name carries. */
  readonly ip: string | undefined;
  readonly createdAt: EpochMs;
  readonly startedAt: EpochMs | undefined;
  readonly status: "starting" | "running" | "stopping";
  readonly spot: boolean;
  readonly protectedUntil: EpochMs | undefined;
}

/** The worker service as ECS shows it. */
export interface FleetState {
  readonly ref: ServiceRef;
  readonly at: EpochMs;
  readonly desired: number;
  readonly running: number;
  readonly pending: number;
  /** Why it counts as being deployed; undefined: one deployment, completed. */
  readonly deploying: string | undefined;
  /** Running and starting tasks; undefined: not read in this look (only a scale-in needs them). */
  readonly tasks: readonly FleetTask[] | undefined;
  /** ARNs of all tasks that are to run, where a look needs no more than their names; left out: not listed in this look. */
  readonly listed?: readonly string[];
  /** Of the tasks that a scale-in left in the row (victims, protected and drained ones) those that have not ended; left out: `tasks` tells, or nobody asked. */
  readonly followed?: readonly FleetTask[];
  /** Tasks that ended since the last look that read them, newest first, at most 100. */
  readonly stopped?: readonly { readonly arn: string; readonly at: EpochMs; readonly code: string; readonly reason: string }[];
}

/** What a person ordered with `/ops scale`: obeyed until it ends (decision 45). */
export interface ScaleOrder {
  readonly service: string;
  /** So many workers, whatever the queue says; undefined: only `max` is changed. */
  readonly workers: number | undefined;
  /** Another upper bound meanwhile. */
  readonly max: number | undefined;
  readonly by: string;
  readonly because: string;
  readonly at: EpochMs;
  readonly until: EpochMs;
}

/** Everything one decision knows of the world. */
export interface ScalingObservation {
  readonly at: EpochMs;
  readonly broker: BrokerReading;
  /** Unknown fleet: nothing is decided. */
  readonly fleet: Reading<FleetState>;
  /** What the drained workers answered when asked; absent ones did not answer. Undefined: nobody is drained. */
  readonly drained: readonly WorkerReading[] | undefined;
  /** One-minute averages of the service, oldest first; only read where a rule needs them. */
  readonly cpu: Reading<readonly Datapoint[]> | undefined;
  readonly memory: Reading<readonly Datapoint[]> | undefined;
  /** A person's hold, in words. */
  readonly held: string | undefined;
  /** Somebody holds the service's lease for a rollback. */
  readonly rollback: string | undefined;
  /** Another scaler acts on the same service (Application Auto Scaling), in words. */
  readonly rival: string | undefined;
  readonly order: ScaleOrder | undefined;
}

/** A worker that was told to take no more work. */
export interface Draining {
  readonly worker: string;
  readonly task: string;
  readonly queues: readonly string[];
  readonly since: EpochMs;
  /** First look after the last `cancel_consumer` that found it empty; undefined: it still works. */
  readonly emptyAt: EpochMs | undefined;
}

/** A change of the desired count that was sent. */
export interface SentChange {
  readonly at: EpochMs;
  readonly from: number;
  readonly to: number;
}

/** A scale-in that was sent and is not yet proven: the victims that should stop, the tasks that were protected. */
export interface Lowering {
  readonly at: EpochMs;
  readonly from: number;
  readonly to: number;
  readonly victims: readonly string[];
  readonly protectedTasks: readonly string[];
}

/** What a person would care about; told once while it lasts. */
export interface Attention {
  readonly kind: "promise-broken-at-max" | "saturated" | "broker-unreachable" | "thrash" | "rival" | "wrong-victim" | "drain-stuck" | "start-stuck";
  readonly since: EpochMs;
  /** What is so, and what it needs, in one or two sentences. */
  readonly says: readonly string[];
}

/**
 * What the scaler remembers of one service between looks: one ledger row, replaced whole under its version. `memory` is the
 * decision's own (rates, service time, start times); nobody else reads it.
 */
export interface ScalingState {
  readonly version: number;
  readonly at: EpochMs;
  readonly draining: readonly Draining[];
  readonly lowering: Lowering | undefined;
  /** Changes of the last hour, newest last, at most 60. */
  readonly changes: readonly SentChange[];
  readonly attention: readonly Attention[];
  readonly memory: ScalingMemory;
  /** What the scaler's looks keep for each other beside the decision; absent before the first. */
  readonly upkeep?: ScalingUpkeep;
}

/** What looks need of each other that decides nothing: what was asked, told and recorded last. */
export interface ScalingUpkeep {
  /** True: the look that wrote this row was about to act, and did not live to write what became of it. */
  readonly acting?: boolean;
  /** The decision last put on record, in short. */
  readonly recorded?: { readonly at: EpochMs; readonly as: string };
  /** Notices that stand in a thread, by name and the moment they began. */
  readonly told?: readonly { readonly name: string; readonly since: EpochMs }[];
  /** The plan that a person was asked about (mode `ask`). */
  readonly asked?: { readonly plan: string; readonly way: "out" | "drain"; readonly from: number; readonly to: number; readonly at: EpochMs };
}

/** One look kept for rates and for what two looks must agree on. */
export interface ScalingSample {
  readonly at: EpochMs;
  readonly waiting: number;
  readonly reserved: number;
  /** Tasks being executed. */
  readonly busy: number;
  readonly ready: number;
  /** Cumulative, within one counter epoch. */
  readonly arrived: number | undefined;
  readonly finished: number | undefined;
}

/** The decision's own memory. Numbers only, so that a row stays small; samples are thinned to at most 40. */
export interface ScalingMemory {
  readonly epoch: string;
  readonly samples: readonly ScalingSample[];
  /** Busy slot-seconds and completions of the service-time window, for a ratio of integrals (facts/scaling.md 2.4). */
  readonly busySeconds: number;
  readonly completions: number;
  /** Seconds one task takes, as last known; undefined before the first completion. */
  readonly serviceSeconds: number | undefined;
  /** Seen start times, newest last, at most 20. */
  readonly startSeconds: readonly number[];
  /** Starts asked for and not yet ready. */
  readonly starting: readonly { readonly at: EpochMs; readonly workers: number }[];
  readonly lastOut: EpochMs | undefined;
  readonly lastIn: EpochMs | undefined;
  readonly quietSince: EpochMs | undefined;
  readonly unknownSince: EpochMs | undefined;
  /** Looks in a row that were fresh and agreed with each other, counted up to 2. */
  readonly agreeing: number;
  /** What was true when workers were last added, to see whether they helped. */
  readonly added: { readonly at: EpochMs; readonly ready: number; readonly serviceSeconds: number; readonly throughput: number } | undefined;
  readonly saturatedSince: EpochMs | undefined;
  readonly brokenSince: EpochMs | undefined;
  /** What else a decision keeps: numbers by name, at most 20. */
  readonly more: Readonly<Record<string, number>>;
}

/** What one look decided. `desired` equal to the fleet's own: nothing is sent. */
export interface ScalingVerdict {
  readonly kind: "hold" | "out" | "drain" | "undrain" | "in" | "settle";
  readonly desired: number;
  /** Workers that take no more work from now on. */
  readonly drain: readonly Draining[];
  /** Workers that take work again, by name. */
  readonly undrain: readonly string[];
  /** Task ARNs that ECS may not stop while the count is lowered. */
  readonly protect: readonly string[];
  readonly unprotect: readonly string[];
  /** Phrases that a tired person understands, the deciding one first. */
  readonly because: readonly string[];
  /** What it was decided from, by name, for `scale explain` and the published metrics. */
  readonly figures: ScalingFigures;
  /** How long until the next look: 15 s while busy, 60 s when quiet (decision 35). */
  readonly next: Ms;
  readonly attention: readonly Attention[];
  /** What to remember when everything above was done. */
  readonly state: ScalingState;
}

/** Figures of one decision; undefined: unknown. */
export interface ScalingFigures {
  readonly waiting: number | undefined;
  readonly reserved: number | undefined;
  readonly running: number | undefined;
  readonly dueSoon: number | undefined;
  /** Tasks a second. */
  readonly arrivals: number | undefined;
  readonly completions: number | undefined;
  readonly serviceSeconds: number | undefined;
  readonly startSeconds: number;
  readonly workers: number | undefined;
  readonly starting: number;
  readonly draining: number;
  /** Longest wait that is to come if nothing is changed, and after this verdict, in seconds. */
  readonly worstNowSeconds: number | undefined;
  readonly worstAfterSeconds: number | undefined;
}

/** A decision on record: what it saw and what it said. Kept when it changes, and every 15 minutes (decision 35). */
export interface ScalingDecision {
  readonly service: string;
  readonly at: EpochMs;
  readonly observation: ScalingObservation;
  /** The state it was decided from. */
  readonly from: ScalingState;
  readonly verdict: Omit<ScalingVerdict, "state">;
}

/** One look that is due. */
export interface ScalingTick {
  readonly service: string;
  readonly due: EpochMs;
}
