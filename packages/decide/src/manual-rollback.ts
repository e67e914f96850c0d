import type { GuardSettings, GuardVerdict, Look, MemberPlan, Prepared, RollbackPlan, Wait } from "@nightshift/model";
import { shortRevision } from "@nightshift/model";
import { caseOf } from "./evidence.ts";
import { type Gate, notHeld, ownership, unsupported, warningsOf } from "./gates.ts";
import { buildPlan } from "./plan.ts";
import { firstMemory } from "./remember.ts";
import { canSee, deployable, hasWayBack, schemaAllows } from "./way-back.ts";

/** A way back that a person asked for, or why there is none. */
export type PlanByHand =
  | {
      readonly kind: "plan";
      readonly plan: RollbackPlan;
      /** What the guard would have asked about; the person who approves has read it. */
      readonly doubts: readonly string[];
    }
  | { readonly kind: "refused"; readonly because: string };

/** What the guard asks before it acts, without what it asks about blame: a person has decided that. */
const gates: readonly Gate[] = [ownership, unsupported, notHeld, canSee, hasWayBack, deployable, schemaAllows];

/** The plan of a rollback that a person asks for. `suffix` makes its name unique: a plan is answered once, and asking again makes another. */
export function planByHand(prepared: Prepared, look: Look, { settings, suffix }: { settings: GuardSettings; suffix: string }): PlanByHand {
  const on = caseOf(prepared, { ...firstMemory(prepared), latest: look }, settings);
  if (on === undefined) return { kind: "refused", because: "nothing could be read of the service" };
  const doubts: string[] = [...warningsOf(on)];
  for (const gate of gates) {
    const said = gate(on);
    if (said === undefined) continue;
    // A question with a plan is a doubt: the person who is asked here answers it by approving.
    if (said.kind !== "ask" || said.plan === undefined) return { kind: "refused", because: because(said) };
    doubts.push(...said.because);
  }
  const plan = buildPlan(prepared, on.moving);
  return { kind: "plan", plan: { ...plan, id: `${plan.id}-${suffix}` }, doubts: [...new Set(doubts)] };
}

const because = (said: GuardVerdict | Wait): string => (said.kind === "wait" ? `${said.because.join("; ")}; ask again in a moment` : said.because.join("; "));

/** What must still be so when the plan is carried out (`facts/incidents.md` 7.7): each service's deployment, revision, bytes, desired count and alarms. */
export function preconditionsOf(look: Look, prepared: Prepared): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const { service, state, alarms } of look.members) {
    const identity = prepared.members.find((one) => one.ref.service === service)?.judged.identity;
    const primary = state.ok ? state.value.deployments[0] : undefined;
    found[`deployment of ${service}`] = primary?.id ?? "unknown";
    found[`revision of ${service}`] = primary === undefined ? "unknown" : shortRevision(primary.taskDefinition);
    found[`image digests of ${service}`] = identity?.images.map((image) => image.digest ?? "unresolved").join(", ") ?? "unknown";
    found[`desired count of ${service}`] = state.ok ? String(state.value.desired) : "unknown";
    const ringing = alarms.filter((alarm) => alarm.value === "ALARM").map((alarm) => alarm.name);
    found[`alarms ringing of ${service}`] = ringing.length === 0 ? "none" : ringing.toSorted().join(", ");
  }
  return found;
}

/** What is not as it was: one phrase a difference; nothing: the world is the one that was approved. */
export const differencesOf = (before: Readonly<Record<string, string>>, now: Readonly<Record<string, string>>): readonly string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(now)])]
    .filter((name) => before[name] !== now[name])
    .map((name) => `${name} was ${before[name] ?? "not known"}, is ${now[name] ?? "not known"}`);

/** The calls of a plan, one a line, as they will be sent. */
export const callsOf = (plan: RollbackPlan): readonly string[] => plan.members.flatMap(callsOfMember);

function callsOfMember(member: MemberPlan): readonly string[] {
  if (member.how === "stop-deployment") return [`ecs:StopServiceDeployment serviceDeploymentArn=${member.serviceDeployment} stopType=ROLLBACK`];
  const update = (taskDefinition: string) => `ecs:UpdateService cluster=${member.cluster} service=${member.service} taskDefinition=${taskDefinition}`;
  if (member.taskDefinition !== undefined) return [update(member.taskDefinition)];
  return [`ecs:RegisterTaskDefinition (a copy of ${shortRevision(member.to.taskDefinition)} with every image named by digest)`, update("(that copy)")];
}
