import { type BackupId, type BackupRecord, type EpochMs, minutes, type SliceRecord } from "@nightshift/model";
import { provenBefore } from "./slice-before.ts";

/** What is restored, and what the ledger knows of its database. */
export interface DrilledCopy {
  /** The moment of its contents as RDS says it. */
  readonly moment: EpochMs | undefined;
  /** Name of the snapshot that is restored; undefined: a point in time, whose end nobody knows before it is restored. */
  readonly snapshot: string | undefined;
  /** Every row of the database. */
  readonly rows: readonly BackupRecord[];
}

/** What a copy is held against: slices first, the dump and the live database where one of them is missing. */
export interface Readings {
  readonly before: SliceRecord | undefined;
  readonly after: SliceRecord | undefined;
  /** The newest proven dump whose contents are surely older. */
  readonly dump: BackupId | undefined;
}

/** The database's clock, by which a slice is dated, and RDS's word of a snapshot's moment differ by less; an idle database's last transaction is minutes old. */
const CLOCKS_DIFFER = minutes(10);

/**
 * Chooses the two readings of the source that a copy must lie between. Those of the snapshot's own sandwich were taken in order, so that they hold
 * unless their clocks say the contrary; any other slice only if it is surely older, or surely newer.
 */
export function readingsAround({ moment, snapshot, rows }: DrilledCopy): Readings {
  const standing = rows.filter(({ kind, state }) => kind === "rds-snapshot" && (state === "uploaded" || state === "verified"));
  const restored = snapshot === undefined ? undefined : standing.find(({ where }) => where?.endsWith(`:${snapshot}`));
  const own = restored?.slices;
  const all = standing
    .filter((row) => row !== restored)
    .flatMap(({ slices }) => [...(slices?.before === undefined ? [] : [slices.before]), ...(slices?.after === undefined ? [] : [slices.after])]);
  const dump = provenBefore(rows, moment);
  const older =
    moment === undefined ? undefined : all.filter(({ at }) => at + CLOCKS_DIFFER <= moment && at > (dump?.contentsOf ?? 0)).toSorted((a, b) => b.at - a.at)[0];
  const newer =
    moment === undefined || snapshot === undefined ? undefined : all.filter(({ at }) => at >= moment + CLOCKS_DIFFER).toSorted((a, b) => a.at - b.at)[0];
  const fits = (slice: SliceRecord | undefined, holds: (at: EpochMs, of: EpochMs) => boolean): boolean =>
    slice !== undefined && (moment === undefined || holds(slice.at, moment));
  return {
    before: fits(own?.before, (at, of) => at <= of + CLOCKS_DIFFER) ? own?.before : older,
    after: fits(own?.after, (at, of) => at + CLOCKS_DIFFER >= of) ? own?.after : newer,
    dump: dump?.id,
  };
}
