import type { ServiceName } from "./ids.ts";
import type { Mode } from "./severity.ts";
import type { Ms } from "./time.ts";
import type { Percent } from "./units.ts";

/** What to make of a metric that has no datapoint while traffic flows: keep waiting, count it as bad, or leave the trigger out. */
export type NoData = "wait" | "bad" | "ignore";

/** A sign that a deployment is bad; each kind is either hard (needs no blame check) or soft. */
export type Trigger =
  | { readonly kind: "health-checks"; readonly moreThan: number }
  | {
      readonly kind: "error-rate";
      readonly above: Percent;
      readonly for: Ms;
      readonly minRequests: number;
      readonly minErrors: number;
      readonly noData: NoData;
    }
  | {
      readonly kind: "latency";
      readonly statistic: "p50" | "p90" | "p95" | "p99";
      readonly above: Ms;
      readonly for: Ms;
      readonly minRequests: number;
      readonly noData: NoData;
    }
  | { readonly kind: "errors-per-minute"; readonly moreThan: number; readonly times: number; readonly noData: NoData }
  | { readonly kind: "task-crashes"; readonly atLeast: number; readonly share: Percent }
  | { readonly kind: "smoke-tests"; readonly failuresInARow: number }
  | { readonly kind: "alarms"; readonly names: readonly string[] };

/** The name of a kind of trigger. */
export type TriggerKind = Trigger["kind"];

/** An HTTP(S) request with expectations; database and cache are reached through the app's own endpoint (decision 11). */
export interface SmokeTest {
  readonly name: string;
  readonly url: string;
  readonly method: "GET" | "HEAD" | "POST";
  readonly status: number;
  /** Dotted path into a JSON answer and the literal expected there. */
  readonly json?: { readonly path: string; readonly equals: string | number | boolean | null };
  readonly within: Ms;
}

/** A CloudWatch series whose move before the breach points away from the deployment (a database's CPU, a queue's age). */
export interface DependencySignal {
  /** How the thread calls it: `RDS shop-prod`. */
  readonly name: string;
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: string;
  /** Above (or below) this the dependency is in trouble. */
  readonly bad: { readonly above: number } | { readonly below: number };
}

/** What to do about database migrations when going back (hazard 9). */
export interface SchemaPolicy {
  /** A revision without a schema label: `allow-without-migration` goes back unless a migration event came since; `hold` asks. */
  readonly unknown: "allow-without-migration" | "hold";
}

/** Until when each watch phase lasts; all four are counted from exposure, so each is longer than the one before (decision 8: 5 min, 30 min, 60 min, 24 h). */
export interface WatchWindows {
  readonly hot: Ms;
  readonly bake: Ms;
  readonly long: Ms;
  readonly tail: Ms;
}

/** The metrics a load balancer publishes for the service; absent for workers. */
export interface TrafficSource {
  /** `app/NAME/ID`, the CloudWatch LoadBalancer dimension. */
  readonly loadBalancer: string;
  /** `targetgroup/NAME/ID`, the CloudWatch TargetGroup dimension. */
  readonly targetGroup: string;
}

/** All the guard needs to know about one service. */
export interface GuardedService {
  readonly name: ServiceName;
  readonly cluster: string;
  /** Services of one group roll back together; a service alone is its own group. */
  readonly group: string;
  readonly mode: Mode;
  readonly triggers: readonly Trigger[];
  readonly smoke: readonly SmokeTest[];
  readonly windows: WatchWindows;
  readonly schema: SchemaPolicy;
  readonly dependencies: readonly DependencySignal[];
  readonly traffic: TrafficSource | undefined;
  readonly knownBad: "warn" | "block";
  /** How long ECS gets to start its own rollback before we do (hazard 4). */
  readonly nativeGrace: Ms;
  /** How long a person has to answer an `ask`. */
  readonly askFor: Ms;
  /** Its workers follow a queue: the scaler may protect some of its tasks. Absent: no. */
  readonly scaled?: boolean;
}

/** Bounds on what may happen by itself (decision 3). */
export interface Budgets {
  readonly rollbacksPerDeployment: number;
  readonly rollbacksPerService: readonly { readonly count: number; readonly within: Ms }[];
  readonly attemptsPerIntent: number;
  readonly mutationsPerAccount: { readonly count: number; readonly within: Ms };
  /** This many services wanting a rollback inside `within` without a common group stop all automatics. */
  readonly stampede: { readonly services: number; readonly within: Ms };
}

/** Settings of the guard for one group. */
export interface GuardSettings {
  readonly product: string;
  readonly group: string;
  readonly services: readonly GuardedService[];
  readonly budgets: Budgets;
  /** Services of the product outside the group whose own traffic tells a shared cause from the deployment's; absent: none. */
  readonly siblings?: readonly GuardedService[];
  /** Databases of the product of which a snapshot can be taken before a deployment; absent: none. */
  readonly saves?: readonly string[];
}
