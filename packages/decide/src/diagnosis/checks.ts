import { type DependencySignal, type GuardedService, type MetricQuery, minutes } from "@nightshift/model";
import { queryId } from "../queries.ts";
import type { Runbook } from "./runbooks.ts";

/** One question of a runbook: a series, what is bad about it, and what the seeds' documents do then. */
export interface Check {
  readonly runbook: Runbook;
  /** `CPU of shop-api`. */
  readonly what: string;
  readonly query: MetricQuery;
  /** Set: the series is judged as a share of this one, in percent. */
  readonly shareOf?: MetricQuery;
  readonly unit: "%" | "s" | "ms" | "" | "bytes";
  /** What a datapoint is multiplied by to be said in `unit`. */
  readonly scale: number;
  /** Absent: only a rise tells. */
  readonly bad?: { readonly above: number } | { readonly below: number };
  /** Bad, too, when it is so many times what it was in the hour before. */
  readonly rose?: number;
  readonly advice: string;
}

/** Every question of one runbook about one service. Thresholds are the seeds' (`facts/incidents.md` 6, "Alert rules"). */
export function checksOf(runbook: Runbook, service: GuardedService): readonly Check[] {
  const checks = { "high-latency": latency, "database-errors": database, "authentication-failures": authentication, "worker-backlog": backlog }[runbook];
  return checks(service).map((check, n) => ({ ...check, runbook, query: { ...check.query, id: `${check.query.id}_${runbook.slice(0, 1)}${n}` } }));
}

type Bare = Omit<Check, "runbook">;

const latency = (service: GuardedService): readonly Bare[] => [
  ...balancer(service, "TargetResponseTime", "p95", {
    what: `p95 of ${service.name}`,
    unit: "ms",
    scale: 1_000,
    bad: { above: 2_000 },
    rose: 2,
    advice: "look at the slowest endpoint and the queries behind it; add a cache or take load off",
  }),
  ...balancer(service, "RequestCount", "Sum", {
    what: `requests a minute to ${service.name}`,
    unit: "",
    scale: 1,
    rose: 2,
    advice: "more traffic than before: scale out",
  }),
  ...resources(service),
  ...service.dependencies.map((signal, n) => dependencyCheck(service, signal, n)),
];

const database = (service: GuardedService): readonly Bare[] => {
  const instances = named(service, "AWS/RDS", "DBInstanceIdentifier");
  const tables = named(service, "AWS/DynamoDB", "TableName");
  return [
    ...instances.flatMap((instance) => instanceChecks(service, instance)),
    ...tables.map((table, n) =>
      on(
        service,
        `table_${n}`,
        { namespace: "AWS/DynamoDB", metric: "ThrottledRequests", dimensions: { TableName: table }, statistic: "Sum" },
        {
          what: `throttled requests of ${table}`,
          unit: "",
          scale: 1,
          bad: { above: 0 },
          advice: "raise capacity or switch to on-demand; look for a hot partition",
        },
      ),
    ),
    ...service.dependencies.map((signal, n) => dependencyCheck(service, signal, n)),
  ];
};

function instanceChecks(service: GuardedService, instance: string): readonly Bare[] {
  const ask = (metric: string, statistic: string, rest: Omit<Bare, "query">) =>
    on(service, `rds_${metric}`, { namespace: "AWS/RDS", metric, dimensions: { DBInstanceIdentifier: instance }, statistic }, rest);
  return [
    ask("CPUUtilization", "Average", {
      what: `CPU of ${instance}`,
      unit: "%",
      scale: 1,
      bad: { above: 80 },
      advice: "find the heaviest query (pg_stat_activity); stop batch jobs",
    }),
    ask("DatabaseConnections", "Maximum", {
      what: `connections to ${instance}`,
      unit: "",
      scale: 1,
      rose: 1.5,
      advice: "a leak or too many tasks: lower the pool size of each task, or restart what leaks",
    }),
    ask("ReadLatency", "Average", {
      what: `read latency of ${instance}`,
      unit: "ms",
      scale: 1_000,
      bad: { above: 20 },
      advice: "the disk is behind: look at IOPS and burst balance",
    }),
    ask("FreeStorageSpace", "Minimum", {
      what: `free storage of ${instance}`,
      unit: "bytes",
      scale: 1,
      bad: { below: 1_073_741_824 },
      advice: "expand the storage now: a full disk stops the database",
    }),
  ];
}

