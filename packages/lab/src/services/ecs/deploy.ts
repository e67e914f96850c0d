import type { DeploymentConfiguration, LoadBalancer, NetworkConfiguration } from "@aws-sdk/client-ecs";
import { days, type EpochMs, seconds } from "@nightshift/model";
import { arnOf, type EcsAccount, longId, nowOf, rolloutId } from "./account.ts";
import { breakerThreshold } from "./breaker.ts";
import { tellDeployment } from "./events.ts";
import type { Rollout, ServiceDeploymentRecord, ServiceRecord, ServiceRevisionRecord, TaskDefinitionRecord } from "./records.ts";
import type { Scheduler } from "./scheduler.ts";

/** What a service is created with. */
export interface NewService {
  readonly name: string;
  readonly cluster: string;
  readonly desired: number;
  readonly configuration: DeploymentConfiguration;
  readonly network: NetworkConfiguration;
  readonly loadBalancers: readonly LoadBalancer[];
  readonly graceSeconds: number;
  readonly spot?: { readonly onDemandBase: number } | undefined;
}

/** Deployments that end with one of these are over ("service deployment stages", docs.aws.amazon.com/AmazonECS/latest/developerguide/service-deployment.html, read 2026-11-21). */
const OVER: ReadonlySet<ServiceDeploymentRecord["status"]> = new Set(["SUCCESSFUL", "STOPPED", "ROLLBACK_SUCCESSFUL", "ROLLBACK_FAILED"]);
/** Whether a service deployment has reached a final status. */
export const isOver = (deployment: ServiceDeploymentRecord): boolean => OVER.has(deployment.status);

/** A service of three months ago that has not deployed anything yet. */
export function createService(account: EcsAccount, spec: NewService): ServiceRecord {
  const service: ServiceRecord = {
    arn: arnOf(account, `service/${spec.cluster}/${spec.name}`),
    name: spec.name,
    cluster: spec.cluster,
    clusterArn: arnOf(account, `cluster/${spec.cluster}`),
    createdAt: (nowOf(account) - days(90)) as EpochMs, // A moment minus a length.
    configuration: spec.configuration,
    network: spec.network,
    loadBalancers: spec.loadBalancers,
    graceSeconds: spec.graceSeconds,
    desired: spec.desired,
    spot: spec.spot,
    rollouts: [],
    lastSuccessful: undefined,
    deployments: [],
    revisions: [],
    tasks: [],
    events: [],
    reconcileAsked: false,
    stale: undefined,
  };
  account.services.set(`${spec.cluster}/${spec.name}`, service);
  return service;
}

/** A completed deployment of long ago; with `running` its tasks serve from the first moment on. */
export function rememberDeployment(
  account: EcsAccount,
  scheduler: Scheduler,
  past: {
    readonly service: ServiceRecord;
    readonly definition: TaskDefinitionRecord;
    readonly at: EpochMs;
    readonly digests: readonly string[];
    readonly running: boolean;
  },
): Rollout {
  const { service, at } = past;
  const revision = newRevision(account, service, past.definition, at);
  revision.images.forEach((image, i) => {
    image.digest = past.digests[i];
  });
  const finished = (at + 240_000) as EpochMs; // A moment plus four minutes.
  const deployment = newServiceDeployment(account, service, revision, at);
  Object.assign(deployment, { status: "SUCCESSFUL", startedAt: at, finishedAt: finished, updatedAt: finished });
  if (deployment.breaker.status === "MONITORING") deployment.breaker.status = "MONITORING_COMPLETE";
  const rollout = newRollout(account, { revision, deployment, at, desired: service.desired });
  Object.assign(rollout, { state: "COMPLETED", reason: `ECS deployment ${rollout.id} completed.`, updatedAt: finished });
  service.rollouts = [rollout];
  service.lastSuccessful = rollout;
  if (past.running) for (let i = 0; i < service.desired; i += 1) scheduler.tasks.start(service, rollout, { since: finished });
  return rollout;
}

