import {
  type BackupId,
  backupId,
  type CommitRecord,
  type EpochMs,
  epochMs,
  type ProofRecord,
  proves,
  readCommitRecord,
  readProofRecord,
} from "@nightshift/model";
import { type BackupPruning, type BackupShelf, PortError, type RunReport, type ShelvedBackup } from "@nightshift/ports";
import { keysOf, pointerKey, runKeys } from "@nightshift/vault/store/layout";
import type { Store } from "@nightshift/vault/store/store";
import { sha256 } from "../runner/records.ts";

/** What lies in the store, by the records themselves. */
export const shelfOver = (store: Store): BackupShelf => ({
  async list(of) {
    const ids = [...new Set((await store.list(`${of}/data/`)).flatMap(({ key }) => /\/data\/([^/]+)\/manifest\.json$/.exec(key)?.[1] ?? []))];
    const found: ShelvedBackup[] = [];
    for (const id of ids) {
      const backup = await read(store, of, backupId(id));
      if (backup !== undefined) found.push(backup);
    }
    return found;
  },
  async report(of, run) {
    const keys = runKeys(of, run);
    // The outcome is written first, and is the last word.
    const bytes = (await readIfThere(store, keys.outcome)) ?? (await readIfThere(store, keys.progress));
    return bytes === undefined ? undefined : (JSON.parse(Buffer.from(bytes).toString("utf8")) as RunReport); // The simulated runner wrote it.
  },
  clock: () => store.clock(),
});

/** Deletes by version, and leaves a tombstone. */
export const pruningOver = (store: Store): BackupPruning => ({
  async record({ of, at, remove }) {
    await store.put(`${of}/pruned/${at}-plan.json`, json(remove));
  },
  async remove({ of, id, objects }, because, at) {
    const manifest = keysOf(of, id).manifest;
    // The commit record goes last: until then the backup can be seen, and removed again.
    for (const object of objects.toSorted((a, b) => Number(a.key === manifest) - Number(b.key === manifest)))
      if ((await store.delete(object)) === "locked") return "locked";
    await store.put(`${of}/pruned/${id}.json`, json({ id, because, at }));
    return "removed";
  },
  async point(of, pointers) {
    const wanted = new Map(pointers.map(({ folder, id, at }) => [pointerKey(of, folder, `${new Date(at).toISOString().slice(0, 10)}-${id}`), id]));
    for (const folder of ["daily", "weekly", "monthly", "safety"] as const)
      for (const object of await store.list(`${of}/${folder}/`)) if (!wanted.has(object.key)) await store.delete(object);
    for (const [key, id] of wanted) await store.put(key, json({ id }));
  },
  async lock({ objects }, until) {
    for (const object of objects) await store.lock(object, until);
  },
});

async function read(store: Store, of: string, id: BackupId): Promise<ShelvedBackup | undefined> {
  const keys = keysOf(of, id);
  const bytes = await readIfThere(store, keys.manifest);
  const commit = bytes === undefined ? undefined : readCommitRecord(bytes, sha256);
  if (commit === undefined || !commit.ok) return undefined;
  const stored = await readIfThere(store, keys.proof);
  const proof = stored === undefined ? undefined : readProofRecord(stored, sha256);
  const objects = (await store.list(keys.folder)).map(({ key, version, bytes: size, etag }) => ({ key, version, bytes: size, etag }));
  const lockedUntil = await lockOf(store, keys.manifest);
  return {
    id,
    of,
    contentsOf: commit.record.contentsOf,
    scheduled: commit.record.scheduled,
    bytes: objects.reduce((sum, object) => sum + object.bytes, 0),
    ...judged(commit, proof?.ok === true ? proof.record : undefined),
    ...(lockedUntil === undefined ? {} : { lockedUntil }),
    objects,
  };
}

const judged = (
  commit: { readonly record: CommitRecord; readonly sha256: string },
  proof: ProofRecord | undefined,
): Pick<ShelvedBackup, "verified" | "suspect"> => ({
  verified: proof !== undefined && proves(proof, commit),
  suspect: proof?.verdict === "suspect",
});

async function lockOf(store: Store, key: string): Promise<EpochMs | undefined> {
  const until = (await store.head(key))?.lockedUntil;
  return until === undefined ? undefined : epochMs(until);
}

const json = (value: unknown): Uint8Array => new Uint8Array(Buffer.from(`${JSON.stringify(value)}\n`, "utf8"));

async function readIfThere(store: Store, key: string): Promise<Uint8Array | undefined> {
  try {
    return await store.read(key);
  } catch (error) {
    if (error instanceof PortError && error.kind === "not-found") return undefined;
    throw error;
  }
}
