import { decideRestore, type DoRestore, type LeaveRestore, type RestoreFacts } from "@nightshift/decide/backups/decide-restore";
import type { DatabaseSettings } from "@nightshift/model";
import { automation } from "@nightshift/runtime";
import { beginRestore } from "./begin.ts";
import { manifest } from "./manifest.ts";
import { seeRestore } from "./see.ts";
import { databaseIn, type RestoreAsked, type RestoreOutcome, type RestoreReceipt } from "./settings.ts";
import { settleRestore } from "./settle.ts";
import { tellRestore } from "./story.ts";

/** Restores what two people approved: into something new, after what runs was saved; then says the exact steps to switch over, and takes none of them. */
export const restore = automation({
  name: "restore",
  uses: manifest.uses,
  key: ({ plan }: RestoreAsked) => `restore/${plan}`,
  chain: ({ plan }) => databaseIn(plan),

  detect: (asked, databases: readonly DatabaseSettings[], run): Promise<RestoreFacts> =>
    run.step("read the approved plan and look at the world again", (world) => seeRestore(world, asked, databases)),

  decide: (facts): DoRestore | LeaveRestore => decideRestore(facts),

  // The word was given to the stored plan before this run was started; `decide` has read it.
  consent: () => "given" as const,

  act: (verdict: DoRestore, _facts, run): Promise<RestoreReceipt> => beginRestore(run, verdict),

  verify: (receipt, facts, run): Promise<RestoreOutcome> => settleRestore(run, receipt, facts),

  tell: tellRestore,
  remember: async () => {},
});
