import { zstdCompressSync } from "node:zlib";
import path from "node:path";
import { type BackupId, backupId, epochMs, type ProofRecord } from "@nightshift/model";
import type { GuardName } from "@nightshift/model/guards";
import { readDescriptions } from "@nightshift/vault/runner/read-whole";
import { readCommit, readCommitted } from "@nightshift/vault/runner/shelf-reading";
import { keysOf, runKeys, sliceKey } from "@nightshift/vault/store/layout";
import { openStore } from "@nightshift/vault/store/open";
import { pruningOf } from "@nightshift/vault/store/pruning";
import { look, readIfThere, sha256Of, shelfOf } from "@nightshift/vault/store/shelf";
import type { Store } from "@nightshift/vault/store/store";
import { crc64nvme } from "@nightshift/vault/stream/crc64nvme";
import { readSegments } from "@nightshift/vault/stream/read-back";
import type { StreamedSegment } from "@nightshift/vault/stream/segments";
import { onServer, temporaryFolder } from "@nightshift/vault/testing/archives";
import { startS3 } from "@nightshift/vault/testing/s3-server";
import { putBackup } from "@nightshift/vault/testing/shelves";
import type { GuardCase } from "./case.ts";

const only = (off: GuardName, promise: string, kept: GuardCase["kept"]): GuardCase => ({ off: [off], promise, kept });
const never = new AbortController().signal;
const at = epochMs(1_773_460_000_000);

/** A store in a directory of its own, inside of another one. */
const opened = async (): Promise<Store> => openStore(path.join(await temporaryFolder(), "store"));
async function refused(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return false;
  } catch {
    return true;
  }
}
const textAt = async (store: Store, key: string): Promise<string> => Buffer.from((await readIfThere(store, key)) ?? []).toString();

/** A store with one proven backup, its id and how the shelf sees it. */
async function shelved(store: Store): Promise<{ readonly id: BackupId; readonly backup: Awaited<ReturnType<ReturnType<typeof shelfOf>["list"]>>[number] }> {
  const { id } = await putBackup(store, "shop-1");
  const [backup] = await shelfOf(store).list("shop");
  if (backup === undefined) throw new Error("it was put there this moment");
  return { id, backup };
}
/** Whether the shelf calls the backup of this name proven. */
const proven = async (store: Store, name: string): Promise<boolean> => (await shelfOf(store).list("shop")).some(({ id, verified }) => id === name && verified);

/** A byte of a stored object, another one. */
async function change(store: Store, key: string, from: string, to: string): Promise<void> {
  const text = await textAt(store, key);
  if (!text.includes(from)) throw new Error(`${key} has no ${from}`);
  await store.put(key, Buffer.from(text.replace(from, to)));
}

const objects: readonly GuardCase[] = [
  only("a key stays inside the store", "a key that leads out of the store is refused", async () => {
    const store = await opened();
    return refused(() => store.put("../beside", Buffer.from("x")));
  }),
  only("a key stays inside the store", "what is being written is nobody's to read", async () => {
    const store = await opened();
    return refused(() => store.put(".unfinished/x", Buffer.from("x")));
  }),
  only("nothing in the store is written over", "a commit record that stands is not replaced", async () => {
    const store = await opened();
    await store.put("manifest.json", Buffer.from("first"), { onlyIfAbsent: true });
    await store.put("manifest.json", Buffer.from("second"), { onlyIfAbsent: true });
    return (await textAt(store, "manifest.json")) === "first";
  }),
  only("only what was seen is deleted", "an object that was written again is not deleted by who saw the old one", async () => {
    const store = await opened();
    await store.put("a", Buffer.from("old"));
    const [seen] = await store.list("");
    await store.put("a", Buffer.from("newer"));
    if (seen !== undefined) await store.delete(seen);
    return (await textAt(store, "a")) === "newer";
  }),
  ...[{ bytes: 6 }, { crc64nvme: "0".repeat(16) }].map((wrong) =>
    only("an upload is whole", `an upload with another ${Object.keys(wrong).join()} does not appear`, async () => {
      const store = await opened();
      const body = Buffer.from("seven..");
      const upload = await store.upload("a", { signal: never });
      await upload.part(1, body, crc64nvme(body));
      const failed = await refused(() => upload.complete({ bytes: body.length, crc64nvme: crc64nvme(body), ...wrong }));
      await upload.abort();
      return failed;
    }),
  ),
];

