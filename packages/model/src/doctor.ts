import type { AlarmValue } from "./alarm.ts";
import type { Digest, ServiceName, TaskDefinitionArn } from "./ids.ts";
import type { Controller, Strategy } from "./service.ts";
import type { TriggerKind } from "./settings.ts";
import type { EpochMs, Ms } from "./time.ts";

/** One service, as DescribeServices tells it: only what a rollback depends on. */
export interface ServiceFacts {
  readonly cluster: string;
  readonly name: ServiceName;
  readonly status: "ACTIVE" | "DRAINING" | "INACTIVE";
  /** `deploymentController.type`; ECS when absent. */
  readonly controller: Controller;
  /** `deploymentConfiguration.strategy`; ROLLING when absent. */
  readonly strategy: Strategy;
  readonly desired: number;
  readonly taskDefinition: TaskDefinitionArn;
  /** The task definition before this one, by service deployment history or by the ledger; undefined: none is known. */
  readonly previous: TaskDefinitionArn | undefined;
  readonly targetGroupArns: readonly string[];
  /** `healthCheckGracePeriodSeconds`; 0 when absent. */
  readonly healthCheckGrace: Ms;
  /** Percent of desired; 100 when absent. */
  readonly minimumHealthyPercent: number;
  /** Percent of desired; 200 when absent. */
  readonly maximumPercent: number;
  readonly circuitBreaker: { readonly enabled: boolean; readonly rollback: boolean };
  /** `deploymentConfiguration.alarms`. */
  readonly deploymentAlarms: { readonly enabled: boolean; readonly rollback: boolean; readonly names: readonly string[] };
}

/** One container of a task definition, as DescribeTaskDefinition tells it. Its environment is never read. */
export interface ContainerFacts {
  readonly name: string;
  /** As written: a tag, a digest, or neither (which means `latest`). */
  readonly image: string;
  readonly essential: boolean;
  /** `disabled` switches digest pinning off; `enabled` when absent. */
  readonly versionConsistency: "enabled" | "disabled";
  /** Undefined: the default of 30 s. */
  readonly stopTimeout: Ms | undefined;
  readonly healthCheck: { readonly interval: Ms; readonly retries: number; readonly startPeriod: Ms } | undefined;
  /** `logConfiguration.logDriver`; undefined: none. */
  readonly logDriver: string | undefined;
}

/** One revision of a task definition. */
export interface TaskDefinitionFacts {
  readonly arn: TaskDefinitionArn;
  readonly status: "ACTIVE" | "INACTIVE" | "DELETE_IN_PROGRESS";
  readonly containers: readonly ContainerFacts[];
  readonly taskRoleArn: string | undefined;
  readonly executionRoleArn: string | undefined;
}

/** One target group with its attributes. */
export interface TargetGroupFacts {
  readonly arn: string;
  /** `targetgroup/NAME/ID`, as CloudWatch calls it. */
  readonly dimension: string;
  readonly healthInterval: Ms;
  readonly healthTimeout: Ms;
  readonly healthyThreshold: number;
  readonly unhealthyThreshold: number;
  /** `deregistration_delay.timeout_seconds`. */
  readonly deregistrationDelay: Ms;
  /** Mean of RequestCount over the last 24 h; undefined: could not be read. */
  readonly requestsPerMinute: number | undefined;
}

/** One CloudWatch alarm, as DescribeAlarms tells it. Composite and metric-math alarms have no `metric`. */
export interface AlarmFacts {
  readonly name: string;
  readonly value: AlarmValue;
  readonly since: EpochMs;
  readonly metric:
    | { readonly namespace: string; readonly name: string; readonly dimensions: Readonly<Record<string, string>>; readonly statistic: string | undefined }
    | undefined;
  readonly threshold: number | undefined;
  readonly comparison: string | undefined;
  readonly evaluationPeriods: number | undefined;
  readonly period: Ms | undefined;
  readonly treatMissingData: "missing" | "breaching" | "notBreaching" | "ignore";
  /** Newest datapoint of its metric in the last 24 h; `none`; undefined: not asked. */
  readonly lastDatapoint: EpochMs | "none" | undefined;
}

/** One rule of an ECR lifecycle policy that expires images. */
export interface LifecycleRule {
  readonly priority: number;
  readonly tagStatus: "tagged" | "untagged" | "any";
  readonly countType: string;
  /** Images, or days. */
  readonly countNumber: number;
}

/** One image repository. */
export interface RepositoryFacts {
  /** `ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME`. */
  readonly uri: string;
  readonly name: string;
  /** `imageTagMutability`: MUTABLE, IMMUTABLE, or either with exclusions. */
  readonly tagMutability: string;
  readonly lifecycle: readonly LifecycleRule[];
}

/** A revision that somebody may want back, and whether its image can still be pulled. */
export interface KnownGoodFacts {
  readonly service: ServiceName;
  readonly taskDefinition: TaskDefinitionArn;
  readonly images: readonly { readonly repository: string; readonly digest: Digest; readonly present: boolean | undefined }[];
}

/** The newest datapoint of one series that a trigger reads. */
export interface SeriesFacts {
  readonly service: ServiceName;
  readonly trigger: TriggerKind | "dependency";
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** `none`: not one in 24 h. */
  readonly lastDatapoint: EpochMs | "none";
}

/** What the doctor looks at: plain facts about an account, gathered before and judged without calls. */
export interface AccountFacts {
  readonly observedAt: EpochMs;
  readonly services: readonly ServiceFacts[];
  readonly taskDefinitions: readonly TaskDefinitionFacts[];
  readonly targetGroups: readonly TargetGroupFacts[];
  readonly alarms: readonly AlarmFacts[];
  readonly repositories: readonly RepositoryFacts[];
  readonly knownGood: readonly KnownGoodFacts[];
  readonly series: readonly SeriesFacts[];
  /** Role ARNs (with `*`) that the guard may pass; undefined: not known, not judged. */
  readonly passableRoles: readonly string[] | undefined;
  /**
   * What could not be read, and why: the doctor says so instead of calling it healthy, or missing. `CLUSTER/SERVICE`, the ARN of
   * a task definition or target group, `alarms`, `image repositories`, `known good images` or `metrics`.
   */
  readonly unread: readonly { readonly what: string; readonly because: string }[];
}

/** `danger`: a rollback fails, does nothing or does harm. `warning`: it is slow or blind. `note`: worth knowing. */
export type FindingSeverity = "danger" | "warning" | "note";

/** One thing that is not as it should be, and the line or command that mends it. */
export interface Finding {
  readonly id: string;
  readonly severity: FindingSeverity;
  /** The service, alarm, repository or file it is about. */
  readonly about: string;
  readonly says: string;
  readonly remedy: string;
  readonly estimate?: { readonly trafficRestored: Ms; readonly steady: Ms };
  /** Line of a runbook, from 1. */
  readonly line?: number;
}
