import type { PortName } from "@nightshift/ports";
import { backupGrants } from "./backup-grants.ts";
import { type AwsGrant, call, everywhere, unbound } from "./grant.ts";

export type { AwsGrant } from "./grant.ts";

/** Ports that AWS serves by these statements, and the brokers' with what they need of AWS: not the ledger's (`ledger/grants.ts`), not Slack's, and not our own requests and clock. */
export type GrantedPort = Extract<
  PortName,
  | "services"
  | "taskDefinitions"
  | "targets"
  | "metrics"
  | "alarms"
  | "logs"
  | "images"
  | "charts"
  | "rollbacks"
  | "evidence"
  | "pages"
  | "outbox"
  | "starter"
  | "deadLetters"
  | "queues"
  | "workers"
  | "fleets"
  | "scaling"
  | "gauges"
  | "ticks"
  | keyof typeof backupGrants
>;

const ecs = (what: string): string => `arn:\${partition}:ecs:\${region}:\${account}:${what}`;
const service = ecs("service/${cluster}/${service}");
const inCluster = { ArnEquals: { "ecs:cluster": [ecs("cluster/${cluster}")] } };
const worker = ecs("service/${workerService}");
const workerTasks = ecs("task/${workerCluster}/*");
const inWorkerCluster = { ArnEquals: { "ecs:cluster": [ecs("cluster/${workerCluster}")] } };
const readDefinition = (method: string): AwsGrant => everywhere(method, "ecs:DescribeTaskDefinition", unbound);
const readDeployment = (method: string): AwsGrant =>
  call(method, "ecs:DescribeServiceDeployments", [service, ecs("service-deployment/${cluster}/${service}/*")]);

const listWorkerTasks = (method: string): AwsGrant => ({
  ...everywhere(method, "ecs:ListTasks", "IAM binds this action to a container instance, which Fargate has none of; the condition binds it to the cluster"),
  conditions: inWorkerCluster,
});

/** The address of a broker holds its password: one SecureString each, under AWS's own key for SSM, which needs no grant of its own. */
const brokerSecret = (method: string): AwsGrant => call(method, "ssm:GetParameter", ["${brokerSecret}"]);

/**
 * Port → statements; the names of the statements only tell them apart. Services are named one by one, which is
 * stricter than a tag that whoever may tag could set.
 * Sources: service authorization reference, https://docs.aws.amazon.com/service-authorization/latest/reference/, and for
 * DescribeAlarms https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html, 2026-11-21.
 * That DescribeScalableTargets takes `*` alone stands there under "Actions defined by AWS Application Auto Scaling".
 * `${workerService}` is `CLUSTER/SERVICE` of each service that the scaler may scale.
 */
