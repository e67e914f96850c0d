import { backupIdOf } from "@nightshift/decide/backups/names";
import { heldBecause } from "@nightshift/decide/control";
import { type BackupDue, minutes, since } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { PortError } from "@nightshift/ports";
import { openTrouble, troubleGroup } from "@nightshift/runtime/backup-incidents";
import { rowsOf } from "@nightshift/runtime/backup-rows";
import { goneRuns } from "./close-gone.ts";
import type { NightRun, NightSeen, NightSettings, NightWorld } from "./settings.ts";

/** A deployment is let through for so long: it usually takes less, and a night must not be put off for ever. */
const LOOKS = 31;
const EVERY = minutes(1);
/** What was deployed longer ago has migrated by now. */
const FRESH = minutes(15);

/** Waits, bounded, until no deployment is under way; returns the services that still are. */
export const letDeploymentsPass = (run: NightRun): Promise<readonly string[]> =>
  run.watch<readonly string[]>("let deployments pass", {
    start: [],
    atMost: LOOKS,
    every: () => EVERY,
    look: deploying,
    // A look that failed stops no backup: the dump itself gives way to a migration.
    blind: () => [],
    done: (services) => services.length === 0,
  });

async function deploying({ watches, clock }: Pick<NightWorld, "watches" | "clock">): Promise<readonly string[]> {
  const now = clock.now();
  const open = (await watches.all()).filter(({ state, openedAt }) => state === "acting" || (state === "watching" && since(openedAt, now) < FRESH));
  return guard("backup lets a deployment pass", open.length > 0) ? open.flatMap(({ members }) => Object.keys(members)).toSorted() : [];
}

/** The database, its backups, what holds it, and the trouble it has. */
export async function seeNight(
  world: NightWorld,
  due: BackupDue,
  { database, channel, waitedFor }: NightSettings & { readonly waitedFor: readonly string[] },
): Promise<NightSeen> {
  const rows = await rowsOf(world, database.name, "dump");
  const instance = await instanceOf(world, database.instance);
  const control = await world.control.read();
  const trouble = await openTrouble(world, troubleGroup(database.name));
  const at = world.clock.now();
  return {
    due,
    at,
    scheduled: due.scheduled,
    series: due.series,
    // The newest say all that is decided by; a checkpoint holds 256 kB.
    rows: rows.slice(-100),
    instance,
    deploying: waitedFor,
    gone: await goneRuns(
      world,
      rows.filter(({ id }) => id !== backupIdOf({ of: database.name, scheduled: due.scheduled, series: due.series, kind: "dump" })),
    ),
    heldBecause: heldBecause(control, [database.name], at),
    trouble,
    channel,
  };
}

/** What RDS will not tell stops no dump: whether the database answers is found out by asking it. */
async function instanceOf({ databases }: NightWorld, name: string | undefined): Promise<NightSeen["instance"]> {
  if (name === undefined) return undefined;
  try {
    const found = await databases.instance(name);
    return found === undefined ? "gone" : { status: found.status, allocatedGiB: found.allocatedGiB };
  } catch (error) {
    if (error instanceof PortError && !error.retryable) return undefined;
    throw error;
  }
}
