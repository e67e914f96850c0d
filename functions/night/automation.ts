import { decideNight, type LeaveNight, type TakeNight } from "@nightshift/decide/backups/decide-night";
import type { BackupDue } from "@nightshift/model";
import { automation } from "@nightshift/runtime";
import { consentToBackup } from "@nightshift/runtime/backup-consent";
import { keyOfDue } from "@nightshift/runtime/backup-due";
import { closeGone } from "./close-gone.ts";
import { manifest } from "./manifest.ts";
import { rememberNight } from "./remember.ts";
import { settleNight, startRun } from "./run-task.ts";
import { letDeploymentsPass, seeNight } from "./see.ts";
import type { NightOutcome, NightReceipt, NightSeen, NightSettings } from "./settings.ts";
import { tellNight } from "./story.ts";

/** Backs a database up and proves it: dumped, read back, restored, compared, and the verifier shown to fail on a damaged copy. */
export const night = automation({
  name: "night",
  uses: manifest.uses,
  key: (due: BackupDue) => keyOfDue("night", due),
  chain: ({ of }) => of,

  detect: async (due, settings: NightSettings, run): Promise<NightSeen> => {
    // What is asked for before a deployment must not wait for one.
    const waitedFor = due.series === "nightly" ? await letDeploymentsPass(run) : [];
    return run.step("look at the database and its backups", (world) => seeNight(world, due, { ...settings, waitedFor }));
  },

  decide: (facts, { database }): TakeNight | LeaveNight => decideNight(facts, database),

  consent: (verdict: TakeNight, { database: { mode, name } }, key) => consentToBackup(verdict, { mode, name, asked: !key.endsWith("/nightly") }),

  act: async (verdict, facts, run): Promise<NightReceipt> => {
    await closeGone(run, facts.due.of, facts.gone ?? []);
    return startRun(run, verdict, facts);
  },

  verify: async (receipt, facts, run): Promise<NightOutcome> => {
    const ended = await settleNight(run, receipt, facts);
    return { kind: ended.night.kind, ...ended };
  },

  tell: tellNight,
  remember: rememberNight,
});
