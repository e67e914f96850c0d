import type { AccountCheck } from "../check.ts";
import { watchedAlarms } from "../alarms.ts";

/** Counts of errors are not published while they are zero (Elastic Load Balancing User Guide, "CloudWatch metrics for your Application Load Balancer", read 2026-11-21). */
const countsOnlyErrors = /^HTTPCode_|ErrorCount$|^RejectedConnectionCount$/;

export const missingData: AccountCheck = {
  id: "D24",
  title: "Silence is read as it is meant",
  look: (patient) =>
    watchedAlarms(patient)
      .filter(
        (alarm) => alarm.metric?.namespace === "AWS/ApplicationELB" && countsOnlyErrors.test(alarm.metric.name) && alarm.treatMissingData !== "notBreaching",
      )
      .map((alarm) => ({
        severity: alarm.treatMissingData === "breaching" ? "danger" : "note",
        about: alarm.name,
        says:
          alarm.treatMissingData === "breaching"
            ? "no errors means no datapoint, and this alarm counts that as breaching: it fires whenever all is well"
            : "no errors means no datapoint: between errors this alarm is INSUFFICIENT_DATA, not OK",
        remedy: `aws cloudwatch put-metric-alarm --alarm-name ${alarm.name} --treat-missing-data notBreaching …`,
      })),
};
