import type { Breach, MemberLook, PreparedMember, ServiceDeployment } from "@nightshift/model";
import type { Seen } from "./seen.ts";

/** Whether ECS still carries the deployment out: only then can it be stopped. */
export const inProgress = (look: MemberLook): boolean => {
  if (look.deployment.ok && look.deployment.value !== undefined)
    return look.deployment.value.status === "PENDING" || look.deployment.value.status === "IN_PROGRESS";
  return look.state.ok && look.state.value.deployments[0]?.rolloutState === "IN_PROGRESS";
};

/** What ECS, or a person through ECS, is doing about the judged deployment by itself. */
export function nativeRollback(look: MemberLook, judged: PreparedMember["judged"]): "running" | "done" | "failed" | "stopped" | undefined {
  const deployment = look.deployment.ok ? look.deployment.value : undefined;
  if (deployment !== undefined && !about(deployment, judged)) return undefined;
  switch (deployment?.status) {
    case "ROLLBACK_REQUESTED":
    case "ROLLBACK_IN_PROGRESS":
      return "running";
    case "ROLLBACK_SUCCESSFUL":
      return "done";
    case "ROLLBACK_FAILED":
      return "failed";
    case "STOP_REQUESTED":
    case "STOPPED":
      return "stopped";
    case "PENDING":
    case "IN_PROGRESS":
    case "SUCCESSFUL":
      return undefined;
    case undefined:
      // Without a service deployment only the reason's text speaks; it is a hint, and both readings of it leave the service alone.
      return look.state.ok && look.state.value.deployments.some((row) => /rolling back to/i.test(row.rolloutReason ?? "")) ? "running" : undefined;
  }
}

/**
 * How the way back that is under way, or done, came about: by ECS itself, or because somebody asked ECS to stop the
 * deployment, which is a call and then named in the reason. Without a full stop: the words go on elsewhere.
 */
export function sayNative(service: string, { deployment }: Pick<MemberLook, "deployment">, native: "running" | "done"): string {
  const reason = (deployment.ok ? (deployment.value?.rollback?.reason ?? "") : "").trim().replace(/\.+$/, "");
  const asked = /StopServiceDeployment/i.test(reason);
  if (asked) return `${service} ${native === "done" ? "was rolled back" : "is being rolled back"} already (a deployment stop was asked for)`;
  return `ECS ${native === "done" ? "has rolled" : "is rolling"} ${service} back by itself${reason === "" ? "" : `: ${reason}`}`;
}

const about = (deployment: ServiceDeployment, judged: PreparedMember["judged"]): boolean =>
  judged.serviceDeployment === undefined || deployment.arn === judged.serviceDeployment;

/** Whether ECS itself may be about to roll back for this very sign (hazard 4): its circuit breaker counts crashed tasks, its alarms are named. */
export function nativeExpected(seen: Seen, breaches: readonly Breach[]): boolean {
  if (!seen.look.state.ok || !inProgress(seen.look)) return false;
  const { circuitBreakerRollback, alarmRollback } = seen.look.state.value.native;
  if (circuitBreakerRollback && breaches.some((breach) => breach.trigger === "task-crashes")) return true;
  const ringing = new Set(seen.look.alarms.filter((alarm) => alarm.value === "ALARM").map((alarm) => alarm.name));
  return breaches.some((breach) => breach.trigger === "alarms") && alarmRollback.some((name) => ringing.has(name));
}
