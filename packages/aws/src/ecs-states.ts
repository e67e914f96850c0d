import type { Deployment, Service, ServiceDeployment as EcsServiceDeployment } from "@aws-sdk/client-ecs";
import {
  type EcsDeployment,
  ecsDeploymentId,
  type EpochMs,
  serviceDeploymentArn,
  type ServiceDeployment,
  type ServiceRef,
  serviceRevisionArn,
  type ServiceState,
  taskDefinitionArn,
} from "@nightshift/model";
import { moment } from "./ecs-tasks.ts";
import { need } from "./partial.ts";

const describe = { operation: "ecs:DescribeServices", on: "a service" };
const describeDeployment = { operation: "ecs:DescribeServiceDeployments", on: "a service deployment" };

/** A service in our words. */
export function serviceState(ref: ServiceRef, service: Service, observedAt: EpochMs): ServiceState {
  const configuration = service.deploymentConfiguration;
  const breaker = configuration?.deploymentCircuitBreaker;
  const alarms = configuration?.alarms;
  return {
    ref,
    observedAt,
    // Services made before the field existed have neither; ECS documents both as the defaults.
    controller: service.deploymentController?.type ?? "ECS",
    strategy: configuration?.strategy ?? "ROLLING",
    taskDefinition: taskDefinitionArn(need(describe, "taskDefinition", service.taskDefinition ?? service.taskSets?.[0]?.taskDefinition)),
    desired: service.desiredCount ?? 0,
    running: service.runningCount ?? 0,
    pending: service.pendingCount ?? 0,
    deployments: newestFirst((service.deployments ?? []).map(ecsDeployment)),
    currentDeployment: service.currentServiceDeployment === undefined ? undefined : serviceDeploymentArn(service.currentServiceDeployment),
    currentRevisions: (service.currentServiceRevisions ?? []).map((revision) => ({
      arn: serviceRevisionArn(need(describe, "currentServiceRevisions[].arn", revision.arn)),
      running: revision.runningTaskCount ?? 0,
      requested: revision.requestedTaskCount ?? 0,
      pending: revision.pendingTaskCount ?? 0,
    })),
    native: {
      circuitBreakerRollback: breaker?.enable === true && breaker.rollback === true,
      alarmRollback: alarms?.enable === true && alarms.rollback === true ? (alarms.alarmNames ?? []) : [],
    },
    targetGroups: targetGroupsOf(service),
  };
}

const targetGroupsOf = (service: Service): readonly string[] => {
  const balancers = service.loadBalancers ?? [];
  const arns = balancers.flatMap((balancer) => [balancer.targetGroupArn, balancer.advancedConfiguration?.alternateTargetGroupArn]);
  return [...new Set(arns.filter((arn) => arn !== undefined))];
};

function ecsDeployment(deployment: Deployment): EcsDeployment {
  const status = deployment.status;
  return {
    id: ecsDeploymentId(need(describe, "deployments[].id", deployment.id)),
    status: status === "PRIMARY" || status === "ACTIVE" ? status : "INACTIVE",
    rolloutState: deployment.rolloutState,
    rolloutReason: deployment.rolloutStateReason,
    taskDefinition: taskDefinitionArn(need(describe, "deployments[].taskDefinition", deployment.taskDefinition)),
    desired: deployment.desiredCount ?? 0,
    running: deployment.runningCount ?? 0,
    pending: deployment.pendingCount ?? 0,
    failedTasks: deployment.failedTasks ?? 0,
    createdAt: need(describe, "deployments[].createdAt", moment(deployment.createdAt)),
  };
}

/** PRIMARY first, the rest by age: during a rollback the primary is not always the newest by a clock that ties. */
const newestFirst = (deployments: readonly EcsDeployment[]): readonly EcsDeployment[] =>
  [...deployments].sort((a, b) => Number(b.status === "PRIMARY") - Number(a.status === "PRIMARY") || b.createdAt - a.createdAt);

/** A service deployment in our words. */
export function serviceDeployment(from: EcsServiceDeployment): ServiceDeployment {
  const { rollback, deploymentCircuitBreaker: breaker, alarms } = from;
  const revision = (arn: string | undefined) => serviceRevisionArn(need(describeDeployment, "a revision's arn", arn));
  return {
    arn: serviceDeploymentArn(need(describeDeployment, "serviceDeploymentArn", from.serviceDeploymentArn)),
    status: need(describeDeployment, "status", from.status),
    createdAt: need(describeDeployment, "createdAt", moment(from.createdAt)),
    finishedAt: moment(from.finishedAt ?? from.stoppedAt),
    source: (from.sourceServiceRevisions ?? []).map((source) => revision(source.arn)),
    target: revision(from.targetServiceRevision?.arn),
    rollback:
      rollback === undefined
        ? undefined
        : {
            reason: rollback.reason ?? "",
            startedAt: moment(rollback.startedAt),
            to: rollback.serviceRevisionArn === undefined ? undefined : serviceRevisionArn(rollback.serviceRevisionArn),
          },
    circuitBreaker:
      breaker === undefined ? undefined : { status: breaker.status ?? "DISABLED", failures: breaker.failureCount ?? 0, threshold: breaker.threshold ?? 0 },
    alarms:
      alarms === undefined ? undefined : { status: alarms.status ?? "DISABLED", names: alarms.alarmNames ?? [], triggered: alarms.triggeredAlarmNames ?? [] },
  };
}
