import type {
  DescribeServiceDeploymentsResponse,
  DescribeServiceRevisionsResponse,
  DescribeServicesResponse,
  DescribeTasksResponse,
  ListTaskDefinitionsResponse,
  ListTasksResponse,
} from "@aws-sdk/client-ecs";
import { minutes, seconds } from "@nightshift/model";
import { describe, expect, it } from "vitest";
import { crashOnBoot, fiveHundreds } from "../../world/behaviours/index.ts";
import { apiAndWorker, call } from "../../world/fixtures.ts";
import type { LabWorld } from "../../world/world.ts";

const service = (world: LabWorld, name = "api") => {
  const found = call<DescribeServicesResponse>(world, "ecs", "DescribeServices", { cluster: "prod", services: [name] }).services[0];
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
};
const deployment = (world: LabWorld, arn: string) => {
  const found = call<DescribeServiceDeploymentsResponse>(world, "ecs", "DescribeServiceDeployments", { serviceDeploymentArns: [arn] }).serviceDeployments[0];
  if (found === undefined) throw new Error(`no ${arn}`);
  return found;
};
const stop = (world: LabWorld, arn: string) => call(world, "ecs", "StopServiceDeployment", { serviceDeploymentArn: arn, stopType: "ROLLBACK" });
const tasks = (world: LabWorld, desiredStatus: "RUNNING" | "STOPPED", name = "api") => {
  const { taskArns } = call<ListTasksResponse>(world, "ecs", "ListTasks", { cluster: "prod", serviceName: name, desiredStatus });
  return call<DescribeTasksResponse>(world, "ecs", "DescribeTasks", { cluster: "prod", tasks: taskArns }).tasks;
};
const breaker = { enable: true, rollback: true };

describe("a deployment", () => {
  it("goes PENDING, IN_PROGRESS, SUCCESSFUL and pins the digest of its first task", () => {
    const { kernel, world } = apiAndWorker();
    const deployed = world.deploy("api");
    expect(deployment(world, deployed.serviceDeployment).status).toBe("PENDING");
    const images = () =>
      call<DescribeServiceRevisionsResponse>(world, "ecs", "DescribeServiceRevisions", { serviceRevisionArns: [deployed.revision] }).serviceRevisions[0]
        ?.containerImages[0];
    expect(images()).not.toHaveProperty("imageDigest");
    kernel.pass(seconds(2));
    expect(deployment(world, deployed.serviceDeployment).status).toBe("IN_PROGRESS");
    expect(service(world).currentServiceDeployment).toBe(deployed.serviceDeployment);
    kernel.pass(minutes(4));
    expect(deployment(world, deployed.serviceDeployment).status).toBe("SUCCESSFUL");
    expect(images()?.imageDigest).toBe(deployed.digest);
    expect(service(world)).not.toHaveProperty("currentServiceDeployment");
    expect(service(world).deployments.map((one) => [one.id, one.status, one.rolloutState])).toEqual([[deployed.deployment, "PRIMARY", "COMPLETED"]]);
  });

  it("never has fewer healthy tasks than the minimum nor more tasks than the maximum", () => {
    const { kernel, world } = apiAndWorker({ api: { desired: 4, minimumHealthyPercent: 75, maximumPercent: 150 } });
    world.deploy("api");
    for (let second = 0; second < 300; second += 1) {
      kernel.pass(seconds(1));
      const running = tasks(world, "RUNNING");
      expect(running.length).toBeLessThanOrEqual(6);
      expect(running.filter((task) => task.lastStatus === "RUNNING").length).toBeGreaterThanOrEqual(3);
    }
    expect(service(world).deployments).toHaveLength(1);
  });

  it("tells EventBridge that it began and completed, with its own id", () => {
    const { kernel, world, services } = apiAndWorker();
    const deployed = world.deploy("api");
    kernel.pass(minutes(5));
    const told = kernel.events.filter((event) => event.detailType === "ECS Deployment State Change");
    expect(told.map((event) => [event.resources[0], event.detail.eventType, event.detail.eventName, event.detail.deploymentId, event.detail.reason])).toEqual([
      [services.api.arn, "INFO", "SERVICE_DEPLOYMENT_IN_PROGRESS", deployed.deployment, `ECS deployment ${deployed.deployment} in progress.`],
      [services.api.arn, "INFO", "SERVICE_DEPLOYMENT_COMPLETED", deployed.deployment, `ECS deployment ${deployed.deployment} completed.`],
    ]);
    expect(told[0]?.detail.updatedAt).toBe("2026-11-18T12:00:00Z");
  });

  it("ends when a newer one starts", () => {
    const { kernel, world } = apiAndWorker();
    const first = world.deploy("api");
    kernel.pass(seconds(20));
    const second = world.deploy("api");
    expect(deployment(world, first.serviceDeployment).status).toBe("STOPPED");
    kernel.pass(minutes(5));
    expect(deployment(world, second.serviceDeployment).status).toBe("SUCCESSFUL");
    expect([...world.serving("api").keys()]).toEqual([second.digest]);
  });

  it("is not started by a desired count, a deployment configuration or the task definition in place", () => {
    const { world, services } = apiAndWorker();
    const update = (change: object) => call(world, "ecs", "UpdateService", { cluster: "prod", service: "api", ...change });
    update({ desiredCount: 5 });
    update({ deploymentConfiguration: { maximumPercent: 150 } });
    update({ taskDefinition: services.api.taskDefinition });
    expect(service(world).deployments).toHaveLength(1);
    update({ forceNewDeployment: true });
    expect(service(world).deployments).toHaveLength(2);
  });

  it("replaces a lost task of the old revision with the old revision", () => {
    const { kernel, world, services } = apiAndWorker({ ecs: { start: { least: minutes(10), most: minutes(11) } } });
    world.deploy("api");
    kernel.pass(seconds(5));
    world.interrupt("api", { count: 1, code: "InfrastructureHealth", reason: "host lost" });
    kernel.pass(seconds(10));
    const old = tasks(world, "RUNNING").filter((task) => task.taskDefinitionArn === services.api.taskDefinition);
    expect(old).toHaveLength(3);
    expect(old.filter((task) => task.lastStatus === "PROVISIONING")).toHaveLength(1);
  });
});

