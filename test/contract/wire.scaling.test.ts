import { fleetsFrom } from "@nightshift/aws/ecs-fleets";
import { scalingFrom } from "@nightshift/aws/ecs-scaling";
import { ticksFrom } from "@nightshift/aws/ticks";
import { epochMs, minutes, serviceName } from "@nightshift/model";
import { describe, expect, it } from "vitest";
import { fault, LoopbackStage, ok, reach } from "./loopback-stage.ts";

/** What moto lacks of worker scaling, over real HTTP through the real SDK: requests as they go out, answers in AWS's wire format. */
const ref = { cluster: "shop", service: serviceName("worker") };
const arn = (n: number) => `arn:aws:ecs:eu-central-1:123456789012:task/shop/${n}`;

const aws = new LoopbackStage();

describe("protection over HTTP", () => {
  it("UpdateTaskProtection: asks for minutes, and believes what it is told", async () => {
    aws.answers = {
      UpdateTaskProtection: () => ok({ protectedTasks: [{ taskArn: arn(1), protectionEnabled: true, expirationDate: 1_795_251_900 }], failures: [] }),
    };
    await scalingFrom(reach()).protect(ref, [arn(1)], minutes(5));
    expect(aws.requests).toEqual([["UpdateTaskProtection", { cluster: "shop", tasks: [arn(1)], protectionEnabled: true, expiresInMinutes: 5 }]]);
    expect(aws.heard[0]?.target).toBe("AmazonEC2ContainerServiceV20141113.UpdateTaskProtection");
  });

  it("UpdateTaskProtection: failures beside results are an error that names the task", async () => {
    aws.answers = {
      UpdateTaskProtection: () =>
        ok({ protectedTasks: [{ taskArn: arn(1), protectionEnabled: true }], failures: [{ arn: arn(2), reason: "DEPLOYMENT_BLOCKED", detail: "too many" }] }),
    };
    await expect(scalingFrom(reach()).protect(ref, [arn(1), arn(2)], minutes(5))).rejects.toMatchObject({
      kind: "conflict",
      message: "ecs:UpdateTaskProtection on shop/worker: not protected: 2 DEPLOYMENT_BLOCKED too many",
    });
  });

  it.each([
    ["AccessDeniedException", 400, "denied"],
    ["ClusterNotFoundException", 400, "not-found"],
    ["ResourceNotFoundException", 400, "not-found"],
    ["UnsupportedFeatureException", 400, "unsupported"],
    ["ServerException", 500, "timeout"],
  ])("UpdateTaskProtection: %s is %s, and not repeated", async (type, status, kind) => {
    aws.answers = { UpdateTaskProtection: () => fault(type, status) };
    await expect(scalingFrom(reach()).unprotect(ref, [arn(1)])).rejects.toMatchObject({ kind });
    expect(aws.requests.length).toBe(1);
  });

  it("GetTaskProtection: moments arrive in our words", async () => {
    const task = { taskArn: arn(1), lastStatus: "RUNNING", desiredStatus: "RUNNING", createdAt: 1_795_251_000.5, capacityProviderName: "FARGATE_SPOT" };
    aws.answers = {
      ListTasks: () => ok({ taskArns: [arn(1)] }),
      DescribeTasks: () => ok({ tasks: [task], failures: [] }),
      GetTaskProtection: () => ok({ protectedTasks: [{ taskArn: arn(1), protectionEnabled: true, expirationDate: 1_795_251_900.25 }], failures: [] }),
    };
    expect(await fleetsFrom(reach()).tasks(ref, { stopped: false })).toEqual({
      live: [
        {
          arn: arn(1),
          ip: undefined,
          createdAt: 1_795_251_000_500,
          startedAt: undefined,
          status: "running",
          spot: true,
          protectedUntil: 1_795_251_900_250,
        },
      ],
      stopped: [],
    });
    expect(aws.requests.at(-1)).toEqual(["GetTaskProtection", { cluster: "shop", tasks: [arn(1)] }]);
  });
});

describe("a look at once over HTTP", () => {
  const scaler = "arn:aws:lambda:eu-central-1:123456789012:function:scaler";
  const places = { eventsQueueUrl: () => "none", scalerArn: () => scaler, region: "eu-central-1" };

  it("Invoke: without waiting, with the event as it would come from the queue", async () => {
    const path = `/2015-03-31/functions/${encodeURIComponent(scaler)}/invocations`;
    aws.answers = { [path]: () => ({ status: 202, body: "" }) };
    await ticksFrom(reach(), places).now({ service: "worker", due: epochMs(1_795_251_615_000) });
    const [request] = aws.heard ?? [];
    expect([request?.method, request?.headers["x-amz-invocation-type"]]).toEqual(["POST", "Event"]);
    expect(request?.body).toMatchObject({ source: "nightshift", account: "123456789012", detail: { service: "worker", due: 1_795_251_615_000 } });
  });
});
