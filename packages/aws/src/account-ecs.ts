import { DescribeServicesCommand, type ContainerDefinition, type Service } from "@aws-sdk/client-ecs";
import { DescribeTargetGroupAttributesCommand, DescribeTargetGroupsCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import {
  before,
  type ContainerFacts,
  hours,
  seconds,
  type ServiceFacts,
  type ServiceRef,
  type TargetGroupFacts,
  taskDefinitionArn,
  type TaskDefinitionArn,
  type TaskDefinitionFacts,
} from "@nightshift/model";

import { metricsFrom } from "./cloudwatch-metrics.ts";
import { readDefinition } from "./definitions.ts";
import { servicesFrom } from "./ecs-services.ts";
import { need, refuseFailures } from "./partial.ts";
import type { Reach } from "./reach.ts";

/** One service with the settings a rollback depends on. @throws {PortError} */
export async function readServiceFacts(reach: Reach, ref: ServiceRef): Promise<ServiceFacts> {
  const call = { operation: "ecs:DescribeServices", on: `${ref.cluster}/${ref.service}` };
  const answer = await reach.calls.read(call, async () =>
    (await reach.connections.ecs()).send(new DescribeServicesCommand({ cluster: ref.cluster, services: [ref.service] })),
  );
  refuseFailures(call, answer.failures);
  const service = need(call, "service", answer.services?.[0]);
  const taskDefinition = taskDefinitionArn(need(call, "taskDefinition", service.taskDefinition));
  return { ...settingsOf(service), cluster: ref.cluster, name: ref.service, taskDefinition, previous: await previousOf(reach, ref, taskDefinition) };
}

function settingsOf(service: Service): Omit<ServiceFacts, "cluster" | "name" | "taskDefinition" | "previous"> {
  const configuration = service.deploymentConfiguration;
  return {
    status: service.status === "DRAINING" || service.status === "INACTIVE" ? service.status : "ACTIVE",
    controller: service.deploymentController?.type ?? "ECS",
    strategy: configuration?.strategy ?? "ROLLING",
    desired: service.desiredCount ?? 0,
    targetGroupArns: (service.loadBalancers ?? []).map((balancer) => balancer.targetGroupArn).filter((arn) => arn !== undefined),
    healthCheckGrace: seconds(service.healthCheckGracePeriodSeconds ?? 0),
    minimumHealthyPercent: configuration?.minimumHealthyPercent ?? 100,
    maximumPercent: configuration?.maximumPercent ?? 200,
    circuitBreaker: { enabled: configuration?.deploymentCircuitBreaker?.enable ?? false, rollback: configuration?.deploymentCircuitBreaker?.rollback ?? false },
    deploymentAlarms: {
      enabled: configuration?.alarms?.enable ?? false,
      rollback: configuration?.alarms?.rollback ?? false,
      names: configuration?.alarms?.alarmNames ?? [],
    },
  };
}

/** The task definition of the newest successful deployment that had another one. */
async function previousOf(reach: Reach, ref: ServiceRef, current: TaskDefinitionArn): Promise<TaskDefinitionArn | undefined> {
  const services = servicesFrom(reach);
  const successful = (await services.recentDeployments(ref)).filter((deployment) => deployment.status === "SUCCESSFUL").map((deployment) => deployment.target);
  const revisions = await services.revisions([...new Set(successful)].slice(0, 20));
  return revisions.map((revision) => revision.identity.taskDefinition).find((arn) => arn !== current);
}

/** One task definition without its environment. @throws {PortError} */
export async function readTaskDefinition(reach: Reach, arn: TaskDefinitionArn): Promise<TaskDefinitionFacts> {
  const { definition } = await readDefinition(reach, arn);
  const { status } = definition;
  return {
    arn,
    status: status === "INACTIVE" || status === "DELETE_IN_PROGRESS" ? status : "ACTIVE",
    containers: (definition.containerDefinitions ?? []).map(containerFacts),
    taskRoleArn: definition.taskRoleArn,
    executionRoleArn: definition.executionRoleArn,
  };
}

/** Defaults: "HealthCheck" (30 s, 3 retries), https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html, 2026-11-21. */
function containerFacts(container: ContainerDefinition): ContainerFacts {
  const check = container.healthCheck;
  return {
    name: container.name ?? "",
    image: container.image ?? "",
    essential: container.essential ?? true,
    versionConsistency: container.versionConsistency ?? "enabled",
    stopTimeout: container.stopTimeout === undefined ? undefined : seconds(container.stopTimeout),
    healthCheck:
      check === undefined ? undefined : { interval: seconds(check.interval ?? 30), retries: check.retries ?? 3, startPeriod: seconds(check.startPeriod ?? 0) },
    logDriver: container.logConfiguration?.logDriver,
  };
}

/** One target group with its attributes and traffic. @throws {PortError} */
export async function readTargetGroups(reach: Reach, arn: string): Promise<TargetGroupFacts> {
  const { connections, calls } = reach;
  const call = { operation: "elasticloadbalancing:DescribeTargetGroups", on: arn };
  const groups = await calls.read(call, async () => (await connections.elbv2()).send(new DescribeTargetGroupsCommand({ TargetGroupArns: [arn] })));
  const group = need(call, "TargetGroups[0]", groups.TargetGroups?.[0]);
  const asked = { operation: "elasticloadbalancing:DescribeTargetGroupAttributes", on: arn };
  const { Attributes } = await calls.read(asked, async () =>
    (await connections.elbv2()).send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn: arn })),
  );
  const delay = Attributes?.find((attribute) => attribute.Key === "deregistration_delay.timeout_seconds")?.Value;
  const dimension = arn.slice(arn.lastIndexOf(":") + 1);
  return {
    arn,
    dimension,
    healthInterval: seconds(need(call, "HealthCheckIntervalSeconds", group.HealthCheckIntervalSeconds)),
    healthTimeout: seconds(need(call, "HealthCheckTimeoutSeconds", group.HealthCheckTimeoutSeconds)),
    healthyThreshold: need(call, "HealthyThresholdCount", group.HealthyThresholdCount),
    unhealthyThreshold: need(call, "UnhealthyThresholdCount", group.UnhealthyThresholdCount),
    deregistrationDelay: seconds(Number(need(asked, "deregistration_delay.timeout_seconds", delay))),
    requestsPerMinute: await trafficOf(reach, dimension, group.LoadBalancerArns?.[0]),
  };
}

/** Mean of RequestCount over the last day, from hourly sums. A group without a load balancer has none. */
async function trafficOf(reach: Reach, targetGroup: string, balancerArn: string | undefined): Promise<number | undefined> {
  if (balancerArn === undefined) return undefined;
  const balancer = balancerArn.slice(balancerArn.indexOf("loadbalancer/") + "loadbalancer/".length);
  const now = reach.clock.now();
  const query = {
    id: "requests",
    namespace: "AWS/ApplicationELB",
    metric: "RequestCount",
    dimensions: { LoadBalancer: balancer, TargetGroup: targetGroup },
    statistic: "Sum",
    period: hours(1),
  };
  const [series] = await metricsFrom(reach).read([query], before(now, hours(24)), now);
  if (series === undefined || !series.complete) return undefined;
  return series.points.reduce((sum, point) => sum + point.value, 0) / (24 * 60);
}
