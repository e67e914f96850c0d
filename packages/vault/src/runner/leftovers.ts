import type { BackupId } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { sweepScratch } from "../scratch/directory.ts";
import { liveRuns } from "./reporter.ts";
import type { RunnerWorld } from "./world.ts";

/** What dead runs had left, and is gone. */
export interface Swept {
  readonly uploads: number;
  readonly scratchDirectories: number;
}

/**
 * Ends the uploads that dead runs of this database left open, and removes their scratch servers from this machine. Uploads of runs that
 * still report are left alone; those of our own backup are ours to end: an earlier attempt at the same schedule made them.
 */
export async function sweepLeftovers(
  world: RunnerWorld,
  { of, id, run }: { readonly of: string; readonly id: BackupId | undefined; readonly run: string },
): Promise<Swept> {
  const busy = (await liveRuns(world, of, run)).map(({ backup }) => backup).filter((backup) => backup !== undefined && backup !== id);
  const open = await world.store.openUploads(`${of}/data/`);
  const dead = open.filter(
    ({ key }) =>
      !guard(
        "a living run keeps its uploads",
        busy.some((backup) => key.startsWith(`${of}/data/${backup}/`)),
      ),
  );
  for (const upload of dead) await world.store.abort(upload);
  return { uploads: dead.length, scratchDirectories: await sweepScratch(world.machine.scratch) };
}