describe("StopServiceDeployment", () => {
  it("goes back to the old revision, its deployment id and its digest, even when the tag moved", () => {
    const { kernel, world, services } = apiAndWorker({ api: { release: { tag: "latest" } } });
    const before = service(world).deployments[0]?.id;
    const deployed = world.deploy("api", { tag: "latest", behaviour: fiveHundreds({ share: 0.5 }) });
    kernel.pass(seconds(50));
    stop(world, deployed.serviceDeployment);
    expect(deployment(world, deployed.serviceDeployment).status).toBe("ROLLBACK_REQUESTED");
    stop(world, deployed.serviceDeployment);
    kernel.pass(seconds(3));
    expect(deployment(world, deployed.serviceDeployment).status).toBe("ROLLBACK_IN_PROGRESS");
    stop(world, deployed.serviceDeployment);
    kernel.pass(minutes(4));
    const done = deployment(world, deployed.serviceDeployment);
    expect(done.status).toBe("ROLLBACK_SUCCESSFUL");
    expect(done.rollback.serviceRevisionArn).toBe(done.sourceServiceRevisions[0]?.arn);
    expect(service(world).deployments.map((one) => one.id)).toEqual([before]);
    expect([...world.serving("api")]).toEqual([[services.api.digest, 1]]);
  });

  it("ends tasks of the bad revision that never became healthy at once", () => {
    const { kernel, world } = apiAndWorker({ api: { graceSeconds: 3_600 } });
    const deployed = world.deploy("api", { behaviour: { name: "sick", serve: (at) => at.base, healthy: () => false } });
    kernel.pass(seconds(70));
    stop(world, deployed.serviceDeployment);
    kernel.pass(seconds(4));
    expect(tasks(world, "RUNNING").filter((task) => task.startedBy === deployed.deployment)).toEqual([]);
    kernel.pass(minutes(1));
    expect(deployment(world, deployed.serviceDeployment).status).toBe("ROLLBACK_SUCCESSFUL");
  });

  it("is refused once the deployment is over, for unknown ones and for ABORT", () => {
    const { kernel, world } = apiAndWorker();
    const deployed = world.deploy("api");
    expect(() => call(world, "ecs", "StopServiceDeployment", { serviceDeploymentArn: deployed.serviceDeployment, stopType: "ABORT" })).toThrow(
      expect.objectContaining({ name: "InvalidParameterException" }),
    );
    kernel.pass(minutes(5));
    expect(() => stop(world, deployed.serviceDeployment)).toThrow(expect.objectContaining({ name: "ConflictException" }));
    expect(() => stop(world, `${deployed.serviceDeployment}x`)).toThrow(expect.objectContaining({ name: "ServiceDeploymentNotFoundException" }));
  });
});

