import { type Severity, sayLength } from "@nightshift/model";
import { answered, type Carry, card } from "../verb.ts";
import { onDuty, overridesAround } from "../people.ts";

const severities: readonly Severity[] = ["P1", "P2", "P3", "P4"];

/** Says who would be told when, if the service failed now and nobody acknowledged. Tells nobody. */
export const drill: Carry<"drill"> = async ({ service }, on) => {
  const overrides = await overridesAround(on, on.now);
  const duty = new Map<number, string>();
  for (const tier of on.policy.tiers) {
    const { people } = await onDuty(on, tier, overrides);
    duty.set(tier.tier, people.length === 0 ? "nobody" : people.join(", "));
  }
  const lines = severities.flatMap((severity) => {
    const { tiers, businessHours } = on.policy.severities[severity];
    if (tiers.length === 0) return [`${severity}: nobody is paged${businessHours ? "; the next business day's digest tells" : ""}`];
    return tiers.map((one) => `${severity} after ${sayLength(one.after)}: tier ${one.tier} (${duty.get(one.tier) ?? "no such tier"}) by ${one.by.join(", ")}`);
  });
  return answered(card(`If ${service} failed now and nobody acknowledged (a drill: nobody was told):`, lines));
};