/** Asks it of a store in a bucket. */
async function inBucket(ask: (store: Store) => Promise<boolean>): Promise<boolean> {
  const server = await startS3();
  try {
    return await ask(openStore("s3://vault/n", onServer(server.endpoint)));
  } finally {
    await server.stop();
  }
}
const buckets: readonly GuardCase[] = [
  only("nothing in the store is written over", "a commit record that stands in a bucket is not replaced", () =>
    inBucket(async (store) => {
      await store.put("manifest.json", Buffer.from("first"), { onlyIfAbsent: true });
      await store.put("manifest.json", Buffer.from("second"), { onlyIfAbsent: true });
      return (await textAt(store, "manifest.json")) === "first";
    }),
  ),
  only("nothing in the store is written over", "a segment that stands in a bucket is not replaced", () =>
    inBucket(async (store) => {
      await store.put("segment", Buffer.from("first"));
      const body = Buffer.from("second");
      const upload = await store.upload("segment", { signal: never });
      await upload.part(1, body, crc64nvme(body));
      await upload.complete({ bytes: body.length, crc64nvme: crc64nvme(body) });
      await upload.abort();
      return (await textAt(store, "segment")) === "first";
    }),
  ),
  only("only what was seen is deleted", "an object of a bucket that was written again is not deleted", () =>
    inBucket(async (store) => {
      await store.put("a", Buffer.from("old"));
      const [seen] = await store.list("");
      await store.put("a", Buffer.from("newer"));
      if (seen !== undefined) await store.delete(seen);
      return (await textAt(store, "a")) === "newer";
    }),
  ),
];

const removing: readonly GuardCase[] = [
  only("only a backup's own objects are removed", "what lies in another's folder is not removed", async () => {
    const store = await opened();
    const { backup } = await shelved(store);
    await store.put("blog/data/x/y", Buffer.from("theirs"));
    const [theirs] = await store.list("blog/");
    await refused(() => pruningOf(store).remove({ ...backup, objects: theirs === undefined ? [] : [theirs] }, "old", at));
    return (await textAt(store, "blog/data/x/y")) === "theirs";
  }),
  only("locked backup stays", "a backup under a lock stays whole", async () => {
    const store = await opened();
    const { id, backup } = await shelved(store);
    const locked: Store = {
      ...store,
      head: async (key) => {
        const head = await store.head(key);
        return head && { ...head, lockedUntil: epochMs(Date.UTC(2100, 0, 1)) };
      },
    };
    await pruningOf(locked).remove(backup, "old", at);
    return proven(store, id);
  }),
  only("only what was seen is deleted", "a backup that is not as the plan saw it stays", async () => {
    const store = await opened();
    const { id, backup } = await shelved(store);
    await refused(() => pruningOf(store).remove({ ...backup, objects: backup.objects.map((one) => ({ ...one, etag: "another" })) }, "old", at));
    return proven(store, id);
  }),
  only("the commit record goes last", "a removal that breaks off leaves the commit record", async () => {
    const store = await opened();
    const { id, backup } = await shelved(store);
    let deleted = 0;
    const breaking: Store = {
      ...store,
      delete: async (object) => {
        if (++deleted === 3) throw new Error("the machine went away");
        return store.delete(object);
      },
    };
    await refused(() => pruningOf(breaking).remove(backup, "old", at));
    return (await textAt(store, keysOf("shop", id).manifest)) !== "";
  }),
  only("a plan of deletions is written once", "another plan of the same moment is refused", async () => {
    const pruning = pruningOf(await opened());
    await pruning.record({ of: "shop", at, remove: [] });
    return refused(() => pruning.record({ of: "shop", at, remove: [{ id: backupId("shop-1"), because: "old" }] }));
  }),
  only("what is at work is no leftover", "what was written after the last day is not cleared", async () => (await cleared({ late: true })) === 0),
  only(
    "what the ledger calls a backup is no leftover",
    "a backup whose commit record is gone is not cleared",
    async () => (await cleared({ spared: true })) === 0,
  ),
  only("readings of a standing snapshot stay", "what was read beside a snapshot that stands is not cleared", async () => {
    const store = await opened();
    const id = backupId("shop-1-nightly-snapshot");
    await store.put(sliceKey("shop", id, "before"), Buffer.from("a reading"));
    const newest = (await store.list("shop/"))[0]?.modified ?? at;
    return (await pruningOf(store).clear("shop", { olderThan: epochMs(newest + 1), spare: [], snapshots: [id], atMost: 10 })) === 0;
  }),
];

/** How many objects of a folder without a commit record are cleared away. */
async function cleared({ late = false, spared = false }: { readonly late?: boolean; readonly spared?: boolean }): Promise<number> {
  const store = await opened();
  const id = backupId("shop-1");
  await store.put(keysOf("shop", id).segment(1), Buffer.from("half a backup"));
  const newest = (await look(store, "shop")).leftovers[0]?.newest ?? at;
  return pruningOf(store).clear("shop", { olderThan: late ? newest : epochMs(newest + 1), spare: spared ? [id] : [], snapshots: [], atMost: 10 });
}

