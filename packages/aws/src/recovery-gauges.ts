import type { RecoveryGauges } from "@nightshift/ports";

/** Where CloudWatch keeps what could be lost, and by what it tells databases, tables and caches apart. */
export const recoveryNamespace = "Nightshift";
export const recoveryDimension = "Backup";

/** The metrics, in seconds. */
export const recoveryGaugeNames = {
  /** What would be lost if everything were restored now. */
  rpo: "RecoveryPoint",
  /** Age of the contents of the newest verified backup. */
  age: "NewestVerifiedAge",
  /** How long the newest proof has been too old to count, with its limit in it: what the dead-man alarm stands on. */
  unproven: "Unproven",
  /** What a restore would take. */
  rto: "RecoveryTime",
} as const;

/**
 * Metrics as one line of CloudWatch's embedded metric format: no call, and a figure that is unknown is not in it, so that the
 * alarm on its absence rings.
 * Source: "Specification: Embedded metric format",
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html, 2026-11-21.
 */
export const recoveryGaugesFrom = (print: (line: string) => void): RecoveryGauges => ({
  async publish(of, at, { rpoSeconds, newestVerifiedAgeSeconds, rtoSeconds, unprovenSeconds }) {
    const figures: readonly (readonly [string, number | undefined])[] = [
      [recoveryGaugeNames.rpo, rpoSeconds],
      [recoveryGaugeNames.age, newestVerifiedAgeSeconds],
      [recoveryGaugeNames.rto, rtoSeconds],
      [recoveryGaugeNames.unproven, unprovenSeconds],
    ];
    const known = figures.filter(([, value]) => value !== undefined && Number.isFinite(value));
    if (known.length === 0) return;
    const directive = { Namespace: recoveryNamespace, Dimensions: [[recoveryDimension]], Metrics: known.map(([Name]) => ({ Name, Unit: "Seconds" })) };
    print(JSON.stringify({ _aws: { Timestamp: at, CloudWatchMetrics: [directive] }, [recoveryDimension]: of, ...Object.fromEntries(known) }));
  },
});
