import { anyResources, baseOf, envelope, type EventBase } from "./envelope.ts";
import { anyText, arn, count, lastPart, moment, text } from "./fields.ts";
import { taskHeader } from "./patterns.ts";
import { defineShape } from "./shape.ts";
import {
  type Digest,
  digest,
  type EcsDeploymentId,
  ecsDeploymentId,
  type EpochMs,
  type ServiceName,
  serviceName,
  type TaskDefinitionArn,
  taskDefinitionArn,
} from "@nightshift/model";
import * as z from "zod/mini";

/** An ECS task changed: it started, is stopping, or ended. */
export interface TaskChanged extends EventBase {
  readonly kind: "task-changed";
  readonly cluster: string;
  /** Undefined for a task that no service started. */
  readonly service: ServiceName | undefined;
  /** Which deployment of the service started it: what ties a crash to a revision. */
  readonly deploymentId: EcsDeploymentId | undefined;
  readonly task: string;
  readonly taskDefinition: TaskDefinitionArn;
  /** Rises with every change of the task: the same number again is a duplicate, a lower one is stale. */
  readonly version: number;
  readonly lastStatus: string;
  readonly desiredStatus: string;
  readonly createdAt: EpochMs | undefined;
  readonly startedAt: EpochMs | undefined;
  readonly containers: readonly TaskContainer[];
  /** How and why it ends; undefined while nothing says that it does. */
  readonly stop: { readonly code: string | undefined; readonly reason: string | undefined; readonly at: EpochMs | undefined } | undefined;
}

/** One container of a task. */
export interface TaskContainer {
  readonly name: string;
  readonly image: string | undefined;
  readonly digest: Digest | undefined;
  readonly lastStatus: string;
  readonly exitCode: number | undefined;
  readonly reason: string | undefined;
}

const container = z.object({
  name: text,
  image: z.optional(text),
  imageDigest: z.optional(anyText.check(z.refine((s) => /^sha256:[0-9a-f]{64}$/.test(s), "a digest, sha256: and 64 hex digits"))),
  lastStatus: text,
  exitCode: z.optional(z.number("a number").check(z.refine(Number.isInteger, "a whole number"))),
  reason: z.optional(anyText),
});

const detail = z.object({
  clusterArn: arn("ecs", "cluster/"),
  taskArn: arn("ecs", "task/"),
  taskDefinitionArn: arn("ecs", "task-definition/"),
  group: z.optional(text),
  startedBy: z.optional(text),
  version: count,
  lastStatus: text,
  desiredStatus: text,
  createdAt: z.optional(moment),
  startedAt: z.optional(moment),
  stoppingAt: z.optional(moment),
  executionStoppedAt: z.optional(moment),
  stoppedAt: z.optional(moment),
  stopCode: z.optional(text),
  stoppedReason: z.optional(anyText),
  containers: z.array(container, "a list of containers"),
});

/**
 * "Amazon ECS task state change events", https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_task_events.html, read 2026-11-21;
 * the detail resembles the task of DescribeTasks with ISO times ("Task", https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Task.html, read 2026-11-21).
 * `imageDigest` is there for images from ECR; a task says nothing of its health here.
 */
export const taskShape = defineShape(
  { name: "ecs-task", title: "aws.ecs / ECS Task State Change", schema: envelope(taskHeader, anyResources, detail) },
  (sent): TaskChanged => {
    const d = sent.detail;
    const ends = d.stopCode ?? d.stoppedReason ?? d.stoppedAt;
    return {
      kind: "task-changed",
      ...baseOf(sent),
      cluster: lastPart(d.clusterArn),
      service: d.group?.startsWith("service:") === true ? serviceName(d.group.slice("service:".length)) : undefined,
      deploymentId: d.startedBy?.startsWith("ecs-svc/") === true ? ecsDeploymentId(d.startedBy) : undefined,
      task: lastPart(d.taskArn),
      taskDefinition: taskDefinitionArn(d.taskDefinitionArn),
      version: d.version,
      lastStatus: d.lastStatus,
      desiredStatus: d.desiredStatus,
      createdAt: d.createdAt,
      startedAt: d.startedAt,
      containers: d.containers.map((c) => ({
        name: c.name,
        image: c.image,
        digest: c.imageDigest === undefined ? undefined : digest(c.imageDigest),
        lastStatus: c.lastStatus,
        exitCode: c.exitCode,
        reason: c.reason,
      })),
      stop: ends === undefined ? undefined : { code: d.stopCode, reason: d.stoppedReason, at: d.stoppedAt },
    };
  },
);
