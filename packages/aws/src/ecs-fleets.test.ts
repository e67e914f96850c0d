import type { Deployment, Task } from "@aws-sdk/client-ecs";
import { serviceName } from "@nightshift/model";
import { describe, expect, it } from "vitest";
import { fleetsFrom } from "./ecs-fleets.ts";
import { answering } from "./testing/answering.ts";
import { serviceSample, taskSample } from "./testing/ecs-samples.ts";

const ref = { cluster: "arn:aws:ecs:eu-central-1:123456789012:cluster/shop", service: serviceName("worker") };
const at = (clock: string) => new Date(`2026-11-21T${clock}Z`);
const arn = (name: string) => `arn:aws:ecs:eu-central-1:123456789012:task/shop/${name}`;

const deployment = (changes: Partial<Deployment>): Deployment => ({
  id: "ecs-svc/2",
  status: "PRIMARY",
  taskDefinition: "arn:aws:ecs:eu-central-1:123456789012:task-definition/worker:7",
  desiredCount: 4,
  runningCount: 4,
  createdAt: at("08:00:00"),
  rolloutState: "COMPLETED",
  ...changes,
});
const older = deployment({ id: "ecs-svc/1", status: "ACTIVE", taskDefinition: "arn:td/worker:6", createdAt: at("07:00:00") });

describe("a fleet", () => {
  it("has counts and no tasks; one completed deployment is none under way", async () => {
    const { reach } = answering({
      DescribeServices: () => ({
        services: [serviceSample({ serviceName: "worker", desiredCount: 4, runningCount: 3, pendingCount: 1, deployments: [deployment({})] })],
      }),
    });
    expect(await fleetsFrom(reach).describe([ref])).toEqual([
      { ref, at: 1_795_251_600_000, desired: 4, running: 3, pending: 1, deploying: undefined, tasks: undefined },
    ]);
  });

  it.each<[string, readonly Deployment[], string]>([
    ["in progress", [deployment({ rolloutState: "IN_PROGRESS", runningCount: 1 }), older], "worker:7 is being deployed: 1 of 4 tasks run"],
    [
      "failed",
      [deployment({ rolloutState: "FAILED", rolloutStateReason: "circuit breaker: tasks failed to start." })],
      "the deployment of worker:7 failed: circuit breaker: tasks failed to start.",
    ],
    ["completed beside an older one", [deployment({}), older], "tasks of an older deployment (worker:6) are still leaving"],
    ["in a state nobody told", [deployment({ rolloutState: undefined })], "the deployment of worker:7 is in a state that ECS does not tell"],
    ["absent", [], "ECS tells no deployment of it"],
  ])("whose deployment is %s says so", async (_name, deployments, says) => {
    const { reach } = answering({ DescribeServices: () => ({ services: [serviceSample({ serviceName: "worker", deployments: [...deployments] })] }) });
    expect((await fleetsFrom(reach).describe([ref]))[0]?.deploying).toBe(says);
  });

  it("of another controller is told as being deployed: nobody knows", async () => {
    const service = serviceSample({ serviceName: "worker", deploymentController: { type: "CODE_DEPLOY" }, deployments: [deployment({})] });
    const { reach } = answering({ DescribeServices: () => ({ services: [service] }) });
    expect((await fleetsFrom(reach).describe([ref]))[0]?.deploying).toBe("its deployments are made by CODE_DEPLOY, whose progress ECS does not tell");
  });
});

const task = (name: string, changes: Partial<Task> = {}): Task => taskSample({ taskArn: arn(name), createdAt: at("08:01:00"), ...changes });
const fleet: readonly Task[] = [
  task("runs"),
  task("starts", { lastStatus: "PENDING", startedAt: undefined, capacityProviderName: "FARGATE_SPOT", attachments: [], containers: [] }),
  task("leaves", { lastStatus: "RUNNING", desiredStatus: "STOPPED", capacityProviderName: "FARGATE" }),
  task("old", { lastStatus: "STOPPED", desiredStatus: "STOPPED", stoppedAt: at("07:59:59"), stopCode: "ServiceSchedulerInitiated" }),
  task("left", {
    ...{ lastStatus: "STOPPED", desiredStatus: "STOPPED", stoppedAt: at("08:30:00"), stopCode: "SpotInterruption" },
    stoppedReason: "Your Spot Task was interrupted.",
  }),
  task("went", { lastStatus: "DEPROVISIONING", desiredStatus: "STOPPED" }),
];

