import type { DescribeServicesResponse, DescribeTasksResponse, ListTasksResponse, UpdateTaskProtectionResponse } from "@aws-sdk/client-ecs";
import { minutes, seconds } from "@nightshift/model";
import { describe, expect, it } from "vitest";
import { apiAndWorker, call } from "../../world/fixtures.ts";
import type { LabWorld } from "../../world/world.ts";

const running = (world: LabWorld) => call<ListTasksResponse>(world, "ecs", "ListTasks", { cluster: "prod", serviceName: "worker" }).taskArns;
const update = (world: LabWorld, tasks: readonly string[], more: object = { protectionEnabled: true }) =>
  call<UpdateTaskProtectionResponse>(world, "ecs", "UpdateTaskProtection", { cluster: "prod", tasks, ...more });
const service = (world: LabWorld) => {
  const found = call<DescribeServicesResponse>(world, "ecs", "DescribeServices", { cluster: "prod", services: ["worker"] }).services[0];
  if (found === undefined) throw new Error("no worker");
  return found;
};

describe("task protection", () => {
  it("lasts two hours where nothing is said", () => {
    const { kernel, world } = apiAndWorker();
    const [task] = update(world, running(world).slice(0, 1)).protectedTasks;
    expect((task?.expirationDate.getTime() ?? 0) - kernel.clock.now()).toBe(7_200_000);
  });

  it.each([
    ["no task", [], {}],
    ["eleven tasks", Array.from({ length: 11 }, (_, n) => `t${n}`), {}],
    ["no minute", ["t"], { expiresInMinutes: 0 }],
    ["more than 48 hours", ["t"], { expiresInMinutes: 2_881 }],
  ])("for %s is refused", (_name, tasks, more) => {
    const { world } = apiAndWorker();
    expect(() => update(world, tasks, { protectionEnabled: true, ...more })).toThrow(expect.objectContaining({ name: "InvalidParameterException" }));
  });

  it("of a task nobody knows is a failure beside results, by id or ARN", () => {
    const { world } = apiAndWorker();
    const [first = ""] = running(world);
    const answer = update(world, [first.split("/").at(-1) ?? "", "nobody"]);
    expect([answer.protectedTasks.map((task) => task.taskArn), answer.failures]).toEqual([
      [first],
      [{ arn: "arn:aws:ecs:eu-west-1:111122223333:task/prod/nobody", reason: "MISSING" }],
    ]);
  });

  it("holds a deployment up until it ends", () => {
    const { kernel, world } = apiAndWorker();
    update(world, running(world), { protectionEnabled: true, expiresInMinutes: 10 });
    world.deploy("worker");
    kernel.pass(minutes(8));
    expect(service(world).deployments.map((one) => [one.status, one.rolloutState, one.runningCount])).toEqual([
      ["PRIMARY", "IN_PROGRESS", 2],
      ["ACTIVE", "COMPLETED", 2],
    ]);
    kernel.pass(minutes(4));
    expect(service(world).deployments.map((one) => [one.status, one.rolloutState, one.runningCount])).toEqual([["PRIMARY", "COMPLETED", 2]]);
  });
});

describe("a reclaim of Spot", () => {
  it("warns while the task still runs, then stops it; the base stays on demand", () => {
    const { kernel, world } = apiAndWorker({ worker: { desired: 4, spot: { onDemandBase: 1 } } });
    const before = call<DescribeTasksResponse>(world, "ecs", "DescribeTasks", { cluster: "prod", tasks: running(world) }).tasks;
    expect(before.map((task) => task.capacityProviderName)).toEqual(["FARGATE", "FARGATE_SPOT", "FARGATE_SPOT", "FARGATE_SPOT"]);
    expect(service(world)).not.toHaveProperty("launchType");
    kernel.events.length = 0;
    world.interrupt("worker", { count: 4, code: "SpotInterruption" });
    kernel.pass(seconds(30));
    const told = kernel.events.filter(({ detail }) => detail["taskArn"] === before[1]?.taskArn).map(({ detail }) => [detail["lastStatus"], detail["stopCode"]]);
    expect(told.slice(0, 2)).toEqual([
      ["RUNNING", "SpotInterruption"],
      ["STOPPING", "SpotInterruption"],
    ]);
    expect(new Set(kernel.events.map(({ detail }) => detail["taskArn"])).has(before[0]?.taskArn)).toBe(false);
  });
});
