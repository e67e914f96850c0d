import { digest, epochMs, identityKey, minutes, type RevisionRecord, serviceName, taskDefinitionArn } from "@nightshift/model";
import { describe, expect, it } from "vitest";
import { gatherAccountFacts } from "./account-facts.ts";
import { answering, awsError } from "./testing/answering.ts";
import { definitionSample, deploymentSample, digestOf, revisionSample, serviceSample } from "./testing/ecs-samples.ts";

const repository = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop/api";
const older = "arn:aws:ecs:eu-central-1:123456789012:task-definition/api:41";
const start = Date.UTC(2026, 10, 21, 9, 0, 0);
const answers = {
  DescribeServices: () => ({
    services: [
      serviceSample({
        healthCheckGracePeriodSeconds: 60,
        loadBalancers: [{ targetGroupArn: "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/api/1" }],
      }),
    ],
  }),
  ListServiceDeployments: () => ({ serviceDeployments: [{ serviceDeploymentArn: "arn:d1", createdAt: new Date(1) }] }),
  DescribeServiceDeployments: () => ({ serviceDeployments: [deploymentSample({ status: "SUCCESSFUL", targetServiceRevision: { arn: "arn:r1" } })] }),
  DescribeServiceRevisions: () => ({ serviceRevisions: [revisionSample({ serviceRevisionArn: "arn:r1", taskDefinition: older })] }),
  DescribeTaskDefinition: ({ taskDefinition }: { taskDefinition: string }) => ({ taskDefinition: definitionSample({ taskDefinitionArn: taskDefinition }) }),
  DescribeTargetGroups: () => ({
    TargetGroups: [
      {
        HealthCheckIntervalSeconds: 30,
        HealthCheckTimeoutSeconds: 5,
        HealthyThresholdCount: 2,
        UnhealthyThresholdCount: 3,
        LoadBalancerArns: ["arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/shop/9"],
      },
    ],
  }),
  DescribeTargetGroupAttributes: () => ({ Attributes: [{ Key: "deregistration_delay.timeout_seconds", Value: "300" }] }),
  DescribeAlarms: () => ({
    MetricAlarms: [
      {
        AlarmName: "api-5xx",
        StateValue: "OK",
        StateTransitionedTimestamp: new Date(5),
        Namespace: "AWS/ApplicationELB",
        MetricName: "HTTPCode_Target_5XX_Count",
        Dimensions: [{ Name: "TargetGroup", Value: "targetgroup/api/1" }],
        Statistic: "Sum",
        Threshold: 10,
        ComparisonOperator: "GreaterThanThreshold",
        EvaluationPeriods: 2,
        Period: 60,
      },
    ],
  }),
  GetMetricData: ({ MetricDataQueries }: { MetricDataQueries: { Id: string }[] }) => ({
    MetricDataResults: MetricDataQueries.map(({ Id }) => ({
      Id,
      StatusCode: "Complete",
      Timestamps: Id === "q1" ? [] : [new Date(start - 60_000)],
      Values: Id === "q1" ? [] : [2_880],
    })),
  }),
  DescribeRepositories: () => ({ repositories: [{ imageTagMutability: "MUTABLE" }] }),
  GetLifecyclePolicy: () => ({
    lifecyclePolicyText:
      '{"rules":[{"rulePriority":1,"selection":{"tagStatus":"any","countType":"imageCountMoreThan","countNumber":5},"action":{"type":"expire"}}]}',
  }),
  DescribeImages: () => ({ imageDetails: [{ imageDigest: digestOf("a") }] }),
};
const known: RevisionRecord = {
  service: serviceName("api"),
  grade: "good",
  gradedAt: epochMs(1),
  because: "b",
  firstSeen: epochMs(1),
  labels: {},
  provisional: false,
  pinned: undefined,
  identity: {
    key: identityKey("k"),
    images: [{ container: "app", image: `${repository}:v41`, digest: digest(digestOf("a")) }],
    taskDefinition: taskDefinitionArn(older),
    taskDefinitionHash: "t",
    configHash: "c",
  },
};
const query = (id: string) => ({ id, namespace: "AWS/ApplicationELB", metric: "RequestCount", dimensions: {}, statistic: "Sum", period: minutes(1) });
const question = {
  services: [{ cluster: "shop", service: serviceName("api") }],
  alarms: [],
  known: [known],
  passableRoles: undefined,
  series: [
    { service: serviceName("api"), trigger: "error-rate" as const, query: query("a") },
    { service: serviceName("api"), trigger: "latency" as const, query: query("b") },
  ],
};

describe("what the doctor reads", () => {
  it("is every setting that a rollback depends on", async () => {
    const facts = await gatherAccountFacts(answering(answers).reach, "eu-central-1", question);
    expect(facts.unread).toEqual([]);
    expect(facts.services[0]).toMatchObject({
      name: "api",
      previous: older,
      healthCheckGrace: 60_000,
      minimumHealthyPercent: 100,
      maximumPercent: 200,
      circuitBreaker: { enabled: true, rollback: true },
      deploymentAlarms: { enabled: true, rollback: true, names: ["api-5xx"] },
    });
    expect(
      facts.taskDefinitions.map((definition) => [definition.arn, definition.containers[0]?.versionConsistency, definition.containers[0]?.logDriver]),
    ).toEqual([
      ["arn:aws:ecs:eu-central-1:123456789012:task-definition/api:42", "enabled", "awslogs"],
      [older, "enabled", "awslogs"],
    ]);
    expect(facts.targetGroups[0]).toMatchObject({ dimension: "targetgroup/api/1", healthInterval: 30_000, deregistrationDelay: 300_000, requestsPerMinute: 2 });
    expect(facts.alarms[0]).toMatchObject({ name: "api-5xx", period: 60_000, treatMissingData: "missing", lastDatapoint: start - 60_000 });
    expect(facts.repositories).toEqual([
      {
        uri: repository,
        name: "shop/api",
        tagMutability: "MUTABLE",
        lifecycle: [{ priority: 1, tagStatus: "any", countType: "imageCountMoreThan", countNumber: 5 }],
      },
    ]);
    expect(facts.knownGood).toEqual([{ service: "api", taskDefinition: older, images: [{ repository, digest: digestOf("a"), present: true }] }]);
    expect(facts.series.map((one) => [one.trigger, one.lastDatapoint])).toEqual([
      ["error-rate", start - 60_000],
      ["latency", "none"],
    ]);
  });

  it("never includes a container's environment", async () => {
    expect(JSON.stringify(await gatherAccountFacts(answering(answers).reach, "eu-central-1", question))).not.toContain('"environment"');
  });

  it("what may not be read is listed, and the rest is read all the same", async () => {
    const denied = {
      ...answers,
      DescribeAlarms: () => {
        throw awsError("AccessDenied", 403);
      },
      GetLifecyclePolicy: () => {
        throw awsError("LifecyclePolicyNotFoundException");
      },
    };
    const facts = await gatherAccountFacts(answering(denied).reach, "eu-central-1", question);
    expect(facts.unread).toEqual([{ what: "alarms", because: "cloudwatch:DescribeAlarms on alarms: AccessDenied: AccessDenied happened" }]);
    expect([facts.services.length, facts.repositories[0]?.lifecycle]).toEqual([1, []]);
  });
});
