/// <reference path="../.sst/platform/config.d.ts" />
import { type DatabaseSettings, deadManHours } from "@nightshift/model";
import { logical, named } from "./names.ts";

/**
 * The switch that rings because nothing came: no verified backup for 24 h (times `proveEvery`) and twice what makes a night late, or nobody
 * measured at all for as long (decision 50). The figure has the limit in it, which grows with the last night (packages/model/src/dead-man.ts). Straight to SNS; it needs neither scheduler nor sampler to be there.
 * Metric: packages/aws/src/recovery-gauges.ts.
 */
export function deadManAlarms(databases: readonly DatabaseSettings[], topic: sst.aws.SnsTopic): void {
  for (const { name, mode, proveEvery } of databases) {
    const hours = deadManHours(proveEvery);
    new aws.cloudwatch.MetricAlarm(`${logical(name)}UnprovenAlarm`, {
      name: named(`${name}-unproven`),
      alarmDescription: `No proven backup of ${name} for ${24 * proveEvery} hours and twice what makes a night late, or nobody measured: \`npx nightshift backup status\` says which, \`npx nightshift backup take ${name}\` takes one now.`,
      namespace: "Nightshift",
      metricName: "Unproven",
      dimensions: { Backup: name },
      // Each hour's best figure: it must have been above zero, or absent, all the time.
      statistic: "Minimum",
      period: 3_600,
      evaluationPeriods: hours,
      datapointsToAlarm: hours,
      comparisonOperator: "GreaterThanThreshold",
      threshold: 0,
      treatMissingData: "breaching",
      // In shadow no backup is taken: there is nothing to be missed.
      actionsEnabled: mode !== "shadow",
      alarmActions: [topic.arn],
      okActions: [topic.arn],
    });
  }
}
