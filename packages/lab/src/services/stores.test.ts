import { minutes, seconds } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { createAccount } from "../account.ts";

describe("S3", () => {
  const s3 = createAccount({ seed: 1 }).s3;
  s3.create("b");

  test("an object is put once with If-None-Match, and read back", async () => {
    expect(s3.handle("PutObject", { Bucket: "b", Key: "k", Body: "héllo", IfNoneMatch: "*", ContentType: "text/plain" })).toEqual({
      ETag: '"be50e8478cf24ff3595bc7307fb91b50"',
    });
    expect(() => s3.handle("PutObject", { Bucket: "b", Key: "k", Body: "other", IfNoneMatch: "*" })).toThrow(
      expect.objectContaining({ name: "PreconditionFailed", $metadata: { httpStatusCode: 412 } }),
    );
    const { Body: body } = s3.handle("GetObject", { Bucket: "b", Key: "k" }) as { readonly Body: { transformToString(): Promise<string> } }; // The answer's documented shape.
    expect(await body.transformToString()).toBe("héllo");
    expect(s3.handle("HeadObject", { Bucket: "b", Key: "k" })).toMatchObject({ ContentLength: 6, ContentType: "text/plain" });
    expect([s3.keys("b"), s3.text("b", "k"), s3.text("b", "none")]).toEqual([["k"], "héllo", undefined]);
  });

  test("what is not there is refused by its name", () => {
    expect(() => s3.handle("GetObject", { Bucket: "b", Key: "no" })).toThrow(expect.objectContaining({ name: "NoSuchKey" }));
    expect(() => s3.handle("HeadObject", { Bucket: "b", Key: "no" })).toThrow(expect.objectContaining({ name: "NotFound" }));
    expect(() => s3.handle("GetObject", { Bucket: "no", Key: "no" })).toThrow(expect.objectContaining({ name: "NoSuchBucket" }));
  });
});

describe("SNS", () => {
  const { sns } = createAccount({ seed: 1 });
  const TopicArn = sns.create("pages");

  test("a topic remembers what was published", () => {
    sns.handle("Publish", { TopicArn, Subject: "P1", Message: "down" });
    expect(sns.published).toMatchObject([{ topic: TopicArn, subject: "P1", message: "down" }]);
  });

  test("a message may have a text of its own for a protocol, beside one for all others", () => {
    sns.handle("Publish", { TopicArn, MessageStructure: "json", Message: '{"default":"all","sms":"short"}' });
    expect(sns.published.at(-1)).toMatchObject({ message: "all", protocols: { sms: "short" } });
    for (const Message of ['{"sms":"short"}', "all", '{"default":1}'])
      expect(() => sns.handle("Publish", { TopicArn, MessageStructure: "json", Message })).toThrow(
        expect.objectContaining({ name: "InvalidParameterException" }),
      );
  });

  test("subjects have fewer than 100 characters, messages at 256 KiB, and unknown topics are refused", () => {
    expect(() => sns.handle("Publish", { TopicArn, Message: "m", Subject: "s".repeat(99) })).not.toThrow();
    expect(() => sns.handle("Publish", { TopicArn, Message: "m", Subject: "s".repeat(100) })).toThrow(
      expect.objectContaining({ name: "InvalidParameterException" }),
    );
    expect(() => sns.handle("Publish", { TopicArn, Message: "m".repeat(262_144) })).not.toThrow();
    expect(() => sns.handle("Publish", { TopicArn, Message: "m".repeat(262_145) })).toThrow(expect.objectContaining({ name: "InvalidParameterException" }));
    expect(() => sns.handle("Publish", { TopicArn: "arn:x", Message: "m" })).toThrow(expect.objectContaining({ name: "NotFoundException" }));
  });
});

describe("Parameter Store", () => {
  const { ssm } = createAccount({ seed: 1 });
  ssm.put("/nightshift/slack", "xoxb-1");

  test("a secret comes in the clear only with decryption", () => {
    expect(ssm.handle("GetParameter", { Name: "/nightshift/slack", WithDecryption: true })).toMatchObject({
      Parameter: { Value: "xoxb-1", Type: "SecureString" },
    });
    expect(ssm.handle("GetParameter", { Name: "/nightshift/slack" })).not.toMatchObject({ Parameter: { Value: "xoxb-1" } });
    expect(() => ssm.handle("GetParameter", { Name: "/no" })).toThrow(expect.objectContaining({ name: "ParameterNotFound" }));
  });
});

describe("SQS attributes", () => {
  const account = createAccount({ seed: 1 });
  const queue = account.sqs.create({ name: "jobs" });
  const ask = (...AttributeNames: readonly string[]) => account.sqs.handle("GetQueueAttributes", { QueueUrl: queue.url, AttributeNames });

  test("are told as they were asked for, as text, and none by default", () => {
    queue.send("a");
    queue.send("b");
    queue.send("later", { delay: minutes(15) });
    queue.receive(1);
    expect(ask()).toEqual({});
    expect(ask("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed")).toEqual({
      Attributes: { ApproximateNumberOfMessages: "1", ApproximateNumberOfMessagesNotVisible: "1", ApproximateNumberOfMessagesDelayed: "1" },
    });
    expect(ask("All")).toMatchObject({ Attributes: { QueueArn: queue.arn, VisibilityTimeout: "30", MessageRetentionPeriod: "345600" } });
  });

  test("a delay of 15 minutes is taken, and none above", () => {
    expect(() => queue.send("x", { delay: minutes(15) })).not.toThrow();
    expect(() => queue.send("x", { delay: seconds(901) })).toThrow(expect.objectContaining({ name: "InvalidParameterValue" }));
  });
});

describe("Application Auto Scaling", () => {
  const { autoscaling } = createAccount({ seed: 1 });
  autoscaling.register({ cluster: "shop", service: "worker", min: 1, max: 4, suspended: { DynamicScalingInSuspended: true } });
  const ask = (input: object) => autoscaling.handle("DescribeScalableTargets", { ServiceNamespace: "ecs", ...input });

  test("tells what is registered, by resource, with what is suspended", () => {
    expect(ask({ ResourceIds: ["service/shop/worker"], ScalableDimension: "ecs:service:DesiredCount" })).toEqual({
      ScalableTargets: [
        {
          ServiceNamespace: "ecs",
          ResourceId: "service/shop/worker",
          ScalableDimension: "ecs:service:DesiredCount",
          MinCapacity: 1,
          MaxCapacity: 4,
          RoleARN: expect.stringMatching(/^arn:aws:iam::111122223333:role\/aws-service-role\//),
          CreationTime: new Date("2026-11-02T10:00:00Z"),
          SuspendedState: { DynamicScalingInSuspended: true, DynamicScalingOutSuspended: false, ScheduledScalingSuspended: false },
        },
      ],
    });
    expect(ask({ ResourceIds: ["service/shop/api"] })).toEqual({ ScalableTargets: [] });
    expect(autoscaling.handle("DescribeScalableTargets", { ServiceNamespace: "dynamodb" })).toEqual({ ScalableTargets: [] });
    expect(() => ask({ ScalableDimension: "ecs:service:DesiredCount" })).toThrow(expect.objectContaining({ name: "ValidationException" }));
  });

  test("forgets what is deregistered, and does nothing else", () => {
    autoscaling.deregister({ cluster: "shop", service: "worker" });
    expect(ask({})).toEqual({ ScalableTargets: [] });
    expect(() => autoscaling.handle("RegisterScalableTarget", {})).toThrow(expect.objectContaining({ name: "UnknownOperationException" }));
  });
});
