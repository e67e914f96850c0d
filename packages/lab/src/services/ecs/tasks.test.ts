import type { DescribeServiceDeploymentsResponse, DescribeTasksResponse, ListTasksResponse } from "@aws-sdk/client-ecs";
import { minutes, seconds } from "@nightshift/model";
import { describe, expect, it } from "vitest";
import { crashOnBoot, workerFails } from "../../world/behaviours/index.ts";
import { apiAndWorker, call } from "../../world/fixtures.ts";
import type { LabWorld } from "../../world/world.ts";

const deployment = (world: LabWorld, arn: string) => {
  const found = call<DescribeServiceDeploymentsResponse>(world, "ecs", "DescribeServiceDeployments", { serviceDeploymentArns: [arn] }).serviceDeployments[0];
  if (found === undefined) throw new Error(`no ${arn}`);
  return found;
};
const tasks = (world: LabWorld, desiredStatus: "RUNNING" | "STOPPED", name = "api") => {
  const { taskArns } = call<ListTasksResponse>(world, "ecs", "ListTasks", { cluster: "prod", serviceName: name, desiredStatus });
  return call<DescribeTasksResponse>(world, "ecs", "DescribeTasks", { cluster: "prod", tasks: taskArns }).tasks;
};
const breaker = { enable: true, rollback: true };

