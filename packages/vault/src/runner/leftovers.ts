import type { BackupId } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { sweepScratch } from "../scratch/directory.ts";
import { keysOf } from "../store/layout.ts";
import type { OpenUpload } from "../store/store.ts";
import { liveRuns } from "./reporter.ts";
import type { RunnerWorld } from "./world.ts";

/** What dead runs had left, and is gone. */
export interface Swept {
  readonly uploads: number;
  readonly scratchDirectories: number;
}

/**
 * Ends the uploads that dead runs of this database left open, and removes their scratch servers from this machine. Uploads of runs that
 * still report are left alone; those of our own backup are ours to end: an earlier attempt at the same schedule made them. Who reports is
 * asked only where others left something; where that cannot be known of all, nothing of theirs is ended (a bucket's own rule does it in time).
 */
export async function sweepLeftovers(
  world: RunnerWorld,
  { of, id, run }: { readonly of: string; readonly id: BackupId | undefined; readonly run: string },
): Promise<Swept> {
  const open = await world.store.openUploads(`${of}/data/`);
  const isOurs = ({ key }: OpenUpload): boolean => id !== undefined && key.startsWith(keysOf(of, id).folder);
  const busy = open.every(isOurs) ? { reports: [], whole: true } : await liveRuns(world, of, run);
  const dead = open.filter(
    (upload) =>
      isOurs(upload) ||
      !guard(
        "a living run keeps its uploads",
        !busy.whole || busy.reports.some(({ backup }) => backup !== undefined && upload.key.startsWith(keysOf(of, backup).folder)),
      ),
  );
  for (const upload of dead) await world.store.abort(upload);
  return { uploads: dead.length, scratchDirectories: await sweepScratch(world.machine.scratch) };
}
