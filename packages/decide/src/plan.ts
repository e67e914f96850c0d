import type { Candidate, MemberPlan, Prepared, PreparedMember, RollbackPlan, TaskDefinitionArn, WatchMemory } from "@nightshift/model";
import { shortDigest, shortRevision } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { inProgress } from "./native.ts";
import type { Seen } from "./seen.ts";
import { isWorker } from "./seen.ts";

/** A member that has to move, and where to. */
export interface Moving {
  readonly seen: Seen;
  readonly candidate: Candidate;
}

/** Members whose identity differs from the last good one (decision 8); the others stay as they are. */
export const movingMembers = (seen: readonly Seen[], memory: WatchMemory): readonly Moving[] =>
  seen.flatMap((one) => {
    const { candidate, judged } = one.member;
    if (candidate === undefined || candidate.record.identity.key === judged.identity.key || guard("same bytes again", sameBytesAgain(one.member))) return [];
    // What nobody deployed is not put back, unless the whole group returns to a set that was good together.
    const stays = !isJudged(one.member, memory) && candidate.together !== true;
    return guard("only what was deployed moves", stays) ? [] : [{ seen: one, candidate }];
  });

/** Whether this watch judges the member's own deployment, rather than having it along for the group. */
export function isJudged({ ref, judged }: PreparedMember, memory: WatchMemory): boolean {
  const watched = memory.latest?.watched ?? {};
  return Object.keys(watched).length === 0 || watched[ref.service] === judged.deployment;
}

/** A deployment of exactly what ran before, and ran well enough (hazard 26): going back would change nothing. */
export const sameBytesAgain = ({ source, judged, known }: PreparedMember): boolean => {
  const grade = known.find((row) => row.identity.key === judged.identity.key)?.grade;
  return source?.identity.key === judged.identity.key && (grade === "good" || grade === "served");
};

/** The way back for all members that move; a worker first when the schema changed, so that no new message meets an old reader. */
export function buildPlan(prepared: Prepared, moving: readonly Moving[]): RollbackPlan {
  const schemaChanged = moving.some(({ seen, candidate }) =>
    [...seen.member.migrations, ...seen.look.changes].some((note) => note.kind === "migration" && note.at > candidate.record.firstSeen),
  );
  const ordered = schemaChanged ? [...moving.filter(worker), ...moving.filter((one) => !worker(one))] : moving;
  const members = ordered.map(memberPlan);
  return { id: planId(members), group: prepared.group, members, steps: ordered.map((one, index) => step(members[index], one)) };
}

const worker = ({ seen }: Moving): boolean => isWorker(seen.service, seen.look);

/** Stops the deployment where that leads to the candidate: ECS then returns to the revision it replaced, bytes and all, in the least time. */
function memberPlan({ seen, candidate }: Moving): MemberPlan {
  const { member, look } = seen;
  const { judged, ref } = member;
  const common = { service: ref.service, cluster: ref.cluster, expectDeployment: judged.deployment, from: judged.identity, to: candidate.record.identity };
  const serviceDeployment = judged.serviceDeployment ?? (look.state.ok ? look.state.value.currentDeployment : undefined);
  if (serviceDeployment !== undefined && stoppable({ seen, candidate }))
    return { how: "stop-deployment", ...common, serviceDeployment, fallback: candidate.deployable };
  return { how: "redeploy", ...common, taskDefinition: candidate.deployable };
}

/** Only a deployment under way can be stopped, and stopping it returns to its source: which must be the candidate. */
export const stoppable = ({ seen, candidate }: Moving): boolean =>
  seen.look.deployment.ok &&
  seen.look.deployment.value !== undefined &&
  inProgress(seen.look) &&
  !guard("stop leads to the candidate", seen.member.source?.identity.key !== candidate.record.identity.key);

function step(plan: MemberPlan | undefined, { candidate }: Moving): string {
  if (plan === undefined) return "";
  const to = sayRevision(plan.to.taskDefinition, candidate);
  if (plan.how === "stop-deployment") return `stop service deployment of ${plan.service} with rollback → ${to}`;
  return plan.taskDefinition === undefined
    ? `register a copy of ${shortRevision(plan.to.taskDefinition)} with every image named by digest, then deploy it to ${plan.service} → ${to}`
    : `deploy ${shortRevision(plan.taskDefinition)} to ${plan.service} → ${to}`;
}

function sayRevision(arn: TaskDefinitionArn, { record }: Candidate): string {
  const digest = record.identity.images.find((image) => image.digest !== undefined)?.digest;
  const facts = [digest === undefined ? undefined : shortDigest(digest), record.provisional ? "provisionally good" : record.grade].filter(
    (one) => one !== undefined,
  );
  return `${shortRevision(arn)} (${facts.join(", ")})`;
}

/** `shop-api-43-to-42-9k2p`: the deployment's last four make it unique, so that an answer given once is never taken for another. */
function planId(members: readonly MemberPlan[]): string {
  const first = members[0];
  if (first === undefined) return "nothing-moves";
  const number = (arn: TaskDefinitionArn) => arn.slice(arn.lastIndexOf(":") + 1);
  const others = members.length === 1 ? "" : `-and-${members.length - 1}-more`;
  return `${first.service}-${number(first.from.taskDefinition)}-to-${number(first.to.taskDefinition)}${others}-${first.expectDeployment
    .replace(/[^A-Za-z0-9]/g, "")
    .slice(-4)
    .toLowerCase()}`;
}

/** The plan as one string, the same for the same plan whatever the order of its keys: what its hash is made of. Steps are words, not the plan. */
export const canonicalPlan = ({ id, group, members }: RollbackPlan): string => canonical({ id, group, members });

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([key, field]) => `${JSON.stringify(key)}:${canonical(field)}`).join(",")}}`;
}
