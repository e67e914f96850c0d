import { minutes } from "@nightshift/model";
import type { MetricAlarmSpec } from "../services/cloudwatch/alarms.ts";
import type { ServiceHandle } from "./spec.ts";

interface Shape {
  readonly name: string;
  readonly threshold: number;
  /** Minutes in a row; default 2. */
  readonly of?: number;
  readonly initially?: MetricAlarmSpec["initially"];
}

const common = (shape: Shape) => ({
  kind: "metric" as const,
  name: shape.name,
  period: minutes(1),
  evaluationPeriods: shape.of ?? 2,
  threshold: shape.threshold,
  comparison: "GreaterThanThreshold" as const,
  treatMissingData: "notBreaching" as const,
  ...(shape.initially === undefined ? {} : { initially: shape.initially }),
});

function metricOf(service: ServiceHandle, name: string, statistic: string, id: string) {
  if (service.traffic === undefined) throw new Error(`${service.name} has no load balancer to alarm on`);
  return {
    id,
    statistic,
    metric: { namespace: "AWS/ApplicationELB", name, dimensions: { LoadBalancer: service.traffic.loadBalancer, TargetGroup: service.traffic.targetGroup } },
  };
}

/** Target 5xx a minute above `threshold`. */
export const errorCountAlarm = (service: ServiceHandle, shape: Shape): MetricAlarmSpec => ({
  ...common(shape),
  metrics: [metricOf(service, "HTTPCode_Target_5XX_Count", "Sum", "m1")],
});

/** Target 5xx as a percentage of requests above `threshold`, by metric math. */
export const errorRateAlarm = (service: ServiceHandle, shape: Shape): MetricAlarmSpec => ({
  ...common(shape),
  expression: "100 * FILL(errors, 0) / requests",
  metrics: [metricOf(service, "HTTPCode_Target_5XX_Count", "Sum", "errors"), metricOf(service, "RequestCount", "Sum", "requests")],
});

/** 95th percentile of the response time above `threshold` seconds. */
export const latencyAlarm = (service: ServiceHandle, shape: Shape): MetricAlarmSpec => ({
  ...common(shape),
  metrics: [metricOf(service, "TargetResponseTime", "p95", "m1")],
});
