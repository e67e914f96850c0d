import type { StopClass } from "@nightshift/model";

/** What ECS says about a task that ended. */
export interface Stop {
  readonly code: string;
  readonly reason: string;
  /** Reasons of its containers. */
  readonly containers: readonly string[];
  readonly exitCodes: readonly number[];
}

// Text is only read where the code alone cannot tell; see the order of the lines in classifyStop.
const noCapacity =
  /RESOURCE:|capacity is unavailable|no container instance|ENI provision|network interface provisioning|Timeout waiting for (network|EphemeralStorage)|AGENT/i;
const registryBusy =
  /toomanyrequests|rate exceeded|pull rate limit|i\/o timeout|context deadline exceeded|connection (reset|refused|timed out)|TLS handshake timeout|50[0234] |dial tcp|request canceled|no such host/i;
const noSuchImage = /not found|does not exist|manifest unknown|no such image|repository .{0,80}not/i;
const secretsBusy =
  /ResourceInitializationError[\s\S]*(ThrottlingException|rate exceeded|timeout|timed out|deadline exceeded|connection issue|connection (reset|refused))/i;
const failedChecks = /failed .{0,40}health checks/i;
const asked = /^Scaling activity initiated by|^Task stopped by user/i;

/**
 * Whose fault a stopped task is. Capacity, registry and secret-store trouble is not evidence against a revision (hazard
 * 17); an image or secret that does not exist is. What is not understood is `unknown` and counts for nothing.
 * Sources: "Amazon ECS stopped tasks error messages",
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html, and "Task" (stopCode),
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Task.html, 2026-11-21.
 */
export function classifyStop(stop: Stop): StopClass {
  const text = [stop.reason, ...stop.containers].join("\n");
  switch (stop.code) {
    case "SpotInterruption":
    case "TerminationNotice":
    case "InfrastructureHealth":
      return "infrastructure";
    case "UserInitiated":
      return "asked";
    case "ServiceSchedulerInitiated":
      if (failedChecks.test(stop.reason)) return "app";
      return asked.test(stop.reason) ? "asked" : "unknown";
    case "EssentialContainerExited":
      // A server that ends with 0 is not doing its job, but that alone does not say that the code failed.
      return stop.exitCodes.length > 0 && stop.exitCodes.every((exit) => exit === 0) ? "unknown" : "app";
    case "TaskFailedToStart":
      if (noCapacity.test(text) || secretsBusy.test(text)) return "infrastructure";
      if (/CannotPull|pull image/i.test(text)) return registryBusy.test(text) ? "infrastructure" : noSuchImage.test(text) ? "app" : "unknown";
      return /ResourceInitializationError|CannotStartContainer|CannotCreateContainer|ContainerRuntime|OutOfMemory|Essential container|failed container health/i.test(
        text,
      )
        ? "app"
        : "unknown";
    default:
      return "unknown";
  }
}
