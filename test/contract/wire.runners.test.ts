import { runnersFrom } from "@nightshift/aws/ecs-runners";
import { backupId, epochMs } from "@nightshift/model";
import type { RunnerJob } from "@nightshift/ports";
import { describe, expect, it } from "vitest";
import { fault, LoopbackStage, ok, reach } from "./loopback-stage.ts";

/** One-off tasks of the runner, over real HTTP through the real SDK. */
const aws = new LoopbackStage();

const taskDefinition = "arn:aws:ecs:eu-central-1:123456789012:task-definition/nightshift-shop:3";
const restoreDefinition = "arn:aws:ecs:eu-central-1:123456789012:task-definition/nightshift-restore-shop:2";
const task = "arn:aws:ecs:eu-central-1:123456789012:task/backups/1";
const runners = (publicAddress = false) =>
  runnersFrom(reach(), {
    cluster: () => "backups",
    taskDefinition: () => taskDefinition,
    restoreDefinition: () => restoreDefinition,
    subnets: () => ["subnet-a", "subnet-b"],
    securityGroups: () => ["sg-1"],
    publicAddress: () => publicAddress,
  });
const job: RunnerJob = {
  diskGiB: 60,
  of: "shop",
  do: "night",
  run: "night/shop/2026-11-21T02:00",
  backup: backupId("shop-261121-0200-nightly"),
  scheduled: epochMs(1_795_226_400_000),
  series: "nightly",
};
const starting = { taskArn: task, lastStatus: "PROVISIONING", containers: [{ name: "runner", lastStatus: "PENDING" }] };