/** An account with this fleet, of which `runs` is protected and `starts` goes away while we look. */
const account = () =>
  answering({
    ListTasks: ({ desiredStatus }: { desiredStatus: string }) => ({
      taskArns: fleet.filter((one) => one.desiredStatus === desiredStatus).map((one) => one.taskArn),
    }),
    DescribeTasks: ({ tasks }: { tasks: readonly string[] }) => ({ tasks: fleet.filter((one) => tasks.includes(one.taskArn ?? "")) }),
    GetTaskProtection: ({ tasks }: { tasks: readonly string[] }) => ({
      protectedTasks: tasks
        .filter((one) => one !== arn("starts"))
        .map((taskArn) => ({ taskArn, protectionEnabled: taskArn === arn("runs"), ...(taskArn === arn("runs") ? { expirationDate: at("09:05:00") } : {}) })),
      failures: tasks.filter((one) => one === arn("starts")).map((one) => ({ arn: one, reason: "MISSING" })),
    }),
  });

describe("the tasks of a fleet", () => {
  it("are told with address, capacity, age and protection; those that ended with their reason, newest first, for an hour", async () => {
    const { reach, sent } = account();
    const told = await fleetsFrom(reach).tasks(ref);
    const shared = { createdAt: at("08:01:00").getTime(), ip: "10.0.1.17", startedAt: at("08:02:00").getTime(), spot: false, protectedUntil: undefined };
    expect(told.live).toEqual([
      { ...shared, arn: arn("runs"), status: "running", protectedUntil: at("09:05:00").getTime() },
      { ...shared, arn: arn("starts"), status: "starting", ip: undefined, startedAt: undefined, spot: true },
      { ...shared, arn: arn("leaves"), status: "stopping" },
      { ...shared, arn: arn("went"), status: "stopping" },
    ]);
    expect(told.stopped).toEqual([{ arn: arn("left"), at: at("08:30:00").getTime(), code: "SpotInterruption", reason: "Your Spot Task was interrupted." }]);
    expect(sent.map(({ operation }) => operation)).toEqual(["ListTasks", "ListTasks", "DescribeTasks", "GetTaskProtection"]);
    expect(sent.at(-1)?.input).toEqual({ cluster: ref.cluster, tasks: [arn("runs"), arn("starts")] });
  });

  it("cost two calls where neither stopped ones nor protection are asked for", async () => {
    const { reach, sent } = account();
    const told = await fleetsFrom(reach).tasks(ref, { stopped: false, protection: false });
    expect([told.live.map((one) => [one.arn, one.protectedUntil]), told.stopped]).toEqual([
      [
        [arn("runs"), undefined],
        [arn("starts"), undefined],
      ],
      [],
    ]);
    expect(sent.map(({ operation }) => operation)).toEqual(["ListTasks", "DescribeTasks"]);
  });

  it("cost one call where they are asked for by name; one that ECS forgot is absent, and what else is wrong is an error", async () => {
    const { reach, sent } = account();
    const told = await fleetsFrom(reach).tasks(ref, { protection: false, arns: [arn("runs"), arn("left"), arn("leaves")] });
    expect([told.live.map((one) => [one.arn, one.status]), told.stopped.map((one) => one.arn)]).toEqual([
      [
        [arn("runs"), "running"],
        [arn("leaves"), "stopping"],
      ],
      [arn("left")],
    ]);
    expect(sent.map(({ operation }) => operation)).toEqual(["DescribeTasks"]);
    const failing = (reason: string) => answering({ DescribeTasks: () => ({ tasks: [fleet[0]], failures: [{ arn: arn("gone"), reason }] }) }).reach;
    const asked = { protection: false, arns: [arn("runs"), arn("gone")] };
    expect((await fleetsFrom(failing("MISSING")).tasks(ref, asked)).live.map((one) => one.arn)).toEqual([arn("runs")]);
    await expect(fleetsFrom(failing("SOMETHING_NEW")).tasks(ref, asked)).rejects.toMatchObject({ kind: "unavailable", operation: "ecs:DescribeTasks" });
  });

  it("are listed by name in one call, without those that are stopping", async () => {
    const { reach, sent } = account();
    expect(await fleetsFrom(reach).list(ref)).toEqual([arn("runs"), arn("starts")]);
    expect(sent.map(({ operation }) => operation)).toEqual(["ListTasks"]);
  });

  it("whose protection cannot be read are an error, not unprotected", async () => {
    const { reach } = answering({
      ListTasks: () => ({ taskArns: [arn("runs")] }),
      DescribeTasks: () => ({ tasks: [fleet[0]] }),
      GetTaskProtection: () => ({ protectedTasks: [], failures: [{ arn: arn("runs"), reason: "SOMETHING_NEW" }] }),
    });
    await expect(fleetsFrom(reach).tasks(ref)).rejects.toMatchObject({ kind: "unavailable", operation: "ecs:GetTaskProtection" });
  });

  it("are asked for their protection a hundred at a time", async () => {
    const many = Array.from({ length: 101 }, (_, n) => task(`t${n}`));
    const { reach, sent } = answering({
      ListTasks: ({ desiredStatus }: { desiredStatus: string }) => ({ taskArns: desiredStatus === "RUNNING" ? many.map((one) => one.taskArn) : [] }),
      DescribeTasks: ({ tasks }: { tasks: readonly string[] }) => ({ tasks: many.filter((one) => tasks.includes(one.taskArn ?? "")) }),
      GetTaskProtection: () => ({ protectedTasks: [], failures: [] }),
    });
    expect((await fleetsFrom(reach).tasks(ref)).live.length).toBe(101);
    // The inputs of one kind of command.
    const asked = sent.filter(({ operation }) => operation === "GetTaskProtection").map(({ input }) => (input as { tasks: string[] }).tasks.length);
    expect(asked).toEqual([100, 1]);
  });
});

