import { ecsDeploymentId, epochMs, serviceDeploymentArn, serviceName, serviceRevisionArn } from "@nightshift/model";
import { describe, expect, it } from "vitest";
import { servicesFrom } from "./ecs-services.ts";
import { answering, awsError } from "./testing/answering.ts";
import { definitionSample, deploymentSample, digestOf, revisionSample, serviceSample, taskSample } from "./testing/ecs-samples.ts";

const ref = { cluster: "shop", service: serviceName("api") };
const worker = { cluster: "shop", service: serviceName("worker") };

describe("a service", () => {
  it("is told in our words, the primary deployment first", async () => {
    const { reach, sent } = answering({ DescribeServices: () => ({ services: [serviceSample()], failures: [] }) });
    const [state] = await servicesFrom(reach).describe([ref]);
    expect(state).toMatchObject({
      ref,
      observedAt: 1_795_251_600_000,
      controller: "ECS",
      strategy: "ROLLING",
      desired: 3,
      running: 3,
      pending: 1,
      currentDeployment: "arn:aws:ecs:eu-central-1:123456789012:service-deployment/shop/api/d2",
      native: { circuitBreakerRollback: true, alarmRollback: ["api-5xx"] },
      targetGroups: ["arn:tg/blue", "arn:tg/green"],
    });
    expect(state?.deployments.map((deployment) => [deployment.id, deployment.status, deployment.rolloutState, deployment.failedTasks])).toEqual([
      ["ecs-svc/2", "PRIMARY", "IN_PROGRESS", 1],
      ["ecs-svc/1", "ACTIVE", "COMPLETED", 0],
    ]);
    expect(sent).toEqual([{ operation: "DescribeServices", input: { cluster: "shop", services: ["api"] } }]);
  });

  it("an older one without strategy, breaker or service deployment has the documented defaults", async () => {
    const { deploymentController: _c, deploymentConfiguration: _d, currentServiceDeployment: _s, currentServiceRevisions: _r, ...older } = serviceSample();
    const { reach } = answering({ DescribeServices: () => ({ services: [older] }) });
    expect((await servicesFrom(reach).describe([ref]))[0]).toMatchObject({
      controller: "ECS",
      strategy: "ROLLING",
      currentDeployment: undefined,
      currentRevisions: [],
      native: { circuitBreakerRollback: false, alarmRollback: [] },
    });
  });

  it("several come in the order asked, in one call a cluster", async () => {
    const { reach, sent } = answering({ DescribeServices: () => ({ services: [serviceSample({ serviceName: "worker" }), serviceSample()] }) });
    expect((await servicesFrom(reach).describe([ref, worker])).map((state) => state.ref)).toEqual([ref, worker]);
    expect(sent.length).toBe(1);
  });

  it.each([
    [10, [10]],
    [11, [10, 1]],
    [21, [10, 10, 1]],
  ])("%i of them are asked for ten at a time and come in the order asked", async (count, groups) => {
    const { reach, sent } = answering({
      DescribeServices: ({ services }: { services: string[] }) => ({ services: services.toReversed().map((name) => serviceSample({ serviceName: name })) }),
    });
    const refs = Array.from({ length: count }, (_, n) => ({ cluster: "shop", service: serviceName(`s${n}`) }));
    expect((await servicesFrom(reach).describe(refs)).map((state) => state.ref)).toEqual(refs);
    expect(sent.map(({ input }) => Reflect.get(Object(input), "services").length)).toEqual(groups);
  });

  it("a missing one in the second ten is named too", async () => {
    const { reach } = answering({
      DescribeServices: ({ services }: { services: string[] }) => ({
        services: services.filter((name) => name !== "s10").map((name) => serviceSample({ serviceName: name })),
        failures: services.includes("s10") ? [{ arn: "arn:aws:ecs:eu-central-1:123456789012:service/shop/s10", reason: "MISSING" }] : [],
      }),
    });
    const refs = Array.from({ length: 11 }, (_, n) => ({ cluster: "shop", service: serviceName(`s${n}`) }));
    await expect(servicesFrom(reach).describe(refs)).rejects.toMatchObject({ kind: "not-found", message: expect.stringContaining("service/shop/s10") });
  });

  it("a missing one beside one that is there is an error that names it, never a shorter list", async () => {
    const { reach } = answering({
      DescribeServices: () => ({
        services: [serviceSample()],
        failures: [{ arn: "arn:aws:ecs:eu-central-1:123456789012:service/shop/worker", reason: "MISSING" }],
      }),
    });
    await expect(servicesFrom(reach).describe([ref, worker])).rejects.toMatchObject({
      kind: "not-found",
      message: expect.stringContaining("service/shop/worker"),
    });
  });

  it("one that is neither there nor failed is unknown, not absent", async () => {
    const { reach } = answering({ DescribeServices: () => ({ services: [serviceSample()], failures: [] }) });
    await expect(servicesFrom(reach).describe([ref, worker])).rejects.toMatchObject({ kind: "unavailable", on: "shop/worker" });
  });

  it("a deleted one, still describable, is not found", async () => {
    const { reach } = answering({ DescribeServices: () => ({ services: [serviceSample({ status: "INACTIVE" })] }) });
    await expect(servicesFrom(reach).describe([ref])).rejects.toMatchObject({ kind: "not-found" });
  });
});

