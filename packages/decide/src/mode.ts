import type { GuardedService, GuardSettings, Mode, RollbackPlan } from "@nightshift/model";

/** A group does no more by itself than its most careful member. */
export const strictestMode = (services: readonly Pick<GuardedService, "mode">[]): Mode => {
  const modes = services.map((service) => service.mode);
  return modes.includes("shadow") ? "shadow" : modes.includes("ask") || modes.length === 0 ? "ask" : "auto";
};

/** The mode a plan is bound by: in `shadow` its question, too, is only told and never asked (decision 2). */
export const modeOfPlan = (plan: RollbackPlan, settings: GuardSettings): Mode =>
  strictestMode(settings.services.filter((service) => plan.members.some((member) => member.service === service.name)));
