/// <reference path="../.sst/platform/config.d.ts" />
import type { WorkerSettings } from "@nightshift/model";
import { logical, named } from "./names.ts";

/** Minutes in a row: the scaler answers a backlog at once, so that people hear of one that stays. */
const LASTS = 5;

/**
 * The documents' alarm for a backlog of Celery (H1), one a worker service, over the metric that the scaler publishes
 * (packages/aws/src/gauges.ts). It has no topic: like every alarm of the product it reaches Nightshift as an event and becomes an incident
 * of its service; that Nightshift itself is there is the heartbeat's matter. While the depth is unknown the alarm stays as it was.
 */
export function backlogAlarms(workers: readonly Pick<WorkerSettings, "service" | "backlogAlarm">[]): void {
  for (const { service, backlogAlarm = 1_000 } of workers) {
    new aws.cloudwatch.MetricAlarm(`${logical(service)}BacklogAlarm`, {
      name: named(`${service}-backlog`),
      alarmDescription: `Celery backlog: more than ${backlogAlarm} tasks wait for ${service}, and have for ${LASTS} minutes. \`npx nightshift scale explain ${service}\` says what the scaler makes of it.`,
      namespace: "Nightshift",
      metricName: "Waiting",
      dimensions: { Service: service },
      statistic: "Maximum",
      period: 60,
      evaluationPeriods: LASTS,
      datapointsToAlarm: LASTS,
      comparisonOperator: "GreaterThanThreshold",
      threshold: backlogAlarm,
      treatMissingData: "ignore",
    });
  }
}
