import { guard } from "@nightshift/model/guards";
import { rowAfter } from "@nightshift/decide/backups/judge-run";
import { backupBulletin } from "@nightshift/decide/incidents/bulletins";
import { writeRow } from "@nightshift/runtime/backup-rows";
import type { NightRun, NightStory } from "./settings.ts";

/** Writes how it ended into the book, and has a good night's line posted. */
export async function rememberNight(story: NightStory, run: NightRun): Promise<void> {
  if (story.ending !== "acted") return;
  const { night, shown } = story.outcome;
  const { id } = story.verdict;
  const { of } = story.event;
  const { channel } = story.facts;
  await run.step("write down how it ended", async (world) => {
    const at = world.clock.now();
    // A row that somebody closed meanwhile (the sweep, a person) stays as they left it.
    await writeRow(world, { of, id }, (row) =>
      row === undefined || guard("a row that was closed stays", row.state !== "running") ? undefined : rowAfter(row, night, at),
    );
  });
  // A red night is told by its incident; only a line about its progress must not stand there for ever.
  if ((night.kind === "red" && !shown) || channel === undefined) return;
  await run.step("have its line posted", ({ outbox }) => outbox.nudge(channel, backupBulletin(of, id), id));
}
