import { configurationCopiesFrom } from "@nightshift/aws/configuration-copies";
import { restoreTestsFrom } from "@nightshift/aws/restore-tests";
import { describe, expect, it } from "vitest";
import { fault, LoopbackStage, ok, reach, s3Fault, s3Xml } from "./loopback-stage.ts";

/** Copies of the configuration and AWS Backup's restore tests, over real HTTP through the real SDK. */
const aws = new LoopbackStage();

const definition = {
  taskDefinitionArn: "arn:aws:ecs:eu-central-1:123456789012:task-definition/api:42",
  family: "api",
  revision: 42,
  status: "ACTIVE",
  registeredAt: 1_795_226_400,
  registeredBy: "arn:aws:iam::123456789012:user/ana",
  containerDefinitions: [
    {
      name: "app",
      image: "shop/api@sha256:aa",
      environment: [
        { name: "STRIPE_SECRET_KEY", value: "whsec-value" },
        { name: "CACHE_URL", value: "redis://app:opensesame@cache:6379/0" },
        { name: "LEVEL", value: "info" },
      ],
      secrets: [{ name: "DB_PASSWORD", valueFrom: "arn:aws:ssm:eu-central-1:123456789012:parameter/shop/db" }],
      logConfiguration: { logDriver: "awsfirelens", options: { apikey: "dd-value", Host: "logs.local" } },
    },
  ],
};

describe("copies of the configuration over HTTP", () => {
  const copies = () => configurationCopiesFrom(reach(), () => "backups");

  it("DescribeTaskDefinition and GetParametersByPath: in a stable order, and nothing that looks like a secret", async () => {
    const parameter = (name: string, type: string, value: string) => ({
      Name: name,
      Type: type,
      Value: value,
      Version: 3,
      DataType: "text",
      LastModifiedDate: 1_795_226_400,
    });
    aws.answers = {
      DescribeTaskDefinition: () => ok({ taskDefinition: definition }),
      GetParametersByPath: ({ body }) =>
        ok(
          JSON.stringify(body).includes("NextToken")
            ? { Parameters: [parameter("/shop/api/level", "String", "info"), parameter("/shop/api/token", "String", "plain-value")] }
            : { Parameters: [parameter("/shop/db", "SecureString", "AQICAHcipher"), parameter("/shop/odd", "Sealed", "odd-value")], NextToken: "n" },
        ),
    };
    const text = await copies().read({ taskDefinitions: ["api", "api"], parameterPaths: ["/shop"] });
    expect(JSON.parse(text)).toEqual({
      schema: 1,
      parameters: [
        { dataType: "text", name: "/shop/api/level", type: "String", value: "info", version: 3 },
        { dataType: "text", name: "/shop/api/token", type: "String", value: "[secret]", version: 3 },
        { dataType: "text", name: "/shop/db", type: "SecureString", version: 3 },
        { dataType: "text", name: "/shop/odd", type: "Sealed", version: 3 },
      ],
      taskDefinitions: [
        {
          taskDefinitionArn: "arn:aws:ecs:eu-central-1:123456789012:task-definition/api:42",
          family: "api",
          revision: 42,
          status: "ACTIVE",
          containerDefinitions: [
            {
              name: "app",
              image: "shop/api@sha256:aa",
              environment: [
                { name: "STRIPE_SECRET_KEY", value: "[secret]" },
                { name: "CACHE_URL", value: "redis://[credentials]@cache:6379/0" },
                { name: "LEVEL", value: "info" },
              ],
              secrets: [{ name: "DB_PASSWORD", valueFrom: "arn:aws:ssm:eu-central-1:123456789012:parameter/shop/db" }],
              logConfiguration: { logDriver: "awsfirelens", options: { apikey: "[secret]", Host: "logs.local" } },
            },
          ],
        },
      ],
    });
    expect(aws.requests.map(([, input]) => input)).toEqual([
      { taskDefinition: "api", include: ["TAGS"] },
      { Path: "/shop", Recursive: true, WithDecryption: false, MaxResults: 10 },
      { Path: "/shop", Recursive: true, WithDecryption: false, MaxResults: 10, NextToken: "n" },
    ]);
    expect(await copies().read({ taskDefinitions: ["api"], parameterPaths: ["/shop"] })).toBe(text);
  });

  const path = "/backups/configuration/261121.json";
  const keep = () => copies().keep("configuration/261121.json", "{}\n");
  const kept = { key: "configuration/261121.json", sha256: "ca3d163bab055381827226140568f3bef7eaac187cebd76878e0b63e9e442356" };

  it("PutObject: kept only where nothing stands, with its hash", async () => {
    aws.answers = { [path]: () => s3Xml("") };
    expect(await keep()).toEqual(kept);
    expect([aws.heard[0]?.headers["if-none-match"], aws.heard[0]?.headers["x-amz-checksum-sha256"]]).toEqual([
      "*",
      "yj0WO6sFU4GCciYUBWjzvvfqrBh869doeOC2Pp5EI1Y=",
    ]);
  });

  it("PutObject: the same again is kept already; something else is a conflict", async () => {
    const standing = (text: string) => ({
      [path]: ({ method }: { readonly method: string }) => (method === "PUT" ? s3Fault("PreconditionFailed", 412) : s3Xml(text)),
    });
    aws.answers = standing("{}\n");
    expect(await keep()).toEqual(kept);
    aws.answers = standing("{ }\n");
    await expect(keep()).rejects.toMatchObject({ kind: "conflict" });
  });
});

describe("AWS Backup's restore tests over HTTP", () => {
  it("DescribeRestoreJob: what it made of what", async () => {
    aws.answers = {
      "/restore-jobs/job-1": () =>
        ok({
          RestoreJobId: "job-1",
          Status: "COMPLETED",
          CreatedResourceArn: "arn:aws:rds:eu-central-1:123456789012:db:awsbackup-restore-test-1",
          SourceResourceArn: "arn:aws:rds:eu-central-1:123456789012:db:shop",
        }),
    };
    expect(await restoreTestsFrom(reach()).job("job-1")).toEqual({
      status: "COMPLETED",
      created: "arn:aws:rds:eu-central-1:123456789012:db:awsbackup-restore-test-1",
      source: "arn:aws:rds:eu-central-1:123456789012:db:shop",
    });
  });

  it.each([
    [true, "SUCCESSFUL"],
    [false, "FAILED"],
  ])("PutRestoreValidationResult: passed %s is %s", async (passed, status) => {
    aws.answers = { "/restore-jobs/job-1/validations": () => ({ status: 204, body: "" }) };
    await restoreTestsFrom(reach()).answer("job-1", { passed, message: "214 tables, 0 differences" });
    expect([aws.heard[0]?.method, aws.heard[0]?.body]).toEqual(["PUT", { ValidationStatus: status, ValidationStatusMessage: "214 tables, 0 differences" }]);
  });

  it("PutRestoreValidationResult: a job that takes no answer any more is told", async () => {
    aws.answers = { "/restore-jobs/job-1/validations": () => fault("InvalidRequestException") };
    await expect(restoreTestsFrom(reach()).answer("job-1", { passed: true, message: "" })).rejects.toMatchObject({ kind: "invalid" });
  });
});
