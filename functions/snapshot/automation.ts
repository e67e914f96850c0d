import { decideSnapshot, judgeSnapshot, type LeaveSnapshot, type TakeSnapshot } from "@nightshift/decide/backups/decide-snapshot";
import type { BackupDue } from "@nightshift/model";
import { automation } from "@nightshift/runtime";
import { consentToBackup } from "@nightshift/runtime/backup-consent";
import { keyOfDue } from "@nightshift/runtime/backup-due";
import { manifest } from "./manifest.ts";
import { rememberSnapshot } from "./remember.ts";
import { seeSubject } from "./see.ts";
import type { SnapshotOutcome, SnapshotReceipt, SnapshotSeen, SnapshotSettings } from "./settings.ts";
import { settleSnapshot } from "./settle.ts";
import { tellSnapshot } from "./story.ts";
import { takeSnapshot } from "./take.ts";

/** Takes one snapshot, backup or copy that AWS keeps, waits until it is there and in the second region, and says how strongly it is proven. */
export const snapshot = automation({
  name: "snapshot",
  uses: manifest.uses,
  key: (due: BackupDue) => keyOfDue("snapshot", due),
  chain: ({ of }) => of,

  detect: (due, settings: SnapshotSettings, run): Promise<SnapshotSeen> => run.step("look at what is to be saved", (world) => seeSubject(world, due, settings)),

  decide: (facts): TakeSnapshot | LeaveSnapshot => decideSnapshot(facts),

  consent: (verdict: TakeSnapshot, { mode, subject }, key) =>
    // Its schedule asked for the mirror already, and to listen for the answer changes nothing.
    subject.kind === "mirror" ? "given" : consentToBackup(verdict, { mode, name: key.split("/")[1] ?? "", asked: !key.endsWith("/nightly") }),

  act: (verdict, facts, run): Promise<SnapshotReceipt> => takeSnapshot(run, verdict, facts),

  verify: async (receipt, facts, run): Promise<SnapshotOutcome> => {
    const settled = await settleSnapshot(run, receipt, facts);
    const end = judgeSnapshot(settled, receipt.verdict.wrong);
    return { kind: end.kind, end, settled };
  },

  tell: tellSnapshot,
  remember: rememberSnapshot,
});
