import {
  after,
  type AlarmState,
  type Candidate,
  digest,
  ecsDeploymentId,
  type EpochMs,
  epochMs,
  type Grade,
  type GuardedService,
  type GuardSettings,
  type Identity,
  identityKey,
  type MemberLook,
  type MemberMemory,
  type MetricSeries,
  minutes,
  ms,
  percent,
  type PreparedMember,
  type RevisionRecord,
  seconds,
  serviceDeploymentArn,
  serviceName,
  serviceRevisionArn,
  type ServiceState,
  type TargetFacts,
  taskDefinitionArn,
  days,
  hours,
} from "@nightshift/model";
import { queryId } from "./queries.ts";

/** The moment of exposure in every case: 2026-03-14T03:00:00Z, a whole minute. Cases and tests only; production imports nothing from here. */
export const T0 = epochMs(1_773_457_200_000);
export const MINUTE = 60_000;
export const DAY = days(1);

/** A revision `shop-api:43` with bytes of its own; the same number gives the same identity. */
export function identity(service: string, revision: number, over: Partial<Identity> = {}): Identity {
  const bytes = digest(`sha256:${String(revision).padStart(64, "0")}`);
  return {
    key: identityKey(`${service}/${revision}`),
    images: [{ container: "app", image: `123456789012.dkr.ecr.eu-central-1.amazonaws.com/${service}:v${revision}`, digest: bytes }],
    taskDefinition: taskDefinitionArn(`arn:aws:ecs:eu-central-1:123456789012:task-definition/${service}:${revision}`),
    taskDefinitionHash: `td-${revision}`,
    configHash: "config-1",
    ...over,
  };
}

export function record(service: string, revision: number, grade: Grade, over: Partial<RevisionRecord> = {}): RevisionRecord {
  const seen = epochMs(T0 - (50 - revision) * DAY);
  return {
    service: serviceName(service),
    identity: identity(service, revision),
    grade,
    gradedAt: after(seen, hours(1)),
    because: "earned",
    firstSeen: seen,
    labels: {},
    provisional: false,
    pinned: undefined,
    ...over,
  };
}

export const candidate = (service: string, revision: number, over: Partial<Candidate> = {}): Candidate => {
  const row = record(service, revision, "good");
  return { record: row, imagePresent: true, deployable: row.identity.taskDefinition, ...over };
};

/** A guarded API behind a load balancer, with every trigger at the seeds' defaults. */
export function guarded(name: string, over: Partial<GuardedService> = {}): GuardedService {
  return {
    name: serviceName(name),
    cluster: "prod",
    group: "shop",
    mode: "auto",
    triggers: [
      { kind: "health-checks", moreThan: 3 },
      { kind: "error-rate", above: percent(5), for: minutes(2), minRequests: 60, minErrors: 3, noData: "wait" },
      { kind: "latency", statistic: "p95", above: ms(2_000), for: minutes(5), minRequests: 60, noData: "bad" },
      { kind: "task-crashes", atLeast: 2, share: percent(50) },
      { kind: "smoke-tests", failuresInARow: 2 },
      { kind: "alarms", names: ["shop-slo"] },
    ],
    smoke: [],
    windows: { hot: minutes(5), bake: minutes(30), long: minutes(60), tail: hours(24) },
    schema: { unknown: "allow-without-migration" },
    dependencies: [
      {
        name: "RDS shop-prod",
        namespace: "AWS/RDS",
        metric: "CPUUtilization",
        dimensions: { DBInstanceIdentifier: "shop-prod" },
        statistic: "Average",
        bad: { above: 90 },
      },
    ],
    traffic: { loadBalancer: "app/shop/1", targetGroup: `targetgroup/${name}/1` },
    knownBad: "warn",
    nativeGrace: seconds(30),
    askFor: minutes(5),
    ...over,
  };
}

export const worker = (name: string, over: Partial<GuardedService> = {}): GuardedService =>
  guarded(name, { traffic: undefined, dependencies: [], triggers: [{ kind: "task-crashes", atLeast: 2, share: percent(50) }], ...over });

export const settingsFor = (...services: readonly GuardedService[]): GuardSettings => ({
  product: "shop",
  group: "shop",
  services,
  budgets: {
    rollbacksPerDeployment: 1,
    rollbacksPerService: [
      { count: 1, within: minutes(30) },
      { count: 2, within: hours(6) },
    ],
    attemptsPerIntent: 3,
    mutationsPerAccount: { count: 10, within: minutes(10) },
    stampede: { services: 3, within: minutes(5) },
  },
});

/** `shop-api:43` replacing `:42`, which is good. */
export function preparedMember(name: string, over: Partial<PreparedMember> = {}): PreparedMember {
  return {
    ref: { cluster: "prod", service: serviceName(name) },
    judged: {
      deployment: ecsDeploymentId(`ecs-svc/${name}-43`),
      serviceDeployment: serviceDeploymentArn(`arn:aws:ecs:eu-central-1:123456789012:service-deployment/prod/${name}/43`),
      revision: serviceRevisionArn(`arn:aws:ecs:eu-central-1:123456789012:service-revision/prod/${name}/43`),
      identity: identity(name, 43),
      startedAt: epochMs(T0 - 90_000),
    },
    source: {
      revision: serviceRevisionArn(`arn:aws:ecs:eu-central-1:123456789012:service-revision/prod/${name}/42`),
      identity: identity(name, 42),
      createdAt: epochMs(T0 - 8 * DAY),
    },
    known: [record(name, 43, "candidate", { firstSeen: T0 }), record(name, 42, "good")],
    candidate: candidate(name, 42),
    candidateBecause: `${name}:42 is good since 8 days`,
    knownBad: undefined,
    alarmsAtStart: [{ name: "shop-slo", value: "OK", since: epochMs(T0 - DAY), reason: "fine" }],
    baseline: { before: [], lastWeek: [] },
    migrations: [],
    ...over,
  };
}

