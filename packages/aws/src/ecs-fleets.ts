import { GetTaskProtectionCommand, type Task } from "@aws-sdk/client-ecs";
import { type EpochMs, epochMs, type FleetState, type FleetTask, hours, type ServiceRef, type ServiceState } from "@nightshift/model";
import type { Fleets } from "@nightshift/ports";
import { rivalOf } from "./autoscaling-rivals.ts";
import { lastPart } from "./ecs-names.ts";
import { describeServices } from "./ecs-services.ts";
import { describeTasks, listTasks } from "./ecs-task-lists.ts";
import { addressOf, moment } from "./ecs-tasks.ts";
import { inGroups } from "./pages.ts";
import { isGone, need, refuseFailures } from "./partial.ts";
import type { Reach } from "./reach.ts";

const describe = { operation: "ecs:DescribeTasks", on: "a task" };
/** "GetTaskProtection" takes 100 tasks, https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_GetTaskProtection.html, 2026-11-21. */
const protectionsPerCall = 100;
const stoppedShown = 100;
/** Stopped tasks are described for an hour at least; older ones are old news. Source: as `describeTasks`. */
const stoppedFor = hours(1);

/**
 * Worker services, read. `describe`: one call for ten services. `tasks`: one call for each of running, stopped, described and
 * protected, as far as they are asked for; of named ones: 1 for a hundred. `list`: 1 for a hundred. `rival`: 1.
 * Sources: the pages of each call under https://docs.aws.amazon.com/AmazonECS/latest/APIReference/, 2026-11-21. DescribeTasks does not tell protection.
 */
export const fleetsFrom = (reach: Reach): Fleets => ({
  async describe(refs) {
    return (await describeServices(reach, refs)).map(fleetState);
  },
  async tasks(ref, { stopped = true, protection = true, arns } = {}) {
    const all = arns === undefined ? await allTasks(reach, ref, stopped) : await describeTasks(reach, ref, { arns, forgotten: "absent" });
    const live = all.filter((task) => !isOver(task));
    // What is stopping cannot be kept from it any more.
    const staying = live.filter((task) => statusOf(task) !== "stopping").map(arnOf);
    const until = protection ? await protectedUntil(reach, ref, staying) : undefined;
    return { live: live.map((task) => fleetTask(task, until?.get(arnOf(task)))), stopped: ended(all, reach.clock.now()) };
  },
  list: (ref) => listTasks(reach, ref, "RUNNING"),
  rival: (ref) => rivalOf(reach, ref),
});

async function allTasks(reach: Reach, ref: ServiceRef, stopped: boolean): Promise<readonly Task[]> {
  const running = await listTasks(reach, ref, "RUNNING");
  return describeTasks(reach, ref, { arns: stopped ? [...running, ...(await listTasks(reach, ref, "STOPPED"))] : running });
}

const fleetState = (state: ServiceState): FleetState => ({
  ref: state.ref,
  at: state.observedAt,
  desired: state.desired,
  running: state.running,
  pending: state.pending,
  deploying: whyDeploying(state),
  tasks: undefined,
});

/**
 * Anything but one completed deployment. A changed desired count alone begins none.
 * Sources: "Deployment" (rolloutState) and "UpdateService", https://docs.aws.amazon.com/AmazonECS/latest/APIReference/, 2026-11-21.
 */
function whyDeploying({ controller, deployments }: ServiceState): string | undefined {
  const [primary, ...older] = deployments;
  if (controller !== "ECS") return `its deployments are made by ${controller}, whose progress ECS does not tell`;
  if (primary === undefined) return "ECS tells no deployment of it";
  const name = lastPart(primary.taskDefinition);
  switch (primary.rolloutState) {
    case "IN_PROGRESS":
      return `${name} is being deployed: ${primary.running} of ${primary.desired} tasks run`;
    case "FAILED":
      return `the deployment of ${name} failed${primary.rolloutReason === undefined ? "" : `: ${primary.rolloutReason}`}`;
    case "COMPLETED":
      return older.length === 0 ? undefined : `tasks of an older deployment (${older.map((one) => lastPart(one.taskDefinition)).join(", ")}) are still leaving`;
    default:
      return `the deployment of ${name} is ${primary.rolloutState ?? "in a state that ECS does not tell"}`;
  }
}

const arnOf = (task: Task): string => need(describe, "taskArn", task.taskArn);
const isOver = (task: Task): boolean => task.lastStatus === "STOPPED" || task.lastStatus === "DELETED";

/** Source of `FARGATE_SPOT`: "Amazon ECS clusters for Fargate", https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-capacity-providers.html, 2026-11-21. */
const fleetTask = (task: Task, until: EpochMs | undefined): FleetTask => ({
  arn: arnOf(task),
  ip: addressOf(task),
  createdAt: need(describe, "createdAt", moment(task.createdAt)),
  startedAt: moment(task.startedAt),
  status: statusOf(task),
  spot: task.capacityProviderName === "FARGATE_SPOT",
  protectedUntil: until,
});

/** Source: "Amazon ECS task lifecycle", https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html, 2026-11-21. */
function statusOf({ lastStatus, desiredStatus }: Task): FleetTask["status"] {
  if (desiredStatus === "STOPPED") return "stopping";
  if (lastStatus === "RUNNING") return "running";
  return lastStatus === "PROVISIONING" || lastStatus === "PENDING" || lastStatus === "ACTIVATING" ? "starting" : "stopping";
}

/** Tasks that stopped in the last hour, newest first. */
function ended(tasks: readonly Task[], now: EpochMs): NonNullable<FleetState["stopped"]> {
  return tasks
    .filter(isOver)
    .map((task) => ({
      arn: arnOf(task),
      at: moment(task.stoppedAt ?? task.executionStoppedAt ?? task.stoppingAt) ?? epochMs(0),
      code: task.stopCode ?? "",
      reason: task.stoppedReason ?? "",
    }))
    .filter(({ at }) => now - at <= stoppedFor)
    .sort((a, b) => b.at - a.at)
    .slice(0, stoppedShown);
}

/** Until when each protected task is protected; one that is gone meanwhile has nothing to protect. */
async function protectedUntil(reach: Reach, ref: ServiceRef, arns: readonly string[]): Promise<ReadonlyMap<string, EpochMs>> {
  const call = { operation: "ecs:GetTaskProtection", on: `${lastPart(ref.cluster)}/${ref.service}` };
  const until = new Map<string, EpochMs>();
  for (const tasks of inGroups(arns, protectionsPerCall)) {
    const answer = await reach.calls.read(call, async () =>
      (await reach.connections.ecs()).send(new GetTaskProtectionCommand({ cluster: ref.cluster, tasks: [...tasks] })),
    );
    refuseFailures(
      call,
      answer.failures?.filter((failure) => !isGone(failure)),
    );
    for (const task of answer.protectedTasks ?? [])
      if (task.protectionEnabled === true) until.set(need(call, "taskArn", task.taskArn), need(call, "expirationDate", moment(task.expirationDate)));
  }
  return until;
}