describe("a rival", () => {
  const target = { ResourceId: "service/shop/worker", MinCapacity: 2, MaxCapacity: 10 };
  const rivalOf = async (targets: readonly object[]) => {
    const { reach, sent } = answering({ DescribeScalableTargets: () => ({ ScalableTargets: targets }) });
    return { rival: await fleetsFrom(reach).rival(ref), sent };
  };

  it("is none where no target is registered; the service is asked for by its bare names", async () => {
    const { rival, sent } = await rivalOf([]);
    expect(rival).toBeUndefined();
    expect(sent).toEqual([
      {
        operation: "DescribeScalableTargets",
        input: { ServiceNamespace: "ecs", ResourceIds: ["service/shop/worker"], ScalableDimension: "ecs:service:DesiredCount" },
      },
    ]);
  });

  it("is told with its bounds, also where only a part of it is suspended", async () => {
    const says = "Application Auto Scaling may set its desired count between 2 and 10";
    const part = { DynamicScalingInSuspended: true, DynamicScalingOutSuspended: true, ScheduledScalingSuspended: false };
    expect((await rivalOf([target])).rival).toBe(says);
    expect((await rivalOf([{ ...target, SuspendedState: part }])).rival).toBe(says);
  });

  it("that is suspended altogether is none", async () => {
    const all = { DynamicScalingInSuspended: true, DynamicScalingOutSuspended: true, ScheduledScalingSuspended: true };
    expect((await rivalOf([{ ...target, SuspendedState: all }])).rival).toBeUndefined();
  });
});
