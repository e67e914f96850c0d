import type { EcsAccount } from "./account.ts";
import { arnOf, nowOf } from "./account.ts";
import { hex } from "../../world/chance.ts";
import type { Rollout, ServiceRecord, TaskRecord } from "./records.ts";
import { describeTask } from "./taskView.ts";

type DeploymentEvent = "SERVICE_DEPLOYMENT_IN_PROGRESS" | "SERVICE_DEPLOYMENT_COMPLETED" | "SERVICE_DEPLOYMENT_FAILED";

/** Publishes an "ECS Deployment State Change" ("Amazon ECS service deployment state change events", docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_deployment_events.html, read 2026-11-21). */
export function tellDeployment(account: EcsAccount, service: ServiceRecord, rollout: Rollout, eventName: DeploymentEvent): void {
  account.kernel.record({
    kind: "world",
    what: eventName.toLowerCase().replaceAll("_", "-"),
    about: service.name,
    detail: { deployment: rollout.id, revision: rollout.revision.arn, reason: rollout.reason },
  });
  account.kernel.emit({
    source: "aws.ecs",
    detailType: "ECS Deployment State Change",
    resources: [service.arn],
    detail: {
      eventType: eventName === "SERVICE_DEPLOYMENT_FAILED" ? "ERROR" : "INFO",
      eventName,
      deploymentId: rollout.id,
      updatedAt: isoSeconds(rollout.updatedAt),
      reason: rollout.reason,
    },
  });
}

/** Publishes an "ECS Service Action" and adds the line to the service's events ("Amazon ECS service action events", docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_events.html, read 2026-11-21). */
export function tellAction(
  account: EcsAccount,
  service: ServiceRecord,
  action: { readonly level: "INFO" | "WARN" | "ERROR"; readonly name: string; readonly message: string; readonly reason?: string },
): void {
  say(account, service, action.message);
  account.kernel.emit({
    source: "aws.ecs",
    detailType: "ECS Service Action",
    resources: [service.arn],
    detail: {
      eventType: action.level,
      eventName: action.name,
      clusterArn: service.clusterArn,
      createdAt: new Date(nowOf(account)).toISOString(),
      ...(action.reason === undefined ? {} : { reason: action.reason }),
    },
  });
}

/** Adds a line to the service's events; the newest 100 are kept (API_Service "events", docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Service.html, read 2026-11-21). */
export function say(account: EcsAccount, service: ServiceRecord, message: string): void {
  service.events.unshift({ id: hex(account.random, 32), at: nowOf(account), message: `(service ${service.name}) ${message}` });
  service.events.splice(100);
}

/** Publishes an "ECS Task State Change": the task as DescribeTasks tells it, times as text, `version` rising ("Amazon ECS task state change events", docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_task_events.html, read 2026-11-21). */
export function tellTask(account: EcsAccount, task: TaskRecord): void {
  task.version += 1;
  const detail: Record<string, unknown> = { ...describeTask(account, task), updatedAt: new Date(nowOf(account)) };
  for (const [name, value] of Object.entries(detail)) if (value instanceof Date) detail[name] = value.toISOString();
  account.kernel.emit({
    source: "aws.ecs",
    detailType: "ECS Task State Change",
    resources: [arnOf(account, `task/${task.service.cluster}/${task.id}`)],
    detail,
  });
}

const isoSeconds = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`;
