import { baseOf, envelope, type EventBase } from "./envelope.ts";
import { anyText, arn, firstArn, lastPart, moment, serviceOf, text } from "./fields.ts";
import { serviceActionHeader } from "./patterns.ts";
import { defineShape } from "./shape.ts";
import type { EpochMs, ServiceName } from "@nightshift/model";
import * as z from "zod/mini";

/** The scheduler of a service reports: steady, unable to place or start a task, throttled. */
export interface ServiceActed extends EventBase {
  readonly kind: "service-acted";
  readonly cluster: string;
  readonly service: ServiceName;
  readonly serviceArn: string;
  readonly level: "INFO" | "WARN" | "ERROR";
  /** `SERVICE_STEADY_STATE`, `SERVICE_TASK_START_IMPAIRED`…; AWS adds new ones, so any name is taken. */
  readonly eventName: string;
  readonly createdAt: EpochMs;
  readonly reason: string | undefined;
  readonly capacityProviders: readonly string[];
}

const detail = z.object({
  eventType: z.enum(["INFO", "WARN", "ERROR"]),
  eventName: text.check(z.refine((s) => /^[A-Z][A-Z0-9_]{2,99}$/.test(s), "an event name like SERVICE_STEADY_STATE")),
  clusterArn: arn("ecs", "cluster/"),
  createdAt: moment,
  reason: z.optional(anyText),
  capacityProviderArns: z.optional(z.array(text, "a list of ARNs")),
});

/** "Amazon ECS service action events", https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_events.html, read 2026-11-21. They have no version of their own. */
export const serviceActionShape = defineShape(
  { name: "ecs-service-action", title: "aws.ecs / ECS Service Action", schema: envelope(serviceActionHeader, firstArn("ecs", "service/"), detail) },
  (sent): ServiceActed => ({
    kind: "service-acted",
    ...baseOf(sent),
    cluster: lastPart(sent.detail.clusterArn),
    service: serviceOf(sent.resources[0]).service,
    serviceArn: sent.resources[0],
    level: sent.detail.eventType,
    eventName: sent.detail.eventName,
    createdAt: sent.detail.createdAt,
    reason: sent.detail.reason,
    capacityProviders: (sent.detail.capacityProviderArns ?? []).map(lastPart),
  }),
);
