import type { EpochMs, Ms } from "@nightshift/model";
import type { RunReport } from "@nightshift/ports";
import type { Store } from "../store/store.ts";
import type { AtBoundary } from "./boundaries.ts";

/** Everything a run of the runner touches beside the databases. */
export interface RunnerWorld {
  readonly store: Store;
  readonly clock: () => EpochMs;
  /** Waits; ends early, with the reason, when the signal is given. */
  readonly pause: (length: Ms, signal: AbortSignal) => Promise<void>;
  readonly machine: Machine;
  /** Every report, as often as something changes: for a progress bar or a log. */
  readonly tell: (report: RunReport) => void;
  readonly boundary: AtBoundary;
  /** Given when somebody wants the run to stop: everything is undone in order. */
  readonly signal: AbortSignal;
  /** A run that said nothing for so long is taken for dead. */
  readonly deadAfter: Ms;
}

/** What the machine offers. */
export interface Machine {
  /** The search path. */
  readonly path: string;
  /** PostgreSQL's programs, where they lie in no usual place. */
  readonly bin?: string | undefined;
  /** Scratch servers live in a directory of their own in here. */
  readonly scratch: string;
  readonly memoryBytes: number;
  readonly cores: number;
  readonly node: string;
  readonly nightshift: string;
}
