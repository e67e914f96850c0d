import { freeze as freezeIn, freezesOf } from "@nightshift/decide/control";
import { sayMoment } from "@nightshift/decide/incidents/template";
import { after, type Freeze, sayLength } from "@nightshift/model";
import { controlled, isScope, sayScope } from "../control.ts";
import { type Carry, refused } from "../verb.ts";

/** Says that nothing shall be deployed in scope until it ends by itself. Rollbacks pass it (decision 1). */
export const freeze: Carry<"freeze"> = async ({ scope, lasts }, on) => {
  if (!isScope(on, scope)) return refused(`${scope} is neither a service nor a group of the config: a freeze of it would freeze nothing. Nothing was changed.`);
  const { person, request, now, doing } = on;
  const made: Freeze = { scope, by: person.name, because: doing.because ?? "no reason given", at: request.at, until: after(request.at, lasts) };
  return controlled(on, {
    says: `${person.name} froze deployments of ${sayScope(scope)} for ${sayLength(lasts)}, until ${sayMoment(made.until)}: ${made.because}`,
    writes: `freeze ${scope} until ${sayMoment(made.until)}`,
    more: ["Pipelines that ask `npx nightshift gate deploy SERVICE` stop. Rollbacks pass a freeze.", `End it with: /ops unfreeze ${scope}`],
    sets: true,
    change: (state) =>
      freezesOf(state, now).some((one) => one.scope === scope && one.by === made.by && one.at === made.at) ? undefined : freezeIn(state, made, now),
  });
};
