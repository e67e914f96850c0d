import type {
  Ask,
  ControlState,
  EpochMs,
  GuardSettings,
  Identity,
  MemberPlan,
  Prepared,
  RollBack,
  RollbackPlan,
  ServiceName,
  TaskDefinitionArn,
} from "@nightshift/model";
import { epochMs, seconds, shortRevision } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import type { Mutation, MutationOutcome, Ready, Run } from "@nightshift/runtime";
import { maybe } from "@nightshift/runtime/prepare-watch";
import { type GuardWorld, settingsOf } from "./settings.ts";
import { unprotectWorkers } from "./unprotect.ts";

/** What acting came to, member by member. */
export interface Receipt {
  readonly plan: RollbackPlan;
  readonly startedAt: EpochMs;
  readonly moved: readonly Moved[];
  /** Set when nothing was sent: the lease, a budget or a hold said no. */
  readonly refused: string | undefined;
}

/** One member's rollback call. */
interface Moved {
  readonly service: ServiceName;
  readonly to: Identity;
  readonly outcome: MutationOutcome<"accepted" | "already">;
}

type GuardRun = Run<GuardWorld>;

/** Registers digest-pinned copies while nothing burns, for members that could only return to a moving tag or a deregistered revision. */
export async function pinAhead(run: GuardRun, prepared: Prepared, settings: GuardSettings): Promise<Prepared> {
  const members = [];
  for (const member of prepared.members) {
    const { candidate } = member;
    const mode = settingsOf(settings, member.ref.service).mode;
    if (mode !== "auto" || candidate === undefined || candidate.deployable !== undefined || candidate.imagePresent === false) {
      members.push(member);
      continue;
    }
    const pinned = await run.mutate(registerPinned(member.ref.service, candidate.record.identity));
    members.push(pinned.kind === "done" ? { ...member, candidate: { ...candidate, deployable: pinned.value } } : member);
  }
  return { ...prepared, members };
}

const registerPinned = (service: ServiceName, identity: Identity): Mutation<GuardWorld, TaskDefinitionArn> => ({
  name: `register a pinned copy of ${shortRevision(identity.taskDefinition)}`,
  service,
  intent: { copies: identity.taskDefinition, images: identity.images },
  epoch: undefined,
  look: async (world) => {
    const row = (await world.revisions.list(service)).find((one) => one.identity.key === identity.key);
    if (row?.pinned === undefined) return { kind: "go" };
    // Cleanups deregister task definitions: only a copy that ECS still takes counts.
    const pinned = row.pinned;
    const copy = await maybe(() => world.taskDefinitions.describe(pinned));
    return copy?.active === true && copy.pinned ? { kind: "already", value: row.pinned } : { kind: "go" };
  },
  call: async (world) => {
    const arn = await world.rollbacks.registerPinned(identity, `${service}/${identity.key}`);
    await world.revisions.pin(service, identity.key, arn);
    return arn;
  },
});

/** Takes the lease, then puts every member back, worker and api together (R11). */
export async function putBack(
  run: GuardRun,
  verdict: RollBack | Ask,
  { settings, control }: { settings: GuardSettings; control: ControlState | undefined },
): Promise<Receipt> {
  const { plan } = verdict;
  if (plan === undefined) throw new Error("an ask without a plan was approved: there is nothing to carry out");
  const approved = verdict.kind === "ask";
  const services = plan.members.map((member) => member.service);
  const grant = await run.acquire(
    { holder: run.key, group: plan.group, services, kind: "rollback", mutations: plan.members.length, approved },
    settings.budgets,
    control,
  );
  const startedAt = await run.step("when the rollback began", async (world) => world.clock.now());
  if (grant.kind === "refused") return { plan, startedAt, moved: [], refused: grant.because };
  // Protected tasks hold a deployment up: the scaler's protections are lifted first (decision 34).
  for (const { service, cluster } of plan.members)
    if (settings.services.some((one) => one.name === service && one.scaled === true)) await unprotectWorkers(run, { service, cluster }, grant.epoch);
  const moved: Moved[] = [];
  for (const member of plan.members) {
    const to = await deployableOf(run, member);
    const outcome: Moved["outcome"] =
      to.kind === "done"
        ? await run.mutate(rollBack(member, { epoch: grant.epoch, taskDefinition: to.value, startedAt, attempts: settings.budgets.attemptsPerIntent }))
        : to;
    moved.push({ service: member.service, to: member.to, outcome });
  }
  return { plan, startedAt, moved, refused: undefined };
}