const authentication = (service: GuardedService): readonly Bare[] => {
  const refused = balancer(service, "HTTPCode_Target_4XX_Count", "Sum", {
    what: `refused requests (4xx) of ${service.name}`,
    unit: "%",
    scale: 1,
    bad: { above: 20 },
    rose: 2,
    advice: "read the log for 401 and 403: expired keys, clock, callback addresses, CORS, a rate limit",
  });
  const all = balancer(service, "RequestCount", "Sum", { what: "", unit: "", scale: 1, advice: "" })[0]?.query;
  const pools = service.dependencies.filter((one) => one.namespace === "AWS/Cognito");
  return [
    ...refused.map((check) => (all === undefined ? check : { ...check, shareOf: { ...all, id: `${all.id}_all` } })),
    ...pools.flatMap((pool, n) => poolChecks(service, pool, n)),
  ];
};

/**
 * Sign-ins to a user pool's client; the average of SignInSuccesses is the share that succeeded ("User pool metrics in CloudWatch",
 * https://docs.aws.amazon.com/cognito/latest/developerguide/metrics-for-cognito-user-pools.html, 2026-11-21).
 */
function poolChecks(service: GuardedService, { dimensions, name }: DependencySignal, n: number): readonly Bare[] {
  const ask = (metric: string, statistic: string, rest: Omit<Bare, "query">) =>
    on(service, `pool_${n}_${metric}`, { namespace: "AWS/Cognito", metric, dimensions, statistic }, rest);
  return [
    ask("SignInSuccesses", "Average", {
      what: `sign-ins of ${name} that succeed`,
      unit: "%",
      scale: 100,
      bad: { below: 50 },
      advice: "look for a lockout, a wrong callback address, or an attack with guessed passwords",
    }),
    ask("SignInThrottles", "Sum", {
      what: `throttled sign-ins of ${name}`,
      unit: "",
      scale: 1,
      bad: { above: 0 },
      advice: "ask AWS for a higher quota, or slow the callers down",
    }),
  ];
}

const backlog = (service: GuardedService): readonly Bare[] => {
  const queues = named(service, "AWS/SQS", "QueueName");
  return [
    ...queues.map((queue, n) =>
      on(
        service,
        `queue_${n}`,
        { namespace: "AWS/SQS", metric: "ApproximateNumberOfMessagesVisible", dimensions: { QueueName: queue }, statistic: "Maximum" },
        {
          what: `messages waiting in ${queue}`,
          unit: "",
          scale: 1,
          bad: { above: 1_000 },
          rose: 3,
          advice: "scale the workers out, unless task time rose with it: then what the tasks call is slow",
        },
      ),
    ),
    ...resources(service),
    ...service.dependencies.map((signal, n) => dependencyCheck(service, signal, n)),
  ];
};

/** CPU and memory of the service's tasks ("Amazon ECS CloudWatch metrics", https://docs.aws.amazon.com/AmazonECS/latest/developerguide/available-metrics.html, 2026-11-21). */
function resources(service: GuardedService): readonly Bare[] {
  const dimensions = { ClusterName: service.cluster, ServiceName: service.name };
  const ask = (metric: string, rest: Omit<Bare, "query">) => on(service, metric, { namespace: "AWS/ECS", metric, dimensions, statistic: "Average" }, rest);
  return [
    ask("CPUUtilization", { what: `CPU of ${service.name}`, unit: "%", scale: 1, bad: { above: 80 }, advice: "scale out" }),
    ask("MemoryUtilization", {
      what: `memory of ${service.name}`,
      unit: "%",
      scale: 1,
      bad: { above: 85 },
      advice: "look for a leak; restart the fullest tasks or give them more",
    }),
  ];
}

function balancer(service: GuardedService, metric: string, statistic: string, rest: Omit<Bare, "query">): readonly Bare[] {
  if (service.traffic === undefined) return [];
  const dimensions = { LoadBalancer: service.traffic.loadBalancer, TargetGroup: service.traffic.targetGroup };
  return [on(service, `${metric}_${statistic}`, { namespace: "AWS/ApplicationELB", metric, dimensions, statistic }, rest)];
}

/** What the team itself calls bad about something it stands on. */
const dependencyCheck = (service: GuardedService, { name, namespace, metric, dimensions, statistic, bad }: DependencySignal, n: number): Bare =>
  on(
    service,
    `dep_${n}`,
    { namespace, metric, dimensions, statistic },
    { what: name, unit: "", scale: 1, bad, advice: "the cause is more likely there than here" },
  );

const on = (service: GuardedService, name: string, query: Omit<MetricQuery, "id" | "period">, rest: Omit<Bare, "query">): Bare => ({
  ...rest,
  query: { ...query, id: queryId(service.name, name.toLowerCase()), period: minutes(1) },
});

const named = (service: GuardedService, namespace: string, dimension: string): readonly string[] => [
  ...new Set(service.dependencies.flatMap((one) => (one.namespace === namespace ? [one.dimensions[dimension]] : [])).filter((name) => name !== undefined)),
];
