import { backupBulletin } from "@nightshift/decide/incidents/bulletins";
import { type BackupSettings, hours, since } from "@nightshift/model";
import type { SweepWorld } from "./automation.ts";

/** How long after its end a good night's line is still worth posting. */
const FRESH = hours(6);

/** Asks again for the lines of good nights that do not stand in their channel yet. A nudge for a line that was posted meanwhile posts nothing. */
export async function nudgeUnsaid(
  { backupBook, deliveries, outbox, clock }: SweepWorld,
  { databases }: BackupSettings,
  { channel, occasion }: { readonly channel: string; readonly occasion: string },
): Promise<void> {
  for (const { name: of } of databases) {
    const over = (await backupBook.all(of)).filter(
      ({ kind, state, finished }) =>
        kind === "dump" && state !== "running" && state !== "pruned" && finished !== undefined && since(finished, clock.now()) < FRESH,
    );
    for (const { id, state } of over) {
      const key = backupBulletin(of, id);
      const [sent] = await deliveries.all(key);
      const good = state === "verified" || state === "uploaded";
      // What still tells of its progress is over: good or red, its end takes that line's place.
      const unsaid = sent?.state === "sent" ? sent.shown?.startsWith("going/") === true : good;
      if (unsaid) await outbox.nudge(channel, key, occasion);
    }
  }
}