/** Begins a deployment of `definition`: a new service revision, a new service deployment, a new PRIMARY. */
export function beginDeployment(account: EcsAccount, scheduler: Scheduler, service: ServiceRecord, definition: TaskDefinitionRecord): Rollout {
  const now = nowOf(account);
  const before = service.rollouts[0];
  const running = before?.serviceDeployment;
  if (running !== undefined && !isOver(running)) {
    // A newer deployment ends the one under way; the reason's wording is not documented.
    Object.assign(running, { status: "STOPPED", statusReason: "A newer service deployment was started.", stoppedAt: now, finishedAt: now, updatedAt: now });
  }
  const revision = newRevision(account, service, definition, now);
  const deployment = newServiceDeployment(account, service, revision, now);
  const rollout = newRollout(account, { revision, deployment, at: now, desired: service.desired });
  for (const older of service.rollouts) {
    older.status = "ACTIVE";
    older.keep = service.tasks.filter((task) => task.rollout === older && task.desired === "RUNNING").length;
  }
  service.rollouts = [rollout, ...service.rollouts];
  account.kernel.clock.in(seconds(1), () => {
    if (deployment.status !== "PENDING") return;
    deployment.status = "IN_PROGRESS";
    deployment.startedAt = nowOf(account);
  });
  tellDeployment(account, service, rollout, "SERVICE_DEPLOYMENT_IN_PROGRESS");
  scheduler.changed(service);
  return rollout;
}

function newRevision(account: EcsAccount, service: ServiceRecord, definition: TaskDefinitionRecord, at: EpochMs): ServiceRevisionRecord {
  const revision: ServiceRevisionRecord = {
    arn: arnOf(account, `service-revision/${service.cluster}/${service.name}/${longId(account).replace(/\D/g, "7").slice(0, 19)}`),
    createdAt: at,
    taskDefinition: definition,
    network: service.network,
    loadBalancers: service.loadBalancers,
    images: definition.containers.map((container) => ({ container: container.name ?? "", image: container.image ?? "", digest: undefined })),
  };
  service.revisions.push(revision);
  return revision;
}

/** One alarm that already fires switches off the monitoring of all of them for this deployment (deployment-alarm-failure.html, read 2026-11-21). */
function newServiceDeployment(account: EcsAccount, service: ServiceRecord, target: ServiceRevisionRecord, at: EpochMs): ServiceDeploymentRecord {
  const breaker = service.configuration.deploymentCircuitBreaker;
  const alarms = service.configuration.alarms;
  const names = alarms?.alarmNames ?? [];
  const firing = names.some((name) => account.alarms.find(name)?.value === "ALARM");
  const deployment: ServiceDeploymentRecord = {
    arn: arnOf(account, `service-deployment/${service.cluster}/${service.name}/${longId(account)}`),
    createdAt: at,
    updatedAt: at,
    target,
    source: [...new Set(service.tasks.filter((task) => task.desired === "RUNNING").map((task) => task.revision))],
    status: "PENDING",
    statusReason: undefined,
    startedAt: undefined,
    finishedAt: undefined,
    stoppedAt: undefined,
    rollback: undefined,
    breaker: {
      enabled: breaker?.enable === true,
      status: breaker?.enable === true ? "MONITORING" : "DISABLED",
      failures: 0,
      threshold: breakerThreshold(service.desired, breaker),
    },
    alarms: { status: alarms?.enable === true && !firing ? "MONITORING" : "DISABLED", names, triggered: [] },
  };
  service.deployments.unshift(deployment);
  account.deploymentOwners.set(deployment.arn, service);
  return deployment;
}

function newRollout(
  account: EcsAccount,
  of: { readonly revision: ServiceRevisionRecord; readonly deployment: ServiceDeploymentRecord; readonly at: EpochMs; readonly desired: number },
): Rollout {
  const id = rolloutId(account);
  return {
    id,
    revision: of.revision,
    createdAt: of.at,
    updatedAt: of.at,
    status: "PRIMARY",
    state: "IN_PROGRESS",
    reason: `ECS deployment ${id} in progress.`,
    failedTasks: 0,
    neverRan: 0,
    notBefore: of.at,
    keep: of.desired,
    settledSince: undefined,
    serviceDeployment: of.deployment,
  };
}
