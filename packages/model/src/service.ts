import type { Digest, EcsDeploymentId, IdentityKey, ServiceDeploymentArn, ServiceName, ServiceRevisionArn, TaskDefinitionArn } from "./ids.ts";
import type { EpochMs } from "./time.ts";

/** Where a service lives. */
export interface ServiceRef {
  readonly cluster: string;
  readonly service: ServiceName;
}

/** Everything that makes one revision of a service different from another. */
export interface Identity {
  readonly key: IdentityKey;
  /** One entry a container, sorted by container name; undefined where ECS has not resolved the digest (yet). */
  readonly images: readonly { readonly container: string; readonly image: string; readonly digest: Digest | undefined }[];
  readonly taskDefinition: TaskDefinitionArn;
  /** SHA-256 over the normalised task definition without image tags, revision and registration data. */
  readonly taskDefinitionHash: string;
  /** SHA-256 over network, load balancers, capacity providers and platform version of the service revision. */
  readonly configHash: string;
}

/** One immutable ECS service revision, with its identity worked out. */
export interface ServiceRevision {
  readonly arn: ServiceRevisionArn;
  readonly identity: Identity;
  readonly createdAt: EpochMs;
  /** From task definition tags or container labels; see decision 12. */
  readonly labels: RevisionLabels;
}

/** What CI told us about a revision, through tags, labels or a `nightshift.deployment` event. */
export interface RevisionLabels {
  readonly commit?: string;
  readonly pullRequest?: string;
  /** `min..head`: the oldest and newest schema this code works with. */
  readonly schema?: SchemaWindow;
}

/** Schema versions that a revision works with, both ends included; versions are opaque names in migration order. */
export interface SchemaWindow {
  readonly min: string;
  readonly head: string;
}

/** The states of a service deployment, in ECS's words. */
export type ServiceDeploymentStatus =
  | "PENDING"
  | "IN_PROGRESS"
  | "SUCCESSFUL"
  | "STOP_REQUESTED"
  | "STOPPED"
  | "ROLLBACK_REQUESTED"
  | "ROLLBACK_IN_PROGRESS"
  | "ROLLBACK_SUCCESSFUL"
  | "ROLLBACK_FAILED";

/** One ECS service deployment as DescribeServiceDeployments tells it. */
export interface ServiceDeployment {
  readonly arn: ServiceDeploymentArn;
  readonly status: ServiceDeploymentStatus;
  readonly createdAt: EpochMs;
  readonly finishedAt: EpochMs | undefined;
  readonly source: readonly ServiceRevisionArn[];
  readonly target: ServiceRevisionArn;
  readonly rollback: { readonly reason: string; readonly startedAt: EpochMs | undefined; readonly to: ServiceRevisionArn | undefined } | undefined;
  readonly circuitBreaker: { readonly status: string; readonly failures: number; readonly threshold: number } | undefined;
  readonly alarms: { readonly status: string; readonly names: readonly string[]; readonly triggered: readonly string[] } | undefined;
}

/** Who deploys a service, and how. */
export type Controller = "ECS" | "CODE_DEPLOY" | "EXTERNAL";
export type Strategy = "ROLLING" | "BLUE_GREEN" | "LINEAR" | "CANARY";

/** One row of `DescribeServices.deployments`. */
export interface EcsDeployment {
  readonly id: EcsDeploymentId;
  readonly status: "PRIMARY" | "ACTIVE" | "INACTIVE";
  readonly rolloutState: "IN_PROGRESS" | "COMPLETED" | "FAILED" | undefined;
  readonly rolloutReason: string | undefined;
  readonly taskDefinition: TaskDefinitionArn;
  readonly desired: number;
  readonly running: number;
  readonly pending: number;
  readonly failedTasks: number;
  readonly createdAt: EpochMs;
}

/** What an ECS service is doing at one moment. */
export interface ServiceState {
  readonly ref: ServiceRef;
  readonly observedAt: EpochMs;
  readonly controller: Controller;
  readonly strategy: Strategy;
  readonly taskDefinition: TaskDefinitionArn;
  readonly desired: number;
  readonly running: number;
  readonly pending: number;
  /** Newest first; the first is PRIMARY. */
  readonly deployments: readonly EcsDeployment[];
  /** Undefined when no service deployment is under way, or the service is older than 2024-10-25. */
  readonly currentDeployment: ServiceDeploymentArn | undefined;
  readonly currentRevisions: readonly { readonly arn: ServiceRevisionArn; readonly running: number; readonly requested: number; readonly pending: number }[];
  /** ECS's own protections that may roll back before us. */
  readonly native: { readonly circuitBreakerRollback: boolean; readonly alarmRollback: readonly string[] };
  readonly targetGroups: readonly string[];
}

/** Whose fault a stopped task is: the code's, the platform's, or nobody's (asked to stop). */
export type StopClass = "app" | "infrastructure" | "asked" | "unknown";

/** One task of a service. */
export interface TaskFacts {
  readonly id: string;
  readonly startedBy: EcsDeploymentId;
  readonly taskDefinition: TaskDefinitionArn;
  readonly digests: readonly Digest[];
  readonly lastStatus: string;
  /** Container health as ECS reports it. */
  readonly health: "HEALTHY" | "UNHEALTHY" | "UNKNOWN";
  readonly startedAt: EpochMs | undefined;
  readonly stopped: StoppedTask | undefined;
  /** Private IPv4 of the task's network interface: what a target group lists. */
  readonly ip: string | undefined;
  /** `group/stream` of each container's log, where it uses awslogs. */
  readonly logs: readonly { readonly group: string; readonly stream: string }[];
}

/** How and why a task ended. */
export interface StoppedTask {
  readonly at: EpochMs;
  readonly code: string;
  readonly reason: string;
  readonly exitCodes: readonly number[];
  readonly cause: StopClass;
}

/** One target of a target group. */
export interface TargetFacts {
  readonly group: string;
  /** IP address (awsvpc tasks) or instance id. */
  readonly id: string;
  readonly state: "initial" | "healthy" | "unhealthy" | "unused" | "draining" | "unavailable";
  readonly reason: string | undefined;
}
