import {
  type AccountFacts,
  type AlarmFacts,
  type ContainerFacts,
  digest,
  epochMs,
  type GuardSettings,
  hours,
  minutes,
  ms,
  percent,
  seconds,
  type ServiceFacts,
  serviceName,
  type TargetGroupFacts,
  taskDefinitionArn,
  type TaskDefinitionFacts,
} from "@nightshift/model";

export const now = epochMs(1_795_255_200_000);
export const oldDigest = digest(`sha256:${"1".repeat(64)}`);
export const newDigest = digest(`sha256:${"2".repeat(64)}`);
export const repository = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop-api";
export const previous = taskDefinitionArn("arn:aws:ecs:eu-central-1:123456789012:task-definition/shop-api:41");
export const current = taskDefinitionArn("arn:aws:ecs:eu-central-1:123456789012:task-definition/shop-api:42");
export const targetGroupArn = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/shop-api/73e2d6bc24d8a067";

export const container: ContainerFacts = {
  name: "api",
  image: `${repository}@${newDigest}`,
  essential: true,
  versionConsistency: "enabled",
  stopTimeout: undefined,
  healthCheck: { interval: seconds(10), retries: 3, startPeriod: seconds(30) },
  logDriver: "awslogs",
};
export const revision: TaskDefinitionFacts = {
  arn: current,
  status: "ACTIVE",
  containers: [container],
  taskRoleArn: "arn:aws:iam::123456789012:role/shop-task",
  executionRoleArn: "arn:aws:iam::123456789012:role/shop-execution",
};
export const service: ServiceFacts = {
  cluster: "prod",
  name: serviceName("shop-api"),
  status: "ACTIVE",
  controller: "ECS",
  strategy: "ROLLING",
  desired: 2,
  taskDefinition: current,
  previous,
  targetGroupArns: [targetGroupArn],
  healthCheckGrace: seconds(60),
  minimumHealthyPercent: 100,
  maximumPercent: 200,
  circuitBreaker: { enabled: true, rollback: true },
  deploymentAlarms: { enabled: true, rollback: true, names: ["shop-5xx"] },
};
export const group: TargetGroupFacts = {
  arn: targetGroupArn,
  dimension: "targetgroup/shop-api/73e2d6bc24d8a067",
  healthInterval: seconds(10),
  healthTimeout: seconds(5),
  healthyThreshold: 2,
  unhealthyThreshold: 3,
  deregistrationDelay: seconds(60),
  requestsPerMinute: 600,
};
export const alarm: AlarmFacts = {
  name: "shop-5xx",
  value: "OK",
  since: epochMs(now - hours(50)),
  metric: {
    namespace: "AWS/ApplicationELB",
    name: "HTTPCode_Target_5XX_Count",
    dimensions: { LoadBalancer: "app/shop/50dc6c495c0c9188", TargetGroup: "targetgroup/shop-api/73e2d6bc24d8a067" },
    statistic: "Sum",
  },
  threshold: 30,
  comparison: "GreaterThanThreshold",
  evaluationPeriods: 2,
  period: minutes(1),
  treatMissingData: "notBreaching",
  lastDatapoint: epochMs(now - minutes(3)),
};

/** An account with nothing to complain about. */
export const healthy: AccountFacts = {
  observedAt: now,
  services: [service],
  taskDefinitions: [{ ...revision, arn: previous, containers: [{ ...container, image: `${repository}@${oldDigest}` }] }, revision],
  targetGroups: [group],
  alarms: [alarm],
  repositories: [
    {
      uri: repository,
      name: "shop-api",
      tagMutability: "IMMUTABLE",
      lifecycle: [{ priority: 1, tagStatus: "any", countType: "imageCountMoreThan", countNumber: 100 }],
    },
  ],
  knownGood: [{ service: service.name, taskDefinition: previous, images: [{ repository, digest: oldDigest, present: true }] }],
  series: [
    {
      service: service.name,
      trigger: "latency",
      namespace: "AWS/ApplicationELB",
      metric: "TargetResponseTime",
      dimensions: { TargetGroup: "targetgroup/shop-api/73e2d6bc24d8a067" },
      lastDatapoint: epochMs(now - minutes(2)),
    },
  ],
  passableRoles: ["arn:aws:iam::123456789012:role/shop-*"],
  unread: [],
};

/** The settings that go with it. */
export const settings: GuardSettings = {
  product: "shop",
  group: "shop",
  services: [
    {
      name: service.name,
      cluster: "prod",
      group: "shop",
      mode: "auto",
      triggers: [
        { kind: "error-rate", above: percent(5), for: minutes(2), minRequests: 60, minErrors: 3, noData: "wait" },
        { kind: "alarms", names: ["shop-5xx"] },
      ],
      smoke: [],
      windows: { hot: minutes(5), bake: minutes(30), long: hours(1), tail: hours(24) },
      schema: { unknown: "allow-without-migration" },
      dependencies: [],
      traffic: { loadBalancer: "app/shop/50dc6c495c0c9188", targetGroup: "targetgroup/shop-api/73e2d6bc24d8a067" },
      knownBad: "warn",
      nativeGrace: seconds(30),
      askFor: minutes(5),
    },
  ],
  budgets: {
    rollbacksPerDeployment: 1,
    rollbacksPerService: [{ count: 1, within: minutes(30) }],
    attemptsPerIntent: 3,
    mutationsPerAccount: { count: 10, within: minutes(10) },
    stampede: { services: 3, within: ms(300_000) },
  },
};
