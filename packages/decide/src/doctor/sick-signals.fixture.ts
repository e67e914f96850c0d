import { epochMs, hours } from "@nightshift/model";
import { facts, withService, withContainer, withGroup, withAlarm, withMetric, withSettings, type Sick } from "./build.fixture.ts";
import { alarm, healthy, now, revision } from "./healthy.fixture.ts";

const count = { kind: "errors-per-minute", moreThan: 10, times: 2, noData: "wait" } as const;

/** D20 to D31: alarms, triggers, logs and rights. */
export const sickSignals: readonly Sick[] = [
  [
    "D20",
    "an alarm that does not exist",
    withService({ deploymentAlarms: { enabled: true, rollback: true, names: ["shop-5xx", "gone"] } }),
    [["danger", "shop-api", "ECS is to stop deployments on the alarm gone, which does not exist"]],
  ],
  [
    "D21",
    "an alarm that fires already",
    withAlarm({ value: "ALARM", since: epochMs(now - hours(3)) }),
    [["warning", "shop-api", "the alarm shop-5xx has been firing for 3 h: ECS ignores all alarms of a deployment that starts now"]],
  ],
  [
    "D22",
    "a metric of another service",
    withMetric({ name: "5XXError" }),
    [["danger", "shop-5xx", "AWS/ApplicationELB has no metric 5XXError: this alarm can never fire"]],
  ],
  [
    "D23",
    "no dimensions",
    withMetric({ dimensions: {} }),
    [["danger", "shop-5xx", "AWS/ApplicationELB TargetResponseTime without LoadBalancer: no such series exists, the alarm stays INSUFFICIENT_DATA"]],
  ],
  [
    "D24",
    "silence breaches",
    withAlarm({ treatMissingData: "breaching" }),
    [["danger", "shop-5xx", "no errors means no datapoint, and this alarm counts that as breaching: it fires whenever all is well"]],
  ],
  [
    "D24",
    "silence is missing",
    withAlarm({ treatMissingData: "missing" }),
    [["note", "shop-5xx", "no errors means no datapoint: between errors this alarm is INSUFFICIENT_DATA, not OK"]],
  ],
  [
    "D25",
    "a blind alarm",
    {
      ...withMetric({}),
      alarms: [
        {
          ...alarm,
          metric: { namespace: "AWS/ApplicationELB", name: "TargetResponseTime", dimensions: { LoadBalancer: "app/x/1" }, statistic: "p95" },
          lastDatapoint: "none",
        },
      ],
    },
    [["danger", "shop-5xx", "AWS/ApplicationELB TargetResponseTime had no datapoint in 24 h: the alarm is blind"]],
  ],
  [
    "D26",
    "a blind trigger",
    facts({ series: healthy.series.map((it) => ({ ...it, lastDatapoint: "none" as const })) }),
    [
      [
        "danger",
        "shop-api",
        "the trigger latency reads AWS/ApplicationELB TargetResponseTime (TargetGroup targetgroup/shop-api/73e2d6bc24d8a067), which had no datapoint in 24 h: it is blind",
      ],
    ],
  ],
  [
    "D27",
    "a trigger's alarm is missing",
    healthy,
    [["danger", "shop-api", 'alarms(["shop-4xx"]) names an alarm that does not exist']],
    withSettings({ triggers: [{ kind: "alarms", names: ["shop-4xx"] }] }),
  ],
  [
    "D28",
    "ten errors at 60 a minute",
    withGroup({ requestsPerMinute: 60 }),
    [["warning", "shop-api", "more than 10 errors a minute at 60 requests a minute needs 18.3 % errors: most bad deployments pass"]],
    withSettings({ triggers: [count] }),
  ],
  [
    "D28",
    "ten errors at 10,000 a minute",
    withGroup({ requestsPerMinute: 10_000 }),
    [["warning", "shop-api", "more than 10 errors a minute at 10000 requests a minute: 0.1 % of honest errors already make 10"]],
    withSettings({ triggers: [count] }),
  ],
  [
    "D29",
    "somebody else's target group",
    withService({ targetGroupArns: ["arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/admin/1"] }),
    [["danger", "shop-api", "the config names targetgroup/shop-api/73e2d6bc24d8a067, and the service is behind targetgroup/admin/1"]],
  ],
  [
    "D29",
    "a target group nobody watches",
    healthy,
    [
      [
        "warning",
        "shop-api",
        "the service is behind targetgroup/shop-api/73e2d6bc24d8a067, and the config gives it no traffic: errors and latency are not watched",
      ],
    ],
    withSettings({ traffic: undefined }),
  ],
  [
    "D30",
    "logs elsewhere",
    withContainer({ logDriver: "splunk" }),
    [["note", "shop-api", "container api logs through splunk: its last lines cannot be kept as evidence"]],
  ],
  [
    "D31",
    "a role that may not be passed",
    facts({ passableRoles: ["arn:aws:iam::123456789012:role/shop-exec*"] }),
    [
      [
        "danger",
        "shop-api",
        "the guard may not pass arn:aws:iam::123456789012:role/shop-task: after a deployment has finished it could not register the pinned copy it goes back to",
      ],
    ],
  ],
  [
    "D31",
    "no execution role",
    facts({ taskDefinitions: [{ ...revision, executionRoleArn: undefined }] }),
    [["warning", "shop-api", "shop-api:42 has no execution role: tasks cannot pull from a private registry or write awslogs"]],
  ],
  [
    "D46",
    "metrics that may not be read",
    facts({ unread: [{ what: "metrics", because: "AccessDenied" }] }),
    [["warning", "metrics", "could not be read, so nothing was judged about it: AccessDenied"]],
  ],
  [
    "D46",
    "a service that may not be read",
    facts({ services: [], unread: [{ what: "prod/shop-api", because: "AccessDenied" }] }),
    [["danger", "prod/shop-api", "could not be read, so nothing was judged about it: AccessDenied"]],
  ],
];
