import { decideDrill, type LeaveDrill, type RunDrill } from "@nightshift/decide/backups/decide-drill";
import type { BackupDue } from "@nightshift/model";
import { automation } from "@nightshift/runtime";
import { consentToBackup } from "@nightshift/runtime/backup-consent";
import { keyOfDue } from "@nightshift/runtime/backup-due";
import { manifest } from "./manifest.ts";
import { proveAndDelete } from "./prove.ts";
import { rememberDrill } from "./remember.ts";
import { restoreTarget } from "./restore-target.ts";
import { seeDrill } from "./see.ts";
import type { DrillConfig, DrillOutcome, DrillReceipt, DrillSeen } from "./settings.ts";
import { tellDrill } from "./story.ts";

/** Restores a snapshot or a point in time into a temporary instance, compares it, measures it, and deletes it in every outcome. */
export const drill = automation({
  name: "drill",
  uses: manifest.uses,
  key: (due: BackupDue) => keyOfDue("drill", due),
  chain: ({ of }) => of,

  detect: (due, config: DrillConfig, run): Promise<DrillSeen> =>
    run.step("look at the source and at drills that stand", (world) => seeDrill(world, due, config)),

  decide: (facts): RunDrill | LeaveDrill => decideDrill(facts),

  consent: (verdict: RunDrill, { database: { mode, name } }, key) => consentToBackup(verdict, { mode, name, asked: !key.endsWith("/nightly") }),

  act: (verdict, facts, run): Promise<DrillReceipt> => restoreTarget(run, verdict, facts),

  verify: (receipt, facts, run): Promise<DrillOutcome> => proveAndDelete(run, receipt, facts),

  tell: tellDrill,
  remember: rememberDrill,
});