const records: readonly GuardCase[] = [
  only("what is missing is not proven", "a backup whose segment is gone is not proven", async () => {
    const store = await opened();
    const { id, backup } = await shelved(store);
    for (const object of backup.objects.filter(({ key }) => key.includes("segment-00002"))) await store.delete(object);
    return !(await proven(store, id));
  }),
  {
    off: ["a record lies where it belongs", "what is missing is not proven"],
    promise: "a backup that was copied over another is not proven",
    kept: async () => {
      const store = await opened();
      await moved(store);
      return !(await proven(store, "shop-2"));
    },
  },
  only("a record lies where it belongs", "a runner does not restore a backup that was copied over another", async () => {
    const store = await opened();
    await moved(store);
    return refused(() => readCommit(store, "shop", backupId("shop-2")));
  }),
  only("a record is as it was written", "a commit record of which a digit changed is no backup", async () => {
    const store = await opened();
    const { id } = await shelved(store);
    await change(store, keysOf("shop", id).manifest, '"rows": 2', '"rows": 3');
    return (await shelfOf(store).list("shop")).length === 0;
  }),
  only("a proof is of this very backup", "a proof of another commit record proves nothing", () => unproven({ manifestSha256: "0".repeat(64) })),
  only("only what was compared is proven", "a proof that counts a difference proves nothing", () => unproven({ differences: 1 })),
  only("a verifier that was never tried proves nothing", "a proof without a damage that was seen proves nothing", () => unproven({ selfTests: [] })),
  only("a report is of its own run", "what another run said is not taken for this one's", async () => {
    const store = await opened();
    await store.put(runKeys("shop", "night-1").outcome, Buffer.from('{"run":"night-2","of":"shop","phase":"ended","at":1}'));
    return refused(() => shelfOf(store).report("shop", "night-1"));
  }),
  only("a description is as it was written", "a copy is not held against a description that was changed", async () => {
    const store = await opened();
    const { id, commit } = await putBackup(store, "shop-1");
    await store.put(commit.contents.key, zstdCompressSync(Buffer.from("{}")));
    return refused(() => readCommitted(store, "shop", id));
  }),
  only("a description is as it was written", "roles that were changed are not called whole", async () => {
    const store = await opened();
    const { commit } = await putBackup(store, "shop-1", { roles: true });
    await store.put(commit.others[0]?.key ?? "", zstdCompressSync(Buffer.from("create role evil superuser;")));
    return refused(() => readDescriptions(store, commit));
  }),
  only("a failed proof is not forgotten", "a backup whose proof failed later is not proven", async () => {
    const store = await opened();
    const { id } = await putBackup(store, "shop-1");
    await store.put(keysOf("shop", id).refusal(at), Buffer.from("whatever it says"));
    return !(await proven(store, id));
  }),
];

/** Whether a backup with such a proof is not called proven. */
async function unproven(proof: Partial<ProofRecord>): Promise<boolean> {
  const store = await opened();
  const { id } = await putBackup(store, "shop-1", { proof });
  return !(await proven(store, id));
}

/** Copies a proven backup's two records over another's folder. */
async function moved(store: Store): Promise<void> {
  const [from, to] = [keysOf("shop", backupId("shop-1")), keysOf("shop", backupId("shop-2"))];
  await putBackup(store, "shop-1");
  for (const key of ["manifest", "proof"] as const) await store.put(to[key], await store.read(from[key]));
}

const archive = Buffer.from("a table of orders\n".repeat(100));
/** Whether an archive of one segment is refused when its record says something else of it. */
async function unreadable(wrong: Partial<StreamedSegment>): Promise<boolean> {
  const store = await opened();
  const stored = zstdCompressSync(archive);
  await store.put("segment-1", stored);
  const whole: StreamedSegment = {
    ...{ number: 1, key: "segment-1", bytes: stored.length, archiveBytes: archive.length },
    ...{ sha256: sha256Of(stored), crc64nvme: crc64nvme(stored), parts: 1 },
  };
  return refused(async () => {
    for await (const _ of readSegments({ store, segments: [{ ...whole, ...wrong }], signal: never }));
  });
}
const reading: readonly GuardCase[] = [
  only("a segment is as it was written", "a segment of another length is not restored from", () => unreadable({ bytes: 1_000_000 })),
  only("a segment is as it was written", "a segment that is longer is not restored from", () => unreadable({ bytes: 10 })),
  only("a segment is as it was written", "a segment with another SHA-256 is not restored from", () => unreadable({ sha256: "0".repeat(64) })),
  only("a segment is as it was written", "a segment with another CRC64NVME is not restored from", () => unreadable({ crc64nvme: "0".repeat(16) })),
  only("a segment gives all of its archive", "a segment that gives less than was dumped is no end", () => unreadable({ archiveBytes: archive.length + 1 })),
];

/** What lies in a store, without each protective line. */
export const backupStoreGuards: readonly GuardCase[] = [...objects, ...buckets, ...removing, ...records, ...reading];
