import { alarmDetail, alarmOf } from "./alarm-fields.ts";
import { account, arn, moment, region } from "./fields.ts";
import { defineShape } from "./shape.ts";
import * as z from "zod/mini";

const schema = z.object({
  source: z.literal("aws.cloudwatch"),
  alarmArn: arn("cloudwatch", "alarm:"),
  accountId: account,
  time: moment,
  region,
  alarmData: alarmDetail,
});

/**
 * The same change, when the alarm's action invokes a function itself
 * ("Invoke a Lambda function from an alarm", https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-actions-Lambda.html, read 2026-11-21).
 * It has no envelope and no id, so the id is made of the alarm, the moment and the state: two deliveries of one change get the same one.
 */
export const alarmActionShape = defineShape({ name: "cloudwatch-alarm-action", title: "aws.cloudwatch alarm action", schema }, (sent) => {
  const id = `${sent.alarmArn}/${sent.alarmData.state.timestamp}/${sent.alarmData.state.value}`;
  return alarmOf({ id, account: sent.accountId, region: sent.region, at: sent.time, replay: undefined }, sent.alarmArn, sent.alarmData);
});

/** Any of its own fields is enough to know it by, so that one that is missing is named. */
export const isAlarmAction = (raw: object): boolean => !("detail-type" in raw) && ("alarmData" in raw || "alarmArn" in raw);
