import { type Ms, ms, seconds } from "@nightshift/model";
import type { Patient, Pair } from "./check.ts";
import { containersOf, targetGroupsOf } from "./check.ts";

/** A Fargate task needs about 20 to 60 s to start; the middle (estimate, facts/rollback.md 2.2). */
const START = seconds(40);
/** Without load balancer and container health check ECS counts a task after 40 s (Amazon ECS API Reference, DeploymentConfiguration, minimumHealthyPercent, read 2026-11-21). */
const UNCHECKED = seconds(40);
/** `stopTimeout` when absent (Amazon ECS Developer Guide, task definition parameters for Fargate, read 2026-11-21). */
const STOP = seconds(30);

/** How long a rollback of a finished deployment would take, by what the service is set to. */
export interface RollbackEstimate {
  readonly trafficRestored: Ms;
  readonly steady: Ms;
  readonly becomesHealthy: Ms;
  readonly drains: Ms;
  readonly waves: number;
}

/** How many tasks may be exchanged at a time: room above desired, and how far below it may fall. */
export function batchOf({
  desired,
  minimumHealthyPercent,
  maximumPercent,
}: {
  desired: number;
  minimumHealthyPercent: number;
  maximumPercent: number;
}): number {
  const most = Math.floor((desired * maximumPercent) / 100);
  const least = Math.ceil((desired * minimumHealthyPercent) / 100);
  return Math.max(0, most - least);
}

/** Start + health checks for each wave of tasks, then deregistration and stop; undefined when no task may be exchanged at all. */
export function estimateRollback(patient: Patient, { service }: Pair): RollbackEstimate | undefined {
  const batch = batchOf(service);
  if (batch === 0 || service.desired === 0) return undefined;
  const groups = targetGroupsOf(patient, service);
  const containers = containersOf(patient, service);
  const checked = containers.flatMap((it) => (it.essential && it.healthCheck !== undefined ? [it.healthCheck.startPeriod + it.healthCheck.interval] : []));
  const becomesHealthy =
    groups.length > 0 ? Math.max(...groups.map((it) => it.healthyThreshold * it.healthInterval)) : Math.max(0, ...(checked.length > 0 ? checked : [UNCHECKED]));
  const drains = Math.max(0, ...groups.map((it) => it.deregistrationDelay));
  const stops = Math.max(0, ...containers.map((it) => it.stopTimeout ?? STOP));
  const waves = Math.ceil(service.desired / batch);
  const trafficRestored = waves * (START + becomesHealthy) + (waves - 1) * (drains + stops);
  return { trafficRestored: ms(trafficRestored), steady: ms(trafficRestored + drains + stops), becomesHealthy: ms(becomesHealthy), drains: ms(drains), waves };
}
