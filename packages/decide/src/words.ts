import type {
  Blame,
  EpochMs,
  GuardVerdict,
  Identity,
  LeaveReason,
  MemberPlan,
  Prepared,
  RecoveryMemory,
  RevisionLabels,
  RollbackOutcome,
  RollbackPlan,
  WatchMemory,
} from "@nightshift/model";
import { sayLength, shortRevision, since } from "@nightshift/model";

/** A headline and the lines below it, as the thread shows them. */
export interface Words {
  readonly title: string;
  readonly lines: readonly string[];
}

/** `api:43 (commit 8f3c2a1, #412)`. */
export function sayRevision(identity: Identity, labels: RevisionLabels = {}): string {
  const facts = [
    labels.commit === undefined ? undefined : `commit ${labels.commit.slice(0, 7)}`,
    labels.pullRequest === undefined ? undefined : `#${labels.pullRequest.replace(/^#/, "")}`,
  ].filter((one) => one !== undefined);
  return `${shortRevision(identity.taskDefinition)}${facts.length === 0 ? "" : ` (${facts.join(", ")})`}`;
}

/** `image, settings`: what differs between two revisions. */
export function sayDifference(from: Identity, to: Identity): string {
  const bytes = (one: Identity) => one.images.map((image) => `${image.container} ${image.digest ?? image.image}`).join();
  const parts = [
    bytes(from) === bytes(to) ? undefined : "image",
    from.taskDefinitionHash === to.taskDefinitionHash ? undefined : "task definition",
    from.configHash === to.configHash ? undefined : "service settings",
  ].filter((one) => one !== undefined);
  return parts.length === 0 ? "nothing" : parts.join(", ");
}

/** The blame check in one line: `not RDS shop-prod; no other service affected: it is the deployment`. */
export function sayBlame({ verdict, signs }: Blame): string {
  const telling = signs.filter((sign) => sign.points !== "neither" || verdict === "mixed").map((sign) => sign.says);
  const ends = { deployment: "it is the deployment", elsewhere: "it is not the deployment", mixed: "the signs do not settle it" }[verdict];
  return telling.length === 0 ? ends : `${telling.join("; ")}: ${ends}`;
}

/** One line a step. */
export const sayPlan = (plan: RollbackPlan): readonly string[] => plan.steps.map((step) => `plan: ${step}`);

/** The verdict for the thread. */
export function sayVerdict(verdict: GuardVerdict, prepared: Prepared): Words {
  const lines = [...verdict.because, ...(verdict.blame === undefined ? [] : [sayBlame(verdict.blame)])];
  const change = verdict.otherwise === undefined ? [] : [`What would change my mind: ${verdict.otherwise}.`];
  switch (verdict.kind) {
    case "roll-back":
      return {
        title:
          verdict.consent === "given"
            ? `Rolling back ${sayMoves(verdict.plan, prepared)}`
            : `Would have rolled back ${sayMoves(verdict.plan, prepared)} (shadow mode)`,
        lines: [...lines, ...sayPlan(verdict.plan)],
      };
    case "ask":
      return verdict.plan === undefined
        ? { title: `${prepared.group} needs a person: there is no safe rollback to offer`, lines: [...lines, ...change] }
        : {
            title: `Roll back ${sayMoves(verdict.plan, prepared)}?`,
            lines: [...lines, ...sayPlan(verdict.plan), ...change, `answer: nightshift approve ${verdict.plan.id} (or deny)`],
          };
    case "leave":
      return { title: leaveTitles[verdict.reason](prepared.group), lines: [...lines, ...change] };
  }
}

const leaveTitles: Readonly<Record<LeaveReason, (group: string) => string>> = {
  passed: (group) => `${group}: the deployment passed its watch`,
  "not-deploy": (group) => `${group}: I am NOT rolling back, it is not the deployment`,
  yield: (group) => `${group}: somebody else is rolling back already`,
  superseded: (group) => `${group}: a newer deployment took over`,
  held: (group) => `${group}: I would act, but am told not to`,
  "nothing-to-judge": (group) => `${group}: nothing can be said about this deployment`,
  unsupported: (group) => `${group}: seen and explained, not acted on`,
  closed: (group) => `${group}: the watch was closed`,
};

/** `api:43 (commit 8f3c2a1, #412) → api:42, worker:7 → worker:6`. */
export const sayMoves = (plan: RollbackPlan, prepared: Prepared): string =>
  plan.members
    .map(({ service, from, to }) => {
      const known = prepared.members.find((member) => member.ref.service === service)?.known ?? [];
      return `${sayRevision(from, known.find((row) => row.identity.key === from.key)?.labels)} → ${shortRevision(to.taskDefinition)}`;
    })
    .join(", ");

/** When each member took traffic, for the thread's first lines. */
export const sayExposure = (prepared: Prepared, memory: WatchMemory): readonly { readonly at: number; readonly text: string }[] =>
  memory.members.flatMap(({ service, exposedAt }) => {
    const member = prepared.members.find((one) => one.ref.service === service);
    return exposedAt === undefined || member === undefined
      ? []
      : [{ at: exposedAt, text: `${shortRevision(member.judged.identity.taskDefinition)} began taking traffic` }];
  });

/** What verification found: the two clocks, the figures, the word. */
export function sayOutcome(outcome: RollbackOutcome, memory: RecoveryMemory): Words {
  return { title: outcomeTitles[outcome], lines: memory.plan.members.map((plan) => sayMember(plan, memory)) };
}

const outcomeTitles: Readonly<Record<RollbackOutcome, string>> = {
  restored: "It helped",
  ineffective: "The good revision serves, but it did not help: the cause is elsewhere, or it cannot be shown. I go no further back; a person is needed",
  failed: "The rollback did not succeed; a person is needed now",
  overtaken: "A newer deployment came in between; I leave it alone, its own watch judges it",
};

function sayMember(plan: MemberPlan, memory: RecoveryMemory): string {
  const member = memory.members.find((one) => one.service === plan.service);
  const to = shortRevision(plan.to.taskDefinition);
  if (member?.failedBecause !== undefined) return member.failedBecause;
  if (member?.overtakenBy !== undefined) return `${member.overtakenBy} was deployed to ${plan.service} meanwhile`;
  if (member?.trafficAt === undefined) return `${to} does not serve ${plan.service} alone yet`;
  const clock = (at: EpochMs | undefined) => (at === undefined ? "not yet" : sayLength(since(memory.startedAt, at)));
  return `${to} serves all of ${plan.service} (two clocks: traffic ${clock(member.trafficAt)}, steady ${clock(member.steadyAt)}); digests ${member.digestsVerified ? "verified" : "not verified"}${member.says === undefined ? "" : `; ${member.says}`}`;
}
