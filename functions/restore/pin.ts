import { type DoRestore, pinnedUntil } from "@nightshift/decide/backups/decide-restore";
import type { BackupId } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { writeRow } from "@nightshift/runtime/backup-rows";
import type { RestorePin, RestoreRun } from "./settings.ts";

/** The row that an order reads from; a point in time reads from RDS's own backups, which nobody here deletes. */
const readBy = ({ way, order }: Pick<DoRestore, "way" | "order">): BackupId | undefined =>
  way.kind === "database" ? way.row.id : "snapshot" in way.from ? order.backup : undefined;

/** Marks what is restored from, so that retention leaves it; `gone`: retention was first. */
export async function pinRead(run: RestoreRun, verdict: DoRestore): Promise<RestorePin | "gone" | undefined> {
  const id = readBy(verdict);
  if (id === undefined || !guard("what is restored from is pinned")) return undefined;
  return run.step(`pin ${id}`, async (world): Promise<RestorePin | "gone"> => {
    // Of the order, not of now: a second pass finds its own mark.
    const until = pinnedUntil(verdict.order.asked);
    let before: RestorePin["before"];
    const row = await writeRow(world, { of: verdict.order.of, id }, (standing) => {
      before = standing?.pinnedUntil === until ? undefined : standing?.pinnedUntil;
      return standing === undefined || standing.state === "pruned" || (standing.pinnedUntil ?? 0) >= until ? undefined : { ...standing, pinnedUntil: until };
    });
    if (row === undefined || row.state === "pruned") return "gone";
    return { id, until, ...(before === undefined ? {} : { before }) };
  });
}

/** Takes our mark off again, and puts back what it stood over: another restore may read from the same. A mark that is not ours stays. */
export const unpinRead = (run: RestoreRun, of: string, { id, until, before }: RestorePin): Promise<void> =>
  run.step(`unpin ${id}`, async (world) => {
    await writeRow(world, { of, id }, (row) => {
      if (row === undefined || row.pinnedUntil !== until) return undefined;
      const { pinnedUntil: _, ...rest } = row;
      return before === undefined ? rest : { ...rest, pinnedUntil: before };
    });
  });
