import { baseOf, envelope, type EventBase } from "./envelope.ts";
import { anyText, firstArn, moment, serviceOf, text } from "./fields.ts";
import { deploymentHeader } from "./patterns.ts";
import { defineShape } from "./shape.ts";
import { type EcsDeploymentId, ecsDeploymentId, type EpochMs, type ServiceName } from "@nightshift/model";
import * as z from "zod/mini";

/** An ECS deployment began, ended or failed. A rollback by ECS itself begins like any other; only `reason` hints at it. */
export interface DeploymentChanged extends EventBase {
  readonly kind: "deployment-changed";
  /** Undefined when the service's ARN is of the old, short form. */
  readonly cluster: string | undefined;
  readonly service: ServiceName;
  readonly serviceArn: string;
  readonly deploymentId: EcsDeploymentId;
  readonly eventName: "SERVICE_DEPLOYMENT_IN_PROGRESS" | "SERVICE_DEPLOYMENT_COMPLETED" | "SERVICE_DEPLOYMENT_FAILED";
  readonly level: "INFO" | "WARN" | "ERROR";
  readonly updatedAt: EpochMs;
  /** For people. Nothing may be decided by its wording. */
  readonly reason: string;
}

const detail = z.object({
  eventType: z.enum(["INFO", "WARN", "ERROR"]),
  eventName: z.enum(["SERVICE_DEPLOYMENT_IN_PROGRESS", "SERVICE_DEPLOYMENT_COMPLETED", "SERVICE_DEPLOYMENT_FAILED"]),
  deploymentId: text.check(z.refine((s) => /^ecs-svc\/\S+$/.test(s), "a deployment id like ecs-svc/123")),
  updatedAt: moment,
  reason: anyText,
});

/**
 * "Amazon ECS service deployment state change events",
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_deployment_events.html, read 2026-11-21.
 * It carries neither cluster nor task definition: the service's ARN is the only resource.
 */
export const deploymentShape = defineShape(
  { name: "ecs-deployment", title: "aws.ecs / ECS Deployment State Change", schema: envelope(deploymentHeader, firstArn("ecs", "service/"), detail) },
  (sent): DeploymentChanged => ({
    kind: "deployment-changed",
    ...baseOf(sent),
    ...serviceOf(sent.resources[0]),
    serviceArn: sent.resources[0],
    deploymentId: ecsDeploymentId(sent.detail.deploymentId),
    eventName: sent.detail.eventName,
    level: sent.detail.eventType,
    updatedAt: sent.detail.updatedAt,
    reason: sent.detail.reason,
  }),
);
