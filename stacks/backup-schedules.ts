/// <reference path="../.sst/platform/config.d.ts" />
import { scheduleInput } from "@nightshift/events/patterns";
import { type BackupSettings, backupSchedules } from "@nightshift/model";
import { here, logical, named } from "./names.ts";

/** Within so many minutes of its time a schedule may fire. Its id comes from the time it was due, so that nothing else moves. */
const WINDOW = 5;

interface Queues {
  readonly events: sst.aws.Queue;
  readonly deadLetters: sst.aws.Queue;
  readonly boundary: aws.iam.Policy;
}

/**
 * One schedule for each night, snapshot and drill, into the events queue. Times are UTC: in a zone Scheduler leaves out the hour that a
 * spring night does not have.
 * Source: "Schedule types in EventBridge Scheduler", https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html, 2026-11-21.
 */
export function schedulesOfBackups(settings: BackupSettings, queues: Queues): void {
  const group = new aws.scheduler.ScheduleGroup("BackupSchedules", { name: named("backups") });
  const role = senderRole(queues, group);
  for (const { name, expression } of backupSchedules(settings))
    new aws.scheduler.Schedule(`${logical(name.replaceAll(".", "-"))}Schedule`, {
      name: named(name),
      groupName: group.name,
      description: "To Nightshift's dispatcher; made from nightshift.config.ts.",
      scheduleExpression: expression,
      scheduleExpressionTimezone: "UTC",
      flexibleTimeWindow: { mode: "FLEXIBLE", maximumWindowInMinutes: WINDOW },
      target: {
        arn: queues.events.arn,
        roleArn: role.arn,
        input: JSON.stringify(scheduleInput),
        // Later than an hour the hourly check has told of it.
        retryPolicy: { maximumEventAgeInSeconds: 3_600, maximumRetryAttempts: 60 },
        deadLetterConfig: { arn: queues.deadLetters.arn },
      },
    });
}

/** Scheduler may send to these two queues, for schedules of this group alone ("Confused deputy prevention in EventBridge Scheduler", same guide). */
function senderRole({ events, deadLetters, boundary }: Queues, group: aws.scheduler.ScheduleGroup) {
  const { account } = here();
  const trust = aws.iam.getPolicyDocumentOutput({
    statements: [
      {
        actions: ["sts:AssumeRole"],
        principals: [{ type: "Service", identifiers: ["scheduler.amazonaws.com"] }],
        conditions: [
          { test: "StringEquals", variable: "aws:SourceAccount", values: [account] },
          { test: "ArnEquals", variable: "aws:SourceArn", values: [group.arn] },
        ],
      },
    ],
  });
  const policy = aws.iam.getPolicyDocumentOutput({ statements: [{ actions: ["sqs:SendMessage"], resources: [events.arn, deadLetters.arn] }] });
  return new aws.iam.Role("BackupSchedulesRole", {
    name: named("backup-schedules"),
    assumeRolePolicy: trust.json,
    permissionsBoundary: boundary.arn,
    inlinePolicies: [{ name: "send", policy: policy.json }],
  });
}
