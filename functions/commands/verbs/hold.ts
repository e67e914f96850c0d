import { hold as holdIn } from "@nightshift/decide/control";
import { sayMoment } from "@nightshift/decide/incidents/template";
import { after, type Hold, sayLength } from "@nightshift/model";
import { controlled, isScope, sayScope } from "../control.ts";
import { type Carry, refused } from "../verb.ts";

/** Stops everything that Nightshift does by itself in scope, rollbacks included, until it is released (decision 1). */
export const hold: Carry<"hold"> = async ({ scope, lasts }, on) => {
  if (!isScope(on, scope)) return refused(`${scope} is neither a service nor a group of the config: a hold on it would hold nothing. Nothing was changed.`);
  const { person, request, now, doing } = on;
  const made: Hold = {
    scope,
    by: person.name,
    because: doing.because ?? "no reason given",
    at: request.at,
    until: lasts === undefined ? undefined : after(request.at, lasts),
  };
  const until = lasts === undefined || made.until === undefined ? "until it is released" : `for ${sayLength(lasts)}, until ${sayMoment(made.until)}`;
  const says = `${person.name} holds ${sayScope(scope)} ${until}: ${made.because}`;
  return controlled(on, {
    says,
    line: `${says}; nothing is done by itself.`,
    writes: `hold ${scope} ${until}`,
    more: [`Nothing is changed by itself meanwhile, rollbacks included; watching and telling go on. Release with: /ops release ${scope}`],
    // The same request a second time finds its own hold.
    sets: true,
    change: (state) => (state.holds.some((one) => one.scope === scope && one.by === made.by && one.at === made.at) ? undefined : holdIn(state, made, now)),
  });
};
