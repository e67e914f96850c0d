import type { BackupRecord } from "@nightshift/model";
import { writeRow } from "@nightshift/runtime/backup-rows";
import type { PruneRun, PruneStory } from "./settings.ts";

/** What only the store proves is suspect from now on: it is told until somebody looked, can be accepted, and can be restored from as long as it lies there. */
export async function rememberDisputed({ facts }: PruneStory, run: PruneRun): Promise<void> {
  for (const { because, ...known } of facts.disputed)
    await run.step(`write down that ${known.id} is disputed`, async (world) => {
      const fresh: Omit<BackupRecord, "version"> = { ...known, of: facts.of, kind: "dump", state: "suspect", proof: "none", times: {} };
      await writeRow(world, { of: facts.of, id: known.id }, (row) =>
        // A night that goes on, one that was proven meanwhile and a person's word are not written over.
        row !== undefined && (row.state === "running" || row.state === "verified" || row.state === "suspect" || row.acknowledgedBy !== undefined)
          ? undefined
          : { ...(row ?? fresh), state: "suspect", because },
      );
    });
}
