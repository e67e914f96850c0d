import type { Deployment, Service, ServiceDeployment, ServiceDeploymentBrief, ServiceRevision, ServiceRevisionSummary } from "@aws-sdk/client-ecs";
import type { EcsAccount } from "./account.ts";
import { isOver } from "./deploy.ts";
import type { Rollout, ServiceDeploymentRecord, ServiceRecord, ServiceRevisionRecord } from "./records.ts";

const date = (at: number): Date => new Date(at);
const isPending = (status: string): boolean => status === "PROVISIONING" || status === "PENDING" || status === "ACTIVATING";

/** A service as DescribeServices answers it (API_Service, docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Service.html, read 2026-11-21). */
export function describeService(account: EcsAccount, service: ServiceRecord): Service {
  const current = service.rollouts[0]?.serviceDeployment;
  const shown = service.rollouts.filter(
    (rollout) => rollout.status === "PRIMARY" || service.tasks.some((task) => task.rollout === rollout && task.status !== "STOPPED"),
  );
  const revisions = [...new Set(shown.map((rollout) => rollout.revision))];
  return {
    serviceArn: service.arn,
    serviceName: service.name,
    clusterArn: service.clusterArn,
    status: "ACTIVE",
    ...(service.spot === undefined
      ? { launchType: "FARGATE" as const }
      : {
          capacityProviderStrategy: [
            { capacityProvider: "FARGATE", base: service.spot.onDemandBase, weight: 0 },
            { capacityProvider: "FARGATE_SPOT", base: 0, weight: 1 },
          ],
        }),
    platformVersion: "LATEST",
    platformFamily: "Linux",
    desiredCount: service.desired,
    runningCount: service.tasks.filter((task) => task.status === "RUNNING").length,
    pendingCount: service.tasks.filter((task) => isPending(task.status)).length,
    ...(service.rollouts[0] === undefined ? {} : { taskDefinition: service.rollouts[0].revision.taskDefinition.arn }),
    deploymentController: { type: "ECS" },
    schedulingStrategy: "REPLICA",
    enableECSManagedTags: false,
    propagateTags: "NONE",
    enableExecuteCommand: false,
    deploymentConfiguration: structuredClone({ strategy: "ROLLING" as const, ...service.configuration }),
    deployments: shown.map((rollout) => describeRollout(service, rollout)),
    events: service.events.map((event) => ({ id: event.id, createdAt: date(event.at), message: event.message })),
    loadBalancers: structuredClone([...service.loadBalancers]),
    serviceRegistries: [],
    placementConstraints: [],
    placementStrategy: [],
    createdAt: date(service.createdAt),
    ...(service.network === undefined ? {} : { networkConfiguration: structuredClone(service.network) }),
    healthCheckGracePeriodSeconds: service.graceSeconds,
    ...(current === undefined || (isOver(current) && !account.options.keepsCurrentDeployment) ? {} : { currentServiceDeployment: current.arn }),
    currentServiceRevisions: revisions.map((revision) => summary(service, revision)),
  };
}

function describeRollout(service: ServiceRecord, rollout: Rollout): Deployment {
  const tasks = service.tasks.filter((task) => task.rollout === rollout);
  return {
    id: rollout.id,
    status: rollout.status,
    taskDefinition: rollout.revision.taskDefinition.arn,
    desiredCount: rollout.status === "PRIMARY" ? service.desired : rollout.keep,
    pendingCount: tasks.filter((task) => isPending(task.status)).length,
    runningCount: tasks.filter((task) => task.status === "RUNNING").length,
    failedTasks: rollout.failedTasks,
    createdAt: date(rollout.createdAt),
    updatedAt: date(rollout.updatedAt),
    launchType: "FARGATE",
    platformVersion: "1.4.0",
    platformFamily: "Linux",
    ...(rollout.revision.network === undefined ? {} : { networkConfiguration: structuredClone(rollout.revision.network) }),
    rolloutState: rollout.state,
    rolloutStateReason: rollout.reason,
  };
}