describe("UpdateService to an old task definition", () => {
  it("makes a new revision and resolves a mutable tag anew: the same bad bytes", () => {
    const { kernel, world, services } = apiAndWorker({ api: { release: { tag: "latest" } } });
    const deployed = world.deploy("api", { tag: "latest", behaviour: fiveHundreds({ share: 0.5 }) });
    kernel.pass(minutes(5));
    call(world, "ecs", "UpdateService", { cluster: "prod", service: "api", taskDefinition: services.api.taskDefinition });
    kernel.pass(minutes(5));
    expect(service(world).taskDefinition).toBe(services.api.taskDefinition);
    expect([...world.serving("api").keys()]).toEqual([deployed.digest]);
  });

  it("is refused ten minutes after it was deregistered, and still describable", () => {
    const { kernel, world, services } = apiAndWorker();
    world.deploy("api");
    world.deregister(services.api.taskDefinition);
    kernel.pass(minutes(10));
    expect(() => call(world, "ecs", "UpdateService", { cluster: "prod", service: "api", taskDefinition: services.api.taskDefinition })).toThrow(
      expect.objectContaining({ name: "ClientException", message: "TaskDefinition is inactive" }),
    );
    expect(
      call<{ taskDefinition: { status: string } }>(world, "ecs", "DescribeTaskDefinition", { taskDefinition: services.api.taskDefinition }).taskDefinition
        .status,
    ).toBe("INACTIVE");
    expect(
      call<ListTaskDefinitionsResponse>(world, "ecs", "ListTaskDefinitions", { familyPrefix: "shop-api" }).taskDefinitionArns.map((arn) => arn.split("/")[1]),
    ).toEqual(["shop-api:2"]);
    expect(call<ListTaskDefinitionsResponse>(world, "ecs", "ListTaskDefinitions", { familyPrefix: "shop-api", status: "INACTIVE" }).taskDefinitionArns).toEqual(
      [services.api.taskDefinition],
    );
  });
});

