import type { DescribeTargetGroupAttributesOutput, DescribeTargetGroupsOutput, DescribeTargetHealthOutput } from "@aws-sdk/client-elastic-load-balancing-v2";
import { seconds } from "@nightshift/model";
import { describe, expect, it } from "vitest";
import { apiAndWorker, call } from "../../world/fixtures.ts";
import { TestKernel } from "../../world/testKernel.ts";
import { type HealthAnswer, LoadBalancing } from "./loadBalancing.ts";

function oneTarget(settings: { readonly healthyThreshold?: number; readonly unhealthyThreshold?: number; readonly checksAfterRegistration?: number } = {}) {
  const kernel = new TestKernel();
  const balancing = new LoadBalancing(kernel);
  const group = balancing.create("shop", { name: "shop-api", interval: seconds(10), deregistrationDelay: seconds(60), ...settings });
  const app: { answer: HealthAnswer } = { answer: "ok" };
  balancing.register(group.arn, { id: "10.0.0.4", port: 8080, az: "eu-west-1a", ask: () => app.answer, changed: () => {} });
  const state = () => {
    const target = balancing.targets(group.arn)[0];
    return [target?.state, target?.reason];
  };
  return { kernel, balancing, group, app, state };
}

describe("a target", () => {
  it("is initial when registered and healthy after one passed check", () => {
    const { kernel, state } = oneTarget({ healthyThreshold: 5 });
    expect(state()).toEqual(["initial", "Elb.RegistrationInProgress"]);
    kernel.pass(seconds(10));
    expect(state()).toEqual(["healthy", undefined]);
  });

  it("can be made to need more checks after registration", () => {
    const { kernel, state } = oneTarget({ checksAfterRegistration: 2 });
    kernel.pass(seconds(10));
    expect(state()).toEqual(["initial", "Elb.InitialHealthChecking"]);
    kernel.pass(seconds(10));
    expect(state()[0]).toBe("healthy");
  });

  it("turns unhealthy at the unhealthy threshold and healthy again at the healthy threshold", () => {
    const { kernel, app, state } = oneTarget({ unhealthyThreshold: 3, healthyThreshold: 2 });
    kernel.pass(seconds(10));
    app.answer = "wrong-status";
    kernel.pass(seconds(20));
    expect(state()[0]).toBe("healthy");
    kernel.pass(seconds(10));
    expect(state()).toEqual(["unhealthy", "Target.ResponseCodeMismatch"]);
    app.answer = "ok";
    kernel.pass(seconds(10));
    expect(state()[0]).toBe("unhealthy");
    kernel.pass(seconds(10));
    expect(state()[0]).toBe("healthy");
  });

  it.each([
    ["timeout", "Target.Timeout"],
    ["refused", "Target.FailedHealthChecks"],
  ] as const)("that answers with a %s gives the reason %s", (answer, reason) => {
    const { kernel, app, state } = oneTarget({ unhealthyThreshold: 2 });
    app.answer = answer;
    kernel.pass(seconds(20));
    expect(state()).toEqual(["unhealthy", reason]);
  });

  it("drains for the deregistration delay, without new requests, and is gone then", () => {
    const { kernel, balancing, group, state } = oneTarget();
    kernel.pass(seconds(10));
    let drained = false;
    balancing.deregister(group.arn, "10.0.0.4", () => {
      drained = true;
    });
    expect(state()).toEqual(["draining", "Target.DeregistrationInProgress"]);
    expect(balancing.receivers(group.arn)).toEqual([]);
    kernel.pass(seconds(59));
    expect(drained).toBe(false);
    kernel.pass(seconds(1));
    expect([drained, balancing.targets(group.arn).length]).toEqual([true, 0]);
  });

  it("gets requests although unhealthy when all are: the load balancer fails open", () => {
    const { kernel, balancing, group, app } = oneTarget();
    app.answer = "wrong-status";
    kernel.pass(seconds(20));
    expect(balancing.receivers(group.arn)).toHaveLength(1);
  });
});

describe("the API", () => {
  it("tells health, settings and attributes as the SDK shapes them", () => {
    const { world, services } = apiAndWorker();
    const TargetGroupArn = services.api.traffic?.targetGroupArn;
    const health = call<DescribeTargetHealthOutput>(world, "elbv2", "DescribeTargetHealth", { TargetGroupArn }).TargetHealthDescriptions;
    expect(health.map((one) => [one.Target.Port, one.TargetHealth.State])).toEqual([
      [8080, "healthy"],
      [8080, "healthy"],
      [8080, "healthy"],
    ]);
    expect(
      call<DescribeTargetHealthOutput>(world, "elbv2", "DescribeTargetHealth", { TargetGroupArn, Targets: [{ Id: "10.9.9.9" }] }).TargetHealthDescriptions[0]
        ?.TargetHealth,
    ).toMatchObject({ State: "unused", Reason: "Target.NotRegistered" });
    expect(call<DescribeTargetGroupsOutput>(world, "elbv2", "DescribeTargetGroups", { TargetGroupArns: [TargetGroupArn] }).TargetGroups[0]).toMatchObject({
      TargetType: "ip",
      HealthCheckIntervalSeconds: 10,
      UnhealthyThresholdCount: 2,
      HealthCheckPath: "/health",
    });
    expect(call<DescribeTargetGroupAttributesOutput>(world, "elbv2", "DescribeTargetGroupAttributes", { TargetGroupArn }).Attributes).toContainEqual({
      Key: "deregistration_delay.timeout_seconds",
      Value: "30",
    });
    expect(() => call(world, "elbv2", "DescribeTargetHealth", { TargetGroupArn: "arn:nothing" })).toThrow(
      expect.objectContaining({ name: "TargetGroupNotFoundException" }),
    );
  });
});
