import type { AccountCheck } from "../check.ts";
import { watchedAlarms } from "../alarms.ts";
import { isBlind } from "../age.ts";

/** An alarm whose metric had no datapoint in a day sees nothing (facts/rollback.md 5). Error counts may rightly be silent. */
export const blindAlarm: AccountCheck = {
  id: "D25",
  title: "Alarms see something",
  look: (patient) =>
    watchedAlarms(patient)
      .filter(
        (alarm) =>
          alarm.lastDatapoint !== undefined &&
          isBlind(alarm.lastDatapoint, patient.facts.observedAt) &&
          !/^HTTPCode_|ErrorCount$/.test(alarm.metric?.name ?? ""),
      )
      .map((alarm) => ({
        severity: "danger",
        about: alarm.name,
        says: `${alarm.metric?.namespace ?? "its expression"} ${alarm.metric?.name ?? ""} had no datapoint in 24 h: the alarm is blind`.replace("  ", " "),
        remedy: `aws cloudwatch list-metrics --namespace ${alarm.metric?.namespace ?? "…"} --metric-name ${alarm.metric?.name ?? "…"}   # then put the dimensions that are printed into the alarm`,
      })),
};
