import type { EpochMs, GuardedService, GuardSettings, MetricQuery, ServiceName, TrafficSource } from "@nightshift/model";
import { after, before, days, epochMs, hours, minutes, seconds } from "@nightshift/model";

/** A stretch of time to read metrics of; `to` is not included. */
export interface MetricWindow {
  readonly from: EpochMs;
  readonly to: EpochMs;
}

const PERIOD = seconds(60);
/** What one look reads: the longest widened judgement (15 min) and as much again, so that the onset is seen. */
const LOOK_BACK = minutes(30);

/**
 * The id of one of a service's series, unique in the account: GetMetricData wants a small letter first, then letters,
 * digits and underscores (MetricDataQuery, docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDataQuery.html, 2026-11-21).
 */
export const queryId = (service: ServiceName, name: string): string => `m_${service.replace(/_/g, "_u").replace(/-/g, "_h")}_${name}`;

/**
 * Every series the triggers, the blame check and the baseline need of one service. Names and dimensions as in
 * "CloudWatch metrics for your Application Load Balancer" (docs.aws.amazon.com/elasticloadbalancing/latest/application/
 * load-balancer-cloudwatch-metrics.html, 2026-11-21); the load balancer's own 5xx have no TargetGroup dimension.
 */
export function trafficQueries(service: GuardedService): MetricQuery[] {
  return [...(service.traffic === undefined ? [] : balancerQueries(service, service.traffic)), ...dependencyQueries(service)];
}

function balancerQueries(service: GuardedService, traffic: TrafficSource): MetricQuery[] {
  const balancer = { LoadBalancer: traffic.loadBalancer };
  const group = { LoadBalancer: traffic.loadBalancer, TargetGroup: traffic.targetGroup };
  const query = (name: string, metric: string, rest: Pick<MetricQuery, "dimensions" | "statistic">): MetricQuery => ({
    id: queryId(service.name, name),
    namespace: "AWS/ApplicationELB",
    metric,
    period: PERIOD,
    ...rest,
  });
  return [
    query("requests", "RequestCount", { dimensions: group, statistic: "Sum" }),
    query("target_5xx", "HTTPCode_Target_5XX_Count", { dimensions: group, statistic: "Sum" }),
    query("elb_5xx", "HTTPCode_ELB_5XX_Count", { dimensions: balancer, statistic: "Sum" }),
    query("lb_requests", "RequestCount", { dimensions: balancer, statistic: "Sum" }),
    ...latencyStatistics(service).map((statistic) => query(`latency_${statistic}`, "TargetResponseTime", { dimensions: group, statistic })),
  ];
}

const latencyStatistics = (service: GuardedService): readonly string[] => [
  ...new Set(["p95", ...service.triggers.flatMap((trigger) => (trigger.kind === "latency" ? [trigger.statistic] : []))]),
];

const dependencyQueries = (service: GuardedService): MetricQuery[] =>
  service.dependencies.map(({ namespace, metric, dimensions, statistic }, index) => ({
    id: queryId(service.name, `dep_${index}`),
    namespace,
    metric,
    dimensions,
    statistic,
    period: PERIOD,
  }));

/** What a look at `now` reads: whole minutes, from before the longest judgement to the present. */
export function windowToRead(now: EpochMs, settings: GuardSettings): MetricWindow {
  const longest = Math.max(0, ...settings.services.flatMap((service) => service.triggers.map((trigger) => ("for" in trigger ? trigger.for : 0))));
  return { from: wholeMinute(epochMs(now - Math.max(LOOK_BACK, 2 * longest))), to: now };
}

/** What "before" means: the hour before the deployment began, and the same hour a week earlier. */
export function baselineWindows(startedAt: EpochMs): { readonly before: MetricWindow; readonly lastWeek: MetricWindow } {
  const to = wholeMinute(startedAt);
  const weekAgo = before(to, days(7));
  return { before: { from: before(to, hours(1)), to }, lastWeek: { from: weekAgo, to: after(weekAgo, hours(1)) } };
}

const wholeMinute = (at: EpochMs): EpochMs => epochMs(at - (at % PERIOD));
