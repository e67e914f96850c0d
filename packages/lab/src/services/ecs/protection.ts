import type {
  Failure,
  GetTaskProtectionRequest,
  GetTaskProtectionResponse,
  ProtectedTask,
  UpdateTaskProtectionRequest,
  UpdateTaskProtectionResponse,
} from "@aws-sdk/client-ecs";
import { type EpochMs, minutes } from "@nightshift/model";
import { AwsFault } from "../../kernel.ts";
import { arnOf, clusterName, type EcsAccount, nowOf } from "./account.ts";
import type { ServiceRecord, TaskRecord } from "./records.ts";

/**
 * Task scale-in protection: ten tasks a call, 1 to 2,880 minutes, 120 where nothing is said, anew with every call. More protected
 * tasks than the service wants are refused. Spot, failed health checks and StopTask pay no heed to it.
 * Sources: "UpdateTaskProtection", "GetTaskProtection", https://docs.aws.amazon.com/AmazonECS/latest/APIReference/, and "Protect your Amazon ECS tasks
 * from being terminated by scale-in events", https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-scale-in-protection.html (2026-11-21).
 */
export function updateTaskProtection(
  account: EcsAccount,
  asked: UpdateTaskProtectionRequest,
  changed: (service: ServiceRecord) => void,
): UpdateTaskProtectionResponse {
  const cluster = clusterName(account, asked.cluster);
  const wanted = asked.tasks ?? [];
  if (wanted.length === 0) throw new AwsFault("InvalidParameterException", "Tasks cannot be empty.");
  if (wanted.length > 10) throw new AwsFault("InvalidParameterException", "Tasks cannot be more than 10.");
  const length = asked.expiresInMinutes ?? 120;
  if (asked.protectionEnabled === true && !(length >= 1 && length <= 2_880))
    throw new AwsFault("InvalidParameterException", "expiresInMinutes must be between 1 and 2880.");
  const answer: { protectedTasks: ProtectedTask[]; failures: Failure[] } = { protectedTasks: [], failures: [] };
  for (const given of wanted) {
    const task = find(account, cluster, given);
    const refusal = task === undefined ? "MISSING" : asked.protectionEnabled === true ? whyNot(account, task) : undefined;
    if (task === undefined || refusal !== undefined) answer.failures.push({ arn: task?.arn ?? asArn(account, cluster, given), reason: refusal ?? "MISSING" });
    else {
      task.protectedUntil = asked.protectionEnabled === true ? ((nowOf(account) + minutes(length)) as EpochMs) : undefined; // A moment plus a length.
      // What waited for the protection to end goes on: at once, or when it ends by itself.
      if (task.protectedUntil === undefined) changed(task.service);
      else account.kernel.clock.in(minutes(length), () => changed(task.service));
      answer.protectedTasks.push(shown(account, task));
    }
  }
  return answer;
}

/** At most 100 a call; tasks that are gone are in `failures`. */
export function getTaskProtection(account: EcsAccount, asked: GetTaskProtectionRequest): GetTaskProtectionResponse {
  const cluster = clusterName(account, asked.cluster);
  const wanted = asked.tasks ?? [];
  if (wanted.length > 100) throw new AwsFault("InvalidParameterException", "Tasks cannot be more than 100.");
  const found = wanted.map((given) => ({ given, task: find(account, cluster, given) }));
  return {
    protectedTasks: found.flatMap(({ task }) => (task === undefined ? [] : [shown(account, task)])),
    failures: found.flatMap(({ given, task }) => (task === undefined ? [{ arn: asArn(account, cluster, given), reason: "MISSING" }] : [])),
  };
}

/** Whether scale-in and deployments must leave it alone now. */
export const isProtected = (task: TaskRecord, now: EpochMs): boolean => task.protectedUntil !== undefined && now < task.protectedUntil;

/** The reason for a task that is being stopped is assumed; that of one too many is documented. */
function whyNot(account: EcsAccount, task: TaskRecord): string | undefined {
  if (task.desired === "STOPPED") return "TASK_NOT_VALID";
  const now = nowOf(account);
  const others = task.service.tasks.filter((one) => one !== task && one.desired === "RUNNING" && isProtected(one, now)).length;
  return others + 1 > task.service.desired ? "DEPLOYMENT_BLOCKED" : undefined;
}

const shown = (account: EcsAccount, task: TaskRecord): ProtectedTask =>
  isProtected(task, nowOf(account)) && task.protectedUntil !== undefined
    ? { taskArn: task.arn, protectionEnabled: true, expirationDate: new Date(task.protectedUntil) }
    : { taskArn: task.arn, protectionEnabled: false };

const asArn = (account: EcsAccount, cluster: string, given: string): string => (given.startsWith("arn:") ? given : arnOf(account, `task/${cluster}/${given}`));

const find = (account: EcsAccount, cluster: string, given: string): TaskRecord | undefined =>
  [...account.services.values()]
    .filter((one) => one.cluster === cluster)
    .flatMap((service) => service.tasks)
    .find((task) => (task.arn === given || task.id === given) && task.status !== "STOPPED");
