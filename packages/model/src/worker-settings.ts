import type { ServiceName } from "./ids.ts";
import type { BrokerSettings } from "./queue.ts";
import type { Mode } from "./severity.ts";
import type { Ms } from "./time.ts";
import type { Percent } from "./units.ts";
import type { Weekday } from "./policy.ts";

/** A queue and how soon its tasks shall start: publish (or ETA) to start (decision 43). */
export interface WatchedQueue {
  readonly name: string;
  readonly wait: Ms;
}

/** A utilisation rule of the documents (W3), as a setting of the same decision. */
export interface UtilisationRule {
  readonly metric: "cpu" | "memory";
  /** Out by one while the average of the service stays above. */
  readonly out: { readonly above: Percent; readonly for: Ms } | undefined;
  /** In by one while it stays below. */
  readonly in: { readonly below: Percent; readonly for: Ms } | undefined;
  /** Keep it near this instead: out after `outCoolDown`, in after `inCoolDown`. */
  readonly target: { readonly at: Percent; readonly outCoolDown: Ms; readonly inCoolDown: Ms } | undefined;
}

/** Work that is known to come: workers are there before it. */
export interface ExpectedWork {
  /** Local time in `zone`; every day, or on these. */
  readonly at: { readonly hour: number; readonly minute: number };
  readonly days: readonly Weekday[];
  readonly zone: string;
  /** How many tasks come at once; or how many workers shall stand. */
  readonly tasks: number | undefined;
  readonly workers: number | undefined;
  /** How long the workers stay for it. */
  readonly for: Ms;
}

/** How a worker can be told to take no more work (decisions 42 and 44). */
export type WorkerControl =
  /** Celery's remote control over the broker. */
  | "celery"
  /** None: scale in only when nothing is in flight anywhere. */
  | "none"
  /** The worker protects its own ECS task while it works (one line in the app). */
  | "task-protection";

/** All the scaler needs to know about one worker service. */
export interface WorkerSettings {
  readonly product: string;
  readonly service: ServiceName;
  readonly cluster: string;
  readonly group: string;
  readonly mode: Mode;
  readonly broker: BrokerSettings;
  /** At least one. */
  readonly queues: readonly WatchedQueue[];
  /** Tasks one worker executes at once. */
  readonly concurrency: number;
  /** Celery's `worker_prefetch_multiplier`. */
  readonly prefetch: number;
  readonly acksLate: boolean;
  readonly control: WorkerControl;
  readonly min: number;
  readonly max: number;
  /** Workers added or removed by one decision at most. */
  readonly maxStep: number;
  /** Changes of the desired count in an hour at most. */
  readonly maxChangesPerHour: number;
  /** How long a worker takes from the call to its first task, until we have seen enough of our own. */
  readonly startTime: Ms;
  /** At least so long between two scale-ins, and after a scale-out. */
  readonly inCoolDown: Ms;
  /** Idle so long before the last workers go (`min: 0`). */
  readonly idleBeforeZero: Ms;
  /** A drain that takes longer is given up and the worker takes work again. */
  readonly drainAtMost: Ms;
  /** The documents' rule: so many waiting, and it scales out at once by a whole step (W2); undefined: the promise alone decides. */
  readonly backlogAbove: number | undefined;
  /** So many waiting ring the CloudWatch alarm of the backlog (H1); absent: 1,000. */
  readonly backlogAlarm?: number;
  readonly utilisation: readonly UtilisationRule[];
  readonly expected: readonly ExpectedWork[];
  /** Part of the workers run on Fargate Spot: how many do not (W5). Undefined: none is Spot. */
  readonly spot: { readonly onDemandBase: number } | undefined;
  /** ECS `stopTimeout` of the worker container, as the config says; the doctor reads the real one. */
  readonly stopTimeout: Ms;
}