describe("runners over HTTP", () => {
  it("RunTask: on Fargate, in the given network, with the job and no secret, under a token of its run", async () => {
    aws.answers = { RunTask: () => ok({ tasks: [starting], failures: [] }) };
    expect(await runners().start(job)).toEqual({ task, state: "starting" });
    expect(aws.requests).toEqual([
      [
        "RunTask",
        {
          cluster: "backups",
          taskDefinition,
          launchType: "FARGATE",
          count: 1,
          networkConfiguration: { awsvpcConfiguration: { subnets: ["subnet-a", "subnet-b"], securityGroups: ["sg-1"], assignPublicIp: "DISABLED" } },
          overrides: {
            containerOverrides: [
              {
                name: "runner",
                environment: [
                  {
                    name: "NIGHTSHIFT_JOB",
                    value:
                      '{"run":"night/shop/2026-11-21T02:00","of":"shop","do":"night","backup":"shop-261121-0200-nightly","scheduled":1795226400000,"series":"nightly","diskGiB":60}',
                  },
                ],
              },
            ],
            ephemeralStorage: { sizeInGiB: 60 },
          },
          startedBy: "nightshift/night/shop/2026-11-21T02_00",
          tags: [
            { key: "nightshift:owner", value: "nightshift" },
            { key: "nightshift:run", value: "night/shop/2026-11-21T02:00" },
          ],
          clientToken: expect.stringMatching(/^[0-9a-f]{32}$/),
        },
      ],
    ]);
  });

  it("RunTask: the same run has the same token, another run another", async () => {
    aws.answers = { RunTask: () => ok({ tasks: [starting], failures: [] }) };
    for (const run of ["a", "a", "b"]) await runners().start({ ...job, run });
    const tokens = aws.requests.map(([, input]) => Reflect.get(Object(input), "clientToken"));
    expect([tokens[0] === tokens[1], tokens[0] === tokens[2]]).toEqual([true, false]);
  });

  it("RunTask: a run that was started with other words is found by the task that ECS names", async () => {
    const conflict = { __type: "ConflictException", message: "The provided clientToken is already in use", resourceIds: [task] };
    aws.answers = {
      RunTask: () => ({ status: 400, body: JSON.stringify(conflict), headers: { "x-amzn-errortype": "ConflictException" } }),
      DescribeTasks: () => ok({ tasks: [{ ...starting, lastStatus: "RUNNING" }], failures: [] }),
    };
    expect(await runners().start(job)).toEqual({ task, state: "running" });
    expect(aws.requests.at(-1)).toEqual(["DescribeTasks", { cluster: "backups", tasks: [task] }]);
    aws.answers = { RunTask: () => fault("ConflictException") };
    await expect(runners().start(job)).rejects.toMatchObject({ kind: "conflict" });
  });

  it("RunTask: a failure beside no task is an error", async () => {
    aws.answers = { RunTask: () => ok({ tasks: [], failures: [{ reason: "RESOURCE:MEMORY" }] }) };
    await expect(runners().start(job)).rejects.toMatchObject({ kind: "unavailable" });
  });

  it("RunTask: an answer that is lost leaves the outcome unknown, and is not asked again by itself", async () => {
    aws.answers = { RunTask: () => "hang-up" };
    await expect(runners().start(job)).rejects.toMatchObject({ kind: "timeout", outcomeUnknown: true });
    expect(aws.requests.length).toBe(1);
  });

  it.each([
    [19, "invalid"],
    [20, undefined],
    [21, { sizeInGiB: 21 }],
    [200, { sizeInGiB: 200 }],
    [201, "invalid"],
    [30.5, "invalid"],
  ])("RunTask: a disk of %s GiB", async (diskGiB, expected) => {
    aws.answers = { RunTask: () => ok({ tasks: [starting], failures: [] }) };
    const start = runners(true).start({ ...job, diskGiB });
    if (expected === "invalid") {
      await expect(start).rejects.toMatchObject({ kind: "invalid" });
      expect(aws.requests).toEqual([]);
      return;
    }
    await start;
    expect(aws.requests[0]?.[1]).toMatchObject({ networkConfiguration: { awsvpcConfiguration: { assignPublicIp: "ENABLED" } } });
    expect(Reflect.get(Object(Reflect.get(Object(aws.requests[0]?.[1]), "overrides")), "ephemeralStorage")).toEqual(expected);
  });

  it.each([
    [{ lastStatus: "ACTIVATING" }, { task, state: "starting" }],
    [{ lastStatus: "DEACTIVATING" }, { task, state: "running" }],
    [
      { lastStatus: "STOPPED", stoppedReason: "Essential container in task exited", containers: [{ name: "runner", exitCode: 1 }] },
      { task, state: "stopped", exitCode: 1, because: "Essential container in task exited" },
    ],
    [
      {
        lastStatus: "STOPPED",
        stoppedReason: "Task failed",
        containers: [
          { name: "sidecar", exitCode: 0 },
          { name: "runner", exitCode: 137, reason: "OutOfMemoryError" },
        ],
      },
      { task, state: "stopped", exitCode: 137, because: "OutOfMemoryError" },
    ],
  ])("DescribeTasks: %j", async (seen, expected) => {
    aws.answers = { DescribeTasks: () => ok({ tasks: [{ taskArn: task, ...seen }], failures: [] }) };
    expect(await runners().look(task)).toEqual(expected);
  });

  it("DescribeTasks: a task that ECS has forgotten is not found, and is no stopped one", async () => {
    aws.answers = { DescribeTasks: () => ok({ tasks: [], failures: [{ arn: task, reason: "MISSING" }] }) };
    await expect(runners().look(task)).rejects.toMatchObject({ kind: "not-found" });
  });

  it("StopTask: with the reason; one that ECS has forgotten needs no stopping", async () => {
    aws.answers = { StopTask: () => ok({ task: { ...starting, lastStatus: "STOPPED" } }) };
    await runners().stop(task, "it blocks a migration");
    expect(aws.requests).toEqual([["StopTask", { cluster: "backups", task, reason: "it blocks a migration" }]]);
    const gone = { __type: "InvalidParameterException", message: "The referenced task was not found." };
    aws.answers = { StopTask: () => ({ status: 400, body: JSON.stringify(gone), headers: { "x-amzn-errortype": "InvalidParameterException" } }) };
    await runners().stop(task, "again");
    aws.answers = { StopTask: () => fault("InvalidParameterException") };
    await expect(runners().stop(task, "again")).rejects.toMatchObject({ kind: "invalid" });
  });
});
