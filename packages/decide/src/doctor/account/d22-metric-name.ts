import type { AccountCheck } from "../check.ts";
import { watchedAlarms } from "../alarms.ts";
import { realMetric } from "../metric-names.ts";

/** An alarm on a metric that nobody publishes stays INSUFFICIENT_DATA for ever. */
export const metricName: AccountCheck = {
  id: "D22",
  title: "Alarms watch metrics that exist",
  look: (patient) =>
    watchedAlarms(patient).flatMap((alarm) => {
      const real = alarm.metric === undefined ? undefined : realMetric(alarm.metric.namespace, alarm.metric.name);
      if (alarm.metric === undefined || real === undefined) return [];
      return [
        {
          severity: "danger",
          about: alarm.name,
          says: `${alarm.metric.namespace} has no metric ${alarm.metric.name}: this alarm can never fire`,
          remedy: `aws cloudwatch put-metric-alarm --alarm-name ${alarm.name} --namespace ${alarm.metric.namespace} --metric-name ${real} …`,
        },
      ];
    }),
};
