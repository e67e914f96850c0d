import { type BackupId, type EpochMs, sayDate } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { type BackupPruning, type ClearAsked, PortError, type ShelvedBackup } from "@nightshift/ports";
import { keysOf, pointerKey, pruneKey, slicesOf, type Tombstone, tombstoneOf } from "./layout.ts";
import { look, readIfThere, sha256Of } from "./shelf.ts";
import type { Store, StoredObject } from "./store.ts";

const folders = ["daily", "weekly", "monthly", "safety"] as const;
type Pointer = Parameters<BackupPruning["point"]>[1][number];

/** Deletes in two phases: the plan is written down, then data goes version by version, then a tombstone takes the commit record's place. */
export function pruningOf(store: Store): BackupPruning {
  return {
    async record(plan) {
      const key = pruneKey(plan.of, plan.at);
      const text = Buffer.from(`${JSON.stringify({ record: "nightshift prune", ...plan }, null, 2)}\n`);
      if (!guard("a plan of deletions is written once", (await store.put(key, text, { onlyIfAbsent: true })) !== "stored")) return;
      throw new PortError("conflict", "record", key, "another plan of the same moment lies there; make a new plan");
    },
    remove: (backup, because, at) => remove(store, backup, { because, at }),
    point: (of, pointers) => point(store, of, pointers),
    lock: (backup, until) => lock(store, backup, until),
    clear: (of, asked) => clear(store, of, asked),
  };
}

/** The first segment goes last: a backup's lock is read off it, so that an extension that was interrupted is seen as one, and made whole the next time. */
async function lock(store: Store, { of, id, objects }: ShelvedBackup, until: EpochMs): Promise<"locked" | "unsupported"> {
  const { segment, folder } = keysOf(of, id);
  const foreign = objects.find(({ key }) => !key.startsWith(folder));
  if (foreign !== undefined) throw new PortError("invalid", "lock", foreign.key, `it does not belong to ${id}, so nothing of it is locked`);
  const isFirst = ({ key }: { readonly key: string }): boolean => key.startsWith(segment(1).slice(0, -".zst".length));
  for (const object of [...objects.filter((one) => !isFirst(one)), ...objects.filter(isFirst)]) {
    // Nobody can lock there at all; what protects the backup is retention's own rules.
    if ((await store.lock(object, until)) === "unsupported") return "unsupported";
  }
  return "locked";
}

/** What runs left behind that died before they committed, and readings beside snapshots that are gone; at most so much of it at once. */
async function clear(store: Store, of: string, { olderThan, spare, snapshots, atMost }: ClearAsked): Promise<number> {
  let removed = 0;
  for (const object of await store.list(slicesOf(of))) {
    const [beside] = object.key.slice(slicesOf(of).length).split("/");
    if (guard("what is at work is no leftover", object.modified >= olderThan)) continue;
    if (
      guard(
        "readings of a standing snapshot stay",
        snapshots.some((id) => id === beside),
      )
    )
      continue;
    if (removed >= atMost) return removed;
    if ((await store.delete(object)) === "deleted") removed += 1;
  }
  for (const { id, objects, newest } of (await look(store, of)).leftovers) {
    if (guard("what is at work is no leftover", newest >= olderThan)) continue;
    if (guard("what the ledger calls a backup is no leftover", spare.includes(id))) continue;
    for (const object of objects) {
      if (removed >= atMost) return removed;
      if ((await store.delete(object)) === "deleted") removed += 1;
    }
  }
  for (const upload of await store.openUploads(`${of}/data/`)) {
    if (guard("what is at work is no leftover", upload.begun >= olderThan)) continue;
    if (removed >= atMost) return removed;
    await store.abort(upload);
    removed += 1;
  }
  return removed;
}

/**
 * The commit record goes last, so that a backup is whole or on its way out, and a repetition finds what is left. Nothing is touched while any object is
 * locked, and nothing that is not as it was seen.
 */
async function remove(store: Store, backup: ShelvedBackup, { because, at }: { readonly because: string; readonly at: EpochMs }): Promise<"removed" | "locked"> {
  const { manifest, folder } = keysOf(backup.of, backup.id);
  const foreign = backup.objects.find(({ key }) => !key.startsWith(folder));
  if (foreign !== undefined && guard("only a backup's own objects are removed"))
    throw new PortError("invalid", "remove", foreign.key, `it does not belong to ${backup.id}, so nothing of it is removed`);
  const now = await store.clock();
  const heads = await Promise.all(backup.objects.map(({ key }) => store.head(key)));
  if (
    guard(
      "locked backup stays",
      heads.some((head) => head?.lockedUntil !== undefined && head.lockedUntil > now),
    )
  )
    return "locked";
  const commit = backup.objects.find(({ key }) => key === manifest);
  for (const object of backup.objects) {
    if (guard("the commit record goes last", object === commit)) continue;
    if ((await deleteSeen(store, object)) === "locked") return "locked";
  }
  if (commit === undefined) return "removed";
  const there = await readIfThere(store, manifest);
  if (there !== undefined && tombstoneOf(there) !== undefined) return "removed";
  if (there !== undefined && (await deleteSeen(store, commit)) === "locked") return "locked";
  const tombstone: Tombstone = { record: "nightshift tombstone", id: backup.id, of: backup.of, removed: at, because };
  await store.put(manifest, Buffer.from(`${JSON.stringify(tombstone, null, 2)}\n`), { onlyIfAbsent: true });
  return "removed";
}

async function deleteSeen(store: Store, object: Pick<StoredObject, "key" | "version" | "etag">): Promise<"gone" | "locked"> {
  const how = await store.delete(object);
  if (how === "changed" && guard("only what was seen is deleted"))
    throw new PortError("conflict", "remove", object.key, "another object lies there than the plan saw; make a new plan");
  return how === "locked" ? "locked" : "gone";
}

/** Writes what is missing or differs, then deletes pointers at what is no longer kept. */
async function point(store: Store, of: string, pointers: readonly Pointer[]): Promise<void> {
  const wanted = new Map(pointers.map((pointer) => [pointerKey(of, pointer.folder, `${sayDate(pointer.at)}-${pointer.id}`), pointer]));
  for (const [key, { id, at, folder }] of wanted) {
    const text = pointerText(of, { id, at, folder });
    const there = await readIfThere(store, key);
    if (there === undefined || sha256Of(there) !== sha256Of(text)) await store.put(key, text);
  }
  for (const folder of folders) {
    for (const object of await store.list(`${of}/${folder}/`)) {
      if (!wanted.has(object.key)) await store.delete(object);
    }
  }
}

const pointerText = (of: string, { id, at, folder }: { readonly id: BackupId; readonly at: EpochMs; readonly folder: string }): Uint8Array =>
  Buffer.from(
    `${JSON.stringify({ record: "nightshift pointer", folder, backup: id, contentsOf: new Date(at).toISOString(), manifest: keysOf(of, id).manifest }, null, 2)}\n`,
  );