export const awsGrants = {
  services: {
    describe: call("describe", "ecs:DescribeServices", [service]),
    deployment: readDeployment("deployment"),
    listDeployments: call("recentDeployments", "ecs:ListServiceDeployments", [service]),
    describeListed: readDeployment("recentDeployments"),
    revisions: call("revisions", "ecs:DescribeServiceRevisions", [service, ecs("service-revision/${cluster}/${service}/*")]),
    revisionContent: readDefinition("revisions"),
    listTasks: {
      ...everywhere(
        "tasks",
        "ecs:ListTasks",
        "IAM binds this action to a container instance, which Fargate has none of; the condition binds it to the cluster",
      ),
      conditions: inCluster,
    },
    tasks: call("tasks", "ecs:DescribeTasks", [ecs("task/${cluster}/*")]),
    taskContent: readDefinition("tasks"),
  },
  taskDefinitions: { describe: readDefinition("describe") },
  targets: { health: everywhere("health", "elasticloadbalancing:DescribeTargetHealth", unbound) },
  metrics: { read: everywhere("read", "cloudwatch:GetMetricData", "metrics have no ARNs") },
  alarms: { describe: everywhere("describe", "cloudwatch:DescribeAlarms", "composite alarms are told only under `*`") },
  // Every group of the account: each revision of a task definition names its own, so the revision to blame may name one that no deployment of
  // ours has seen, and just then its last lines are wanted. Streams are named by tasks and cannot be told from others by a pattern.
  logs: { tail: call("tail", "logs:GetLogEvents", ["arn:${partition}:logs:${region}:${account}:log-group:*:log-stream:*"]) },
  images: { exists: call("exists", "ecr:DescribeImages", ["arn:${partition}:ecr:${region}:${account}:repository/*"]) },
  rollbacks: {
    stopDeployment: {
      ...call("stopDeployment", "ecs:StopServiceDeployment", [service, ecs("service-deployment/${cluster}/${service}/*")]),
      conditions: inCluster,
    },
    lookAfterRefusal: readDeployment("stopDeployment"),
    redeploy: { ...call("redeploy", "ecs:UpdateService", [service]), conditions: inCluster },
    readOriginal: readDefinition("registerPinned"),
    findCopy: everywhere("registerPinned", "ecs:ListTaskDefinitions", unbound),
    registerPinned: {
      ...call("registerPinned", "ecs:RegisterTaskDefinition", [ecs("task-definition/nightshift-*:*")]),
      conditions: { StringEquals: { "aws:RequestTag/nightshift:owner": ["nightshift"] } },
    },
    tagPinned: {
      method: "registerPinned",
      calls: [],
      actions: ["ecs:TagResource"],
      resources: [ecs("task-definition/nightshift-*:*")],
      conditions: { StringEquals: { "ecs:CreateAction": ["RegisterTaskDefinition"] } },
    },
    passRole: {
      method: "registerPinned",
      calls: [],
      actions: ["iam:PassRole"],
      resources: ["${taskRole}"],
      conditions: { StringEquals: { "iam:PassedToService": ["ecs-tasks.amazonaws.com"] } },
    },
  },
  evidence: {
    save: call("save", "s3:PutObject", ["${evidence}/*"]),
    savePicture: call("savePicture", "s3:PutObject", ["${evidence}/*"]),
    picture: call("picture", "s3:GetObject", ["${evidence}/*"]),
  },
  charts: { draw: everywhere("draw", "cloudwatch:GetMetricWidgetImage", "metrics have no ARNs") },
  pages: { page: call("page", "sns:Publish", ["${pages}"]) },
  outbox: { nudge: call("nudge", "sqs:SendMessage", ["${outbox}"]) },
  deadLetters: { send: call("send", "sqs:SendMessage", ["${deadLetters}"]) },
  starter: {
    start: {
      method: "start",
      calls: ["Invoke"],
      actions: ["lambda:InvokeFunction"],
      resources: ["arn:${partition}:lambda:${region}:${account}:function:${durable}:*"],
    },
    wake: call("wake", "lambda:SendDurableExecutionCallbackSuccess", [
      "arn:${partition}:lambda:${region}:${account}:function:${durable}:*/durable-execution/*",
    ]),
  },
  queues: {
    secret: brokerSecret("probe"),
    find: call("probe", "sqs:GetQueueUrl", ["${workQueue}"]),
    read: call("probe", "sqs:GetQueueAttributes", ["${workQueue}"]),
  },
  workers: { look: brokerSecret("look"), stop: brokerSecret("stopConsuming"), start: brokerSecret("startConsuming") },
  fleets: {
    describe: call("describe", "ecs:DescribeServices", [worker]),
    listTasks: listWorkerTasks("tasks"),
    list: listWorkerTasks("list"),
    tasks: call("tasks", "ecs:DescribeTasks", [workerTasks]),
    protection: { ...call("tasks", "ecs:GetTaskProtection", [workerTasks]), conditions: inWorkerCluster },
    rival: everywhere("rival", "application-autoscaling:DescribeScalableTargets", unbound),
  },
  scaling: {
    setDesired: { ...call("setDesired", "ecs:UpdateService", [worker]), conditions: inWorkerCluster },
    // A task's ARN does not name its service: the cluster is as narrow as it gets.
    protect: { ...call("protect", "ecs:UpdateTaskProtection", [workerTasks]), conditions: inWorkerCluster },
    unprotect: { ...call("unprotect", "ecs:UpdateTaskProtection", [workerTasks]), conditions: inWorkerCluster },
  },
  // A log line, which the function may write anyway.
  gauges: {},
  ticks: {
    later: call("later", "sqs:SendMessage", ["${events}"]),
    now: {
      method: "now",
      calls: ["Invoke"],
      actions: ["lambda:InvokeFunction"],
      resources: ["arn:${partition}:lambda:${region}:${account}:function:${scaler}"],
    },
  },
  ...backupGrants,
} as const satisfies Readonly<Record<GrantedPort, Readonly<Record<string, AwsGrant>>>>;

