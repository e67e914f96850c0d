import { type BackupId, type BackupSeries, type EpochMs, sayStamp } from "@nightshift/model";
import { backupIdOf, minuteOf } from "@nightshift/decide/backups/names";

/** What a backup of this minute is called. */
export const idFor = (of: string, series: BackupSeries, at: EpochMs): { readonly id: BackupId; readonly scheduled: EpochMs } => {
  const scheduled = minuteOf(at);
  return { id: backupIdOf({ of, scheduled, series, kind: "dump" }), scheduled };
};

/** Names of databases beside one that serves: `shop_restored_260314_0200`. PostgreSQL cuts names after 63 bytes, so the beginning gives way, not the stamp. */
export function nameBeside(database: string, what: "restored" | "before", at: EpochMs): string {
  const ending = `_${what}_${sayStamp(at).replaceAll("-", "_")}`;
  let beginning = database;
  while (Buffer.byteLength(beginning + ending) > 63) beginning = beginning.slice(0, -1);
  return beginning + ending;
}

/** Why a database's name cannot be the name of its folder in the store; undefined: it can. */
export const unfit = (of: string): string | undefined =>
  /^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/.test(of) ? undefined : `"${of}" cannot name a folder of backups: letters, digits, _, . and - only, at most 100`;
