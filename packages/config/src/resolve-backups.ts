import type { BackupSettings, DatabaseSettings, Mode, TimeOfDay } from "@nightshift/model";
import type { ParsedConfig } from "./sections/index.ts";
import type { PostgresParsed } from "./sections/databases.ts";
import { readMoment } from "./sections/moments.ts";
import { winterOffset } from "./zones.ts";

/** Everything that is backed up in our words, in the order of the config. */
export function backupsOf(config: ParsedConfig): BackupSettings {
  const { zone, configuration, secondRegion, lockFor } = config.backups;
  const at = (time: string): TimeOfDay => inUtc(time, zone);
  return {
    databases: Object.entries(config.databases).map(([name, it]) => databaseOf(name, it, { mode: config.mode, at })),
    tables: Object.entries(config.tables).map(([name, { table, nightly, keep, rpo, copyIn }]) => ({ name, table, nightly: at(nightly), keep, rpo, copyIn })),
    caches: Object.entries(config.caches).map(([name, { cache, nightly, keep }]) => ({ name, cache, nightly: at(nightly), keep })),
    media: Object.entries(config.media).map(([name, { bucket, replica, within }]) => ({ name, bucket, replica, within })),
    configuration,
    secondRegion,
    lockFor,
  };
}

interface Around {
  readonly mode: Mode;
  readonly at: (time: string) => TimeOfDay;
}

const databaseOf = (name: string, it: PostgresParsed, { mode, at }: Around): DatabaseSettings => ({
  name,
  instance: it.instance,
  url: it.url,
  restoreUrl: it.restoreUrl,
  mode: it.mode ?? mode,
  nightly: at(it.nightly),
  maxDuration: it.maxDuration,
  keep: it.keep,
  rpo: it.rpo,
  rto: it.rto,
  image: it.image ?? `postgres:${it.version}`,
  proveEvery: it.proveEvery,
  gates: it.gates,
  assertions: it.assertions.map(({ name: asserted, sql, atLeast }) => ({ name: asserted, sql, holds: atLeast === undefined ? true : { atLeast } })),
  withoutExtensions: it.withoutExtensions,
  snapshots: it.snapshots === undefined ? undefined : { keep: it.snapshots.keep, copyTo: copyOf(it.snapshots.copyTo), manifests: it.snapshots.manifests },
  drill: it.drill === undefined ? undefined : { ...it.drill, at: at(it.drill.at) },
});

const copyOf = (copy: { readonly region: string; readonly kmsKey?: string | undefined } | undefined) =>
  copy === undefined ? undefined : { region: copy.region, kmsKey: copy.kmsKey };

/** A time as the config has it, in UTC: the zone's winter clock all year, so that a night neither falls out nor comes twice when clocks change. */
function inUtc(time: string, zone: string | undefined): TimeOfDay {
  const { hour, minute } = readMoment(time);
  const whole = (hour * 60 + minute - (zone === undefined ? 0 : winterOffset(zone)) + 2 * 1_440) % 1_440;
  return { hour: Math.floor(whole / 60), minute: whole % 60 };
}
