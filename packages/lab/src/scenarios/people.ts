import { hold } from "@nightshift/decide/control";
import type { Hold, Ms, Scope } from "@nightshift/model";
import type { World } from "@nightshift/ports";
import type { Stage } from "../scenario/stage.ts";

/** A person holds a scope, as `nightshift hold` does. */
export const holds = (stage: Stage, after: Ms, scope: Scope, because: string): void =>
  stage.person("lead", after, async (world) => {
    const at = world.clock.now();
    const word: Hold = { scope, by: "lead", because, at, until: undefined };
    await world.control.replace(hold(await world.control.read(), word, at));
  });

/** A person answers the one plan that waits, as `nightshift approve` and `deny` do: the row first, then the waking. */
export const answers = (stage: Stage, after: Ms, word: "approved" | "denied"): void => stage.person("lead", after, (world) => answer(world, word));

async function answer(world: World, word: "approved" | "denied"): Promise<void> {
  const [plan] = await world.approvals.pending(world.clock.now());
  if (plan === undefined) throw new Error("no plan waits for a word");
  const said = await world.approvals.answer(plan.plan, plan.planHash, word, "lead", world.clock.now());
  if (said !== "answered") throw new Error(`the word was not taken: ${said}`);
  if (plan.callbackId !== undefined) await world.starter.wake(plan.callbackId);
}
