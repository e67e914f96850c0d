import type { DeploymentCircuitBreaker } from "@aws-sdk/client-ecs";

/**
 * Failures at which the circuit breaker opens: half the desired count, at least 3, at most 200, or as configured
 * (API_ServiceDeploymentCircuitBreaker and API_ThresholdConfiguration, docs.aws.amazon.com/AmazonECS/latest/APIReference, read 2026-11-21).
 * Rounded up, as "How the Amazon ECS deployment circuit breaker detects failures" does in its examples (assumed; deployment-circuit-breaker.html).
 */
export function breakerThreshold(desired: number, breaker: DeploymentCircuitBreaker | undefined): number {
  const type = breaker?.thresholdConfiguration?.type ?? "BOUNDED_PERCENT";
  const value = breaker?.thresholdConfiguration?.value ?? 50;
  if (type === "COUNT") return value;
  const share = Math.ceil((desired * value) / 100);
  return type === "UNBOUNDED_PERCENT" ? share : Math.min(200, Math.max(3, share));
}

/** Whether one healthy task sets the failures back to zero (API_DeploymentCircuitBreaker "resetOnHealthyTask", default true, same reference). */
export const resetsOnHealthy = (breaker: DeploymentCircuitBreaker | undefined): boolean => breaker?.resetOnHealthyTask ?? true;

/** Longest pause between two starts ("Service throttle logic", docs.aws.amazon.com/AmazonECS/latest/developerguide/service-throttle-logic.html, read 2026-11-21). */
const LONGEST_PAUSE = 27 * 60_000;

/** Pause before the next start after `failures` tasks in a row never reached RUNNING; only the longest is documented, the growth is assumed. */
export function startPause(failures: number): number {
  return failures < 3 ? 0 : Math.min(LONGEST_PAUSE, 15_000 * 2 ** (failures - 3));
}
