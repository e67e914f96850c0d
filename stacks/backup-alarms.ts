/// <reference path="../.sst/platform/config.d.ts" />
import type { DatabaseSettings } from "@nightshift/model";
import { logical, named } from "./names.ts";

const HOUR = 3_600_000;
/** CloudWatch looks back a week at most with hourly periods ("PutMetricAlarm", `EvaluationPeriods`, CloudWatch API Reference, read 2026-11-21). */
const MOST_HOURS = 168;
/** The night's own bound where the config names none (decision 50). */
const TWO_HOURS = 2 * HOUR;

/**
 * The switch that rings because nothing came: no verified backup for 24 h (times `proveEvery`) and twice the longest night, or nobody
 * measured at all for as long (decision 50). Straight to SNS; it needs neither scheduler nor sampler to be there.
 * Metric: packages/aws/src/recovery-gauges.ts.
 */
export function deadManAlarms(databases: readonly DatabaseSettings[], topic: sst.aws.SnsTopic): void {
  for (const { name, mode, maxDuration = TWO_HOURS, proveEvery } of databases) {
    const whole = 24 * proveEvery + (2 * maxDuration) / HOUR;
    const hours = Math.min(24 * proveEvery, MOST_HOURS);
    new aws.cloudwatch.MetricAlarm(`${logical(name)}UnprovenAlarm`, {
      name: named(`${name}-unproven`),
      alarmDescription: `No proven backup of ${name} for ${Math.round(whole)} hours, or nobody measured: \`npx nightshift backup status\` says which, \`npx nightshift backup take ${name}\` takes one now.`,
      namespace: "Nightshift",
      metricName: "NewestVerifiedAge",
      dimensions: { Backup: name },
      // Each hour's best figure: it must have been too old, or absent, all the time.
      statistic: "Minimum",
      period: 3_600,
      evaluationPeriods: hours,
      datapointsToAlarm: hours,
      comparisonOperator: "GreaterThanThreshold",
      threshold: Math.round((whole - hours) * 3_600),
      treatMissingData: "breaching",
      // In shadow no backup is taken: there is nothing to be missed.
      actionsEnabled: mode !== "shadow",
      alarmActions: [topic.arn],
      okActions: [topic.arn],
    });
  }
}
