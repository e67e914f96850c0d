import type { BackupSettings } from "@nightshift/model";
import { minutes } from "@nightshift/model";
import { eachOf, plainCheckpoints, play } from "@nightshift/runtime";
import { backupSweep, type SweepWorld } from "./automation.ts";
import { closeForgotten } from "./close-forgotten.ts";
import { tellStanding } from "./tell-standing.ts";
import { nudgeUnsaid } from "./unsaid.ts";

/** How often the schedule rings (manifest.ts). */
const EVERY = minutes(15);

/** What the sweep works with. */
export interface Sweeping {
  readonly world: SweepWorld;
  readonly backups: BackupSettings;
  /** Where good nights are told; absent: no Slack. */
  readonly channel?: string | undefined;
}

/** Deletes drill instances past their time, closes what was left behind by executions that died, and has lines posted that Slack did not take. */
export async function sweepBackups({ world, backups, channel }: Sweeping): Promise<void> {
  const occasion = String(Math.floor(world.clock.now() / EVERY));
  const drills = async () => {
    await play(backupSweep, { event: { occasion }, settings: {}, world, checkpoints: plainCheckpoints() });
  };
  const unsaid = async () => (channel === undefined ? undefined : nudgeUnsaid(world, backups, { channel, occasion }));
  await eachOf([drills, () => tellStanding(world), () => closeForgotten(world, backups), unsaid], (work) => work());
}
