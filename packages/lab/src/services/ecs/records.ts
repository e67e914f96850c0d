import type {
  ContainerDefinition,
  DeploymentConfiguration,
  LoadBalancer,
  NetworkConfiguration,
  RegisterTaskDefinitionRequest,
  ServiceDeploymentStatus,
  Tag,
  TaskStopCode,
} from "@aws-sdk/client-ecs";
import type { EpochMs, Ms } from "@nightshift/model";
import type { Behaviour } from "../../world/behaviour.ts";

/** One registered task definition revision. */
export interface TaskDefinitionRecord {
  readonly arn: string;
  readonly family: string;
  readonly revision: number;
  readonly registeredAt: EpochMs;
  readonly registeredBy: string;
  readonly request: RegisterTaskDefinitionRequest;
  readonly containers: readonly ContainerDefinition[];
  readonly tags: readonly Tag[];
  deregisteredAt: EpochMs | undefined;
  /** From when on it can no longer be deployed. */
  refusedFrom: EpochMs | undefined;
}

/** An immutable service revision; only its digests are filled in by the first task. */
export interface ServiceRevisionRecord {
  readonly arn: string;
  readonly createdAt: EpochMs;
  readonly taskDefinition: TaskDefinitionRecord;
  readonly network: NetworkConfiguration | undefined;
  readonly loadBalancers: readonly LoadBalancer[];
  readonly images: { readonly container: string; readonly image: string; digest: string | undefined }[];
}

/** What DescribeServiceDeployments tells about. */
export interface ServiceDeploymentRecord {
  readonly arn: string;
  readonly createdAt: EpochMs;
  readonly source: readonly ServiceRevisionRecord[];
  readonly target: ServiceRevisionRecord;
  status: ServiceDeploymentStatus;
  statusReason: string | undefined;
  startedAt: EpochMs | undefined;
  finishedAt: EpochMs | undefined;
  stoppedAt: EpochMs | undefined;
  updatedAt: EpochMs;
  rollback: { readonly reason: string; readonly startedAt: EpochMs; readonly to: ServiceRevisionRecord } | undefined;
  breaker: { readonly enabled: boolean; status: MonitorStatus; failures: number; readonly threshold: number };
  alarms: { status: MonitorStatus; readonly names: readonly string[]; triggered: readonly string[] };
}

/** Status of deployment alarms and circuit breaker, as DescribeServiceDeployments names it. */
export type MonitorStatus = "DISABLED" | "MONITORING" | "MONITORING_COMPLETE" | "TRIGGERED";

/** One row of `DescribeServices.deployments`; tasks carry its id in `startedBy`. */
export interface Rollout {
  readonly id: string;
  readonly revision: ServiceRevisionRecord;
  readonly createdAt: EpochMs;
  status: "PRIMARY" | "ACTIVE" | "INACTIVE";
  state: "IN_PROGRESS" | "COMPLETED" | "FAILED";
  reason: string;
  updatedAt: EpochMs;
  failedTasks: number;
  /** Consecutive tasks that never reached RUNNING, for the scheduler's back-off. */
  neverRan: number;
  notBefore: EpochMs;
  /** How many tasks of it should still run while it is being replaced. */
  keep: number;
  /** Since when all its tasks are up and no other is left. */
  settledSince: EpochMs | undefined;
  /** The service deployment it belongs to now (the same one during its rollback). */
  serviceDeployment: ServiceDeploymentRecord | undefined;
}

/** One service. */
export interface ServiceRecord {
  readonly arn: string;
  readonly name: string;
  readonly cluster: string;
  readonly clusterArn: string;
  readonly createdAt: EpochMs;
  configuration: DeploymentConfiguration;
  network: NetworkConfiguration | undefined;
  loadBalancers: readonly LoadBalancer[];
  graceSeconds: number;
  desired: number;
  /** Part of its tasks runs on Fargate Spot: how many do not. Undefined: none is Spot. */
  readonly spot: { readonly onDemandBase: number } | undefined;
  /** Primary first. */
  rollouts: Rollout[];
  /** The deployment a rollback goes to. */
  lastSuccessful: Rollout | undefined;
  readonly deployments: ServiceDeploymentRecord[];
  readonly revisions: ServiceRevisionRecord[];
  readonly tasks: TaskRecord[];
  readonly events: { readonly id: string; readonly at: EpochMs; readonly message: string }[];
  reconcileAsked: boolean;
  /** A view from before the last write, answered until the moment. */
  stale: { readonly wroteAt: EpochMs; readonly until: EpochMs; readonly view: unknown } | undefined;
}

/** A task's life, as ECS names its stations. */
export type TaskStatus = "PROVISIONING" | "PENDING" | "ACTIVATING" | "RUNNING" | "DEACTIVATING" | "STOPPING" | "DEPROVISIONING" | "STOPPED";

/** One task. */
export interface TaskRecord {
  readonly id: string;
  readonly arn: string;
  readonly service: ServiceRecord;
  readonly rollout: Rollout;
  readonly revision: ServiceRevisionRecord;
  readonly createdAt: EpochMs;
  readonly az: string;
  readonly ip: string;
  /** Named only where the service has a capacity provider strategy. */
  readonly capacityProvider: "FARGATE" | "FARGATE_SPOT" | undefined;
  /** Scale-in and deployments leave it alone until then. */
  protectedUntil: EpochMs | undefined;
  status: TaskStatus;
  desired: "RUNNING" | "STOPPED";
  version: number;
  health: "HEALTHY" | "UNHEALTHY" | "UNKNOWN";
  digests: readonly string[];
  behaviour: Behaviour | undefined;
  pullStartedAt: EpochMs | undefined;
  pullStoppedAt: EpochMs | undefined;
  startedAt: EpochMs | undefined;
  stoppingAt: EpochMs | undefined;
  executionStoppedAt: EpochMs | undefined;
  stoppedAt: EpochMs | undefined;
  stopCode: TaskStopCode | undefined;
  stoppedReason: string | undefined;
  exitCode: number | undefined;
  containerReason: string | undefined;
  /** It passed every check that is defined for it at least once. */
  wasHealthy: boolean;
}

/** What of ECS is not documented to the second, or at all, and may be run both ways. */
export interface EcsOptions {
  /** DescribeServices may answer from before a write for up to this long; zero turns it off. */
  readonly staleFor: Ms;
  /** From PROVISIONING to RUNNING. */
  readonly start: { readonly least: Ms; readonly most: Ms };
  /** How long a container takes to leave after SIGTERM, when it behaves. */
  readonly leaves: Ms;
  /** Whether `currentServiceDeployment` stays after the deployment ended. */
  readonly keepsCurrentDeployment: boolean;
}
