import type {
  BrokerReading,
  BrokerSettings,
  EpochMs,
  FleetState,
  FleetTask,
  Ms,
  ProbeRequest,
  ScaleOrder,
  ScalingDecision,
  ScalingFigures,
  ScalingState,
  ScalingTick,
  ServiceRef,
  WorkerReading,
} from "@nightshift/model";

/** What waits. Reads only. */
export interface Queues {
  /** One bounded look. Never throws for a broker that is away or odd: that is an answer (`unknown`), and never zero. */
  probe(asked: ProbeRequest): Promise<BrokerReading>;
}

/** Celery's remote control. An answer that did not come within a second is absent, which means unknown. */
export interface Workers {
  /** What these workers execute and hold, and which queues they consume from; all that answer, when no name is given. @throws {PortError} `unavailable`, `unsupported` (a broker without remote control). */
  look(broker: BrokerSettings, names: readonly string[]): Promise<readonly WorkerReading[]>;
  /** Takes no more work from these queues. Returns the names that said ok; saying it twice changes nothing. */
  stopConsuming(broker: BrokerSettings, name: string, queues: readonly string[]): Promise<boolean>;
  /** Takes work again. Returns whether the worker said ok; saying it twice changes nothing. */
  startConsuming(broker: BrokerSettings, name: string, queues: readonly string[]): Promise<boolean>;
}

/** Worker services on ECS. Reads only. */
export interface Fleets {
  /** Counts and deployments of each service in the order asked, without tasks; ten a call. */
  describe(refs: readonly ServiceRef[]): Promise<readonly FleetState[]>;
  /**
   * Every task that is not yet STOPPED, with its protection, and those that stopped in the last hour. `only` spares calls: without
   * `stopped` there are neither stopped nor stopping tasks in the answer, without `protection` no task has a `protectedUntil`. With
   * `arns` it is of these tasks alone, without a list; one that ECS has forgotten is absent.
   */
  tasks(
    ref: ServiceRef,
    only?: { readonly stopped?: boolean; readonly protection?: boolean; readonly arns?: readonly string[] },
  ): Promise<{ readonly live: readonly FleetTask[]; readonly stopped: NonNullable<FleetState["stopped"]> }>;
  /** ARNs of every task that is to run, starting ones among them; one that is stopping is none. */
  list(ref: ServiceRef): Promise<readonly string[]>;
  /** Which other scaler acts on the service's desired count, in words; undefined: none (Application Auto Scaling, DescribeScalableTargets). */
  rival(ref: ServiceRef): Promise<string | undefined>;
}

/** What may change how many workers run. The caller has looked right before each. */
export interface Scaling {
  /** Sends a desired count and nothing else. */
  setDesired(ref: ServiceRef, desired: number): Promise<void>;
  /** Keeps ECS from stopping these tasks when it scales in, for a while; ten a call. @throws {PortError} when one could not be protected, naming it. */
  protect(ref: ServiceRef, tasks: readonly string[], length: Ms): Promise<void>;
  /** Takes protection back; a task that is gone is no error. */
  unprotect(ref: ServiceRef, tasks: readonly string[]): Promise<void>;
}

/** What the scaler remembers, was ordered and decided. */
export interface ScalingBook {
  /** Undefined before the first look. */
  read(service: string): Promise<{ readonly state: ScalingState | undefined; readonly order: ScaleOrder | undefined }>;
  /** Writes `next` only if the row still has `next.version - 1`. Returns false when somebody else was first. */
  replace(service: string, next: ScalingState): Promise<boolean>;
  /** A person's order; a second one of a service replaces the first. */
  order(order: ScaleOrder): Promise<void>;
  /** Ends an order; false: there was none. */
  endOrder(service: string): Promise<boolean>;
  /** Keeps a decision once per service and moment. */
  record(decision: ScalingDecision): Promise<void>;
  /** Newest first, at most 50, older than `before`. */
  decisions(service: string, before?: EpochMs): Promise<readonly ScalingDecision[]>;
}

/** Figures that CloudWatch keeps. Losing one loses nothing: the next look publishes again. */
export interface Gauges {
  /** Depth, wait and workers of a service at a moment, in namespace `Nightshift`, dimension `Service`. Unknown figures are left out, never zero. */
  publish(service: string, at: EpochMs, figures: ScalingFigures & { readonly desired: number | undefined }): Promise<void>;
}

/** The next look at a service, sooner than the minute's. */
export interface Ticks {
  /** Comes after `wait` (0 to 900 s, SQS `DelaySeconds`); may come twice. */
  later(tick: ScalingTick, wait: Ms): Promise<void>;
  /** Starts the look at once, without waiting for it. */
  now(tick: ScalingTick): Promise<void>;
}
