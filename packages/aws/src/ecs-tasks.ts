import type { Container, Task, TaskDefinition } from "@aws-sdk/client-ecs";
import { ecsDeploymentId, epochMs, type EpochMs, type StoppedTask, taskDefinitionArn, type TaskFacts } from "@nightshift/model";
import { need } from "./partial.ts";
import { lastPart } from "./ecs-names.ts";
import { isDigest } from "./image-name.ts";
import { classifyStop } from "./stop-class.ts";

const call = { operation: "ecs:DescribeTasks", on: "a task" };

/** A task in our words. `definition` says where its containers log. */
export function taskFacts(task: Task, definition: TaskDefinition | undefined): TaskFacts {
  const id = lastPart(need(call, "taskArn", task.taskArn));
  const containers = task.containers ?? [];
  return {
    id,
    startedBy: ecsDeploymentId(task.startedBy ?? ""),
    taskDefinition: taskDefinitionArn(need(call, "taskDefinitionArn", task.taskDefinitionArn)),
    digests: containers
      .map((container) => container.imageDigest)
      .filter(isDigest)
      .sort(),
    lastStatus: task.lastStatus ?? "UNKNOWN",
    health: task.healthStatus ?? "UNKNOWN",
    startedAt: moment(task.startedAt),
    stopped: stopOf(task, containers),
    ip: addressOf(task, containers),
    logs: definition === undefined ? [] : logStreams(id, definition),
  };
}

/** A date of the SDK as a moment. */
export const moment = (date: Date | undefined): EpochMs | undefined => (date === undefined ? undefined : epochMs(date.getTime()));

function stopOf(task: Task, containers: readonly Container[]): StoppedTask | undefined {
  if (task.stopCode === undefined && task.lastStatus !== "STOPPED") return undefined;
  const code = task.stopCode ?? "";
  const reason = task.stoppedReason ?? "";
  const reasons = containers.map((container) => container.reason).filter((text) => text !== undefined);
  const exitCodes = containers.map((container) => container.exitCode).filter((exit) => exit !== undefined);
  return {
    // A task is told to stop before it has stopped; the first moment that is known stands.
    at: moment(task.stoppedAt ?? task.executionStoppedAt ?? task.stoppingAt) ?? epochMs(0),
    code,
    reason: [reason, ...reasons].filter((text) => text !== "").join("; "),
    exitCodes,
    cause: classifyStop({ code, reason, containers: reasons, exitCodes }),
  };
}

/** The private IPv4 of the task's network interface. */
export const addressOf = (task: Task, containers: readonly Container[] = task.containers ?? []): string | undefined =>
  task.attachments?.flatMap((attachment) => attachment.details ?? []).find((detail) => detail.name === "privateIPv4Address")?.value ??
  containers.flatMap((container) => container.networkInterfaces ?? []).find((face) => face.privateIpv4Address !== undefined)?.privateIpv4Address;

/**
 * awslogs names a stream `PREFIX/CONTAINER/TASK` when a prefix is set, as Fargate requires.
 * Source: "Send Amazon ECS logs to CloudWatch", https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html, 2026-11-21.
 */
function logStreams(task: string, definition: TaskDefinition): TaskFacts["logs"] {
  return (definition.containerDefinitions ?? []).flatMap((container) => {
    const options = container.logConfiguration?.logDriver === "awslogs" ? container.logConfiguration.options : undefined;
    const group = options?.["awslogs-group"];
    const prefix = options?.["awslogs-stream-prefix"];
    return group === undefined || prefix === undefined ? [] : [{ group, stream: `${prefix}/${container.name ?? ""}/${task}` }];
  });
}
