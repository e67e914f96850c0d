import type { NightshiftEvent } from "@nightshift/events";
import { shortRevision } from "@nightshift/model";

/** One event as a person would tell it. */
export function sayEvent(event: NightshiftEvent): string {
  switch (event.kind) {
    case "alarm-changed":
      return `the alarm ${event.name} went from ${event.previous} to ${event.value}${event.suppressed === undefined ? "" : `, suppressed by ${event.suppressed.by}`}: ${event.reason}`;
    case "deployment-changed":
      return `deployment ${event.deploymentId} of ${event.service}: ${deployments[event.eventName]}${event.reason === "" ? "" : ` (${event.reason})`}`;
    case "task-changed":
      return `a task of ${event.service ?? "no service"} (${shortRevision(event.taskDefinition)}) is ${event.lastStatus}${event.stop?.reason === undefined ? "" : `: ${event.stop.reason}`}`;
    case "service-acted":
      return `ECS says ${event.eventName} about ${event.service}${event.reason === undefined ? "" : `: ${event.reason}`}`;
    case "codedeploy-changed":
      return `CodeDeploy deployment ${event.deployment} of ${event.application} / ${event.deploymentGroup}: ${event.state}`;
    case "snapshot-changed":
      return `RDS snapshot ${event.snapshot}: ${event.message}`;
    case "instance-changed":
      return `RDS instance ${event.instance}: ${event.message}`;
    case "cluster-changed":
      return `RDS ${event.what === "cluster" ? "cluster" : "cluster snapshot"} ${event.name}: ${event.message}`;
    case "restore-finished":
      return `AWS Backup's restore job ${event.job} is ${event.status}`;
    case "schedule-fired":
      return `the schedule ${event.schedule} fired`;
    case "scaling-tick":
      return `the scaler asked for another look at ${event.tick.service}`;
    case "mirror-asked":
      return `the mirror of ${event.repository} is asked for`;
    case "change-noted":
      return `CI notes a ${event.note.kind} of ${event.note.service}`;
  }
}

const deployments = {
  SERVICE_DEPLOYMENT_IN_PROGRESS: "it began",
  SERVICE_DEPLOYMENT_COMPLETED: "it completed",
  SERVICE_DEPLOYMENT_FAILED: "it failed",
} as const;
