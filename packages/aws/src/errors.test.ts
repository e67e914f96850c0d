import { PortError } from "@nightshift/ports";
import { describe, expect, it } from "vitest";
import { translate } from "./errors.ts";
import { awsError } from "./testing/answering.ts";

const reading = { operation: "ecs:DescribeServices", on: "shop/api", changes: false };
const changing = { operation: "ecs:UpdateService", on: "shop/api", changes: true };
const kindOf = (thrown: unknown, call = reading) => {
  const error = translate(call, thrown);
  return error instanceof PortError ? error.kind : "untouched";
};
const socket = (code: string, message = code) => Object.assign(new Error(message), { code });

describe("what AWS threw, in our words", () => {
  it.each([
    ["ThrottlingException", 400, "throttled"],
    ["TooManyRequestsException", 429, "throttled"],
    ["RequestLimitExceeded", 503, "throttled"],
    ["ProvisionedThroughputExceededException", 400, "throttled"],
    ["SlowDown", 503, "throttled"],
    ["LimitExceededException", 400, "invalid"],
    ["ServerException", 500, "unavailable"],
    ["ServiceUnavailable", 503, "unavailable"],
    ["ConflictException", 400, "conflict"],
    ["ConditionalCheckFailedException", 400, "conflict"],
    ["DurableExecutionAlreadyStartedException", 409, "conflict"],
    ["ServiceNotFoundException", 400, "not-found"],
    ["ClusterNotFoundException", 400, "not-found"],
    ["ServiceDeploymentNotFoundException", 400, "not-found"],
    ["TargetGroupNotFoundException", 400, "not-found"],
    ["NoSuchKey", 404, "not-found"],
    ["QueueDoesNotExist", 400, "not-found"],
    ["AccessDeniedException", 400, "denied"],
    ["UnrecognizedClientException", 400, "denied"],
    ["ExpiredTokenException", 400, "denied"],
    ["UnsupportedFeatureException", 400, "unsupported"],
    ["InvalidParameterException", 400, "invalid"],
    ["ClientException", 400, "invalid"],
    ["SomethingNobodyHasSeen", 400, "invalid"],
  ])("%s with status %i is %s", (name, status, kind) => {
    expect(kindOf(awsError(name, status))).toBe(kind);
  });

  it("a connection that broke after it was made leaves the outcome unknown", () => {
    expect(kindOf(socket("ECONNRESET"))).toBe("timeout");
    expect(kindOf(new Error("socket hang up"))).toBe("timeout");
    expect(kindOf(Object.assign(new Error("slow"), { name: "TimeoutError" }))).toBe("timeout");
  });

  it("a connection that was never made changes nothing", () => {
    expect(kindOf(socket("ECONNREFUSED"), changing)).toBe("unavailable");
    expect(kindOf(socket("ENOTFOUND"), changing)).toBe("unavailable");
  });

  it("a server that failed in the middle of a change leaves the outcome unknown; one that refused at the door does not", () => {
    expect(kindOf(awsError("ServerException", 500), changing)).toBe("timeout");
    expect(kindOf(awsError("BadGateway", 502), changing)).toBe("timeout");
    expect(kindOf(awsError("ServiceUnavailableException", 503), changing)).toBe("unavailable");
  });

  it("a bug of ours is thrown on as it is", () => {
    const bug = new TypeError("x is not a function");
    expect(translate(reading, bug)).toBe(bug);
  });

  it("an error that was translated before stays the same", () => {
    const before = new PortError("denied", "a:B", "c", "no");
    expect(translate(reading, before)).toBe(before);
  });

  it("names the call, the target and the request, and keeps neither credentials nor the SDK's error", () => {
    const thrown = awsError("AccessDeniedException", 400, {
      message: "key AKIAIOSFODNN7EXAMPLE with token=abcdefgh is not allowed",
      $response: { headers: { authorization: "x" } },
    });
    const error = translate(changing, thrown);
    expect(error).toBeInstanceOf(PortError);
    expect(String(error)).toBe("PortError: ecs:UpdateService on shop/api: AccessDeniedException: key [aws key] with token=[secret] is not allowed");
    expect(error instanceof PortError && error.cause instanceof Error ? error.cause.message : "").toBe("AccessDeniedException (request r-1)");
  });
});
