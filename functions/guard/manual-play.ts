import type { GuardSettings } from "@nightshift/model";
import { type Checkpoints, play } from "@nightshift/runtime";
import { manual } from "./manual.ts";
import type { ManualRollback } from "./manual-input.ts";
import type { GuardWorld } from "./settings.ts";

/** Plays a manual rollback in the guard's own function. @throws when the group is not in the config any more; the failed execution rings the self-alarm. */
export async function playManual(
  asked: ManualRollback,
  { groups, world, checkpoints }: { readonly groups: readonly GuardSettings[]; readonly world: GuardWorld; readonly checkpoints: Checkpoints },
): Promise<{ readonly verdict: string; readonly ending: string; readonly outcome: string | null }> {
  const settings = groups.find((one) => one.group === asked.group);
  if (settings === undefined) throw new Error(`group ${asked.group} is not in nightshift.config.ts: deploy Nightshift again after changing the config.`);
  const { verdict, ending, outcome } = await play(manual, { event: asked, settings, world, checkpoints });
  return { verdict: verdict.kind === "leave" ? "not-carried-out" : "roll-back", ending, outcome: outcome?.kind ?? null };
}
