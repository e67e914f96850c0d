import { after, hours, type OnCallOverride, sayLength, since } from "@nightshift/model";
import { sayMoment } from "@nightshift/decide/incidents/template";
import { onDuty, overridesAround, personNamed, slackOf } from "../people.ts";
import { shortHash } from "../short-hash.ts";
import { card, type Carry, refused } from "../verb.ts";

/** A hand-over without an end that anybody named, of a rota that never turns by itself. */
const UNLESS_SAID = hours(12);

/** Hands one's own turn on call to somebody; it stands above the rota until it ends. */
export const handoff: Carry<"handoff"> = async ({ to, until }, on) => {
  const { person, request, policy, world } = on;
  const next = personNamed(to, on);
  if (next === person.name) return refused("That is you already. Nothing was changed.");
  if (slackOf(next, on) === undefined)
    return refused(`Nobody knows how to reach ${next} in Slack: give their id under people in nightshift.config.ts. Nothing was changed.`);
  const overrides = await overridesAround(on, on.now);
  const made: OnCallOverride[] = [];
  for (const tier of policy.tiers) {
    const duty = await onDuty(on, tier, overrides);
    if (!duty.people.includes(person.name) && !duty.people.includes(request.asker.user)) continue;
    const ends = until === undefined ? (duty.until ?? after(request.at, UNLESS_SAID)) : after(request.at, until);
    made.push({ id: `O-${shortHash(`${request.key}/${tier.tier}`)}`, rota: tier.rota.name, person: next, by: person.name, from: request.at, until: ends });
  }
  const [first] = made;
  if (first === undefined) return refused("You are not on call now, so there is nothing to hand over. /ops oncall says who is. Nothing was changed.");
  const says = `${person.name} handed ${made.map((one) => one.rota).join(" and ")} to ${next} for ${sayLength(since(first.from, first.until))}, until ${sayMoment(first.until)}.`;
  return {
    kind: "ready",
    does: says,
    calls: made.map((one) => `ledger: add the hand-over ${one.id} of ${one.rota} to ${one.person}`),
    tells: [],
    line: says,
    act: async () => {
      for (const one of made) await world.onCall.override(one);
      return { card: card(says), changed: true };
    },
  };
};
