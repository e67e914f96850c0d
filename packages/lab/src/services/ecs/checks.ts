import { type EcsAccount, isUp } from "./account.ts";
import type { TaskRecord } from "./records.ts";

/** The target group the task's revision is attached to; the first one counts. */
export const targetGroupOf = (task: TaskRecord): string | undefined => task.revision.loadBalancers[0]?.targetGroupArn;

/** Up, and passing every check that is defined for it. */
export function passesChecks(account: EcsAccount, task: TaskRecord): boolean {
  if (!isUp(task)) return false;
  if (task.revision.taskDefinition.containers[0]?.healthCheck !== undefined && task.health !== "HEALTHY") return false;
  const group = targetGroupOf(task);
  return group === undefined || account.balancing.targets(group).some((target) => target.id === task.ip && target.state === "healthy");
}
