import { type BackupSettings, type Mode, sayDate } from "@nightshift/model";
import { eachOf, plainCheckpoints, play } from "@nightshift/runtime";
import { prune } from "./automation.ts";
import { type PruneWorld, prunedOf } from "./settings.ts";

/** What pruning works with. */
export interface Pruning {
  readonly world: PruneWorld;
  readonly backups: BackupSettings;
  /** The mode of what has none of its own. */
  readonly mode: Mode;
  readonly log: (line: Readonly<Record<string, unknown>>) => void;
}

/** Prunes one thing after another. What fails at one keeps no other from its turn, and is thrown at the end: a night never waits for it. */
export const pruneAll = ({ world, backups, mode, log }: Pruning): Promise<void> =>
  eachOf(prunedOf(backups, mode), async (pruned) => {
    const event = { of: pruned.of, occasion: sayDate(world.clock.now()) };
    const { ending, verdict, outcome } = await play(prune, { event, settings: pruned, world, checkpoints: plainCheckpoints() });
    log({ of: pruned.of, did: ending, outcome: outcome?.kind ?? null, cleared: outcome?.cleared ?? 0, because: verdict.because.slice(0, 10) });
  });
