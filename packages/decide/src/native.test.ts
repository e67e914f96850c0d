import { type ServiceDeployment, serviceDeploymentArn, serviceRevisionArn } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { at } from "./fixtures.ts";
import { sayNative } from "./native.ts";

const rolledBack = (reason: string | undefined): Parameters<typeof sayNative>[1] => {
  const value: ServiceDeployment = {
    arn: serviceDeploymentArn("arn:aws:ecs:eu-central-1:123456789012:service-deployment/prod/shop-api/d1"),
    status: "ROLLBACK_IN_PROGRESS",
    createdAt: at(0),
    finishedAt: undefined,
    source: [],
    target: serviceRevisionArn("arn:aws:ecs:eu-central-1:123456789012:service-revision/prod/shop-api/1"),
    rollback: reason === undefined ? undefined : { reason, startedAt: at(0), to: undefined },
    circuitBreaker: undefined,
    alarms: undefined,
  };
  return { deployment: { ok: true, value } };
};

describe("a way back that is under way already", () => {
  test.each<[string | undefined, "running" | "done", string]>([
    [
      "Service deployment rolled back because of circuit breaker.",
      "running",
      "ECS is rolling shop-api back by itself: Service deployment rolled back because of circuit breaker",
    ],
    [undefined, "running", "ECS is rolling shop-api back by itself"],
    ["an alarm", "done", "ECS has rolled shop-api back by itself: an alarm"],
    [
      "Service deployment rolled back because StopServiceDeployment was called.",
      "running",
      "shop-api is being rolled back already (a deployment stop was asked for)",
    ],
    ["StopServiceDeployment was called", "done", "shop-api was rolled back already (a deployment stop was asked for)"],
  ])("because of %j is told as what it is (%s)", (reason, native, says) => {
    expect(sayNative("shop-api", rolledBack(reason), native)).toBe(says);
  });
});
