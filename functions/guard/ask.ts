import { modeOfPlan } from "@nightshift/decide/mode";
import { canonicalPlan } from "@nightshift/decide/plan";
import type { Ask, GuardSettings, RollBack } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import type { Question } from "@nightshift/runtime";

/**
 * What a person is asked, bound to this very plan: another plan has another name and another hash.
 * An `ask` without a plan can only be told: there is nothing to approve. In shadow mode a question is told, too.
 */
export function consentTo(verdict: RollBack | Ask, settings: GuardSettings): "given" | "told" | Question {
  if (verdict.kind === "roll-back") return guard("shadow only tells", verdict.consent !== "given") ? "told" : "given";
  const { plan } = verdict;
  if (plan === undefined || guard("shadow asks nobody", modeOfPlan(plan, settings) === "shadow")) return "told";
  const [first] = plan.members;
  const asked = settings.services.find((one) => one.name === first?.service);
  if (first === undefined || asked === undefined) return "told";
  return {
    plan: plan.id,
    planHash: canonicalPlan(plan),
    what: plan.steps.join("; "),
    because: verdict.because.join("; "),
    service: first.service,
    askFor: asked.askFor,
  };
}