describe("service deployments", () => {
  it("one is told with its rollback, breaker and alarms", async () => {
    const rollback = { reason: "Service deployment rolled back because of circuit breaker", startedAt: new Date(1_000), serviceRevisionArn: "arn:r/1000" };
    const { reach } = answering({
      DescribeServiceDeployments: () => ({ serviceDeployments: [deploymentSample({ status: "ROLLBACK_IN_PROGRESS", rollback })] }),
    });
    expect(await servicesFrom(reach).deployment(serviceDeploymentArn("arn:d2"))).toMatchObject({
      status: "ROLLBACK_IN_PROGRESS",
      finishedAt: undefined,
      rollback: { startedAt: 1_000, to: "arn:r/1000" },
      circuitBreaker: { status: "MONITORING", failures: 1, threshold: 3 },
      alarms: { names: ["api-5xx"], triggered: [] },
    });
  });

  it("recent ones are read to the last page, newest first, at most 20", async () => {
    const brief = (n: number) => ({ serviceDeploymentArn: `arn:d${n}`, createdAt: new Date(n * 1_000) });
    const { reach, sent } = answering({
      ListServiceDeployments: ({ nextToken }: { nextToken?: string }) =>
        nextToken === undefined
          ? { serviceDeployments: [brief(1), brief(2)], nextToken: "2" }
          : { serviceDeployments: Array.from({ length: 22 }, (_, i) => brief(i + 3)) },
      DescribeServiceDeployments: ({ serviceDeploymentArns }: { serviceDeploymentArns: string[] }) => ({
        serviceDeployments: serviceDeploymentArns
          .toReversed()
          .map((serviceDeploymentArn) => deploymentSample({ serviceDeploymentArn, createdAt: new Date(Number(serviceDeploymentArn.slice(5)) * 1_000) })),
      }),
    });
    const found = await servicesFrom(reach).recentDeployments(ref);
    expect(found.length).toBe(20);
    expect([found[0]?.arn, found[19]?.arn]).toEqual(["arn:d24", "arn:d5"]);
    expect(sent.map((call) => call.operation)).toEqual(["ListServiceDeployments", "ListServiceDeployments", "DescribeServiceDeployments"]);
  });

  it("a service without any has none, and nothing is described", async () => {
    const { reach } = answering({ ListServiceDeployments: () => ({ serviceDeployments: [] }) });
    expect(await servicesFrom(reach).recentDeployments(ref)).toEqual([]);
  });
});

describe("service revisions", () => {
  const two = {
    DescribeServiceRevisions: () => ({
      serviceRevisions: [revisionSample({ serviceRevisionArn: "arn:r2" }), revisionSample({ serviceRevisionArn: "arn:r1" })],
    }),
    DescribeTaskDefinition: () => ({ taskDefinition: definitionSample(), tags: [] }),
  };

  it("come in the order asked, with identity and labels; a task definition is read once", async () => {
    const { reach, sent } = answering(two);
    const services = servicesFrom(reach);
    const found = await services.revisions([serviceRevisionArn("arn:r1"), serviceRevisionArn("arn:r2")]);
    await services.revisions([serviceRevisionArn("arn:r1")]);
    expect(found.map((revision) => [revision.arn, revision.identity.images[0]?.digest, revision.labels])).toEqual([
      ["arn:r1", digestOf("a"), { commit: "abc1234" }],
      ["arn:r2", digestOf("a"), { commit: "abc1234" }],
    ]);
    expect(sent.filter((call) => call.operation === "DescribeTaskDefinition").length).toBe(1);
  });

  it("one that AWS left out is unknown, not absent", async () => {
    const { reach } = answering(two);
    await expect(servicesFrom(reach).revisions([serviceRevisionArn("arn:r3")])).rejects.toMatchObject({ kind: "unavailable" });
  });
});

