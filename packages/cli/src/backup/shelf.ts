import type { BackupId, EpochMs } from "@nightshift/model";
import { DamagedBackup, readCommit, standingOf } from "@nightshift/vault/runner/shelf-reading";
import { sizesOf } from "@nightshift/vault/runner/proof";
import type { StoreReading } from "@nightshift/vault/store/store";
import { backupId } from "@nightshift/model";
import { Refusal } from "../frame/command.ts";
import { nearest } from "../frame/nearest.ts";

/** One backup of the list. */
export interface ListedBackup {
  readonly of: string;
  readonly id: BackupId;
  /** `unfinished`: its run died, or goes on; it is no backup. `refused`: a proof failed after it was taken. `damaged`: an object is missing, or a record is not what was written. */
  readonly state: "proven" | "suspect" | "not proven" | "refused" | "unfinished" | "damaged";
  readonly contentsOf?: EpochMs;
  readonly bytes?: number;
  readonly tables?: number;
  readonly rows?: number;
  readonly provenAt?: EpochMs;
  readonly because?: string;
}

/** Every backup in a store, or those of one database, oldest first. */
export async function listBackups(store: StoreReading, of?: string): Promise<readonly ListedBackup[]> {
  const names = await namesIn(store, of);
  const listed = await Promise.all(names.map((name) => look(store, name)));
  return listed.toSorted((a, b) => a.of.localeCompare(b.of) || a.id.localeCompare(b.id));
}

/** The newest proven backup of a database. @throws {Refusal} when there is none. */
export async function newestProven(store: StoreReading, of?: string): Promise<ListedBackup> {
  const proven = (await listBackups(store, of)).filter(({ state }) => state === "proven");
  const newest = proven.toSorted((a, b) => (b.contentsOf ?? 0) - (a.contentsOf ?? 0))[0];
  if (newest === undefined)
    throw new Refusal(
      `No backup ${of === undefined ? "" : `of ${of} `}in ${store.place} is proven. \`npx nightshift backup take --prove\` makes one, \`backup verify ID\` proves one that is there.`,
      1,
    );
  return newest;
}

/** Which database a backup belongs to. @throws {Refusal} when the store has none of that name. */
export async function ownerOf(store: StoreReading, id: BackupId): Promise<string> {
  const names = await namesIn(store);
  const found = names.find((name) => name.id === id);
  if (found !== undefined) return found.of;
  const close = nearest(
    id,
    names.map((name) => name.id),
  );
  throw new Refusal(
    `${store.place} has no backup "${id}".${close === undefined ? "" : ` Did you mean "${close}"?`} \`npx nightshift backup list --from …\` shows what there is.`,
    1,
  );
}

async function namesIn(store: StoreReading, of?: string): Promise<readonly { readonly of: string; readonly id: BackupId }[]> {
  return backupsIn((await store.list(of === undefined ? "" : `${of}/data/`)).map(({ key }) => key));
}

/** The backups that a store's keys are of, each once. */
export function backupsIn(keys: readonly string[]): readonly { readonly of: string; readonly id: BackupId }[] {
  const folders = keys.flatMap((key) => {
    const [, of, id] = /^([^/]+)\/data\/([^/]+)\//.exec(key) ?? [];
    return of === undefined || id === undefined ? [] : [[`${of}/${id}`, { of, id: backupId(id) }] as const];
  });
  return [...new Map(folders).values()];
}

async function look(store: StoreReading, { of, id }: { readonly of: string; readonly id: BackupId }): Promise<ListedBackup> {
  try {
    const commit = await readCommit(store, of, id);
    if (commit === undefined) return { of, id, state: "unfinished" };
    const { proven, proof, proofRefused, missing, refused } = await standingOf(store, commit);
    const { contentsOf, bytes, tables, rows } = sizesOf(commit);
    const known = { of, id, contentsOf, bytes, tables, rows };
    const damage = missing ?? (proof === undefined ? proofRefused : undefined);
    if (damage !== undefined) return { ...known, state: "damaged", because: damage };
    if (refused !== undefined) return { ...known, state: "refused", because: refused };
    if (proof === undefined) return { ...known, state: "not proven" };
    if (proven) return { ...known, state: "proven", provenAt: proof.at };
    return { ...known, state: proof.verdict === "suspect" ? "suspect" : "not proven", ...(proof.because === undefined ? {} : { because: proof.because }) };
  } catch (error) {
    if (error instanceof DamagedBackup) return { of, id, state: "damaged", because: error.message };
    throw error;
  }
}
