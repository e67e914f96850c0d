/**
 * Names that guides give to metrics of an application load balancer, and what is really published: names of other services
 * (API Gateway, classic load balancers, CloudFront) or names cut short. Elastic Load Balancing User Guide, "CloudWatch
 * metrics for your Application Load Balancer", read 2026-11-21.
 */
const mistaken: Readonly<Record<string, string>> = {
  "5XXError": "HTTPCode_Target_5XX_Count",
  "5xxError": "HTTPCode_Target_5XX_Count",
  "5xxErrorRate": "HTTPCode_Target_5XX_Count",
  HTTPCode_5XX: "HTTPCode_Target_5XX_Count",
  HTTPCode_Target_5XX: "HTTPCode_Target_5XX_Count",
  HTTPCode_Backend_5XX: "HTTPCode_Target_5XX_Count",
  HTTPCode_ELB_5XX: "HTTPCode_ELB_5XX_Count",
  "4XXError": "HTTPCode_Target_4XX_Count",
  HTTPCode_Target_4XX: "HTTPCode_Target_4XX_Count",
  HTTPCode_Backend_4XX: "HTTPCode_Target_4XX_Count",
  Latency: "TargetResponseTime",
  ResponseTime: "TargetResponseTime",
  UnhealthyHostCount: "UnHealthyHostCount",
  Requests: "RequestCount",
};

/** The real name of a metric that does not exist under the name given; undefined when nothing is known against the name. */
export const realMetric = (namespace: string, metric: string): string | undefined =>
  namespace === "AWS/ApplicationELB" && Object.hasOwn(mistaken, metric) ? mistaken[metric] : undefined;

/** Every mistaken name, for reading runbooks. */
export const mistakenMetrics: readonly string[] = Object.keys(mistaken);

const needed: Readonly<Record<string, readonly string[]>> = {
  "AWS/ApplicationELB": ["LoadBalancer"],
  "AWS/ECS": ["ClusterName"],
  "AWS/SQS": ["QueueName"],
};

/**
 * Dimensions without which an alarm of this namespace sees no series of one resource. Amazon ECS Developer Guide, "Amazon ECS
 * CloudWatch metrics": at least the cluster; load balancers and queues publish per resource (their metrics pages; all read
 * 2026-11-21). RDS is not listed: it also publishes sums over all instances.
 */
export const neededDimensions = (namespace: string): readonly string[] => (Object.hasOwn(needed, namespace) ? (needed[namespace] ?? []) : []);