/** Figures per minute, counted from exposure; negative minutes lie before it. */
export type PerMinute = (minute: number) => number | undefined;
export interface Traffic {
  readonly requests?: PerMinute;
  readonly errors?: PerMinute;
  readonly balancerErrors?: PerMinute;
  /** All requests of the load balancer; by default the service's own. */
  readonly balancerRequests?: PerMinute;
  readonly p95Seconds?: PerMinute;
  readonly database?: PerMinute;
}

const points = (from: number, to: number, value: PerMinute) =>
  Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index).flatMap((minute) => {
    const found = value(minute);
    return found === undefined ? [] : [{ at: epochMs(T0 + minute * MINUTE), value: found }];
  });

/** Series of one service over whole minutes `from`..`to`; 600 requests a minute, 1 of them failing, unless told otherwise. */
export function series(name: string, [from, to]: readonly [number, number], traffic: Traffic = {}): readonly MetricSeries[] {
  const requests = traffic.requests ?? (() => 600);
  const one = (metric: string, value: PerMinute): MetricSeries => ({ id: queryId(serviceName(name), metric), points: points(from, to, value), complete: true });
  return [
    one("requests", requests),
    one("target_5xx", traffic.errors ?? (() => 1)),
    one("elb_5xx", traffic.balancerErrors ?? (() => undefined)),
    one("lb_requests", traffic.balancerRequests ?? requests),
    one("latency_p95", traffic.p95Seconds ?? (() => 0.2)),
    one("dep_0", traffic.database ?? (() => 40)),
  ];
}

/** `shop-api` with 2 tasks of 43 beside 2 of 42, still being deployed. */
export function serviceState(name: string, over: Partial<ServiceState> = {}): ServiceState {
  const row = (revision: number, status: "PRIMARY" | "ACTIVE") => ({
    id: ecsDeploymentId(`ecs-svc/${name}-${revision}`),
    status,
    rolloutState: status === "PRIMARY" ? ("IN_PROGRESS" as const) : ("COMPLETED" as const),
    rolloutReason: undefined,
    taskDefinition: identity(name, revision).taskDefinition,
    desired: 2,
    running: 2,
    pending: 0,
    failedTasks: 0,
    createdAt: epochMs(status === "PRIMARY" ? T0 - 90_000 : T0 - 8 * DAY),
  });
  return {
    ref: { cluster: "prod", service: serviceName(name) },
    observedAt: T0,
    controller: "ECS",
    strategy: "ROLLING",
    taskDefinition: identity(name, 43).taskDefinition,
    desired: 2,
    running: 4,
    pending: 0,
    deployments: [row(43, "PRIMARY"), row(42, "ACTIVE")],
    currentDeployment: serviceDeploymentArn(`arn:aws:ecs:eu-central-1:123456789012:service-deployment/prod/${name}/43`),
    currentRevisions: [],
    native: { circuitBreakerRollback: false, alarmRollback: [] },
    targetGroups: [`arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/${name}/1`],
    ...over,
  };
}

export const target = (id: string, judged: boolean, state: TargetFacts["state"] = "healthy"): TargetFacts & { readonly judged: boolean } => ({
  group: "tg",
  id,
  state,
  reason: state === "unhealthy" ? "Target.ResponseCodeMismatch" : undefined,
  judged,
});

export function memberLook(name: string, over: Partial<MemberLook> = {}): MemberLook {
  const { judged, source } = preparedMember(name);
  return {
    service: serviceName(name),
    state: { ok: true, value: serviceState(name) },
    deployment: {
      ok: true,
      value: {
        arn: judged.serviceDeployment ?? serviceDeploymentArn("none"),
        status: "IN_PROGRESS",
        createdAt: judged.startedAt,
        finishedAt: undefined,
        source: source === undefined ? [] : [source.revision],
        target: judged.revision ?? serviceRevisionArn("none"),
        rollback: undefined,
        circuitBreaker: undefined,
        alarms: undefined,
      },
    },
    stopped: [],
    judgedRunning: 2,
    olderRunning: 2,
    targets: { ok: true, value: [target("10.0.0.1", true), target("10.0.0.2", true), target("10.0.0.3", false), target("10.0.0.4", false)] },
    metrics: { ok: true, value: [] },
    smoke: [],
    alarms: [],
    tasksKnown: true,
    changes: [],
    ...over,
  };
}

export const memberMemory = (name: string, over: Partial<MemberMemory> = {}): MemberMemory => ({
  service: serviceName(name),
  judged: ecsDeploymentId(`ecs-svc/${name}-43`),
  exposedAt: T0,
  completedAt: undefined,
  unhealthyLooks: 0,
  smokeFailures: {},
  crashed: [],
  awaitingNativeSince: undefined,
  lastSplit: [],
  lastSmokeAt: undefined,
  tally: { minutes: 0, requests: 0, through: undefined },
  ...over,
});

export const alarm = (over: Partial<AlarmState> = {}): AlarmState => ({
  name: "shop-slo",
  value: "ALARM",
  since: epochMs(T0 + 90_000),
  reason: "2 datapoints over 5.0",
  ...over,
});
export const at = (fromExposure: number): EpochMs => epochMs(T0 + fromExposure);
