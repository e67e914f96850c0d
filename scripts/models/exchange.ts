import type { ApiCall } from "@nightshift/lab/boundary/tap";
import { documentOperations, documentValue } from "./document.ts";
import { type Reading, type ServiceModel, type Violation, violations } from "./shape.ts";

/** A call with AWS's own name of its operation: the document client's `Get` is DynamoDB's `GetItem`. */
export const operationOf = (call: Pick<ApiCall, "service" | "operation">): string =>
  call.service === "dynamodb" ? (documentOperations[call.operation] ?? call.operation) : call.operation;

/**
 * Errors that every AWS service may give and no operation lists.
 * Source: "Common Error Types", https://docs.aws.amazon.com/AmazonECS/latest/APIReference/CommonErrors.html (read 2026-11-21); `Throttling` is what the query protocol calls it, and CloudWatch and S3 say it too.
 */
const common = new Set([
  "AccessDeniedException",
  "InternalFailure",
  "InternalServerError",
  "RequestExpired",
  "ServiceUnavailable",
  "SlowDown",
  "Throttling",
  "ThrottlingException",
  "TooManyRequestsException",
  "ValidationError",
  "ValidationException",
]);

/** S3 describes few of its errors; these are in its own list: "Error responses", https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html (read 2026-11-21). */
const ofS3 = new Set([
  "AccessDenied",
  "ConditionalRequestConflict",
  "InvalidRange",
  "NoSuchBucket",
  "NoSuchUpload",
  "ObjectLockConfigurationNotFoundError",
  "PreconditionFailed",
  "ReplicationConfigurationNotFoundError",
]);

/** Failures on the way to AWS and back: the SDK's and Node's own names, which no service describes. */
const onTheWay = new Set(["TimeoutError", "AbortError", "Error"]);

/** Everything in one call's request, answer or error that the service's description does not allow. */
export function exchangeViolations(model: ServiceModel, call: ApiCall): readonly Violation[] {
  const operation = operationOf(call);
  const described = model.operations[operation];
  if (described === undefined) return [{ path: call.service, expected: "an operation of this service", got: operation }];
  const reading = (as: Reading["as"]): Reading => ({ model, as, ...(call.service === "dynamodb" ? { instead: { AttributeValue: documentValue } } : {}) });
  const asked = described.input === undefined ? [] : violations(reading("request"), described.input.shape, call.input, `${operation} request`);
  if (call.error !== undefined) {
    const allowed =
      common.has(call.error.name) ||
      onTheWay.has(call.error.name) ||
      (call.service === "s3" && ofS3.has(call.error.name)) ||
      described.errors?.some(({ shape }) => shape === call.error?.name) === true;
    return allowed
      ? asked
      : [...asked, { path: `${operation} error`, expected: `one of ${described.errors?.map(({ shape }) => shape).join(", ")}`, got: call.error.name }];
  }
  return described.output === undefined ? asked : [...asked, ...violations(reading("answer"), described.output.shape, call.output, `${operation} answer`)];
}

/** An "ECS Task State Change" holds a task as DescribeTasks tells it, its moments as text, and `updatedAt`, which only events have. */
export function taskEventViolations(ecs: ServiceModel, detail: unknown): readonly Violation[] {
  const { updatedAt: _, ...task } = typeof detail === "object" && detail !== null ? (detail as { readonly updatedAt?: unknown }) : {}; // An object's members are read by name.
  return violations({ model: ecs, as: "event" }, "Task", task, "ECS Task State Change.detail");
}
