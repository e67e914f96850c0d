import { baseOf, envelope, type EventBase } from "./envelope.ts";
import { anyText, arn, firstArn, lastPart, moment, text } from "./fields.ts";
import { ruleScheduleHeader, schedulerHeader } from "./patterns.ts";
import { defineShape } from "./shape.ts";
import * as z from "zod/mini";

/** A schedule is due. */
export interface ScheduleFired extends EventBase {
  readonly kind: "schedule-fired";
  /** The name of the schedule or rule. */
  readonly schedule: string;
  readonly arn: string;
  /** Which try this is, from 1; undefined where the sender does not say. */
  readonly attempt: number | undefined;
}

// What a schedule carries besides its name is not ours to read: an empty object from a rule, text or an object from Scheduler.
const anyDetail = z.unknown();

/** A rule with a schedule ("Using AWS Lambda with Amazon EventBridge (CloudWatch Events)", https://docs.aws.amazon.com/lambda/latest/dg/services-cloudwatchevents.html, read 2026-11-21). */
export const ruleScheduleShape = defineShape(
  { name: "schedule-rule", title: "aws.events / Scheduled Event", schema: envelope(ruleScheduleHeader, firstArn("events", "rule/"), anyDetail) },
  (sent): ScheduleFired => ({ kind: "schedule-fired", ...baseOf(sent), schedule: lastPart(sent.resources[0]), arn: sent.resources[0], attempt: undefined }),
);

/**
 * EventBridge Scheduler, when its target has no input of its own. AWS does not document this payload; it is as public code receives it,
 * with `detail` as text or as an object.
 */
export const schedulerShape = defineShape(
  { name: "scheduler-default", title: "aws.scheduler / Scheduled Event", schema: envelope(schedulerHeader, firstArn("scheduler", "schedule/"), anyDetail) },
  (sent): ScheduleFired => ({ kind: "schedule-fired", ...baseOf(sent), schedule: lastPart(sent.resources[0]), arn: sent.resources[0], attempt: undefined }),
);

const inputSchema = z.object({
  scheduleArn: arn("scheduler", "schedule/"),
  scheduledTime: moment,
  executionId: text,
  attemptNumber: anyText.check(z.refine((s) => /^[1-9]\d{0,3}$/.test(s), "the number of the attempt as a string, from 1")),
});

/**
 * A schedule of ours. Its account and region are those of its ARN. The execution id differs between attempts,
 * so the schedule and its due time make the id: a second attempt is the same piece of work.
 */
export const scheduleInputShape = defineShape({ name: "scheduler-input", title: "EventBridge Scheduler input", schema: inputSchema }, (sent): ScheduleFired => {
  const [, , , region = "", account = ""] = sent.scheduleArn.split(":");
  return {
    kind: "schedule-fired",
    id: `${sent.scheduleArn}/${sent.scheduledTime}`,
    account,
    region,
    at: sent.scheduledTime,
    replay: undefined,
    schedule: lastPart(sent.scheduleArn),
    arn: sent.scheduleArn,
    attempt: Number(sent.attemptNumber),
  };
});

/** Any of its own fields is enough to know it by. */
export const isScheduleInput = (raw: object): boolean => !("detail-type" in raw) && ("scheduleArn" in raw || "scheduledTime" in raw);
