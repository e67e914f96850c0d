import { mayAnswer, type Word } from "@nightshift/decide/approvals";
import { whoHolds } from "@nightshift/decide/commands/authorise";
import type { Approval } from "@nightshift/model";
import { answerPlan, type Answered } from "@nightshift/runtime/answer-plan";
import { sayWaiting } from "./plan-meant.ts";
import { card, type On, type Prepared, refused, scopeOf } from "./verb.ts";

/** A yes or a no to a plan, whoever made it: a person, or the guard. The ledger takes one. */
export async function wordOn(on: On, name: string | undefined, says: Word["says"]): Promise<Prepared> {
  const { plan, world } = on;
  if (plan === undefined) return refused(sayWaiting(await world.approvals.pending(on.now), { name, verb: says === "approved" ? "approve" : "deny" }));
  const word: Word = { says, by: on.person.name, at: on.now, whoMay: whoMay(on, plan) };
  const may = mayAnswer(plan, word);
  if (may.kind === "refused") return refused(may.because);
  const verb = says === "approved" ? "approves" : "denies";
  const byHand = !plan.requester.startsWith("nightshift/");
  return {
    kind: "ready",
    does: `${on.person.name} ${verb} ${plan.plan}: ${plan.what}`,
    calls: [
      `ledger: write the word on ${plan.plan}, if it still waits and is the same plan`,
      ...(says === "denied"
        ? []
        : byHand
          ? await callsOf(on, plan)
          : plan.requester === SCALER
            ? ["lambda:InvokeFunction scaler (looks at once, and acts if it is still wanted)"]
            : []),
      ...(plan.callbackId === undefined ? [] : ["lambda:SendDurableExecutionCallbackSuccess (wakes the guard that asked)"]),
    ],
    ...(plan.needs.people === 2 ? { approval: `two people with the role ${plan.needs.role}; ${plan.given.length} so far` } : {}),
    tells:
      plan.incident === undefined
        ? []
        : [
            `in the thread of ${plan.incident}: ${byHand || plan.requester === SCALER ? lineOf(on, { plan, says, half: isHalf(plan, says) }) : `the guard tells that ${on.person.name} ${says} it`}`,
          ],
    act: async () => {
      const became = await answerPlan(world, plan, word);
      const told = toTell(on, became);
      if (told !== undefined) await tell(on, { plan, says, half: told === "half" });
      return { card: card(sayAnswered(became, says)), changed: became.kind === "answered" || became.kind === "one-of-two" };
    },
  };
}

/** Who asks in mode ask before workers are added or drained. */
const SCALER = "nightshift/scaler";

/** What a person's plan does once it is approved. */
async function callsOf({ world }: On, { plan }: Approval): Promise<readonly string[]> {
  const stored = await world.plans.find(plan);
  return stored?.verb === "scale" ? stored.calls : ["lambda:InvokeFunction guard, which looks again and carries out:", ...(stored?.calls ?? [])];
}

/** How many may approve it; members of a user group are more than one. */
const whoMay = ({ policy, groups }: On, plan: Approval): number => {
  const listed = whoHolds(policy, { role: plan.needs.role, scope: scopeOf(groups, plan.service) }).length;
  return listed + (policy.groupsWithRoles.length > 0 ? 2 : 0);
};

/** Also a word that stood already is told, if it is the same person's: a crash may have come between the word and its line, which is said once. */
function toTell({ person }: On, became: Answered): "whole" | "half" | undefined {
  if (became.kind === "answered") return "whole";
  if (became.kind === "one-of-two") return "half";
  if (became.kind === "refused") return undefined;
  const { state, by, given } = became.plan;
  if (state === "pending") return given.some((one) => one.by === person.name) ? "half" : undefined;
  return by === person.name ? "whole" : undefined;
}

interface Given {
  readonly plan: Approval;
  readonly says: Word["says"];
  /** A second person must say yes, too. */
  readonly half: boolean;
}

const isHalf = ({ needs, given }: Approval, says: Word["says"]): boolean => says === "approved" && needs.people === 2 && given.length === 0;

function lineOf({ person, doing }: On, { plan, says, half }: Given): string {
  const reason = doing.because === undefined ? "" : `: ${doing.because}`;
  return `${person.name} ${says} the plan ${plan.plan}${reason}${half ? "; a second person must approve it, too" : ""}.${says === "denied" ? " Nothing was changed." : ""}`;
}

/** What the guard asked, the guard itself tells; what a person asked stands in the incident that they asked in. */
async function tell(on: On, { plan, says, half }: Given): Promise<void> {
  const { world, request, doing } = on;
  if (plan.incident === undefined || plan.requester === "nightshift/guard") return;
  await world.incidents.say(plan.incident, {
    key: half ? `answered/${plan.plan}/1` : `answered/${plan.plan}`,
    at: request.at,
    kind: "answered",
    text: lineOf(on, { plan, says, half }),
    announce: true,
    actor: doing.actor,
  });
}

function sayAnswered(became: Answered, says: Word["says"]): string {
  switch (became.kind) {
    case "answered":
      if (says === "denied") return `Denied: ${became.plan.plan}. Nothing is ${became.plan.what.startsWith("scale ") ? "scaled" : "rolled back"}.`;
      return `Approved: ${became.plan.plan}. Nightshift looks again and acts if the world is still as planned; holds are obeyed.${became.woken ? "" : " The waiting run could not be woken; it reads your word at its next look, or when its time to answer ends."}`;
    case "one-of-two":
      return `Your yes to ${became.plan.plan} counts. A second yes is needed before anything is done.`;
    case "again":
    case "refused":
      return became.because;
  }
}
