import { progressDue, type ShownProgress } from "@nightshift/decide/backups/progress";
import { backupBulletin } from "@nightshift/decide/incidents/bulletins";
import type { BackupId, BackupProgress } from "@nightshift/model";
import type { Watch } from "@nightshift/runtime";
import { writeRow } from "@nightshift/runtime/backup-rows";
import type { RunWait } from "@nightshift/runtime/settle-run";
import type { NightWorld } from "./settings.ts";

/** A wait for a run, and what was shown of it meanwhile. */
type ShownWait = RunWait & { readonly shown: ShownProgress | undefined };

/** Which line is kept up to date, and where; without a channel none is. */
interface Line {
  readonly of: string;
  readonly id: BackupId;
  readonly channel: string | undefined;
}

/** The same wait, which keeps one line in the channel up to date while it goes on. Whatever happens to that line changes nothing about the wait. */
export const showingProgress = (watch: Watch<NightWorld, RunWait>, line: Line): Watch<NightWorld, ShownWait> => ({
  ...watch,
  start: { ...watch.start, shown: undefined },
  look: async (world, before) => {
    const wait = await watch.look(world, before);
    const now = world.clock.now();
    const shown = before.shown ?? { began: now, phase: undefined, shownAt: undefined };
    if (wait.stands.kind !== "going") return { ...wait, shown };
    const { next, show } = progressDue(shown, wait.said, now);
    if (show !== undefined && line.channel !== undefined) await tell(world, line, show);
    return { ...wait, shown: next };
  },
  blind: (wait, because) => ({ ...watch.blind(wait, because), shown: wait.shown }),
});

/** The ledger holds what the line says; the notifier is only told to look. */
async function tell(world: NightWorld, { of, id, channel = "" }: Line, progress: BackupProgress): Promise<void> {
  try {
    const row = await writeRow(world, { of, id }, (standing) => (standing?.state === "running" ? { ...standing, progress } : undefined));
    if (row?.state === "running") await world.outbox.nudge(channel, backupBulletin(of, id), `progress/${progress.at}`);
  } catch {
    // The next look shows what this one could not.
  }
}
