import type { EpochMs, Ms } from "@nightshift/model";

/** Share of failing answers (0 to 1) and the latency of the rest, in milliseconds. */
export interface Serving {
  readonly errorShare: number;
  readonly p50: number;
  readonly p99: number;
}

/** When and under what load a task is asked. */
export interface Moment {
  /** Since the task reached RUNNING. */
  readonly sinceStart: Ms;
  readonly now: EpochMs;
  /** Requests (or jobs) a minute this one task gets. */
  readonly load: number;
  /** How the service does when nothing is wrong with it. */
  readonly base: Serving;
}

/** How a process ends by itself. */
export interface Death {
  /** After the task reached RUNNING. */
  readonly after: Ms;
  readonly exitCode: number;
  /** The container's reason, as `OutOfMemoryError: …`. */
  readonly reason?: string;
  readonly lastWords: readonly string[];
}

/** How one revision's code behaves: what scenarios deploy. Pure; chance enters outside. */
export interface Behaviour {
  readonly name: string;
  serve(at: Moment): Serving;
  /** Whether the health endpoint answers 200; default yes. */
  healthy?(at: Moment): boolean;
  /** Default: it does not die. */
  death?(): Death;
  /** Share of jobs that fail, for workers; default the base error share. */
  jobFailures?(at: Moment): number;
  /** For one path: the share of failing answers there, when it differs from `serve`. */
  path?(path: string, at: Moment): number | undefined;
  /** What a failing request writes to the log. */
  readonly complaint?: string;
}
