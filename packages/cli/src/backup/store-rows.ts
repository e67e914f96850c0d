import { backupId, type BackupId, type BackupRecord, type CommitRecord, type EpochMs, epochMs } from "@nightshift/model";
import { sizesOf } from "@nightshift/vault/runner/proof";
import type { Standing } from "@nightshift/vault/store/standing";
import { DamagedBackup, readCommit, standingOf } from "@nightshift/vault/runner/shelf-reading";
import type { StoreReading } from "@nightshift/vault/store/store";
import { backupsIn } from "./shelf.ts";

/** So many of each database are read, newest first: four months of nights. */
const MOST = 120;

/** What a store's own records say of its backups, as the ledger would have it: for whoever has no ledger, or lost it. */
export async function rowsInStore(store: StoreReading, of?: string): Promise<ReadonlyMap<string, readonly BackupRecord[]>> {
  const keys = (await store.list(of === undefined ? "" : `${of}/`)).map(({ key }) => key);
  const names = Map.groupBy(backupsIn(keys), (name) => name.of);
  const read = [...names].map(async ([owner, own]) => {
    const newest = own.toSorted((a, b) => stampOf(a.id).localeCompare(stampOf(b.id))).slice(-MOST);
    const rows = await Promise.all(newest.map((name) => rowOf(store, name)));
    const known = new Set(rows.map(({ id }) => id));
    const failed = await failedRuns(store, { of: owner, keys, known });
    return [owner, [...rows, ...failed].toSorted((a, b) => a.scheduled - b.scheduled)] as const;
  });
  return new Map(await Promise.all(read));
}

interface Named {
  readonly of: string;
  readonly id: BackupId;
}

/** The minute in a backup's name, `260314-0200`; names without one come first. */
const stampOf = (id: string): string => /(\d{6}-\d{4})(?:-|$)/.exec(id)?.[1] ?? "";

function scheduledOf(id: string): EpochMs {
  const [, year = "70", month = "01", day = "01", hour = "00", minute = "00"] = /(\d\d)(\d\d)(\d\d)-(\d\d)(\d\d)/.exec(stampOf(id)) ?? [];
  return epochMs(Date.UTC(year === "70" ? 1970 : 2000 + Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute)));
}

async function rowOf(store: StoreReading, { of, id }: Named): Promise<BackupRecord> {
  const unread = (because: string): BackupRecord => ({
    ...{ id, of, kind: "dump", series: "nightly", state: "failed", proof: "none", scheduled: scheduledOf(id), times: {}, because, version: 0 },
  });
  try {
    const commit = await readCommit(store, of, id);
    if (commit === undefined) return unread("its run died, or goes on: there is no manifest.json");
    return rowFrom(commit, await standingOf(store, commit));
  } catch (error) {
    if (error instanceof DamagedBackup) return unread(error.message);
    throw error;
  }
}

function rowFrom(commit: { readonly record: CommitRecord; readonly sha256: string }, standing: Standing): BackupRecord {
  const { record } = commit;
  const { proven, proof, proofRefused } = standing;
  const because = standing.missing ?? standing.refused ?? (proof === undefined ? proofRefused : undefined);
  const refuted = because !== undefined || (proof !== undefined && !proven);
  const level = proof === undefined ? "exists" : proven || proof.verdict === "suspect" ? proof.level : "none";
  return {
    id: record.id,
    of: record.of,
    kind: "dump",
    series: record.series,
    state: proven ? "verified" : refuted ? (because === undefined && proof?.verdict === "suspect" ? "suspect" : "failed") : "uploaded",
    proof: because === undefined ? level : "none",
    scheduled: record.scheduled,
    finished: record.finished,
    ...sizesOf({ record }),
    ...(proof === undefined ? {} : { differences: proof.differences }),
    ...(proven && proof !== undefined ? { verifiedAt: proof.at } : {}),
    ...sayWhy(because ?? proof?.because ?? (refuted ? "its proof is not of this backup" : undefined)),
    times: { ...record.times, ...proof?.times },
    version: 0,
  };
}

const sayWhy = (because: string | undefined): { readonly because?: string } => (because === undefined ? {} : { because });

/** Nights that ended without leaving a backup behind say so in their outcome alone. */
async function failedRuns(
  store: StoreReading,
  { of, keys, known }: { readonly of: string; readonly keys: readonly string[]; readonly known: ReadonlySet<BackupId> },
): Promise<readonly BackupRecord[]> {
  const outcomes = keys.filter((key) => key.startsWith(`${of}/runs/`) && key.endsWith("/outcome.json")).slice(-MOST);
  const read = await Promise.all(outcomes.map(async (key) => endedIn(await store.read(key))));
  return read.flatMap((end) => {
    if (end === undefined || end.state !== "failed" || known.has(backupId(end.backup))) return [];
    const id = backupId(end.backup);
    const because = end.because === undefined ? {} : { because: end.because };
    return [
      { id, of, kind: "dump", series: "nightly", state: "failed", proof: "none", scheduled: scheduledOf(id), times: {}, ...because, version: 0 } as const,
    ];
  });
}

/** What a run's outcome says of its backup; undefined: it is of none, or cannot be read (`backup verify` is the place to complain). */
function endedIn(bytes: Uint8Array): { readonly backup: string; readonly state: string; readonly because: string | undefined } | undefined {
  try {
    const said: unknown = JSON.parse(new TextDecoder().decode(bytes));
    const backup = field(said, "backup");
    const state = field(field(said, "ended"), "state");
    const because = field(field(said, "ended"), "because");
    if (typeof backup !== "string" || typeof state !== "string") return undefined;
    return { backup, state, because: typeof because === "string" ? because : undefined };
  } catch {
    return undefined;
  }
}

const field = (from: unknown, name: string): unknown => (typeof from === "object" && from !== null ? Reflect.get(from, name) : undefined);
