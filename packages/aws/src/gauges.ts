import type { Gauges } from "@nightshift/ports";

/** Where CloudWatch keeps our metrics, and by what it tells services apart. */
export const gaugeNamespace = "Nightshift";
export const gaugeDimension = "Service";

/**
 * The metrics of a worker service. Each costs as much in a month as all calls of the scaler, so that there are four; the other
 * figures stand in the same log line, where CloudWatch Logs Insights finds them.
 */
export const gaugeNames = {
  /** Tasks in the broker that no worker has taken. */
  waiting: "Waiting",
  /** Longest wait that is to come if nothing is changed, in seconds. */
  wait: "Wait",
  /** Workers that take work. */
  workers: "Workers",
  /** ECS's desired count. */
  desired: "DesiredWorkers",
} as const;

/**
 * Metrics as one line of CloudWatch's embedded metric format: no call, and a figure that is unknown is not in it.
 * Source: "Specification: Embedded metric format",
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html, 2026-11-21.
 */
export const gaugesFrom = (print: (line: string) => void): Gauges => ({
  async publish(service, at, { waiting, worstNowSeconds, workers, desired, ...others }) {
    const figures = [
      { Name: gaugeNames.waiting, Unit: "Count", value: waiting },
      { Name: gaugeNames.wait, Unit: "Seconds", value: worstNowSeconds },
      { Name: gaugeNames.workers, Unit: "Count", value: workers },
      { Name: gaugeNames.desired, Unit: "Count", value: desired },
    ].filter(({ value }) => value !== undefined && Number.isFinite(value));
    if (figures.length === 0) return;
    const metrics = figures.map(({ Name, Unit }) => ({ Name, Unit }));
    const directive = { Namespace: gaugeNamespace, Dimensions: [[gaugeDimension]], Metrics: metrics };
    print(
      JSON.stringify({
        _aws: { Timestamp: at, CloudWatchMetrics: [directive] },
        [gaugeDimension]: service,
        ...Object.fromEntries(figures.map(({ Name, value }) => [Name, value])),
        ...others,
      }),
    );
  },
});