function summary(service: ServiceRecord, revision: ServiceRevisionRecord): ServiceRevisionSummary {
  const tasks = service.tasks.filter((task) => task.revision === revision);
  const primary = service.rollouts[0]?.revision === revision;
  const kept = service.rollouts.find((rollout) => rollout.revision === revision)?.keep ?? 0;
  return {
    arn: revision.arn,
    requestedTaskCount: primary ? service.desired : kept,
    runningTaskCount: tasks.filter((task) => task.status === "RUNNING").length,
    pendingTaskCount: tasks.filter((task) => isPending(task.status)).length,
  };
}

/** As DescribeServiceDeployments answers (API_ServiceDeployment, same reference, read 2026-11-21). */
export function describeServiceDeployment(service: ServiceRecord, one: ServiceDeploymentRecord): ServiceDeployment {
  const configured = service.configuration.alarms !== undefined;
  return {
    serviceDeploymentArn: one.arn,
    serviceArn: service.arn,
    clusterArn: service.clusterArn,
    status: one.status,
    ...(one.statusReason === undefined ? {} : { statusReason: one.statusReason }),
    createdAt: date(one.createdAt),
    updatedAt: date(one.updatedAt),
    ...(one.startedAt === undefined ? {} : { startedAt: date(one.startedAt) }),
    ...(one.finishedAt === undefined ? {} : { finishedAt: date(one.finishedAt) }),
    ...(one.stoppedAt === undefined ? {} : { stoppedAt: date(one.stoppedAt) }),
    sourceServiceRevisions: one.source.map((revision) => summary(service, revision)),
    targetServiceRevision: summary(service, one.target),
    deploymentConfiguration: structuredClone({ strategy: "ROLLING" as const, ...service.configuration }),
    ...(one.rollback === undefined
      ? {}
      : { rollback: { reason: one.rollback.reason, startedAt: date(one.rollback.startedAt), serviceRevisionArn: one.rollback.to.arn } }),
    deploymentCircuitBreaker: { status: one.breaker.status, failureCount: one.breaker.failures, threshold: one.breaker.threshold },
    ...(configured ? { alarms: { status: one.alarms.status, alarmNames: [...one.alarms.names], triggeredAlarmNames: [...one.alarms.triggered] } } : {}),
  };
}

/** As ListServiceDeployments answers. */
export function briefDeployment(service: ServiceRecord, one: ServiceDeploymentRecord): ServiceDeploymentBrief {
  return {
    serviceDeploymentArn: one.arn,
    serviceArn: service.arn,
    clusterArn: service.clusterArn,
    createdAt: date(one.createdAt),
    targetServiceRevisionArn: one.target.arn,
    status: one.status,
    ...(one.startedAt === undefined ? {} : { startedAt: date(one.startedAt) }),
    ...(one.finishedAt === undefined ? {} : { finishedAt: date(one.finishedAt) }),
    ...(one.statusReason === undefined ? {} : { statusReason: one.statusReason }),
  };
}

/** As DescribeServiceRevisions answers; digests appear once the first task resolved them (API_ServiceRevision, same reference, read 2026-11-21). */
export function describeServiceRevision(account: EcsAccount, service: ServiceRecord, one: ServiceRevisionRecord): ServiceRevision {
  const group = one.loadBalancers[0]?.targetGroupArn;
  const rule = group === undefined ? undefined : account.balancing.find(group)?.listenerRuleArn;
  return {
    serviceRevisionArn: one.arn,
    serviceArn: service.arn,
    clusterArn: service.clusterArn,
    taskDefinition: one.taskDefinition.arn,
    launchType: "FARGATE",
    platformVersion: "1.4.0",
    platformFamily: "Linux",
    loadBalancers: structuredClone([...one.loadBalancers]),
    ...(one.network === undefined ? {} : { networkConfiguration: structuredClone(one.network) }),
    guardDutyEnabled: false,
    createdAt: date(one.createdAt),
    containerImages: one.images.map((image) => ({
      containerName: image.container,
      image: image.image,
      ...(image.digest === undefined ? {} : { imageDigest: image.digest }),
    })),
    ...(group === undefined
      ? {}
      : { resolvedConfiguration: { loadBalancers: [{ targetGroupArn: group, ...(rule === undefined ? {} : { productionListenerRule: rule }) }] } }),
  };
}
