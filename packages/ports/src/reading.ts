import type {
  Digest,
  EcsDeploymentId,
  EpochMs,
  MetricQuery,
  MetricSeries,
  Ms,
  ServiceDeployment,
  ServiceDeploymentArn,
  ServiceRef,
  ServiceRevision,
  ServiceRevisionArn,
  ServiceState,
  SmokeResult,
  SmokeTest,
  TargetFacts,
  TaskDefinitionArn,
  TaskFacts,
} from "@nightshift/model";

/** What runs. Reads only; every method throws a `PortError` and never reads a partial failure as absence (invariant 42). */
export interface Services {
  /** The state of each service, in the order asked, however many. @throws {PortError} `not-found` names the missing one. */
  describe(refs: readonly ServiceRef[]): Promise<readonly ServiceState[]>;
  /** One service deployment by ARN. */
  deployment(arn: ServiceDeploymentArn): Promise<ServiceDeployment>;
  /** Service deployments of one service, newest first, at most 20. */
  recentDeployments(ref: ServiceRef): Promise<readonly ServiceDeployment[]>;
  /** Immutable revisions with their identities worked out, in the order asked; at most 20. */
  revisions(arns: readonly ServiceRevisionArn[]): Promise<readonly ServiceRevision[]>;
  /** Running tasks and those that stopped in the last hour. @throws {PortError} `unsupported` beyond 1,000 of either: never a list cut short. */
  tasks(ref: ServiceRef, startedBy?: EcsDeploymentId): Promise<readonly TaskFacts[]>;
}

/** One task definition revision, as far as going back to it is concerned. */
export interface TaskDefinitionFacts {
  readonly arn: TaskDefinitionArn;
  readonly active: boolean;
  /** True when every container image is named by digest. */
  readonly pinned: boolean;
  /** Names of environment variables and secrets of all containers (`container.NAME` beyond one), each with a hash that only tells whether its value changed. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Task definitions. Reads only. */
export interface TaskDefinitions {
  /** One revision. @throws {PortError} `not-found` when ECS does not know it, or deleted it. */
  describe(arn: TaskDefinitionArn): Promise<TaskDefinitionFacts>;
}

/** Load balancer targets. Reads only. */
export interface Targets {
  /** Every target of the group and its health. */
  health(targetGroupArn: string): Promise<readonly TargetFacts[]>;
}

/** CloudWatch metrics. Reads only; GetMetricData, never DescribeAlarms in a loop (it would starve ECS's own alarm polling). */
export interface Metrics {
  /** Every series asked for, in order; absent points are absent, `complete: false` says that CloudWatch was not sure. */
  read(queries: readonly MetricQuery[], from: EpochMs, to: EpochMs): Promise<readonly MetricSeries[]>;
}

/** Alarm states by name, read once at the start of a watch. */
export interface Alarms {
  describe(names: readonly string[]): Promise<readonly import("@nightshift/model").AlarmState[]>;
}

/** Container logs. Reads only. */
export interface Logs {
  /** The last lines of one stream, oldest first. */
  tail(group: string, stream: string, lines: number): Promise<readonly string[]>;
}

/** Container images. Reads only. */
export interface Images {
  /** Whether the registry still holds the bytes; undefined for a registry we cannot ask (not ECR, another account). */
  exists(image: string, digest: Digest): Promise<boolean | undefined>;
}

/** Requests we make ourselves. */
export interface Probes {
  /** Never throws for an unhealthy app: that is an answer. */
  run(test: SmokeTest): Promise<SmokeResult>;
}

/** The wall clock of the place that looks; only ever read inside a step. */
export interface Clock {
  now(): EpochMs;
  /** Lets time pass: before a second try, never to wait for an event. A clock without it goes on at once. */
  pause?(length: Ms): Promise<void>;
}
