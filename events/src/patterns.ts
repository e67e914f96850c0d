import type { EventPattern } from "@nightshift/model";

/** The source and detail-type of each event we read; `patterns.ts` is plain data, because manifests and stacks read it too. */
export const alarmHeader = { source: "aws.cloudwatch", detailType: "CloudWatch Alarm State Change" } as const;
export const deploymentHeader = { source: "aws.ecs", detailType: "ECS Deployment State Change" } as const;
export const taskHeader = { source: "aws.ecs", detailType: "ECS Task State Change" } as const;
export const serviceActionHeader = { source: "aws.ecs", detailType: "ECS Service Action" } as const;
export const codeDeployHeader = { source: "aws.codedeploy", detailType: "CodeDeploy Deployment State-change Notification" } as const;
export const snapshotHeader = { source: "aws.rds", detailType: "RDS DB Snapshot Event" } as const;
export const instanceHeader = { source: "aws.rds", detailType: "RDS DB Instance Event" } as const;
export const clusterSnapshotHeader = { source: "aws.rds", detailType: "RDS DB Cluster Snapshot Event" } as const;
export const clusterHeader = { source: "aws.rds", detailType: "RDS DB Cluster Event" } as const;
export const restoreJobHeader = { source: "aws.backup", detailType: "Restore Job State Change" } as const;
/** A rule with a schedule. */
export const ruleScheduleHeader = { source: "aws.events", detailType: "Scheduled Event" } as const;
/** EventBridge Scheduler without an input of its own. */
export const schedulerHeader = { source: "aws.scheduler", detailType: "Scheduled Event" } as const;
/** A note that CI puts on our own bus. */
export const migrationHeader = { source: "nightshift.ci", detailType: "nightshift.migration" } as const;
export const deploymentNoteHeader = { source: "nightshift.ci", detailType: "nightshift.deployment" } as const;
/** Whoever mirrors a repository says on our own bus that it did. */
export const mirrorNoteHeader = { source: "nightshift.ci", detailType: "nightshift.mirror" } as const;
/** Our own schedule asks on our own bus for the mirror of a repository. */
export const mirrorAskedHeader = { source: "nightshift.backups", detailType: "nightshift.mirror-asked" } as const;
/** The scaler's own next look, which it puts into the events queue itself: no rule brings it, so no bus can be asked for one. */
export const scalingTickHeader = { source: "nightshift", detailType: "Nightshift Scaling Tick" } as const;

const all = (header: { readonly source: string; readonly detailType: string }): EventPattern => ({
  source: [header.source],
  "detail-type": [header.detailType],
});

/** Every state change of every alarm: which alarms concern a service is said in the config. */
export const alarmPattern: EventPattern = all(alarmHeader);
/** Begin, end and failure of every ECS deployment. */
export const deploymentPattern: EventPattern = all(deploymentHeader);
/** Only tasks of services, and only their end: starts are many, and the guard looks at running tasks itself. */
export const taskPattern: EventPattern = { ...all(taskHeader), detail: { lastStatus: ["STOPPED"], startedBy: [{ prefix: "ecs-svc/" }] } };
/** Spot tasks of services that are being reclaimed: the word comes when the two minutes begin, long before the task's end. */
export const spotPattern: EventPattern = { ...all(taskHeader), detail: { stopCode: ["SpotInterruption"], startedBy: [{ prefix: "ecs-svc/" }] } };
/** What the scheduler of a service reports. */
export const serviceActionPattern: EventPattern = all(serviceActionHeader);
export const codeDeployPattern: EventPattern = all(codeDeployHeader);
export const snapshotPattern: EventPattern = all(snapshotHeader);
export const instancePattern: EventPattern = all(instanceHeader);
export const clusterPattern: EventPattern = all(clusterHeader);
export const clusterSnapshotPattern: EventPattern = all(clusterSnapshotHeader);
/** AWS Backup finished a restore; whether it was a test of its own that waits for an answer, the job itself says. */
export const restoreTestPattern: EventPattern = { ...all(restoreJobHeader), detail: { status: ["COMPLETED"] } };
/** On our own bus, never on the default one: who may put events there is said in its policy. */
export const changeNotePattern: EventPattern = {
  source: [migrationHeader.source],
  "detail-type": [migrationHeader.detailType, deploymentNoteHeader.detailType, mirrorNoteHeader.detailType],
};
/** The same event that whoever mirrors receives: one that was never sent is not waited for, and is missed by the hourly check. */
export const mirrorAskedPattern: EventPattern = all(mirrorAskedHeader);

/** The pattern that brings each shape to the dispatcher, by the shape's name. Shapes that are not here invoke a function directly. */
export const patternOf: Readonly<Record<string, EventPattern>> = {
  "cloudwatch-alarm": alarmPattern,
  "ecs-deployment": deploymentPattern,
  "ecs-task": taskPattern,
  "ecs-service-action": serviceActionPattern,
  codedeploy: codeDeployPattern,
  "rds-snapshot": snapshotPattern,
  "rds-instance": instancePattern,
  "rds-cluster": clusterPattern,
  "rds-cluster-snapshot": clusterSnapshotPattern,
  "backup-restore": restoreTestPattern,
  "nightshift-migration": changeNotePattern,
  "nightshift-deployment": changeNotePattern,
  "nightshift-mirror": changeNotePattern,
  "nightshift-mirror-asked": mirrorAskedPattern,
};

/**
 * The input our own schedules give: EventBridge Scheduler puts the values in place of the keywords
 * ("Adding context attributes in EventBridge Scheduler", https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html, read 2026-11-21).
 */
export const scheduleInput = {
  scheduleArn: "<aws.scheduler.schedule-arn>",
  scheduledTime: "<aws.scheduler.scheduled-time>",
  executionId: "<aws.scheduler.execution-id>",
  attemptNumber: "<aws.scheduler.attempt-number>",
} as const;

/** What our schedule puts on the bus as the event's detail. */
export const mirrorAskedDetail = (repository: string) => ({ repository, scheduled: scheduleInput.scheduledTime });