describe("tasks", () => {
  it("start in 20 to 60 s, say each status with a rising version, and carry deployment id, digest and address", () => {
    const { kernel, world } = apiAndWorker();
    const deployed = world.deploy("api");
    kernel.pass(seconds(62));
    const mine = tasks(world, "RUNNING").filter((task) => task.startedBy === deployed.deployment);
    for (const task of mine) {
      const took = task.startedAt.getTime() - task.createdAt.getTime();
      expect(took).toBeGreaterThanOrEqual(20_000);
      expect(took).toBeLessThanOrEqual(60_000);
      expect(task.containers[0]?.imageDigest).toBe(deployed.digest);
      expect(task.attachments[0]?.details.find((one) => one.name === "privateIPv4Address")?.value).toMatch(/^10\.0\.\d+\.\d+$/);
    }
    const told = kernel.events.filter((event) => event.detailType === "ECS Task State Change" && event.detail.taskArn === mine[0]?.taskArn);
    expect(told.map((event) => [event.detail.lastStatus, event.detail.version])).toEqual([
      ["PROVISIONING", 1],
      ["PENDING", 2],
      ["RUNNING", 3],
    ]);
    expect(told[2]?.detail).toMatchObject({ group: "service:api", startedBy: deployed.deployment, createdAt: "2026-11-18T12:00:01.000Z" });
  });

  it("that crash say so: exit code, stop code and reason, and their last words are in the log", () => {
    const { kernel, world } = apiAndWorker();
    world.deploy("api", { behaviour: crashOnBoot({ exitCode: 78, says: "Error: no DATABASE_URL" }) });
    kernel.pass(minutes(2));
    const dead = tasks(world, "STOPPED").find((task) => task.lastStatus === "STOPPED");
    expect(dead).toMatchObject({
      stopCode: "EssentialContainerExited",
      stoppedReason: "Essential container in task exited",
      containers: [{ exitCode: 78, lastStatus: "STOPPED" }],
    });
    const id = dead?.taskArn.split("/").at(-1);
    const lines = call<{ events: { message: string }[] }>(world, "logs", "GetLogEvents", {
      logGroupName: "/ecs/shop/api",
      logStreamName: `ecs/api/${id}`,
    }).events;
    expect(lines.map((line) => line.message)).toContain("Error: no DATABASE_URL");
  });

  it("whose image is gone never run, and the scheduler backs off", () => {
    const { kernel, world } = apiAndWorker();
    const deployed = world.deploy("api");
    world.purge("api", deployed.digest);
    kernel.pass(minutes(20));
    const dead = tasks(world, "STOPPED");
    expect(dead[0]).toMatchObject({ stopCode: "TaskFailedToStart", stoppedReason: expect.stringContaining("CannotPullContainerError") });
    expect(dead.length).toBeLessThan(30);
    expect(kernel.events.some((event) => event.detail.eventName === "SERVICE_TASK_START_IMPAIRED")).toBe(true);
  });

  it("that fail the load balancer's checks are replaced after the grace period, with the target group in the reason", () => {
    const { kernel, world, services } = apiAndWorker({ api: { graceSeconds: 30 } });
    world.deploy("api", { behaviour: { name: "sick", serve: (at) => at.base, healthy: () => false } });
    kernel.pass(minutes(5));
    expect(tasks(world, "STOPPED").map((task) => [task.stopCode, task.stoppedReason])).toContainEqual([
      "ServiceSchedulerInitiated",
      `Task failed ELB health checks in (target-group ${services.api.traffic?.targetGroupArn})`,
    ]);
    expect([...world.serving("api").keys()]).toEqual([services.api.digest]);
  });

  it("that fail the container's checks are replaced after the retries", () => {
    const { kernel, world } = apiAndWorker({ worker: { containerHealthCheck: { interval: 10, retries: 3 } } });
    world.deploy("worker", { behaviour: { name: "sick", serve: (at) => at.base, healthy: () => false } });
    kernel.pass(minutes(4));
    expect(tasks(world, "STOPPED", "worker").map((task) => task.stoppedReason)).toContain("Task failed container health checks");
  });

  it("are forgotten an hour after they stopped", () => {
    const { kernel, world } = apiAndWorker();
    world.deploy("api");
    kernel.pass(minutes(10));
    expect(tasks(world, "STOPPED")).toHaveLength(3);
    kernel.pass(minutes(61));
    expect(tasks(world, "STOPPED")).toHaveLength(0);
  });

  it("of a worker that exits while running leave the breaker without a failure to count", () => {
    const { kernel, world } = apiAndWorker({ worker: { circuitBreaker: { ...breaker, resetOnHealthyTask: false } } });
    const deployed = world.deploy("worker", { behaviour: workerFails({ share: 1, exitsAfter: seconds(20) }) });
    kernel.pass(minutes(10));
    expect(deployment(world, deployed.serviceDeployment).deploymentCircuitBreaker).toMatchObject({ failureCount: 0, threshold: 3 });
    expect(tasks(world, "STOPPED", "worker").filter((task) => task.stopCode === "EssentialContainerExited").length).toBeGreaterThan(5);
  });

  it("are not started while Fargate has no capacity, which the service says with its reason, and are afterwards", () => {
    const { kernel, world } = apiAndWorker();
    world.platform("no-capacity", { from: seconds(0), for: minutes(3) });
    const deployed = world.deploy("api");
    kernel.pass(minutes(2));
    expect(tasks(world, "RUNNING").filter((task) => task.startedBy === deployed.deployment)).toEqual([]);
    expect(kernel.events.find((event) => event.detail.eventName === "SERVICE_TASK_PLACEMENT_FAILURE")?.detail).toMatchObject({
      eventType: "ERROR",
      reason: "RESOURCE:FARGATE",
    });
    kernel.pass(minutes(5));
    expect(deployment(world, deployed.serviceDeployment).status).toBe("SUCCESSFUL");
  });

  it("fail to start while the registry limits pulls", () => {
    const { kernel, world } = apiAndWorker();
    world.platform("throttled-pulls", { from: seconds(0), for: minutes(2) });
    world.deploy("api");
    kernel.pass(minutes(2));
    expect(tasks(world, "STOPPED")[0]).toMatchObject({ stopCode: "TaskFailedToStart", stoppedReason: expect.stringContaining("toomanyrequests") });
  });

  it("of good code fail checks that ask a database which is down, old and new alike", () => {
    const { kernel, world, services } = apiAndWorker({ api: { deepHealth: true } });
    world.outage("database", { from: seconds(0), for: minutes(3) });
    kernel.pass(minutes(2));
    expect(
      tasks(world, "STOPPED").every((task) => task.taskDefinitionArn === services.api.taskDefinition && task.stopCode === "ServiceSchedulerInitiated"),
    ).toBe(true);
    expect(tasks(world, "STOPPED").length).toBeGreaterThan(0);
  });
});
