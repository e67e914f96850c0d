import { lateAfterOf } from "@nightshift/decide/backups/decide-night";
import type { SampleFacts } from "@nightshift/decide/backups/decide-sample";
import type { FreshFacts } from "@nightshift/decide/backups/freshness";
import type { WayBack } from "@nightshift/decide/backups/recovery";
import { heldBecause } from "@nightshift/decide/control";
import { type BackupRecord, before, days, type EpochMs, hours } from "@nightshift/model";
import { PortError } from "@nightshift/ports";
import { openTrouble, troubleGroup } from "@nightshift/runtime/backup-incidents";
import type { Sampled, SampleDue, SamplerWorld } from "./settings.ts";

/** Everything that one look needs; what cannot be read is said, and never taken for good news. */
export async function seeRecovery(world: SamplerWorld, { of, hourly }: SampleDue, sampled: Sampled): Promise<SampleFacts> {
  const unread: string[] = [];
  const tried = async <T>(what: string, read: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof PortError)) throw error;
      unread.push(`${what}: ${error.message}`);
      return undefined;
    }
  };
  const at = world.clock.now();
  const rows = await tried("its backups", () => world.backupBook.all(of));
  const dumps = (rows ?? []).filter(({ kind }) => kind === "dump").toSorted(byTime);
  const ways = [...wayOfDumps(dumps), ...((await tried("the cloud", () => waysOf(world, sampled))) ?? [])];
  const fresh = hourly ? await freshFacts(world, { sampled, rows, unread, at, tried }) : [];
  const lastHour = hourly ? ((await tried("its samples", () => world.backupBook.samples(of, before(at, hours(1))))) ?? []) : [];
  const trouble = hourly ? await openTrouble(world, troubleGroup(of, "recovery")) : undefined;
  const drill = sampled.database?.drill;
  const drills = hourly && drill !== undefined && rows !== undefined ? { drills: { drill, rows } } : {};
  const proof = sampled.database === undefined ? {} : { proof: { proveEvery: sampled.database.proveEvery, maxDuration: sampled.database.maxDuration } };
  return {
    ...proof,
    ...drills,
    of,
    at,
    rpoTarget: sampled.rpo,
    ways,
    dumps: dumps.slice(-100),
    available: drilled(rows),
    fresh,
    lastHour,
    trouble,
    unread,
  };
}

const byTime = (a: BackupRecord, b: BackupRecord): number => a.scheduled - b.scheduled;

function wayOfDumps(dumps: readonly BackupRecord[]): readonly WayBack[] {
  const newest = dumps.findLast(({ state, contentsOf }) => state === "verified" && contentsOf !== undefined)?.contentsOf;
  return newest === undefined ? [] : [{ by: "dump", contentsOf: newest }];
}

async function waysOf(world: SamplerWorld, { database, table }: Sampled): Promise<readonly WayBack[]> {
  if (table !== undefined) {
    const { pointInTime } = await world.tableBackups.look(table);
    return pointInTime.on && pointInTime.latest !== undefined ? [{ by: "point in time", contentsOf: pointInTime.latest }] : [];
  }
  if (database?.instance === undefined) return [];
  const instance = await world.databases.instance(database.instance);
  const snapshots = (await world.databases.snapshots(database.instance)).filter(({ status }) => status === "available");
  return [
    ...(instance?.latestRestorable === undefined ? [] : [{ by: "point in time" as const, contentsOf: instance.latestRestorable }]),
    ...snapshots.flatMap(({ contentsOf }) => (contentsOf === undefined ? [] : [{ by: "snapshot" as const, contentsOf }])),
  ];
}

/** How long the newest drill's instance took. */
const drilled = (rows: readonly BackupRecord[] | undefined): SampleFacts["available"] =>
  rows?.toSorted(byTime).findLast(({ id, times }) => id.endsWith("-drill") && times.available !== undefined)?.times.available;

interface ToCheck {
  readonly sampled: Sampled;
  readonly rows: readonly BackupRecord[] | undefined;
  readonly unread: readonly string[];
  readonly at: EpochMs;
  readonly tried: <T>(what: string, read: () => Promise<T>) => Promise<T | undefined>;
}

/** So far back the first sample is looked for: longer than any night may be late. */
const LOOKED = days(3);
/** What AWS takes is there after so long. */
const CLOUD_LATE = hours(10);

async function freshFacts(world: SamplerWorld, { sampled, rows, unread, at, tried }: ToCheck): Promise<readonly FreshFacts[]> {
  const { of, database, expects } = sampled;
  const first = (await tried("its samples", () => world.backupBook.samples(of, before(at, LOOKED))))?.[0];
  const held = heldBecause(await world.control.read(), [of], at);
  const shelved = database === undefined ? undefined : await tried("the store", () => world.shelf.list(of));
  return expects.map(({ kind, nightly, counts }): FreshFacts => {
    const own = rows?.filter((row) => row.kind === kind).toSorted(byTime);
    return {
      of: kind === "rds-snapshot" ? `${of} (RDS snapshot)` : of,
      at,
      nightly,
      lateAfter: kind === "dump" && database !== undefined ? lateAfterOf(own ?? [], database) : CLOUD_LATE,
      rows: own,
      ...(unread[0] === undefined ? {} : { unread: unread[0] }),
      counts,
      stored: kind === "dump" ? shelved : undefined,
      lookingSince: first?.at,
      heldBecause: held,
    };
  });
}
