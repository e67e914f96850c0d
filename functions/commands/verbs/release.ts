import { holds as holdsRole } from "@nightshift/decide/commands/authorise";
import { unhold } from "@nightshift/decide/control";
import { guard } from "@nightshift/model/guards";
import { controlled, sayScope } from "../control.ts";
import { type Carry, refused, scopeOf } from "../verb.ts";

/** Takes a hold back: one's own, or as an owner anybody's. */
export const release: Carry<"release"> = async ({ scope }, on) => {
  const { world, person, now, groups } = on;
  const standing = (await world.control.read()).holds.filter((one) => one.until === undefined || one.until > now);
  const found = standing.find((one) => one.scope === scope);
  if (found === undefined) {
    const others = standing.map((one) => `${sayScope(one.scope)} by ${one.by}`);
    return refused(`Nothing holds ${sayScope(scope)}. ${others.length === 0 ? "" : `Held: ${others.join(", ")}. `}Nothing was changed.`);
  }
  const owner = holdsRole(person, { role: "owner", scope: scope === "all" ? [] : scopeOf(groups, scope) });
  if (guard("a hold is released by its holder", found.by !== person.name && !owner))
    return refused(`${found.by} holds ${sayScope(scope)} (${found.because}); only they or an owner may release it. Nothing was changed.`);
  return controlled(on, {
    says: `${person.name} released ${sayScope(scope)}${found.by === person.name ? "" : `, which ${found.by} held`}. Automatic actions go on.`,
    writes: `release ${scope}`,
    change: (state) => unhold(state, scope, now),
  });
};
