import type { Approval, EpochMs, Incident } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import type { CommandsWorld } from "./verb.ts";

/** Waiting plans that an answer names. */
const SHOWN = 10;

/**
 * The plan that a word is about: the one that is named; else the only one that waits. In an incident's thread only its own plans count:
 * a yes that is said there must not do something elsewhere. Undefined where it is not clear.
 */
export async function planMeant(
  world: Pick<CommandsWorld, "approvals" | "clock">,
  { named, here, at }: { readonly named: string | undefined; readonly here: Incident | undefined; readonly at: EpochMs },
): Promise<Approval | undefined> {
  if (named !== undefined) return world.approvals.find(named);
  // Nobody means a plan that was made after they spoke; and a word that comes a second time finds no other plan.
  const waiting = (await world.approvals.pending(world.clock.now())).filter((one) => !guard("request is carried out once", one.askedAt > at));
  const [only, ...more] = here === undefined ? waiting : waiting.filter((one) => one.incident === here.id);
  return more.length > 0 ? undefined : only;
}

/** Why a word found no plan, and what can be said instead. */
export function sayWaiting(waiting: readonly Approval[], { name, verb }: { readonly name: string | undefined; readonly verb: "approve" | "deny" }): string {
  const missing = name === undefined ? "" : `There is no plan ${name}. `;
  if (waiting.length === 0) return `${missing}No plan waits for a word. Nothing was changed.`;
  const shown = waiting.slice(0, SHOWN).map((one) => `/ops ${verb} ${one.plan} (${one.service}: ${one.what})`);
  const more = waiting.length > SHOWN ? `, and ${waiting.length - SHOWN} more` : "";
  return `${missing}Say which one: ${shown.join(", ")}${more}. Nothing was changed.`;
}
