import type {
  Digest,
  EcsDeployment,
  EpochMs,
  GuardedService,
  GuardSettings,
  Look,
  MemberLook,
  MemberPlan,
  MemberRecovery,
  Prepared,
  RecoveryMemory,
  RollbackOutcome,
  RollbackPlan,
  ServiceName,
  TaskDefinitionArn,
  TaskFacts,
} from "@nightshift/model";
import { minutes, seconds, shortRevision } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { isWorker } from "./seen.ts";
import { taintedAlarms } from "./triggers/alarms.ts";
import { clearSince, clearWithin } from "./verify-clear.ts";

/** One look of verification: the world as the watch sees it, and every task of the services that move. */
export interface RecoveryLook {
  readonly look: Look;
  readonly tasks: readonly { readonly service: ServiceName; readonly tasks: readonly TaskFacts[] }[];
}

const EVERY = seconds(10);
/** A copy of a long-named family is cut to as many letters as ECS allows when it is registered (packages/aws, pinned copies). */
const LONGEST_FAMILY = 255;
/** A rolling rollback has its traffic back within five minutes (R10) and is steady within about seven (`facts/rollback.md` 2.2); what takes longer than this has failed. */
const TRAFFIC_WITHIN = minutes(15);

/** Verification before its first look. */
export const firstRecovery = (plan: RollbackPlan, startedAt: EpochMs, prepared: Pick<Prepared, "members">): RecoveryMemory => ({
  plan,
  startedAt,
  looks: 0,
  lastAt: undefined,
  trafficRestoredAt: undefined,
  steadyAt: undefined,
  members: plan.members.map(({ service }) => ({
    service,
    trafficAt: undefined,
    steadyAt: undefined,
    digestsVerified: false,
    clear: undefined,
    overtakenBy: undefined,
    failedBecause: undefined,
    says: undefined,
    alarmsBefore: prepared.members.filter((member) => member.ref.service === service).flatMap((member) => taintedAlarms({ member }).map((alarm) => alarm.name)),
  })),
});

/** How many looks verification takes at most: the time traffic may take, then the longest trigger and its two minutes. */
export const recoveryLooks = (settings: GuardSettings): number => Math.ceil((TRAFFIC_WITHIN + Math.max(...settings.services.map(clearWithin))) / EVERY) + 1;

/** Folds one look in. A clock that stopped stays stopped; a verification that no longer holds is taken back. */
export function rememberRecovery(memory: RecoveryMemory, seen: RecoveryLook, settings: GuardSettings): RecoveryMemory {
  const members = memory.members.map((member) => {
    const plan = memory.plan.members.find((one) => one.service === member.service);
    const look = seen.look.members.find((one) => one.service === member.service);
    const service = settings.services.find((one) => one.name === member.service);
    const tasks = seen.tasks.find((one) => one.service === member.service)?.tasks;
    return plan === undefined || look === undefined || service === undefined || tasks === undefined
      ? member
      : fold(member, { plan, look, service, tasks, at: seen.look.at, startedAt: memory.startedAt });
  });
  const late = seen.look.at - memory.startedAt >= TRAFFIC_WITHIN;
  return {
    ...memory,
    looks: memory.looks + 1,
    lastAt: seen.look.at,
    members: late ? members.map(tooLate) : members,
    trafficRestoredAt: latest(members.map((member) => member.trafficAt)),
    steadyAt: latest(members.map((member) => member.steadyAt)),
  };
}

/** ECS reports nothing, and yet the good revision does not serve: said as what it is. */
const tooLate = (member: MemberRecovery): MemberRecovery =>
  member.trafficAt === undefined && member.overtakenBy === undefined && member.failedBecause === undefined
    ? { ...member, failedBecause: `it did not serve within ${TRAFFIC_WITHIN / minutes(1)} min` }
    : member;

/** The last of the moments, once all have come. */
const latest = (moments: readonly (EpochMs | undefined)[]): EpochMs | undefined =>
  moments.reduce((last, moment) => (last === undefined || moment === undefined ? undefined : moment > last ? moment : last), moments[0]);

interface ToFold {
  readonly plan: MemberPlan;
  readonly look: MemberLook;
  readonly service: GuardedService;
  readonly tasks: readonly TaskFacts[];
  readonly at: EpochMs;
  readonly startedAt: EpochMs;
}

function fold(member: MemberRecovery, on: ToFold): MemberRecovery {
  const { plan, look, tasks, at } = on;
  const running = tasks.filter((task) => task.stopped === undefined && task.lastStatus === "RUNNING");
  const wrong = running.filter((task) => !carries(task, plan));
  const digestsVerified = running.length > 0 && wrong.length === 0;
  const trafficAt = member.trafficAt ?? (servesOnlyGood(on, running, wrong) ? at : undefined);
  const steady =
    look.state.ok && look.state.value.deployments.length === 1 && look.state.value.running === look.state.value.desired && look.state.value.pending === 0;
  const judged =
    trafficAt === undefined
      ? { clear: undefined, says: undefined }
      : clearSince({ service: on.service, look, tasks, plan, since: trafficAt, now: at, alarmsBefore: member.alarmsBefore ?? [] });
  return {
    ...member,
    trafficAt,
    digestsVerified,
    steadyAt: member.steadyAt ?? (steady && digestsVerified ? at : undefined),
    clear: judged.clear ?? member.clear,
    says: judged.says ?? member.says,
    overtakenBy: member.overtakenBy ?? overtaken(on),
    failedBecause: failed(on),
  };
}

