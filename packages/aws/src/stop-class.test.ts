import { describe, expect, it } from "vitest";
import { classifyStop } from "./stop-class.ts";

describe("whose fault a stopped task is", () => {
  it.each([
    ["EssentialContainerExited", "Essential container in task exited", [], "app"],
    ["EssentialContainerExited", "Essential container in task exited", ["OutOfMemoryError: Container killed due to memory usage"], "app"],
    ["ServiceSchedulerInitiated", "Task failed ELB health checks in (target-group arn:x)", [], "app"],
    ["ServiceSchedulerInitiated", "Task failed container health checks", [], "app"],
    ["ServiceSchedulerInitiated", "Scaling activity initiated by (deployment ecs-svc/1)", [], "asked"],
    ["ServiceSchedulerInitiated", "a text AWS has not told us", [], "unknown"],
    ["UserInitiated", "Task stopped by user", [], "asked"],
    ["SpotInterruption", "Your Spot Task was interrupted.", [], "infrastructure"],
    ["TerminationNotice", "", [], "infrastructure"],
    ["InfrastructureHealth", "", [], "infrastructure"],
    ["TaskFailedToStart", "CannotPullContainerError: manifest for shop/api:v9 not found", [], "app"],
    ["TaskFailedToStart", "CannotPullContainerError: pull image manifest has been retried 5 time(s)", [], "unknown"],
    ["TaskFailedToStart", "CannotPullContainerError: toomanyrequests: You have reached your pull rate limit", [], "infrastructure"],
    ["TaskFailedToStart", "CannotPullContainerError: failed to resolve ref: dial tcp 1.2.3.4:443: i/o timeout", [], "infrastructure"],
    ["TaskFailedToStart", "ResourceInitializationError: unable to pull secrets: ResourceNotFoundException", [], "app"],
    ["TaskFailedToStart", "ResourceInitializationError: unable to pull secrets: ThrottlingException: Rate exceeded", [], "infrastructure"],
    ["TaskFailedToStart", "Task failed to start", ['CannotStartContainerError: exec: "app": not found'], "app"],
    ["TaskFailedToStart", "Capacity is unavailable at this time", [], "infrastructure"],
    ["TaskFailedToStart", "Task failed to start", [], "unknown"],
    ["", "", [], "unknown"],
    ["SomethingNew", "", [], "unknown"],
  ])("%s: %s %j → %s", (code, reason, containers, cause) => {
    expect(classifyStop({ code, reason, containers, exitCodes: [] })).toBe(cause);
  });

  it.each([
    [[0], "unknown"],
    [[0, 0], "unknown"],
    [[0, 1], "app"],
    [[137], "app"],
    [[], "app"],
  ] as const)("an essential container that exits with %j: %s", (exitCodes, cause) => {
    expect(classifyStop({ code: "EssentialContainerExited", reason: "Essential container in task exited", containers: [], exitCodes })).toBe(cause);
  });
});
