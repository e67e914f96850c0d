import { heldBecause } from "@nightshift/decide/control";
import type { BackupDue } from "@nightshift/model";
import { openTrouble, troubleGroup } from "@nightshift/runtime/backup-incidents";
import type { DrillConfig, DrillSeen, DrillWorld } from "./settings.ts";

/** The source, the newest snapshot, the drills that stand, what holds it. */
export async function seeDrill(world: DrillWorld, due: BackupDue, config: DrillConfig): Promise<DrillSeen> {
  const source = await world.databases.instance(config.instance);
  const snapshots = (await world.databases.snapshots(config.instance)).filter(({ status }) => status === "available");
  const newest = snapshots.toSorted((a, b) => (b.contentsOf ?? 0) - (a.contentsOf ?? 0))[0];
  const standing = (await world.databases.disposable()).filter(({ instance }) => instance.startsWith("nightshift-verify-"));
  const rows = await world.backupBook.all(due.of);
  const control = await world.control.read();
  const trouble = await openTrouble(world, troubleGroup(due.of, "drills"));
  const at = world.clock.now();
  return {
    due,
    config,
    of: due.of,
    at,
    scheduled: due.scheduled,
    drill: config.drill,
    source:
      source === undefined
        ? undefined
        : { instance: source.instance, allocatedGiB: source.allocatedGiB, parameterGroup: source.parameterGroup, latestRestorable: source.latestRestorable },
    dumps: rows.filter(({ kind }) => kind === "dump"),
    snapshots: rows.filter(({ kind }) => kind === "rds-snapshot"),
    newest: newest === undefined ? undefined : { id: newest.id, contentsOf: newest.contentsOf },
    standing: standing.filter(({ status }) => status !== "deleting").map(({ instance }) => instance),
    heldBecause: heldBecause(control, [due.of], at),
    trouble,
  };
}
