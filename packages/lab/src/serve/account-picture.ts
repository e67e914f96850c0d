import type { DescribeServicesResponse } from "@aws-sdk/client-ecs";
import { epochMs, minutes, shortRevision, taskDefinitionArn } from "@nightshift/model";
import type { Stage } from "../scenario/stage.ts";
import type { ChartPart, MarkPart, QueuePart, ServicePart } from "./picture.ts";

/** Every service as it stands. */
export const servicesOf = (stage: Stage): readonly ServicePart[] => [...stage.services.keys()].map((name) => serviceOf(stage, name));

function serviceOf(stage: Stage, name: string): ServicePart {
  const { cluster } = stage.world.handle(name);
  const ecs = stage.world.modules.find((module) => module.service === "ecs");
  // The module answers DescribeServices as the API reference says; the page is nobody's caller, so the call is not recorded.
  const answer = ecs?.handle("DescribeServices", { cluster, services: [name] }, "page") as DescribeServicesResponse | undefined;
  const service = answer?.services?.[0];
  const bad = new Set(stage.bad.map((one) => one.digest));
  const shares = [...stage.world.serving(name)].map(([digest, share]) => ({ revision: revisionOf(stage, digest), share, bad: bad.has(digest) }));
  return {
    name,
    desired: service?.desiredCount ?? 0,
    running: service?.runningCount ?? 0,
    pending: service?.pendingCount ?? 0,
    shares: shares.toSorted((a, b) => b.share - a.share),
    deployments: (service?.deployments ?? []).map((one) => ({
      id: one.id ?? "",
      revision: revisionName(one.taskDefinition ?? ""),
      at: one.createdAt?.getTime() ?? 0,
      state: (one.rolloutState ?? "IN_PROGRESS").toLowerCase().replace("_", " "),
      tasks: `${one.runningCount ?? 0} of ${one.desiredCount ?? 0} running${(one.failedTasks ?? 0) > 0 ? `, ${one.failedTasks} failed` : ""}`,
      why: one.rolloutStateReason ?? "",
    })),
  };
}

/** `shop-api:43` for the bytes that a task runs. */
function revisionOf(stage: Stage, digest: string): string {
  const arn =
    stage.deployed.find((one) => one.digest === digest)?.taskDefinition ?? [...stage.services.values()].find((one) => one.digest === digest)?.taskDefinition;
  return arn === undefined ? digest.slice(0, 19) : revisionName(arn);
}

const revisionName = (arn: string): string => shortRevision(taskDefinitionArn(arn));

/** Every queue of the account, those of workers on a broker first. */
export const queuesOf = (stage: Stage): readonly QueuePart[] => [
  ...stage.world.celery.services.flatMap((service) => celeryQueuesOf(stage, service)),
  ...stage.lab.sqs.all().map((queue) => ({ name: queue.settings.name, waiting: queue.depth.visible, working: queue.depth.inFlight })),
];

/** A worker service's queues on its broker, by the truth: what waits, and what its workers execute. */
function celeryQueuesOf(stage: Stage, service: string): readonly QueuePart[] {
  const { broker, queues, slots, draining } = stage.world.celery.fleet(service);
  const leaving = draining === 0 ? "" : `, ${draining} draining`;
  return [
    { name: `${queues.join(", ")} of ${service} (${slots.busy} of ${slots.all} slots busy${leaving})`, waiting: broker.waiting(queues), working: slots.busy },
  ];
}

/** How far the charts look back. */
const SHOWN = minutes(60);

/** The last hour of every service: behind a load balancer as CloudWatch has it, late as it is; a worker's as its jobs went. */
export const chartsOf = (stage: Stage): readonly ChartPart[] =>
  [...stage.services.keys()].map((service) => {
    const traffic = stage.world.handle(service).traffic;
    return traffic === undefined ? workerChart(stage, service) : trafficChart(stage, service, traffic);
  });

function trafficChart(
  stage: Stage,
  service: string,
  { loadBalancer, targetGroup }: { readonly loadBalancer: string; readonly targetGroup: string },
): ChartPart {
  const to = stage.now();
  const window = { from: epochMs(to - SHOWN), to, period: minutes(1) };
  const read = (name: string, statistic: string) =>
    stage.world.store.read({ namespace: "AWS/ApplicationELB", name, dimensions: { TargetGroup: targetGroup, LoadBalancer: loadBalancer } }, window, statistic);
  const requests = read("RequestCount", "Sum");
  const errors = read("HTTPCode_Target_5XX_Count", "Sum");
  const p95 = read("TargetResponseTime", "p95");
  const at = [...requests.keys()];
  return {
    service,
    at,
    requests: at.map((minute) => requests.get(minute) ?? null),
    errors: at.map((minute) => share(errors.get(minute) ?? 0, requests.get(minute) ?? 0)),
    p95: at.map((minute) => {
      const seconds = p95.get(minute);
      return seconds === undefined ? null : Math.round(seconds * 1_000);
    }),
  };
}

function workerChart(stage: Stage, service: string): ChartPart {
  const now = stage.now();
  // The newest minute may still grow.
  const whole = stage.world.truth.minutes(service).filter(({ at }) => at >= now - SHOWN && at + minutes(1) <= now);
  return {
    service,
    at: whole.map(({ at }) => at),
    requests: whole.map(({ requests }) => Math.round(requests)),
    errors: whole.map(({ requests, errors }) => share(errors, requests)),
    p95: [],
  };
}

/** Percent, with one digit. */
const share = (part: number, whole: number): number | null => (whole === 0 ? null : Math.round((1_000 * part) / whole) / 10);

/** Deployments, rollbacks and alarms of the last hour, oldest first. */
export function marksOf(stage: Stage): readonly MarkPart[] {
  const from = stage.now() - SHOWN;
  const marks: MarkPart[] = [];
  for (let i = stage.lab.history.length - 1; i >= 0; i -= 1) {
    const line = stage.lab.history[i];
    if (line === undefined || line.at < from) break;
    if (line.kind === "world" && line.what === "alarm-changed" && line.detail["to"] === "ALARM")
      marks.push({ at: line.at, service: "", what: "alarm", text: line.about });
    if (line.kind !== "call" || line.service !== "ecs" || line.result !== "ok") continue;
    if (line.operation !== "UpdateService" && line.operation !== "StopServiceDeployment") continue;
    const what = line.caller === "ci" ? "deployment" : "rollback";
    marks.push({ at: line.at, service: serviceNamed(line.input), what, text: what === "rollback" ? "rollback" : "deploy" });
  }
  return marks.toReversed();
}

function serviceNamed(input: unknown): string {
  const request = typeof input === "object" && input !== null ? input : {};
  const named: unknown = Reflect.get(request, "service") ?? Reflect.get(request, "serviceDeploymentArn");
  // A service deployment's ARN ends in CLUSTER/SERVICE/ID.
  const parts = typeof named === "string" ? named.split("/") : [];
  return parts.length > 2 ? (parts.at(-2) ?? "") : (parts.at(-1) ?? "");
}
