import { rtoOf } from "@nightshift/decide/backups/recovery";
import { sayProgress } from "@nightshift/decide/backups/progress";
import { type KeptCounts, sayNight } from "@nightshift/decide/backups/say";
import { planPruning } from "@nightshift/decide/retention/fold";
import { type BackupId, type BackupRecord, before, type Card, type DatabaseSettings, type EpochMs, hours, sayDate } from "@nightshift/model";
import type { World } from "@nightshift/ports";
import type { NightCard } from "./bulletin-card.ts";

/** What a good night's line is made of. */
type CardWorld = Pick<World, "clock" | "backupBook">;

/** The two lines of a good night, as the ledger knows it now; undefined: it knows no such night. */
export async function backupCard(
  world: CardWorld,
  { of, id }: { readonly of: string; readonly id: BackupId },
  databases: readonly DatabaseSettings[],
): Promise<NightCard | undefined> {
  const rows = (await world.backupBook.all(of)).filter(({ kind }) => kind === "dump").toSorted((a, b) => a.scheduled - b.scheduled);
  const row = rows.find((one) => one.id === id);
  if (row === undefined) return undefined;
  if (row.state === "running") return row.progress === undefined ? undefined : { ...lineOf(sayProgress(row, row.progress)), stands: "going" };
  if (row.because !== undefined && row.state !== "verified")
    return { ...lineOf(`✗ ${of}  the backup of ${sayDate(row.scheduled)} is red: ${row.because.slice(0, 300)}. Its incident says more.`), stands: "replaces" };
  const at = world.clock.now();
  const database = databases.find(({ name }) => name === of);
  const sample = (await world.backupBook.samples(of, before(at, hours(1)))).at(-1);
  const rto = rtoOf({ rows, sourceBytes: row.sourceBytes, available: undefined });
  const lines = sayNight(row, {
    at,
    ...(database === undefined ? {} : { kept: keptOf(rows, database, at), target: database.rto }),
    ...(sample === undefined ? {} : { sample }),
    ...(rto === undefined ? {} : { rto }),
  });
  return { summary: lines[0] ?? id, parts: [{ kind: "lines", lines }] };
}

const lineOf = (line: string): Card => ({ summary: line, parts: [{ kind: "lines", lines: [line] }] });

/** What retention keeps of what the ledger knows to lie there. */
function keptOf(rows: readonly BackupRecord[], { keep }: DatabaseSettings, at: EpochMs): KeptCounts {
  const shelved = rows.flatMap(({ id, of, contentsOf, scheduled, state }) =>
    contentsOf === undefined || state === "failed" || state === "running" || state === "pruned"
      ? []
      : [{ id, of, contentsOf, scheduled, verified: state === "verified", suspect: state === "suspect" }],
  );
  const { kept, pointers } = planPruning(rows, { shelved, now: at, storeClock: at }, keep);
  const count = (folder: string): number => pointers.filter((one) => one.folder === folder).length;
  const names = new Set(kept.map(({ id }) => id));
  const oldest = shelved
    .filter(({ id, verified }) => verified && names.has(id))
    .map(({ contentsOf }) => contentsOf)
    .toSorted((a, b) => a - b)[0];
  return { kept: kept.length, daily: count("daily"), weekly: count("weekly"), monthly: count("monthly"), oldestVerified: oldest };
}
