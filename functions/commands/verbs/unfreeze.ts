import { freezesOf, unfreeze as unfreezeIn } from "@nightshift/decide/control";
import { controlled, sayScope } from "../control.ts";
import { type Carry, refused } from "../verb.ts";

/** Ends a freeze now. */
export const unfreeze: Carry<"unfreeze"> = async ({ scope }, on) => {
  const standing = freezesOf(await on.world.control.read(), on.now);
  const found = standing.find((one) => one.scope === scope);
  if (found === undefined) {
    const others = standing.map((one) => sayScope(one.scope));
    return refused(`${sayScope(scope)} is not frozen. ${others.length === 0 ? "" : `Frozen: ${others.join(", ")}. `}Nothing was changed.`);
  }
  return controlled(on, {
    says: `${on.person.name} ended the freeze of ${sayScope(scope)} that ${found.by} set.`,
    writes: `unfreeze ${scope}`,
    change: (state) => unfreezeIn(state, scope, on.now),
  });
};
