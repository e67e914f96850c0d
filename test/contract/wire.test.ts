import { rollbacksFrom } from "@nightshift/aws/ecs-rollbacks";
import { servicesFrom } from "@nightshift/aws/ecs-services";
import { starterFrom } from "@nightshift/aws/lambda-starter";
import { epochMs, type ServiceName, serviceDeploymentArn, serviceName, serviceRevisionArn } from "@nightshift/model";
import { describe, expect, it } from "vitest";
import { fault, LoopbackStage, ok, reach } from "./loopback-stage.ts";

/** Operations that moto lacks, over real HTTP through the real SDK: requests as they go out, answers in AWS's wire format. */
const deployment = serviceDeploymentArn("arn:aws:ecs:eu-central-1:123456789012:service-deployment/shop/api/r9i43YFjvgF_xlg7m2eJ1r");
const revision = serviceRevisionArn("arn:aws:ecs:eu-central-1:123456789012:service-revision/shop/api/4980306466373577095");
const ref: { cluster: string; service: ServiceName } = { cluster: "shop", service: serviceName("api") };
const bytes = `sha256:${"a".repeat(64)}`;

const deploymentBody = (status: string) => ({
  serviceDeployments: [
    {
      serviceDeploymentArn: deployment,
      serviceArn: "arn:aws:ecs:eu-central-1:123456789012:service/shop/api",
      clusterArn: "arn:aws:ecs:eu-central-1:123456789012:cluster/shop",
      createdAt: 1_795_251_600.25,
      startedAt: 1_795_251_601,
      updatedAt: 1_795_251_660,
      status,
      sourceServiceRevisions: [{ arn: `${revision}0`, requestedTaskCount: 3, runningTaskCount: 2, pendingTaskCount: 0 }],
      targetServiceRevision: { arn: revision, requestedTaskCount: 3, runningTaskCount: 1, pendingTaskCount: 2 },
      deploymentCircuitBreaker: { status: "MONITORING", failureCount: 2, threshold: 3 },
      rollback: { reason: "Service deployment rolled back because of a manual stop", startedAt: 1_795_251_650, serviceRevisionArn: `${revision}0` },
      aFieldAwsAddsLater: { x: 1 },
    },
  ],
  failures: [],
});

const aws = new LoopbackStage();

