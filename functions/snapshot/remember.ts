import { snapshotRow } from "@nightshift/decide/backups/decide-snapshot";
import { writeRow } from "@nightshift/runtime/backup-rows";
import type { SnapshotRun, SnapshotStory } from "./settings.ts";

/** Writes how it ended into the book. */
export async function rememberSnapshot(story: SnapshotStory, run: SnapshotRun): Promise<void> {
  if (story.ending !== "acted") return;
  const { settled, end } = story.outcome;
  await run.step("write down how it ended", async (world) => {
    const at = world.clock.now();
    await writeRow(world, { of: story.event.of, id: story.verdict.id }, (row) =>
      row?.state === "running" ? snapshotRow(row, settled, { at, end }) : undefined,
    );
  });
}