describe("the circuit breaker", () => {
  it("opens at the third crash and rolls back to the old deployment id", () => {
    const { kernel, world, services } = apiAndWorker({ api: { circuitBreaker: breaker } });
    const before = service(world).deployments[0]?.id;
    const deployed = world.deploy("api", { behaviour: crashOnBoot() });
    kernel.until(() => deployment(world, deployed.serviceDeployment).status === "ROLLBACK_IN_PROGRESS", minutes(5));
    expect(deployment(world, deployed.serviceDeployment).deploymentCircuitBreaker).toEqual({ status: "TRIGGERED", failureCount: 3, threshold: 3 });
    kernel.pass(minutes(3));
    expect(deployment(world, deployed.serviceDeployment).status).toBe("ROLLBACK_SUCCESSFUL");
    const told = kernel.events
      .filter((event) => event.detailType === "ECS Deployment State Change")
      .map((event) => [event.detail.eventName, event.detail.deploymentId, event.detail.reason]);
    expect(told).toEqual([
      ["SERVICE_DEPLOYMENT_IN_PROGRESS", deployed.deployment, `ECS deployment ${deployed.deployment} in progress.`],
      ["SERVICE_DEPLOYMENT_FAILED", deployed.deployment, "ECS deployment circuit breaker: task failed to start."],
      ["SERVICE_DEPLOYMENT_IN_PROGRESS", before, `ECS deployment circuit breaker: rolling back to deploymentId ${before}.`],
      ["SERVICE_DEPLOYMENT_COMPLETED", before, `ECS deployment ${before} completed.`],
    ]);
    expect([...world.serving("api")]).toEqual([[services.api.digest, 1]]);
  });

  it("does nothing when it is off: tasks crash on, the old ones keep serving", () => {
    const { kernel, world, services } = apiAndWorker();
    const deployed = world.deploy("api", { behaviour: crashOnBoot() });
    kernel.pass(minutes(10));
    expect(deployment(world, deployed.serviceDeployment)).toMatchObject({ status: "IN_PROGRESS", deploymentCircuitBreaker: { status: "DISABLED" } });
    expect([...world.serving("api")]).toEqual([[services.api.digest, 1]]);
    expect(service(world).deployments[0]?.failedTasks).toBeGreaterThan(10);
  });

  it("does not see code that answers health checks and fails everything else", () => {
    const { kernel, world } = apiAndWorker({ api: { circuitBreaker: breaker } });
    const deployed = world.deploy("api", { behaviour: fiveHundreds({ share: 1 }) });
    kernel.pass(minutes(5));
    expect(deployment(world, deployed.serviceDeployment).status).toBe("SUCCESSFUL");
  });

  it("stops without a rollback where none was asked for", () => {
    const { kernel, world } = apiAndWorker({ api: { circuitBreaker: { enable: true, rollback: false } } });
    const deployed = world.deploy("api", { behaviour: crashOnBoot() });
    kernel.pass(minutes(5));
    expect(deployment(world, deployed.serviceDeployment).status).toBe("STOPPED");
    expect(service(world).deployments[0]).toMatchObject({ status: "PRIMARY", rolloutState: "FAILED" });
  });

  it("fails its rollback when the old image was purged and old tasks were lost", () => {
    const { kernel, world, services } = apiAndWorker({ api: { circuitBreaker: breaker } });
    world.purge("api", services.api.digest);
    const deployed = world.deploy("api", { behaviour: crashOnBoot() });
    world.interrupt("api", { count: 3, code: "SpotInterruption" });
    kernel.pass(minutes(30));
    expect(deployment(world, deployed.serviceDeployment).status).toBe("ROLLBACK_FAILED");
  });
});

describe("deployment alarms", () => {
  const withAlarm = (initially: "OK" | "ALARM") => {
    const made = apiAndWorker({ api: { deploymentAlarms: { names: ["api-5xx"], rollback: true } } });
    const { loadBalancer, targetGroup } = made.services.api.traffic ?? { loadBalancer: "", targetGroup: "" };
    made.world.alarm({
      kind: "metric",
      name: "api-5xx",
      period: minutes(1),
      evaluationPeriods: 1,
      threshold: 20,
      comparison: "GreaterThanThreshold",
      treatMissingData: "notBreaching",
      initially,
      metrics: [
        {
          id: "m1",
          statistic: "Sum",
          metric: { namespace: "AWS/ApplicationELB", name: "HTTPCode_Target_5XX_Count", dimensions: { LoadBalancer: loadBalancer, TargetGroup: targetGroup } },
        },
      ],
    });
    return made;
  };

  it("roll back when one fires", () => {
    const { kernel, world } = withAlarm("OK");
    const deployed = world.deploy("api", { behaviour: fiveHundreds({ share: 0.5 }) });
    kernel.until(() => deployment(world, deployed.serviceDeployment).status === "ROLLBACK_IN_PROGRESS", minutes(5));
    expect(deployment(world, deployed.serviceDeployment).alarms).toEqual({ status: "TRIGGERED", alarmNames: ["api-5xx"], triggeredAlarmNames: ["api-5xx"] });
  });

  it("are switched off for a deployment when one already fires at its start", () => {
    const { kernel, world } = withAlarm("ALARM");
    const deployed = world.deploy("api", { behaviour: fiveHundreds({ share: 0.5 }) });
    expect(deployment(world, deployed.serviceDeployment).alarms.status).toBe("DISABLED");
    kernel.pass(minutes(6));
    expect(deployment(world, deployed.serviceDeployment).status).toBe("SUCCESSFUL");
  });
});
