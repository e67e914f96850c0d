import { decidePrune, type LeavePrune, type Prune } from "@nightshift/decide/backups/decide-prune";
import { guard } from "@nightshift/model/guards";
import { automation } from "@nightshift/runtime";
import { carryOutPlan } from "./delete.ts";
import { checkLocks } from "./lock.ts";
import { manifest } from "./manifest.ts";
import { rememberDisputed } from "./remember.ts";
import { seePruning } from "./see.ts";
import type { PruneDue, Pruned, PruneOutcome, PruneReceipt, PruneSeen } from "./settings.ts";
import { tellPruning } from "./story.ts";

/** Deletes what retention removes: planned, written down, deleted by version, marked; then the folders point at what is kept. */
export const prune = automation({
  name: "prune",
  uses: manifest.uses,
  key: ({ of, occasion }: PruneDue) => `prune/${of}/${occasion}`,
  chain: ({ of }) => of,

  detect: (due, pruned: Pruned, run): Promise<PruneSeen> => run.step("look at what lies there", (world) => seePruning(world, due, pruned)),

  decide: (facts): Prune | LeavePrune => decidePrune(facts),

  // A plain function cannot wait for a word, and what is kept too long costs little: without auto it is only told.
  consent: (_verdict: Prune, { mode }) => (guard("shadow only tells", mode !== "auto") ? "told" : "given"),

  act: (verdict, facts, run): Promise<PruneReceipt> => carryOutPlan(run, verdict, facts),

  verify: async ({ removed, locked, cleared }, facts, run): Promise<PruneOutcome> => {
    const unlocked = await checkLocks(run, locked, facts);
    const left = removed.flatMap(({ id, outcome }) =>
      outcome.kind === "done" ? (outcome.value === "locked" || outcome.value === "busy" ? [`${id} is ${outcome.value}`] : []) : [`${id}: ${outcome.because}`],
    );
    if (cleared !== undefined && cleared.kind !== "done") left.push(`what runs that died left behind: ${cleared.because}`);
    const all = left.length + unlocked.length === 0;
    return { kind: all ? "all" : "some", left, unlocked, locked: locked.length - unlocked.length, cleared: cleared?.kind === "done" ? cleared.value : 0 };
  },

  tell: tellPruning,
  remember: rememberDisputed,
});
