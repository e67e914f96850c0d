import { cloudRemovals } from "@nightshift/decide/backups/decide-prune";
import { heldBecause } from "@nightshift/decide/control";
import { disputedOf, planPruning } from "@nightshift/decide/retention/fold";
import { extensionsOf } from "@nightshift/decide/retention/locks";
import type { BackupRecord, EpochMs, ShelvedMoment } from "@nightshift/model";
import { openTrouble, troubleGroup } from "@nightshift/runtime/backup-incidents";
import type { PruneDue, Pruned, PruneSeen, PruneWorld } from "./settings.ts";

/** What lies there, what the ledger knows of it, and what the rules make of both. */
export async function seePruning(world: PruneWorld, { of }: PruneDue, { keep, cloud, locks, table }: Pruned): Promise<PruneSeen> {
  const rows = await world.backupBook.all(of);
  const shelved = keep === undefined ? [] : await world.shelf.list(of);
  const storeClock = keep === undefined ? world.clock.now() : await world.shelf.clock();
  const control = await world.control.read();
  const trouble = await openTrouble(world, troubleGroup(of, "retention"));
  const at = world.clock.now();
  const dumps = rows.filter(({ kind }) => kind === "dump");
  const plan = keep === undefined ? undefined : planPruning(dumps, { shelved, now: at, storeClock }, keep);
  return {
    of,
    at,
    plan,
    ...(keep === undefined || plan === undefined || !locks ? {} : { locks: extensionsOf(plan, shelved, { keep, now: at }) }),
    cloud:
      cloud === undefined
        ? []
        : cloudRemovals(
            rows.filter(({ kind }) => kind === cloud.kind),
            { ...cloud, at, beside: newestProven(dumps, shelved) },
          ),
    shelved,
    disputed: disputedOf(dumps, shelved),
    committed: dumps.filter(({ state }) => state === "uploaded" || state === "verified" || state === "suspect").map(({ id }) => id),
    snapshots: rows.filter(({ kind, state }) => kind === "rds-snapshot" && state !== "pruned").map(({ id }) => id),
    heldBecause: heldBecause(control, [of], at),
    trouble,
    table,
  };
}

/** The newest moment that both the ledger and the store call proven; undefined: there is none. */
function newestProven(dumps: readonly BackupRecord[], shelved: readonly ShelvedMoment[]): EpochMs | undefined {
  const rows = new Set(dumps.filter(({ state }) => state === "verified").map(({ id }) => id));
  return shelved
    .filter(({ id, verified, suspect }) => verified && !suspect && rows.has(id))
    .map(({ contentsOf }) => contentsOf)
    .toSorted((a, b) => a - b)
    .at(-1);
}