describe("ECS over HTTP", () => {
  it("DescribeServiceDeployments: moments, rollback and breaker arrive in our words, unknown fields pass", async () => {
    aws.answers = { DescribeServiceDeployments: () => ok(deploymentBody("ROLLBACK_IN_PROGRESS")) };
    expect(await servicesFrom(reach()).deployment(deployment)).toEqual({
      arn: deployment,
      status: "ROLLBACK_IN_PROGRESS",
      createdAt: epochMs(1_795_251_600_250),
      finishedAt: undefined,
      source: [`${revision}0`],
      target: revision,
      rollback: { reason: "Service deployment rolled back because of a manual stop", startedAt: 1_795_251_650_000, to: `${revision}0` },
      circuitBreaker: { status: "MONITORING", failures: 2, threshold: 3 },
      alarms: undefined,
    });
    expect(aws.requests).toEqual([["DescribeServiceDeployments", { serviceDeploymentArns: [deployment] }]]);
    expect(aws.heard[0]?.headers["authorization"]).toMatch(/^AWS4-HMAC-SHA256 Credential=local\/\d{8}\/eu-central-1\/ecs\/aws4_request/);
  });

  it("DescribeServiceDeployments: a failure is not an empty answer", async () => {
    aws.answers = { DescribeServiceDeployments: () => ok({ serviceDeployments: [], failures: [{ arn: deployment, reason: "MISSING" }] }) };
    await expect(servicesFrom(reach()).deployment(deployment)).rejects.toMatchObject({ kind: "not-found" });
  });

  it("ListServiceDeployments: pages are followed", async () => {
    aws.answers = {
      ListServiceDeployments: ({ body }) =>
        ok(
          JSON.stringify(body).includes("page2")
            ? { serviceDeployments: [{ serviceDeploymentArn: deployment, createdAt: 1_795_251_600 }] }
            : { serviceDeployments: [], nextToken: "page2" },
        ),
      DescribeServiceDeployments: () => ok(deploymentBody("SUCCESSFUL")),
    };
    expect((await servicesFrom(reach()).recentDeployments(ref)).map((one) => one.status)).toEqual(["SUCCESSFUL"]);
    expect(aws.requests).toEqual([
      ["ListServiceDeployments", { cluster: "shop", service: "api", maxResults: 100 }],
      ["ListServiceDeployments", { cluster: "shop", service: "api", maxResults: 100, nextToken: "page2" }],
      ["DescribeServiceDeployments", { serviceDeploymentArns: [deployment] }],
    ]);
  });

  it("DescribeServiceRevisions: digests and configuration become an identity", async () => {
    aws.answers = {
      DescribeServiceRevisions: () =>
        ok({
          serviceRevisions: [
            {
              serviceRevisionArn: revision,
              serviceArn: "arn:aws:ecs:eu-central-1:123456789012:service/shop/api",
              taskDefinition: "arn:aws:ecs:eu-central-1:123456789012:task-definition/api:42",
              launchType: "FARGATE",
              platformVersion: "1.4.0",
              platformFamily: "Linux",
              containerImages: [{ containerName: "app", image: "shop/api:v42", imageDigest: bytes }],
              networkConfiguration: { awsvpcConfiguration: { subnets: ["subnet-a"], securityGroups: ["sg-a"], assignPublicIp: "DISABLED" } },
              guardDutyEnabled: false,
              createdAt: 1_795_251_600,
            },
          ],
          failures: [],
        }),
      DescribeTaskDefinition: () =>
        ok({
          taskDefinition: {
            taskDefinitionArn: "arn:aws:ecs:eu-central-1:123456789012:task-definition/api:42",
            family: "api",
            revision: 42,
            status: "ACTIVE",
            registeredAt: 1_795_251_000,
            containerDefinitions: [{ name: "app", image: "shop/api:v42", cpu: 0, environment: [], dockerLabels: { "nightshift.schema": "0012..0015" } }],
          },
          tags: [{ key: "nightshift:commit", value: "abc1234" }],
        }),
    };
    const [found] = await servicesFrom(reach()).revisions([revision]);
    expect(found).toMatchObject({
      arn: revision,
      createdAt: 1_795_251_600_000,
      identity: { images: [{ container: "app", image: "shop/api:v42", digest: bytes }] },
      labels: { commit: "abc1234", schema: { min: "0012", head: "0015" } },
    });
    expect(aws.requests).toEqual([
      ["DescribeServiceRevisions", { serviceRevisionArns: [revision] }],
      ["DescribeTaskDefinition", { taskDefinition: "arn:aws:ecs:eu-central-1:123456789012:task-definition/api:42", include: ["TAGS"] }],
    ]);
  });

  it("StopServiceDeployment: asks for a rollback", async () => {
    aws.answers = { StopServiceDeployment: () => ok({ serviceDeploymentArn: deployment }) };
    expect(await rollbacksFrom(reach()).stopDeployment(deployment)).toBe("accepted");
    expect(aws.requests).toEqual([["StopServiceDeployment", { serviceDeploymentArn: deployment, stopType: "ROLLBACK" }]]);
  });

  it("StopServiceDeployment: a conflict is answered by the deployment's state", async () => {
    aws.answers = { StopServiceDeployment: () => fault("ConflictException"), DescribeServiceDeployments: () => ok(deploymentBody("SUCCESSFUL")) };
    expect(await rollbacksFrom(reach()).stopDeployment(deployment)).toBe("too-late");
  });

  it.each([
    ["ServiceDeploymentNotFoundException", 400, "not-found"],
    ["AccessDeniedException", 400, "denied"],
    ["UnsupportedFeatureException", 400, "unsupported"],
    ["ServerException", 500, "timeout"],
  ])("StopServiceDeployment: %s is %s", async (type, status, kind) => {
    aws.answers = { StopServiceDeployment: () => fault(type, status) };
    await expect(rollbacksFrom(reach()).stopDeployment(deployment)).rejects.toMatchObject({ kind });
    expect(aws.requests.length).toBe(1);
  });

  it("StopServiceDeployment: a throttled call is repeated by us, once for each of ours and never by the SDK", async () => {
    aws.answers = { StopServiceDeployment: () => fault("ThrottlingException") };
    await expect(rollbacksFrom(reach()).stopDeployment(deployment)).rejects.toMatchObject({ kind: "throttled" });
    expect(aws.requests.length).toBe(5);
  });

  it("StopServiceDeployment: a connection that ends without an answer leaves the outcome unknown", async () => {
    aws.answers = { StopServiceDeployment: () => "hang-up" };
    await expect(rollbacksFrom(reach()).stopDeployment(deployment)).rejects.toMatchObject({ kind: "timeout", outcomeUnknown: true });
    expect(aws.requests.length).toBe(1);
  });

  it("AWS_ENDPOINT_URL_ECS stands over AWS_ENDPOINT_URL", async () => {
    aws.answers = { StopServiceDeployment: () => ok({ serviceDeploymentArn: deployment }) };
    process.env["AWS_ENDPOINT_URL_ECS"] = aws.endpoint;
    process.env["AWS_ENDPOINT_URL"] = "http://127.0.0.1:1";
    expect(await rollbacksFrom(reach()).stopDeployment(deployment)).toBe("accepted");
  });

  it("nobody listening is told as such, and nothing happened", async () => {
    process.env["AWS_ENDPOINT_URL"] = "http://127.0.0.1:1";
    await expect(rollbacksFrom(reach()).stopDeployment(deployment)).rejects.toMatchObject({ kind: "unavailable", outcomeUnknown: false });
  });
});

