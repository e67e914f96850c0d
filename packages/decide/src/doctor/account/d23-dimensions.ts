import type { AccountCheck } from "../check.ts";
import { watchedAlarms } from "../alarms.ts";
import { neededDimensions } from "../metric-names.ts";

/** These namespaces publish nothing without dimensions, so an alarm without them sees nothing. */
export const dimensions: AccountCheck = {
  id: "D23",
  title: "Alarms say which resource they watch",
  look: (patient) =>
    watchedAlarms(patient).flatMap((alarm) => {
      const needed = alarm.metric === undefined ? [] : neededDimensions(alarm.metric.namespace);
      const absent = needed.filter((name) => alarm.metric?.dimensions[name] === undefined);
      if (alarm.metric === undefined || absent.length === 0) return [];
      return [
        {
          severity: "danger",
          about: alarm.name,
          says: `${alarm.metric.namespace} ${alarm.metric.name} without ${absent.join(" and ")}: no such series exists, the alarm stays INSUFFICIENT_DATA`,
          remedy: `aws cloudwatch put-metric-alarm --alarm-name ${alarm.name} --dimensions ${needed.map((name) => `Name=${name},Value=…`).join(" ")} …`,
        },
      ];
    }),
};