describe("tasks", () => {
  const stopped = taskSample({
    taskArn: "arn:task/shop/dead",
    startedBy: "ecs-svc/1",
    lastStatus: "STOPPED",
    stopCode: "EssentialContainerExited",
    stoppedReason: "Essential container in task exited",
    stoppedAt: new Date(5_000),
    containers: [{ name: "app", exitCode: 137, reason: "OutOfMemoryError: Container killed due to memory usage" }],
  });
  const answers = {
    ListTasks: ({ desiredStatus }: { desiredStatus: string }) => ({
      taskArns: desiredStatus === "RUNNING" ? ["arn:task/shop/0123456789abcdef"] : ["arn:task/shop/dead"],
    }),
    DescribeTasks: () => ({ tasks: [taskSample(), stopped], failures: [] }),
    DescribeTaskDefinition: () => ({ taskDefinition: definitionSample() }),
  };

  it("tell address, log streams, and how they ended", async () => {
    const { reach } = answering(answers);
    const [running, dead] = await servicesFrom(reach).tasks(ref);
    expect(running).toMatchObject({
      id: "0123456789abcdef",
      startedBy: "ecs-svc/2",
      ip: "10.0.1.17",
      health: "HEALTHY",
      stopped: undefined,
      digests: [digestOf("a")],
      logs: [{ group: "/ecs/api", stream: "api/app/0123456789abcdef" }],
    });
    expect(dead?.stopped).toEqual({
      at: epochMs(5_000),
      code: "EssentialContainerExited",
      reason: "Essential container in task exited; OutOfMemoryError: Container killed due to memory usage",
      exitCodes: [137],
      cause: "app",
    });
  });

  it("of one deployment are told apart here, because ListTasks cannot", async () => {
    const { reach, sent } = answering(answers);
    expect((await servicesFrom(reach).tasks(ref, ecsDeploymentId("ecs-svc/1"))).map((task) => task.id)).toEqual(["dead"]);
    expect(sent[0]).toEqual({ operation: "ListTasks", input: { cluster: "shop", serviceName: "api", desiredStatus: "RUNNING", maxResults: 100 } });
  });

  it("a task that vanished between list and description makes the read worth repeating, not shorter", async () => {
    const { reach } = answering({ ...answers, DescribeTasks: () => ({ tasks: [taskSample()], failures: [{ arn: "arn:task/shop/dead", reason: "MISSING" }] }) });
    await expect(servicesFrom(reach).tasks(ref)).rejects.toMatchObject({ kind: "unavailable", retryable: true });
  });

  /** `running` tasks, listed 100 to a page. */
  const many = (running: number) => ({
    ...answers,
    ListTasks: ({ desiredStatus, nextToken }: { desiredStatus: string; nextToken?: string }) => {
      const all = Array.from({ length: desiredStatus === "RUNNING" ? running : 101 }, (_, n) => `arn:task/shop/${desiredStatus}${n}`);
      const start = Number(nextToken ?? 0);
      return { taskArns: all.slice(start, start + 100), ...(start + 100 < all.length ? { nextToken: String(start + 100) } : {}) };
    },
    DescribeTasks: ({ tasks }: { tasks: string[] }) => ({ tasks: tasks.map((taskArn) => taskSample({ taskArn })) }),
  });

  it("beyond a hundred are read page by page, running and stopped, and described in hundreds", async () => {
    const { reach, sent } = answering(many(1_000));
    const found = await servicesFrom(reach).tasks(ref);
    expect([found.length, found[999]?.id, found[1_100]?.id]).toEqual([1_101, "RUNNING999", "STOPPED100"]);
    expect([sent.filter((call) => call.operation === "ListTasks").length, sent.filter((call) => call.operation === "DescribeTasks").length]).toEqual([12, 12]);
  });

  it("beyond ten pages are an error, never a list cut short", async () => {
    const { reach } = answering(many(1_001));
    await expect(servicesFrom(reach).tasks(ref)).rejects.toMatchObject({ kind: "unsupported", operation: "ecs:ListTasks" });
  });

  it("looked at twice read their task definition once", async () => {
    const { reach, sent } = answering(answers);
    const services = servicesFrom(reach);
    await services.tasks(ref);
    await services.tasks(ref);
    expect(sent.filter((call) => call.operation === "DescribeTaskDefinition").length).toBe(1);
    expect(sent.filter((call) => call.operation === "DescribeTasks").length).toBe(2);
  });

  it("none is none", async () => {
    const { reach } = answering({ ListTasks: () => ({ taskArns: [] }) });
    expect(await servicesFrom(reach).tasks(ref)).toEqual([]);
  });
});

it("a cluster that does not exist is not found", async () => {
  const { reach } = answering({
    DescribeServices: () => {
      throw awsError("ClusterNotFoundException");
    },
  });
  await expect(servicesFrom(reach).describe([ref])).rejects.toMatchObject({ kind: "not-found" });
});
