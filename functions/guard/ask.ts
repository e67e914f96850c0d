import { modeOfPlan } from "@nightshift/decide/mode";
import { canonicalPlan } from "@nightshift/decide/plan";
import type { Ask, GuardSettings, RollBack } from "@nightshift/model";
import type { Question } from "@nightshift/runtime";

/**
 * What a person is asked, bound to this very plan: another plan has another name and another hash.
 * An `ask` without a plan can only be told: there is nothing to approve. In shadow mode a question is told, too.
 */
export function consentTo(verdict: RollBack | Ask, settings: GuardSettings): "given" | "told" | Question {
  if (verdict.kind === "roll-back") return verdict.consent === "given" ? "given" : "told";
  const { plan } = verdict;
  if (plan === undefined || modeOfPlan(plan, settings) === "shadow") return "told";
  const [first] = plan.members;
  const asked = settings.services.find((one) => one.name === first?.service);
  if (first === undefined || asked === undefined) return "told";
  return { plan: plan.id, planHash: canonicalPlan(plan), what: plan.steps.join("; "), because: verdict.because.join("; "), service: first.service, askFor: asked.askFor };
}
