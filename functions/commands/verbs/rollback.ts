import { needsOf, planLasts } from "@nightshift/decide/approvals";
import { whoHolds } from "@nightshift/decide/commands/authorise";
import { frozenBecause } from "@nightshift/decide/control";
import { callsOf, planByHand, preconditionsOf } from "@nightshift/decide/manual-rollback";
import { canonicalPlan } from "@nightshift/decide/plan";
import { after, type Approval, type RollbackPlan, type StoredPlan } from "@nightshift/model";
import { prepareByHand } from "@nightshift/runtime/prepare-by-hand";
import { lookingOnly } from "../looking-only.ts";
import { planCard } from "../plan-card.ts";
import { shortHash } from "../short-hash.ts";
import { type Carry, type On, refused, scopeOf, serviceNamed } from "../verb.ts";

/** Makes a plan with the guard's own preparation and asks for a word on it; the guard carries it out. `--yes` skips no approval. */
export const rollback: Carry<"rollback"> = async ({ service, to }, on) => {
  const { world, groups, request, policy } = on;
  const found = serviceNamed(groups, service);
  if (found === undefined) return refused(`${service} is not in the config. Nothing was changed.`);
  const { settings } = found;
  const looked = await prepareByHand(lookingOnly(world), { settings, service: found.service.name, to, key: `command/${request.key}` });
  if (looked.kind === "refused") return refused(`${service} is not rolled back: ${looked.because}. Nothing was changed.`);
  const { prepared, look, control } = looked;
  const planned = planByHand(prepared, look, { settings, suffix: shortHash(request.key) });
  if (planned.kind === "refused") return refused(`${service} is not rolled back: ${planned.because}. Nothing was changed.`);
  const scope = scopeOf(groups, service);
  const who = whoHolds(policy, { role: "operator", scope });
  const frozen = frozenBecause(control, scope, look.at);
  const passes = frozen === undefined ? [] : [`A rollback passes the freeze: ${frozen}`];
  const stored = storedPlan(on, {
    plan: planned.plan,
    service,
    preconditions: preconditionsOf(look, prepared),
    madeAt: look.at,
    whoMay: who.length,
    group: settings.group,
  });
  const approval = approvalOf(stored, planned.plan);
  const needs = `one operator for ${service}${who.length === 0 ? "" : ` (${who.join(", ")})`}`;
  return {
    kind: "ready",
    does: `asks to roll ${service} back: ${approval.what}.`,
    calls: [...stored.calls, `(first, in the ledger: keep the plan ${stored.id} and ask for a word on it)`],
    approval: `${needs}, within ten minutes`,
    tells: [`in the thread: ${on.person.name} asks to roll ${service} back; plan ${stored.id}`, ...passes],
    line: [`${on.person.name} asks to roll ${service} back: ${approval.what}. Plan ${stored.id} waits for ${needs}.`, ...passes].join(" "),
    act: async () => {
      await world.plans.keep(stored);
      await world.approvals.ask(approval);
      return { card: planCard({ stored, approval, doubts: [...planned.doubts, ...passes], who: needs }), changed: true };
    },
  };
};

interface ToStore {
  readonly plan: RollbackPlan;
  readonly service: string;
  readonly group: string;
  readonly preconditions: StoredPlan["preconditions"];
  readonly madeAt: StoredPlan["madeAt"];
  readonly whoMay: number;
}

const storedPlan = ({ person, incident, doing }: On, { plan, service, group, preconditions, madeAt, whoMay }: ToStore): StoredPlan => ({
  id: plan.id,
  hash: canonicalPlan(plan),
  verb: "rollback",
  service,
  requester: person.name,
  incident: incident?.id,
  because: doing.because ?? `${person.name} asked for it`,
  madeAt,
  expiresAt: after(madeAt, planLasts(needsOf("rollback"), whoMay)),
  calls: callsOf(plan),
  preconditions,
  input: { group, plan: JSON.stringify(plan) },
});

const approvalOf = ({ id, hash, because, service, madeAt, expiresAt, requester, incident }: StoredPlan, plan: RollbackPlan): Approval => ({
  plan: id,
  planHash: hash,
  what: plan.steps.join("; "),
  because,
  service,
  askedAt: madeAt,
  expiresAt,
  state: "pending",
  needs: needsOf("rollback"),
  requester,
  incident,
  given: [],
  by: undefined,
  answeredAt: undefined,
  callbackId: undefined,
});
