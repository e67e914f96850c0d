import { alarmDetail, alarmOf } from "./alarm-fields.ts";
import { baseOf, envelope } from "./envelope.ts";
import { firstArn } from "./fields.ts";
import { alarmHeader } from "./patterns.ts";
import { defineShape } from "./shape.ts";

/**
 * A CloudWatch alarm of any kind changed its state, by way of EventBridge
 * ("Alarm events and EventBridge", https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html, read 2026-11-21:
 * single metric, metric math, anomaly detection, composite and many series).
 * Alarms over PromQL queries are not among the documented forms; theirs is refused until it is.
 */
export const alarmShape = defineShape(
  {
    name: "cloudwatch-alarm",
    title: "aws.cloudwatch / CloudWatch Alarm State Change",
    schema: envelope(alarmHeader, firstArn("cloudwatch", "alarm:"), alarmDetail),
  },
  (sent) => alarmOf(baseOf(sent), sent.resources[0], sent.detail),
);
