import { openUntil } from "@nightshift/decide/incidents/silences";
import { sayMoment } from "@nightshift/decide/incidents/template";
import { answered, type Carry, card } from "../verb.ts";

/** Lists what is silenced, by people and by maintenance windows, and until when. */
export const silences: Carry<"silences"> = async (_, { world, policy, now }) => {
  const standing = (await world.silences.standing(now)).map((one) => `${one.id}: ${one.scope} until ${sayMoment(one.until)}, by ${one.by}: ${one.because}`);
  const windows = policy.maintenance.flatMap((window) => {
    const until = openUntil(window, now);
    return until === undefined ? [] : [`maintenance "${window.name}": ${window.scope} until ${sayMoment(until)}`];
  });
  const lines = [...standing, ...windows];
  return answered(card(lines.length === 0 ? "Nothing is silenced." : `${lines.length} silenced:`, lines));
};
