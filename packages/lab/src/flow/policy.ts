import type { Ms } from "@nightshift/model";
import type { Workload } from "./workload.ts";

/** One worker as a policy may see it. */
export interface SeenWorker {
  readonly id: number;
  readonly state: "starting" | "running" | "stopping";
  readonly createdAt: number;
  readonly readyAt: number;
  /** Takes tasks from the queue. */
  readonly consuming: boolean;
  readonly spot: boolean;
  readonly active: number;
  readonly reserved: number;
  readonly processed: number;
  readonly protectedUntil: number;
}

/** What a policy sees and may do, without delay and without error. Moments are milliseconds since the run began. */
export interface FlowAccount {
  readonly workload: Workload;
  readonly now: number;
  readonly desired: number;
  /** In the broker and startable. */
  readonly waiting: number;
  readonly reserved: number;
  /** Tasks being executed. */
  readonly running: number;
  /** Workers that can execute, draining ones included. */
  readonly ready: number;
  readonly starting: number;
  /** Held until their time. */
  readonly dueLater: number;
  readonly published: number;
  readonly delivered: number;
  readonly finished: number;
  /** Integrals over time, in slot-milliseconds: differences of two looks give the utilisation between them. */
  readonly busyArea: number;
  readonly slotArea: number;
  /** How long the oldest waiting task has waited; 0 when nothing waits. */
  headAge(): number;
  /** Tasks by the minute they become due in, soonest first. */
  dueRows(most: number): readonly { readonly at: number; readonly tasks: number }[];
  /** Every worker that has not ended. */
  workers(): readonly SeenWorker[];
  /** Ended since this run began, newest first, at most `most`. */
  ended(most: number): readonly { readonly id: number; readonly at: number }[];
  setDesired(count: number): void;
  drain(worker: number): void;
  undrain(worker: number): void;
  protect(worker: number, length: Ms): void;
  unprotect(worker: number): void;
  /** Does something later, as a call that takes its time. */
  later(length: number, act: () => void): void;
}

/** A way to scale, with its settings. */
export interface FlowPolicy {
  /** As tables call it. */
  readonly name: string;
  /** Its setting, as tables show it; empty: it has none. */
  readonly setting: string;
  /** Begins a run; the returned function is called at each look and answers how long until the next, in milliseconds. */
  begin(workload: Workload): (account: FlowAccount) => number;
}
