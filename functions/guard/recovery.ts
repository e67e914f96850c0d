import { firstRecovery, judgeRecovery, recoveryLooks, rememberRecovery } from "@nightshift/decide/verify";
import type { GuardSettings, Prepared, RecoveryMemory, RollbackOutcome, WatchMemory } from "@nightshift/model";
import { seconds } from "@nightshift/model";
import type { Run } from "@nightshift/runtime";
import { observe } from "./look.ts";
import type { Receipt } from "./put-back.ts";
import type { GuardWorld } from "./settings.ts";

type GuardRun = Run<GuardWorld>;

/** What looking again found, with the two clocks in its memory; `not-sent`: no call was made, so there is nothing to verify. */
export type Recovered = { readonly kind: "not-sent" } | { readonly kind: RollbackOutcome | "wait"; readonly memory: RecoveryMemory };

/** How often the way back is looked at: the two clocks are no finer than this. */
const EVERY = seconds(10);

/** Looks at the world again until the good revision serves and the trigger is clear, or until it is plain that it did not help. */
export async function verifyRecovery(
  run: GuardRun,
  receipt: Receipt,
  { prepared, memory, settings }: { prepared: Prepared; memory: WatchMemory; settings: GuardSettings },
): Promise<RecoveryMemory> {
  const plan = receipt.plan;
  return run.watch("verify that the rollback helped", {
    start: firstRecovery(plan, receipt.startedAt, prepared),
    atMost: recoveryLooks(settings),
    every: () => EVERY,
    look: async (world, state) => {
      const { look, tasks } = await observe(world, { prepared, memory, settings });
      return rememberRecovery(state, { look, tasks }, settings);
    },
    blind: (state) => ({ ...state, looks: state.looks + 1 }),
    done: (state) => judgeRecovery(state, settings) !== "wait",
  });
}
