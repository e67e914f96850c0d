import type { BackupSettings } from "@nightshift/model";
import { minutes } from "@nightshift/model";
import { eachOf, plainCheckpoints, play } from "@nightshift/runtime";
import { backupSweep, type SweepWorld } from "./automation.ts";
import { closeForgotten } from "./close-forgotten.ts";

/** How often the schedule rings (manifest.ts). */
const EVERY = minutes(15);

/** Deletes drill instances past their time, and closes what was left behind by executions that died. */
export async function sweepBackups({ world, backups }: { readonly world: SweepWorld; readonly backups: BackupSettings }): Promise<void> {
  const occasion = String(Math.floor(world.clock.now() / EVERY));
  const drills = async () => {
    await play(backupSweep, { event: { occasion }, settings: {}, world, checkpoints: plainCheckpoints() });
  };
  await eachOf([drills, () => closeForgotten(world, backups)], (work) => work());
}
