import { describe, expect, it } from "vitest";
import { documentValue } from "../../scripts/models/document.ts";
import { exchangeViolations, operationOf, taskEventViolations } from "../../scripts/models/exchange.ts";
import type { ServiceModel } from "../../scripts/models/shape.ts";
import { operationsUsed } from "../../scripts/models/used.ts";

const model: ServiceModel = {
  operations: {
    DescribeServices: { input: { shape: "Asked" }, output: { shape: "Answered" }, errors: [{ shape: "ClusterNotFoundException" }] },
    GetItem: { input: { shape: "Key" }, output: { shape: "Key" } },
  },
  shapes: {
    Asked: { type: "structure", required: ["cluster"], members: { cluster: { shape: "Text" } } },
    Answered: { type: "structure", members: { name: { shape: "Text" } } },
    Key: { type: "structure", members: { Key: { shape: "Attributes" } } },
    Attributes: { type: "map", key: { shape: "Text" }, value: { shape: "AttributeValue" } },
    AttributeValue: { type: "structure", union: true, members: { S: { shape: "Text" } } },
    Task: { type: "structure", members: { taskArn: { shape: "Text" }, createdAt: { shape: "Moment" } } },
    Text: { type: "string" },
    Moment: { type: "timestamp" },
  },
};
const named = (name: string): Error => Object.assign(new Error("no"), { name });
const call = { service: "ecs", operation: "DescribeServices", input: { cluster: "prod" } } as const;

describe("a call", () => {
  it("is compared in both directions", () => {
    expect(exchangeViolations(model, { ...call, output: { name: "api" } })).toEqual([]);
    expect(exchangeViolations(model, { ...call, input: {}, output: { name: 1 } })).toEqual([
      { path: "DescribeServices request.cluster", expected: "a required member", got: "undefined" },
      { path: "DescribeServices answer.name", expected: "text", got: "1" },
    ]);
  });

  it("may end in an error that the operation lists, or that every service has", () => {
    expect(exchangeViolations(model, { ...call, error: named("ClusterNotFoundException") })).toEqual([]);
    expect(exchangeViolations(model, { ...call, error: named("ThrottlingException") })).toEqual([]);
  });

  it("may end in an error of S3's own list where it is S3's, and nowhere else", () => {
    const failed = { error: named("PreconditionFailed") };
    expect(exchangeViolations(model, { ...call, service: "s3", ...failed })).toEqual([]);
    expect(exchangeViolations(model, { ...call, ...failed })).toEqual([
      { path: "DescribeServices error", expected: "one of ClusterNotFoundException", got: "PreconditionFailed" },
    ]);
  });

  it("may not end in an error that the operation does not know", () => {
    expect(exchangeViolations(model, { ...call, error: named("NoSuchBucket") })).toEqual([
      { path: "DescribeServices error", expected: "one of ClusterNotFoundException", got: "NoSuchBucket" },
    ]);
  });

  it("to an operation that the service does not have is wrong", () => {
    expect(exchangeViolations(model, { ...call, operation: "DescribeService" })).toEqual([
      { path: "ecs", expected: "an operation of this service", got: "DescribeService" },
    ]);
  });

  it("of the document client is DynamoDB's own, with plain values", () => {
    const get = { service: "dynamodb", operation: "Get", input: { Key: { pk: "p", n: 1 } }, output: {} } as const;
    expect(operationOf(get)).toBe("GetItem");
    expect(exchangeViolations(model, get)).toEqual([]);
    expect(exchangeViolations(model, { ...get, input: { Key: { pk: new Date(0) } } }).map(({ expected }) => expected)).toEqual([
      "a value that DynamoDB can store",
    ]);
  });
});

describe("a plain value for DynamoDB", () => {
  it.each([["text"], [0], [true], [null], [10n], [new Uint8Array(1)], [[1, { deep: ["x"] }]], [new Set(["x"])], [{ left: undefined }]])(
    "%s is stored",
    (value) => {
      expect(documentValue(value)).toBeUndefined();
    },
  );

  it.each<[unknown, string]>([
    [undefined, "a value that DynamoDB can store"],
    [Number.NaN, "a finite number"],
    [new Date(0), "a value that DynamoDB can store"],
    [new Set(), "a set that is not empty"],
    [{ deep: [new Map()] }, "a value that DynamoDB can store"],
    [[undefined], "a value that DynamoDB can store"],
  ])("%s is not", (value, expected) => {
    expect(documentValue(value)).toBe(expected);
  });
});

describe("the detail of a task event", () => {
  it("is a task with its moments as text, and updatedAt", () => {
    expect(taskEventViolations(model, { taskArn: "a", createdAt: "2026-03-16T03:00:00Z", updatedAt: "2026-03-16T03:00:01Z" })).toEqual([]);
  });

  it("has nothing that a task does not have", () => {
    expect(taskEventViolations(model, { taskArn: "a", startedWhen: 1 })).toEqual([
      { path: "ECS Task State Change.detail.startedWhen", expected: "no such member", got: "1" },
    ]);
  });
});

it("the operations that adapters use are found in their source, under AWS's names", () => {
  expect(operationsUsed()).toEqual(expect.arrayContaining(["GetItem", "GetMetricData", "StopServiceDeployment", "UpdateService"]));
  expect(operationsUsed()).not.toContain("Get");
});
