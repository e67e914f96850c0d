import { weekOnCall } from "@nightshift/decide/incidents/on-call";
import { sayMoment } from "@nightshift/decide/incidents/template";
import { answered, type Carry, card } from "../verb.ts";
import { membersOf, onDuty, overridesAround } from "../people.ts";

/** Says who is on call now, or in the next seven days. Every service has the same rotas. */
export const oncall: Carry<"oncall"> = async ({ week }, on) => {
  const overrides = await overridesAround(on, on.now);
  const lines: string[] = [];
  for (const tier of on.policy.tiers) {
    const says = (people: readonly string[], by: string | undefined) =>
      `${people.length === 0 ? "nobody" : people.join(", ")}${by === undefined ? "" : ` (handed over by ${by})`}`;
    if (week) {
      const shifts = weekOnCall(tier.rota, overrides, on.now, await membersOf(on, tier));
      lines.push(`Tier ${tier.tier}, ${tier.name}:`, ...shifts.map((one) => `  from ${sayMoment(one.from)}: ${says(one.people, one.by)}`));
      continue;
    }
    const duty = await onDuty(on, tier, overrides);
    lines.push(`Tier ${tier.tier}, ${tier.name}: ${says(duty.people, duty.by)}${duty.until === undefined ? "" : `, until ${sayMoment(duty.until)}`}`);
  }
  return answered(
    card(lines.length === 0 ? "Nobody is on call: the config names no tiers." : week ? "On call in the next seven days:" : "On call now:", lines),
  );
};
