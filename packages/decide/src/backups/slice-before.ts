import { type BackupRecord, type EpochMs, minutes, sayClock, sayDate } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";

/** The server's clock, by which a dump is dated, and that of RDS, by which a copy is, differ by less (facts/backups.md 4). */
const CLOCKS_DIFFER = minutes(10);

/** The newest proven dump whose contents are surely older than a copy's moment: what stood in it, and stands in the source now, must stand in the copy; undefined: there is none. */
export const provenBefore = (rows: readonly BackupRecord[], moment: EpochMs | undefined): BackupRecord | undefined =>
  moment === undefined
    ? undefined
    : rows
        .filter(
          ({ kind, state, contentsOf }) =>
            kind === "dump" &&
            contentsOf !== undefined &&
            !guard("a copy is held against an older proven backup", state !== "verified" || contentsOf + CLOCKS_DIFFER > moment),
        )
        .toSorted((a, b) => (a.contentsOf ?? 0) - (b.contentsOf ?? 0))
        .at(-1);

/** Why a copy can be held against nothing, and what to do. */
export const sayNothingBefore = (of: string, moment: EpochMs | undefined): string =>
  moment === undefined
    ? `RDS does not say of which moment the copy of ${of} is, so that nothing says what it must hold`
    : `no dump of ${of} is proven whose contents are surely older than ${sayDate(moment)} ${sayClock(moment)} UTC, so that nothing says what a copy of that moment must hold: wait for a good night, or /ops backup now ${of}`;
