import { expect, test } from "vitest";
import { sampleText } from "../samples/load.ts";
import { parseEvent, parseEventText } from "./parse.ts";

const read = (name: string) => parseEventText(sampleText(name));

test("a deployment that begins names service, cluster and deployment", () => {
  expect(read("ecs-deployment-in-progress")).toMatchObject({
    kind: "deployment-changed",
    at: 1_795_227_031_000,
    cluster: "shop-prod",
    service: "shop-api",
    serviceArn: "arn:aws:ecs:eu-west-1:123456789012:service/shop-prod/shop-api",
    deploymentId: "ecs-svc/4719083255108276431",
    eventName: "SERVICE_DEPLOYMENT_IN_PROGRESS",
    level: "INFO",
    updatedAt: 1_795_227_031_412,
    reason: "ECS deployment ecs-svc/4719083255108276431 in progress.",
  });
});

test("an old, short service ARN leaves the cluster unknown", () => {
  expect(read("ecs-deployment-short-arn")).toMatchObject({ cluster: undefined, service: "shop-api" });
});

test("completion, failure and ECS's own rollback are told by name", () => {
  expect(read("ecs-deployment-completed")).toMatchObject({ eventName: "SERVICE_DEPLOYMENT_COMPLETED", level: "INFO" });
  expect(read("ecs-deployment-failed")).toMatchObject({ eventName: "SERVICE_DEPLOYMENT_FAILED", level: "ERROR" });
  expect(read("ecs-deployment-rolling-back")).toMatchObject({ eventName: "SERVICE_DEPLOYMENT_IN_PROGRESS", deploymentId: "ecs-svc/2085517739940163827" });
});

const altered = (name: string, change: (event: { detail: Record<string, unknown>; resources: unknown[] }) => void): unknown => {
  const event = JSON.parse(sampleText(name));
  change(event);
  return event;
};

test.each([
  [
    "a deployment event of a new name",
    altered("ecs-deployment-in-progress", (e) => {
      e.detail["eventName"] = "SERVICE_DEPLOYMENT_PAUSED";
    }),
    'detail.eventName: expected "SERVICE_DEPLOYMENT_IN_PROGRESS" or',
  ],
  [
    "a deployment id of another form",
    altered("ecs-deployment-in-progress", (e) => {
      e.detail["deploymentId"] = "d-123";
    }),
    "detail.deploymentId: expected a deployment id like ecs-svc/123",
  ],
  [
    "the ARN of something else",
    altered("ecs-deployment-in-progress", (e) => {
      e.resources[0] = "arn:aws:ecs:eu-west-1:123456789012:cluster/shop-prod";
    }),
    "resources[0]: expected an ARN like arn:aws:ecs:eu-west-1:123456789012:service/…, got",
  ],
  [
    "no resource",
    altered("ecs-deployment-in-progress", (e) => {
      e.resources = [];
    }),
    "resources[0]: expected a string, got nothing",
  ],
  [
    "resources that are no list",
    altered("ecs-deployment-in-progress", (e) => {
      Object.assign(e, { resources: "service/shop-api" });
    }),
    "resources: expected a list that begins with an ARN like arn:aws:ecs:eu-west-1:123456789012:service/…, got the string",
  ],
  [
    "a digest that is none",
    altered("ecs-task-crashed", (e) => {
      e.detail["containers"] = [{ name: "api", lastStatus: "STOPPED", imageDigest: "sha256:12" }];
    }),
    "detail.containers[0].imageDigest: expected a digest",
  ],
  [
    "a version below zero",
    altered("ecs-task-crashed", (e) => {
      e.detail["version"] = -1;
    }),
    "detail.version: expected a whole number, 0 or more",
  ],
  [
    "half an exit code",
    altered("ecs-task-crashed", (e) => {
      e.detail["containers"] = [{ name: "api", lastStatus: "STOPPED", exitCode: 0.5 }];
    }),
    "detail.containers[0].exitCode: expected a whole number",
  ],
  [
    "a service action that is a sentence",
    altered("ecs-service-steady", (e) => {
      e.detail["eventName"] = "<!channel> all is well";
    }),
    "detail.eventName: expected an event name like SERVICE_STEADY_STATE",
  ],
])("%s is refused by name", (_, event, says) => {
  expect(() => parseEvent(event)).toThrow(says);
});

test("a crashed task ties the crash to its deployment and revision", () => {
  expect(read("ecs-task-crashed")).toMatchObject({
    kind: "task-changed",
    cluster: "shop-prod",
    service: "shop-api",
    deploymentId: "ecs-svc/4719083255108276431",
    task: "9f3b1c5d7e024a68b1d3f5a7c9e0b2d4",
    taskDefinition: "arn:aws:ecs:eu-west-1:123456789012:task-definition/shop-api:43",
    version: 6,
    lastStatus: "STOPPED",
    desiredStatus: "STOPPED",
    startedAt: 1_795_227_072_006,
    containers: [
      {
        name: "api",
        image: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop-api:43",
        digest: `sha256:${"c0ffee11".repeat(8)}`,
        lastStatus: "STOPPED",
        exitCode: 1,
        reason: undefined,
      },
    ],
    stop: { code: "EssentialContainerExited", reason: "Essential container in task exited", at: 1_795_227_091_417 },
  });
});

test("a running task has no end", () => {
  expect(read("ecs-task-running")).toMatchObject({ stop: undefined, version: 4 });
});

test("a task whose image cannot be pulled has no digest, no exit code and never started", () => {
  expect(read("ecs-task-cannot-pull")).toMatchObject({
    startedAt: undefined,
    containers: [{ digest: undefined, exitCode: undefined }],
    stop: { code: "TaskFailedToStart" },
  });
});

test("a task that no service started belongs to none", () => {
  expect(read("ecs-task-one-off")).toMatchObject({ service: undefined, deploymentId: undefined });
});

test("a service action names its cluster, and the capacity it lacks", () => {
  expect(read("ecs-service-placement-failure")).toMatchObject({
    kind: "service-acted",
    cluster: "shop-prod",
    service: "shop-api",
    level: "ERROR",
    eventName: "SERVICE_TASK_PLACEMENT_FAILURE",
    reason: "RESOURCE:FARGATE",
    capacityProviders: ["FARGATE_SPOT"],
  });
  expect(read("ecs-service-steady")).toMatchObject({ level: "INFO", reason: undefined, capacityProviders: [] });
});

test("a service action of a name that is new to us is read", () => {
  expect(
    parseEvent(
      altered("ecs-service-steady", (e) => {
        e.detail["eventName"] = "TASKS_STOPPED";
      }),
    ),
  ).toMatchObject({ eventName: "TASKS_STOPPED" });
});
