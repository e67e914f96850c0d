/// <reference path="../.sst/platform/config.d.ts" />
import { mirrorAskedDetail, mirrorAskedHeader, scheduleInput } from "@nightshift/events/patterns";
import { type BackupSettings, backupSchedules, mirroredIn } from "@nightshift/model";
import { createHash } from "node:crypto";
import type { Boundaries } from "./boundary.ts";
import { here, logical, named } from "./names.ts";

/** Within so many minutes of its time a schedule may fire. Its id comes from the time it was due, so that nothing else moves. */
const WINDOW = 5;

interface Queues {
  readonly events: sst.aws.Queue;
  readonly deadLetters: sst.aws.Queue;
  readonly bus: sst.aws.Bus;
  readonly boundaries: Pick<Boundaries, "common" | "asking">;
}

/**
 * One schedule for each night, snapshot and drill, into the events queue. Times are UTC: in a zone Scheduler leaves out the hour that a
 * spring night does not have. A mirror is asked for on our own bus, where whoever mirrors hears it, and our rule brings it to the dispatcher.
 * Source: "Schedule types in EventBridge Scheduler", https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html, 2026-11-21.
 */
export function schedulesOfBackups(settings: BackupSettings, queues: Queues): void {
  const group = new aws.scheduler.ScheduleGroup("BackupSchedules", { name: named("backups") });
  const role = senderRole(queues, group);
  const asking = mirroredIn(settings).length === 0 ? undefined : askingRole(queues, group);
  for (const { name, expression, mirrors } of backupSchedules(settings))
    new aws.scheduler.Schedule(`${logical(name.replaceAll(/[._]/g, "-"))}Schedule`, {
      // Scheduler allows 64 characters, and a repository's name may have a hundred; nobody reads a mirror's schedule by its name.
      name: mirrors === undefined ? named(name) : named(`mirror-${digestOf(mirrors)}`),
      groupName: group.name,
      description: mirrors === undefined ? "To Nightshift's dispatcher; made from nightshift.config.ts." : `Asks for the mirror of ${mirrors}.`,
      scheduleExpression: expression,
      scheduleExpressionTimezone: "UTC",
      flexibleTimeWindow: { mode: "FLEXIBLE", maximumWindowInMinutes: WINDOW },
      target: {
        ...(mirrors === undefined || asking === undefined
          ? { arn: queues.events.arn, roleArn: role.arn, input: JSON.stringify(scheduleInput) }
          : {
              arn: queues.bus.arn,
              roleArn: asking.arn,
              eventbridgeParameters: mirrorAskedHeader,
              input: JSON.stringify(mirrorAskedDetail(mirrors)),
            }),
        // Later than an hour the hourly check has told of it.
        retryPolicy: { maximumEventAgeInSeconds: 3_600, maximumRetryAttempts: 60 },
        deadLetterConfig: { arn: queues.deadLetters.arn },
      },
    });
}

const digestOf = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 10);

/** One of the roles that schedules are carried out with. */
interface Sender {
  /** How the stack calls it. */
  readonly name: string;
  readonly at: string;
  readonly boundary: aws.iam.Policy;
  readonly statements: aws.iam.GetPolicyDocumentOutputArgs["statements"];
}

/** Scheduler may send to these two queues, for schedules of this group alone. */
const senderRole = ({ events, deadLetters, boundaries }: Queues, group: aws.scheduler.ScheduleGroup) =>
  roleFor(group, {
    name: "BackupSchedulesRole",
    at: "backup-schedules",
    boundary: boundaries.common,
    statements: [{ actions: ["sqs:SendMessage"], resources: [events.arn, deadLetters.arn] }],
  });

/** It may ask for mirrors on our bus, and say nothing else there: every other role of Nightshift is denied that by its boundary. */
const askingRole = ({ bus, deadLetters, boundaries }: Queues, group: aws.scheduler.ScheduleGroup) =>
  roleFor(group, {
    name: "MirrorSchedulesRole",
    at: "mirror-schedules",
    boundary: boundaries.asking,
    statements: [
      {
        actions: ["events:PutEvents"],
        resources: [bus.arn],
        conditions: [{ test: "StringEquals", variable: "events:source", values: [mirrorAskedHeader.source] }],
      },
      { actions: ["sqs:SendMessage"], resources: [deadLetters.arn] },
    ],
  });

/** "Confused deputy prevention in EventBridge Scheduler", same guide. */
function roleFor(group: aws.scheduler.ScheduleGroup, { name, at, boundary, statements }: Sender) {
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
  const policy = aws.iam.getPolicyDocumentOutput({ statements });
  return new aws.iam.Role(name, {
    name: named(at),
    assumeRolePolicy: trust.json,
    permissionsBoundary: boundary.arn,
    inlinePolicies: [{ name: "send", policy: policy.json }],
  });
}
