import type { NightshiftConfig } from "./sections/index.ts";
import type { DependencyInput } from "./sections/dependencies.ts";
import type { EcsInput } from "./sections/services.ts";
import type { TriggerInput } from "./sections/triggers.ts";

/** Marks the default export of `nightshift.config.ts`. It checks nothing yet, so that `config check` can report every problem at once. */
export const defineNightshift = (config: NightshiftConfig): NightshiftConfig => config;

/** An ECS service with rolling deployments. Blue/green and CodeDeploy services are watched and explained, not acted on. */
export const ecs = (service: Omit<EcsInput, "kind">): EcsInput => ({ kind: "ecs", ...service });

type Of<Kind extends TriggerInput["kind"]> = Omit<Extract<TriggerInput, { kind: Kind }>, "kind">;

/** More than so many health-check failures in a row. Hard proof. */
export const healthChecks = (it: Of<"health-checks"> = {}): TriggerInput => ({ kind: "health-checks", ...it });
/** Share of 5xx answers of the service's own tasks. */
export const errorRate = (it: Of<"error-rate"> = {}): TriggerInput => ({ kind: "error-rate", ...it });
/** Response time at a percentile of your choice. */
export const latency = (it: Of<"latency"> = {}): TriggerInput => ({ kind: "latency", ...it });
/** Response time that 95 of 100 requests stay below. */
export const p95 = (it: Omit<Of<"latency">, "statistic"> = {}): TriggerInput => ({ kind: "latency", ...it, statistic: "p95" });
/** Response time that 99 of 100 requests stay below. */
export const p99 = (it: Omit<Of<"latency">, "statistic"> = {}): TriggerInput => ({ kind: "latency", ...it, statistic: "p99" });
/** A count of 5xx a minute. Prefer `errorRate`: a count means little without its traffic. */
export const errorsPerMinute = (it: Of<"errors-per-minute"> = {}): TriggerInput => ({ kind: "errors-per-minute", ...it });
/** Tasks of the new deployment that crash by their own doing. Hard proof; always on, listed only to change its numbers. */
export const taskCrashes = (it: Of<"task-crashes"> = {}): TriggerInput => ({ kind: "task-crashes", ...it });
/** Smoke tests that fail again and again. Hard proof; on wherever `smoke` is not empty, listed only to change its number. */
export const smokeTests = (it: Of<"smoke-tests"> = {}): TriggerInput => ({ kind: "smoke-tests", ...it });
/** Your own CloudWatch alarms, by name. */
export const alarms = (names: readonly string[]): TriggerInput => ({ kind: "alarms", names: [...names] });

type SmokeInput = NonNullable<EcsInput["smoke"]>[number];

/** A smoke test: an HTTP(S) request with expectations. */
export function http(url: string, expect: Partial<Omit<SmokeInput, "url">> = {}): SmokeInput {
  const {
    name = `${expect.method ?? "GET"} ${String(url)
      .replace(/^https?:\/\//, "")
      .replace(/\?.*$/, "")}`,
    ...rest
  } = expect;
  return { name, url, ...rest };
}

/** Any CloudWatch series that tells trouble outside of the service. */
export const dependency = (it: DependencyInput): DependencyInput => it;

/** A database instance that is out of CPU (Amazon RDS User Guide, "Amazon CloudWatch metrics for Amazon RDS", read 2026-11-21). */
export const databaseCpu = ({ instance, above = 90 }: { instance: string; above?: number }): DependencyInput => ({
  name: `RDS ${instance} CPU`,
  namespace: "AWS/RDS",
  metric: "CPUUtilization",
  dimensions: { DBInstanceIdentifier: instance },
  statistic: "Average",
  bad: { above },
});

/** A database instance with too many connections (same page). */
export const databaseConnections = ({ instance, above }: { instance: string; above: number }): DependencyInput => ({
  name: `RDS ${instance} connections`,
  namespace: "AWS/RDS",
  metric: "DatabaseConnections",
  dimensions: { DBInstanceIdentifier: instance },
  statistic: "Maximum",
  bad: { above },
});

/** A Redis or Valkey node that throws keys away (Amazon ElastiCache User Guide, "Metrics for Valkey and Redis OSS", read 2026-11-21). */
export const cacheEvictions = ({ cluster, above = 0 }: { cluster: string; above?: number }): DependencyInput => ({
  name: `Redis ${cluster} evictions`,
  namespace: "AWS/ElastiCache",
  metric: "Evictions",
  dimensions: { CacheClusterId: cluster },
  statistic: "Sum",
  bad: { above },
});

/** A queue whose oldest message waits, in seconds (Amazon SQS Developer Guide, "Available CloudWatch metrics for Amazon SQS", read 2026-11-21). */
export const queueAge = ({ queue, aboveSeconds }: { queue: string; aboveSeconds: number }): DependencyInput => ({
  name: `SQS ${queue} oldest message`,
  namespace: "AWS/SQS",
  metric: "ApproximateAgeOfOldestMessage",
  dimensions: { QueueName: queue },
  statistic: "Maximum",
  bad: { above: aboveSeconds },
});