/** The task definition to put back; registered now if it could not be prepared ahead. */
async function deployableOf(run: GuardRun, member: MemberPlan): Promise<MutationOutcome<TaskDefinitionArn>> {
  const known = member.how === "stop-deployment" ? member.to.taskDefinition : member.taskDefinition;
  if (known === undefined) return run.mutate(registerPinned(member.service, member.to));
  return { kind: "done", value: known, already: true, at: epochMs(0) };
}

interface Sending {
  readonly epoch: number;
  readonly taskDefinition: TaskDefinitionArn;
  /** When the rollback began: a look much later may follow a call whose answer nobody saw. */
  readonly startedAt: EpochMs;
  readonly attempts: number;
}

/** The first look follows the beginning within this; what comes later may be a second try. */
const FIRST_LOOK = seconds(1);

function rollBack(member: MemberPlan, sending: Sending): Mutation<GuardWorld, "accepted" | "already"> {
  const { epoch, taskDefinition } = sending;
  let looks = 0;
  return {
    name: `roll ${member.service} back to ${shortRevision(member.to.taskDefinition)}`,
    service: member.service,
    intent: { how: member.how, expects: member.expectDeployment, from: member.from.key, to: member.to.key, taskDefinition },
    epoch,
    attempts: sending.attempts,
    look: async (world) => {
      looks += 1;
      const [now] = await world.services.describe([{ cluster: member.cluster, service: member.service }]);
      const primary = now?.deployments[0];
      if (now === undefined || primary === undefined) return { kind: "refuse", because: `${member.service} has no deployment any more` };
      // Not by task definition alone: a forced redeploy of a moving tag runs other bytes under the same revision.
      if (primary.id === member.expectDeployment) {
        const maybeSent = looks > 1 || world.clock.now() - sending.startedAt > FIRST_LOOK;
        return maybeSent ? lookAgain(world, member, sending) : { kind: "go" };
      }
      if (guard("put back already", primary.taskDefinition === taskDefinition || primary.taskDefinition === member.to.taskDefinition))
        return { kind: "already", value: "already" };
      if (!guard("plan's deployment is still the newest")) return { kind: "go" };
      return { kind: "refuse", because: `a newer deployment (${shortRevision(primary.taskDefinition)}) came in between` };
    },
    call: (world) => send(world, member, taskDefinition),
  };
}

/** DescribeServices may show the old deployment for some seconds after our own call: before it is sent a second time, the list of service deployments is asked, too. */
async function lookAgain(world: GuardWorld, member: MemberPlan, { taskDefinition, startedAt }: Sending): Promise<Ready<"already">> {
  const recent = await world.services.recentDeployments({ cluster: member.cluster, service: member.service });
  const newer = recent.find((one) => one.createdAt >= startedAt);
  if (newer === undefined) return { kind: "go" };
  const [target] = await world.services.revisions([newer.target]);
  const name = target?.identity.taskDefinition;
  if (name === taskDefinition || name === member.to.taskDefinition || (member.how === "stop-deployment" && name === member.fallback))
    return { kind: "already", value: "already" };
  return { kind: "refuse", because: `a newer deployment (${name === undefined ? "of an unknown revision" : shortRevision(name)}) came in between` };
}

async function send(world: GuardWorld, member: MemberPlan, taskDefinition: TaskDefinitionArn): Promise<"accepted" | "already"> {
  const ref = { cluster: member.cluster, service: member.service };
  if (member.how === "redeploy") {
    await world.rollbacks.redeploy(ref, taskDefinition);
    return "accepted";
  }
  const answer = await world.rollbacks.stopDeployment(member.serviceDeployment);
  if (answer !== "too-late") return answer;
  // It completed meanwhile (between our look and our call, or while a person made up their mind): only a revision pinned by digest may be put back now.
  await world.rollbacks.redeploy(ref, member.fallback ?? (await world.rollbacks.registerPinned(member.to, `${member.service}/${member.to.key}`)));
  return "accepted";
}