/**
 * The task runs all bytes of the plan's target; where ECS resolved no digests, at least its task definition. Containers
 * that others inject (agents, proxies) come on top and do not count, unless the task is the judged revision's own: that may have added one.
 */
export function carries(task: TaskFacts, { to, from }: Pick<MemberPlan, "to" | "from">): boolean {
  const wanted = to.images.map((image) => image.digest).filter((digest): digest is Digest => digest !== undefined);
  if (wanted.length === 0 || wanted.length < to.images.length || task.digests.length === 0) return task.taskDefinition === to.taskDefinition;
  const more = task.digests.length > wanted.length && task.taskDefinition === from.taskDefinition && from.taskDefinition !== to.taskDefinition;
  return !more && wanted.every((one) => task.digests.includes(one));
}

/** No target of a bad task takes requests and a good one does; for a worker the tasks themselves. Draining targets get nothing new. */
function servesOnlyGood({ look, service }: ToFold, running: readonly TaskFacts[], wrong: readonly TaskFacts[]): boolean {
  if (isWorker(service, look)) return running.length > 0 && wrong.length === 0;
  if (!look.targets.ok) return false;
  const bad = new Set(wrong.flatMap((task) => task.ip ?? []));
  const taking = look.targets.value.filter((target) => target.state === "healthy" || target.state === "unhealthy");
  const good = new Set(running.filter((task) => !wrong.includes(task)).flatMap((task) => task.ip ?? []));
  return taking.some((target) => target.state === "healthy" && good.has(target.id)) && !taking.some((target) => bad.has(target.id));
}

/** A deployment newer than our rollback that runs neither what we put back nor what we judged. */
function overtaken({ plan, look, tasks, startedAt }: ToFold): string | undefined {
  const primary: EcsDeployment | undefined = look.state.ok ? look.state.value.deployments[0] : undefined;
  if (primary === undefined || primary.id === plan.expectDeployment || primary.createdAt <= startedAt) return undefined;
  const ours = [plan.to.taskDefinition, plan.how === "redeploy" ? plan.taskDefinition : plan.fallback];
  if (ours.includes(primary.taskDefinition)) return undefined;
  const its = tasks.filter((task) => task.startedBy === primary.id);
  // A copy pinned while acting has a number the plan does not know: its bytes tell, as soon as a task runs. Anything else is somebody's.
  if (
    primary.taskDefinition !== plan.from.taskDefinition &&
    isCopyOf(primary.taskDefinition, plan.to.taskDefinition) &&
    (its.length === 0 || its.some((task) => task.digests.length === 0 || carries(task, plan)))
  )
    return undefined;
  return shortRevision(primary.taskDefinition);
}

/** Copies that we register have the family of their original behind `nightshift-`, or the same one when it is a copy already (packages/aws, pinned copies). */
function isCopyOf(taskDefinition: TaskDefinitionArn, original: TaskDefinitionArn): boolean {
  const family = familyOf(original);
  return familyOf(taskDefinition) === (family.startsWith("nightshift-") ? family : `nightshift-${family}`.slice(0, LONGEST_FAMILY));
}

const familyOf = (taskDefinition: TaskDefinitionArn): string => shortRevision(taskDefinition).replace(/:\d+$/, "");

function failed({ look, plan }: ToFold): string | undefined {
  if (look.deployment.ok && look.deployment.value?.status === "ROLLBACK_FAILED")
    return `ECS could not roll back: ${look.deployment.value.rollback?.reason ?? "no reason given"}`;
  const primary = look.state.ok ? look.state.value.deployments[0] : undefined;
  if (primary !== undefined && primary.id !== plan.expectDeployment && primary.rolloutState === "FAILED")
    return `the deployment of ${shortRevision(plan.to.taskDefinition)} failed: ${primary.rolloutReason ?? "no reason given"}`;
  return undefined;
}

const isRestored = ({ trafficAt, digestsVerified, clear }: MemberRecovery): boolean =>
  trafficAt !== undefined && !guard("bytes are verified", !digestsVerified) && !guard("trigger is clear", clear !== true);

/**
 * What going back came to. Restored: the good bytes serve alone everywhere and the trigger is clear. Ineffective: they serve
 * and it goes on, or it cannot be shown; never further back from there. Failed: they do not serve.
 */
export function judgeRecovery(memory: RecoveryMemory, settings: GuardSettings): "wait" | RollbackOutcome {
  const { members, lastAt } = memory;
  if (
    guard(
      "overtaken rollback",
      members.some((member) => member.overtakenBy !== undefined),
    )
  )
    return "overtaken";
  if (
    guard(
      "ECS's own failure",
      members.some((member) => member.failedBecause !== undefined),
    )
  )
    return "failed";
  if (members.length > 0 && members.every(isRestored)) return "restored";
  const spent = memory.looks >= recoveryLooks(settings);
  const late = lastAt !== undefined && lastAt - memory.startedAt >= TRAFFIC_WITHIN;
  if (members.some((member) => member.trafficAt === undefined)) return spent || late ? "failed" : "wait";
  const ends = members.map(
    (member) => (member.trafficAt ?? 0) + Math.max(0, ...settings.services.filter((service) => service.name === member.service).map(clearWithin)),
  );
  return spent || (lastAt !== undefined && ends.every((end) => lastAt >= end)) ? "ineffective" : "wait";
}