/** The Slack token, which is no port of the World: `secretsFrom` reads this one parameter. */
export const secretGrant: AwsGrant = call("read", "ssm:GetParameter", ["${slackToken}"]);

/** The door to Slack signs its own calls (decision 22): beside nonces in the ledger, it reads two secrets and writes to one queue. */
export const ingressGrants: readonly AwsGrant[] = [
  secretGrant,
  call("read", "ssm:GetParameter", ["${slackSigning}"]),
  call("send", "sqs:SendMessage", ["${commands}"]),
];

/** What `guard doctor` and other read-only commands need beside the reading ports: the smallest policy for a person's own credentials. */
export const doctorGrants: readonly AwsGrant[] = [
  call("gather", "ecs:DescribeServices", [service]),
  call("gather", "ecs:ListServiceDeployments", [service]),
  readDeployment("gather"),
  call("gather", "ecs:DescribeServiceRevisions", [service, ecs("service-revision/${cluster}/${service}/*")]),
  readDefinition("gather"),
  everywhere("gather", "elasticloadbalancing:DescribeTargetGroups", unbound),
  everywhere("gather", "elasticloadbalancing:DescribeTargetGroupAttributes", unbound),
  everywhere("gather", "cloudwatch:DescribeAlarms", "composite alarms are told only under `*`"),
  everywhere("gather", "cloudwatch:GetMetricData", "metrics have no ARNs"),
  call("gather", "ecr:DescribeImages", ["arn:${partition}:ecr:${region}:${account}:repository/*"]),
  call("gather", "ecr:DescribeRepositories", ["arn:${partition}:ecr:${region}:${account}:repository/*"]),
  call("gather", "ecr:GetLifecyclePolicy", ["arn:${partition}:ecr:${region}:${account}:repository/*"]),
  // `scale doctor`: whether somebody else scales the same service.
  everywhere("gather", "application-autoscaling:DescribeScalableTargets", unbound),
];

/** What `init` needs beside the doctor's: it looks for services before there is a config to name them. */
export const surveyGrants: readonly AwsGrant[] = [
  everywhere("survey", "ecs:ListClusters", unbound),
  everywhere("survey", "ecs:ListServices", "the cluster is not known yet"),
  everywhere("survey", "ecs:DescribeServices", "the services are not known yet"),
  everywhere("survey", "elasticloadbalancing:DescribeTargetGroups", unbound),
];

/** The statements of these ports, without repeats; ports that AWS does not serve by these statements have none. */
export function grantsFor(ports: readonly string[]): readonly AwsGrant[] {
  const named: Readonly<Record<string, Readonly<Record<string, AwsGrant>>>> = awsGrants;
  const statements = new Map<string, AwsGrant>();
  for (const port of ports) {
    for (const grant of Object.values(named[port] ?? {})) statements.set(JSON.stringify([grant.actions, grant.resources, grant.conditions]), grant);
  }
  return [...statements.values()];
}
