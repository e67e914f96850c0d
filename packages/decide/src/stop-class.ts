import type { StopClass } from "@nightshift/model";

/**
 * Reasons that speak of the platform, not of the code: image registry, agent, network, secrets or capacity. Prefixes from
 * "Stopped tasks error codes" (docs.aws.amazon.com/AmazonECS/latest/userguide/stopped-task-error-codes.html) and the
 * placement reasons of service action events (ecs_service_events, both 2026-11-21). A wrong image name looks the same as an
 * unreachable registry: both wait for ECS and a person, because going back cannot tell them apart either.
 */
const PLATFORM =
  /^(CannotPull|CannotCreateVolume|CannotInspect|CannotStop|ContainerRuntimeTimeout|DockerTimeout|ResourceInitialization|InternalError|OutOfDisk|RESOURCE:|Timeout waiting for network|Unexpected EC2|Host EC2)|Capacity is unavailable|RESOURCE:/i;
const FAILED_CHECKS = /failed (ELB|container|Elastic Load Balancing) health checks|health checks? failed|unhealthy/i;

/**
 * Whose fault a stopped task is. Stop codes as in TaskStopCode (docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Task.html,
 * 2026-11-21). What is not recognised is `unknown`, and never counts against a revision.
 */
export function classifyStop(code: string, reason: string, exitCodes: readonly number[]): StopClass {
  if (PLATFORM.test(reason)) return "infrastructure";
  switch (code) {
    case "SpotInterruption":
    case "TerminationNotice":
    case "InfrastructureHealth":
      return "infrastructure";
    case "UserInitiated":
      return "asked";
    case "ServiceSchedulerInitiated":
      // The scheduler stops tasks to scale in or replace them, and also those that fail their checks: only the reason tells.
      return FAILED_CHECKS.test(reason) ? "app" : "asked";
    case "EssentialContainerExited":
      // A web server or worker that ends, even with 0, is not doing its job: but only a failure says so by itself.
      return exitCodes.length === 0 || exitCodes.some((exit) => exit !== 0) ? "app" : "unknown";
    case "TaskFailedToStart":
      return /CannotStartContainer|exec|no such file|permission denied|OutOfMemory/i.test(reason) || exitCodes.some((exit) => exit !== 0) ? "app" : "unknown";
    default:
      return FAILED_CHECKS.test(reason) ? "app" : "unknown";
  }
}

/** Killed for memory: the code's doing at any age. 137 alone may be any SIGKILL, so the reason has to say so. */
export const ranOutOfMemory = (reason: string): boolean => /OutOfMemory/i.test(reason);
