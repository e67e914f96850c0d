import type { BackupId, BackupRecord } from "@nightshift/model";
import { PortError, type World } from "@nightshift/ports";

/** Tries before giving way to whoever keeps changing the row. */
const ATTEMPTS = 5;

/**
 * Writes one row of the book over what stands. `make` sees the row as it is and says the next one; undefined leaves it. Returns what
 * stands then. Safe to repeat: a row that says so already is left.
 * @throws {PortError} `throttled` when others were first five times.
 */
export async function writeRow(
  { backupBook }: Pick<World, "backupBook">,
  { of, id }: { readonly of: string; readonly id: BackupId },
  make: (row: BackupRecord | undefined) => Omit<BackupRecord, "version"> | undefined,
): Promise<BackupRecord | undefined> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const row = await backupBook.find(of, id);
    const made = make(row);
    if (made === undefined) return row;
    const next: BackupRecord = { ...made, version: (row?.version ?? 0) + 1 };
    if (await backupBook.replace(next)) return next;
  }
  throw new PortError("throttled", "backupBook:replace", id, `the row changed ${ATTEMPTS} times meanwhile`);
}

/** Rows of one kind, oldest first. */
export const rowsOf = async ({ backupBook }: Pick<World, "backupBook">, of: string, kind: BackupRecord["kind"]): Promise<readonly BackupRecord[]> =>
  (await backupBook.all(of)).filter((row) => row.kind === kind).toSorted((a, b) => a.scheduled - b.scheduled);