describe("Lambda over HTTP", () => {
  const functions = { guard: "arn:aws:lambda:eu-central-1:123456789012:function:guard:7" };
  const invocations = "/2015-03-31/functions/arn%3Aaws%3Alambda%3Aeu-central-1%3A123456789012%3Afunction%3Aguard/invocations";

  it("Invoke: by version, without waiting, under the execution's name", async () => {
    aws.answers = { [invocations]: () => ({ status: 202, body: "", headers: { "x-amz-durable-execution-arn": "arn:x" } }) };
    await starterFrom(reach(), functions).start("guard", "work-1", { group: "shop" });
    const [request] = aws.heard ?? [];
    expect([
      request?.method,
      request?.path,
      request?.headers["x-amz-invocation-type"],
      request?.headers["x-amz-durable-execution-name"],
      request?.body,
    ]).toEqual(["POST", `${invocations}?Qualifier=7`, "Event", "work-1", { group: "shop" }]);
  });

  it("Invoke: the same name with another input is a conflict", async () => {
    aws.answers = { [invocations]: () => fault("DurableExecutionAlreadyStartedException", 409) };
    await expect(starterFrom(reach(), functions).start("guard", "work-1", {})).rejects.toMatchObject({ kind: "conflict" });
  });

  it("SendDurableExecutionCallbackSuccess: wakes by the callback's id; one that timed out needs none", async () => {
    aws.answers = { "/2025-12-01/durable-execution-callbacks/Y2I%3D/succeed": () => ok({}) };
    await starterFrom(reach(), functions).wake("Y2I=");
    expect(aws.heard[0]?.method).toBe("POST");
    aws.answers = { "/2025-12-01/durable-execution-callbacks/Y2I%3D/succeed": () => fault("CallbackTimeoutException", 400) };
    await starterFrom(reach(), functions).wake("Y2I=");
  });
});
