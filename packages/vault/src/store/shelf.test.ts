import { backupId, epochMs } from "@nightshift/model";
import type { BackupShelf, ShelvedBackup } from "@nightshift/ports";
import { afterEach, describe, expect, it } from "vitest";
import { onServer, temporaryFolder } from "../testing/archives.ts";
import { type S3Server, type S3Settings, startS3 } from "../testing/s3-server.ts";
import { putBackup } from "../testing/shelves.ts";
import { keysOf, runKeys, sliceKey } from "./layout.ts";
import { openStore } from "./open.ts";
import { pruningOf } from "./pruning.ts";
import { look, readBackup, shelfOf } from "./shelf.ts";
import type { Store } from "./store.ts";

const servers: S3Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});
async function bucket(settings: S3Settings): Promise<Store> {
  const server = await startS3(settings);
  servers.push(server);
  return openStore("s3://vault/n", onServer(server.endpoint));
}
const later = epochMs(1_773_460_000_000);
const only = async (shelf: BackupShelf): Promise<ShelvedBackup> => {
  const [backup] = await shelf.list("shop");
  if (backup === undefined) throw new Error("nothing is on the shelf");
  return backup;
};

describe.each<[string, () => Promise<Store>]>([
  ["a directory", async () => openStore(await temporaryFolder())],
  ["a bucket with versions and locks", () => bucket({ versioned: true, locks: true, now: () => later })],
])("in %s", (name, open) => {
  it("backups are listed by their records, oldest contents first, and only proven ones are verified", async () => {
    const store = await open();
    await putBackup(store, "shop-2", { contentsOf: 1_773_453_700_000, proof: "none" });
    await putBackup(store, "shop-1");
    await putBackup(store, "shop-3", { contentsOf: 1_773_453_800_000, proof: { verdict: "suspect", because: "orders lost half of its rows" } });
    await putBackup(store, "blog-1", { of: "blog" });
    const seen = (await shelfOf(store).list("shop")).map(({ id, verified, suspect, objects }) => [id, verified, suspect, objects.length]);
    expect(seen).toEqual([
      ["shop-1", true, false, 5],
      ["shop-2", false, false, 4],
      ["shop-3", false, true, 5],
    ]);
  });

  it("a commit record with a changed byte is no backup, a proof with one proves nothing", async () => {
    const store = await open();
    await putBackup(store, "shop-1");
    await putBackup(store, "shop-2");
    const manifest = Buffer.from(await store.read(keysOf("shop", backupId("shop-1")).manifest));
    manifest[20] = (manifest[20] ?? 0) ^ 4;
    await store.put(keysOf("shop", backupId("shop-1")).manifest, manifest);
    const proof = Buffer.from(await store.read(keysOf("shop", backupId("shop-2")).proof));
    proof[200] = (proof[200] ?? 0) ^ 4;
    await store.put(keysOf("shop", backupId("shop-2")).proof, proof);
    const shelf = await look(store, "shop");
    expect(shelf.backups.map(({ id, verified }) => [id, verified])).toEqual([["shop-2", false]]);
    expect(shelf.refused).toMatchObject([{ id: "shop-1", because: expect.stringContaining("manifest.json is refused") }]);
    expect(await readBackup(store, "shop", backupId("shop-2"))).toMatchObject({
      proof: undefined,
      proofRefused: expect.stringContaining("proof.json is refused"),
    });
  });

  it("a proof of another night's commit record proves nothing", async () => {
    const store = await open();
    await putBackup(store, "shop-1");
    await putBackup(store, "shop-2", { contentsOf: 1_773_453_700_000, proof: "none" });
    await store.put(keysOf("shop", backupId("shop-2")).proof, await store.read(keysOf("shop", backupId("shop-1")).proof));
    expect((await shelfOf(store).list("shop")).map(({ verified }) => verified)).toEqual([true, false]);
  });

  it("a backup whose segment is gone, or shorter, is not verified any more", async () => {
    const store = await open();
    const { commit } = await putBackup(store, "shop-1");
    await store.put(commit.segments[1]?.key ?? "", Buffer.from("secon"));
    expect((await only(shelfOf(store))).verified).toBe(false);
  });

  it("what a run that died left behind is no backup, and is removed once it is old", async () => {
    const store = await open();
    const keys = keysOf("shop", backupId("shop-1"));
    await store.put(keys.segment(1), Buffer.from("half a backup"));
    expect(await shelfOf(store).list("shop")).toEqual([]);
    const [left] = (await look(store, "shop")).leftovers;
    if (left === undefined) throw new Error("nothing was left");
    const { clear } = pruningOf(store);
    const old = { olderThan: epochMs(left.newest + 1), spare: [], snapshots: [], atMost: 10 };
    expect(await clear("shop", { ...old, olderThan: left.newest })).toBe(0);
    expect(await clear("shop", { ...old, spare: [backupId("shop-1")] })).toBe(0);
    expect(await clear("shop", old)).toBe(1);
    expect(await store.list("shop/")).toEqual([]);
  });

  it("what was left behind is removed piece by piece; a backup that was committed stays", async () => {
    const store = await open();
    await putBackup(store, "shop-0");
    const standing = (await store.list("shop/")).length;
    const keys = keysOf("shop", backupId("shop-1"));
    for (const n of [1, 2, 3]) await store.put(keys.segment(n), Buffer.from("half a backup"));
    const [left] = (await look(store, "shop")).leftovers;
    const { clear } = pruningOf(store);
    const old = { olderThan: epochMs((left?.newest ?? 0) + 1), spare: [], snapshots: [], atMost: 2 };
    expect([await clear("shop", old), await clear("shop", old), await clear("shop", old)]).toEqual([2, 1, 0]);
    expect((await store.list("shop/")).length).toBe(standing);
  });

  it("what was read beside a snapshot goes with the snapshot, and not before it is old", async () => {
    const store = await open();
    const [standing, gone] = [backupId("shop-1-nightly-snapshot"), backupId("shop-0-nightly-snapshot")];
    for (const id of [standing, gone]) for (const side of ["before", "after"] as const) await store.put(sliceKey("shop", id, side), Buffer.from("a reading"));
    const newest = Math.max(...(await store.list("shop/")).map(({ modified }) => modified));
    const { clear } = pruningOf(store);
    const old = { olderThan: epochMs(newest + 1), spare: [], snapshots: [standing], atMost: 10 };
    expect([await clear("shop", { ...old, olderThan: epochMs(0) }), await clear("shop", { ...old, atMost: 1 }), await clear("shop", old)]).toEqual([0, 1, 1]);
    expect((await store.list("shop/")).map(({ key }) => key)).toEqual([sliceKey("shop", standing, "after"), sliceKey("shop", standing, "before")]);
  });

  it("how a run ended is read before how it went", async () => {
    const store = await open();
    const [shelf, keys] = [shelfOf(store), runKeys("shop", "r1")];
    expect(await shelf.report("shop", "r1")).toBeUndefined();
    await store.put(keys.progress, Buffer.from(JSON.stringify({ run: "r1", of: "shop", phase: "dumping", at: 1 })));
    expect(await shelf.report("shop", "r1")).toMatchObject({ phase: "dumping" });
    await store.put(keys.outcome, Buffer.from(JSON.stringify({ run: "r1", of: "shop", phase: "ended", at: 2 })));
    expect(await shelf.report("shop", "r1")).toMatchObject({ phase: "ended" });
    await store.put(keys.outcome, Buffer.from("{"));
    await expect(shelf.report("shop", "r1")).rejects.toMatchObject({ kind: "invalid" });
  });

  it("a removed backup leaves a tombstone that says why; removing it again is harmless", async () => {
    const store = await open();
    await putBackup(store, "shop-1");
    await putBackup(store, "shop-2", { contentsOf: 1_773_453_700_000 });
    const [shelf, pruning] = [shelfOf(store), pruningOf(store)];
    const backup = await only(shelf);
    expect(await pruning.remove(backup, "older than 7 days", later)).toBe("removed");
    expect(await pruning.remove(backup, "older than 7 days", later)).toBe("removed");
    expect((await shelf.list("shop")).map(({ id }) => id)).toEqual(["shop-2"]);
    expect((await store.list("shop/data/shop-1/")).map(({ key }) => key)).toEqual(["shop/data/shop-1/manifest.json"]);
    expect(Buffer.from(await store.read("shop/data/shop-1/manifest.json")).toString()).toContain('"because": "older than 7 days"');
  });

  it("a removal that was interrupted is finished by the next", async () => {
    const store = await open();
    await putBackup(store, "shop-1");
    const backup = await only(shelfOf(store));
    for (const object of backup.objects.slice(0, 2)) await store.delete(object);
    expect(await pruningOf(store).remove(backup, "older than 7 days", later)).toBe("removed");
    expect(await shelfOf(store).list("shop")).toEqual([]);
  });

  it("a backup is not removed when another object lies there than was seen, nor when an object is not its own", async () => {
    const store = await open();
    await putBackup(store, "shop-1");
    const backup = await only(shelfOf(store));
    const [first, ...rest] = backup.objects;
    if (first === undefined) throw new Error("a backup has objects");
    const pruning = pruningOf(store);
    await expect(pruning.remove({ ...backup, objects: [{ ...first, etag: "another" }, ...rest] }, "old", later)).rejects.toMatchObject({ kind: "conflict" });
    await expect(pruning.remove({ ...backup, objects: [{ ...first, key: "blog/data/x/y" }] }, "old", later)).rejects.toMatchObject({ kind: "invalid" });
    expect((await only(shelfOf(store))).verified).toBe(true);
  });

  it("a plan is written down once; the same again is no error, another of the same moment is", async () => {
    const pruning = pruningOf(await open());
    const plan = { of: "shop", at: later, remove: [{ id: backupId("shop-1"), because: "old" }] };
    await pruning.record(plan);
    await pruning.record(plan);
    await expect(pruning.record({ ...plan, remove: [] })).rejects.toMatchObject({ kind: "conflict" });
  });

  it("folders point at what is kept and at nothing else", async () => {
    const store = await open();
    const pruning = pruningOf(store);
    const [a, b, at] = [backupId("shop-1"), backupId("shop-2"), epochMs(1_773_453_600_000)];
    await pruning.point("shop", [
      { folder: "daily", id: a, at },
      { folder: "weekly", id: a, at },
    ]);
    await pruning.point("shop", [
      { folder: "daily", id: b, at },
      { folder: "weekly", id: a, at },
    ]);
    const keys = (await store.list("shop/")).map(({ key }) => key);
    expect(keys).toEqual(["shop/daily/2026-03-14-shop-2.json", "shop/weekly/2026-03-14-shop-1.json"]);
    expect(JSON.parse(Buffer.from(await store.read(keys[1] ?? "")).toString())).toMatchObject({ backup: "shop-1", manifest: "shop/data/shop-1/manifest.json" });
  });

  it("a locked backup stays whole; where nothing can be locked, locking changes nothing", async () => {
    const store = await open();
    await putBackup(store, "shop-1");
    const pruning = pruningOf(store);
    await pruning.lock(await only(shelfOf(store)), epochMs(later + 86_400_000));
    const locks = name !== "a directory";
    const backup = await only(shelfOf(store));
    expect(backup.lockedUntil).toBe(locks ? 1_773_546_400_000 : undefined);
    expect(await pruning.remove(backup, "old", later)).toBe(locks ? "locked" : "removed");
    expect((await shelfOf(store).list("shop")).map(({ verified }) => verified)).toEqual(locks ? [true] : []);
  });

  it("an extension that was interrupted anywhere is seen as one, and made whole by the next", async () => {
    if (name === "a directory") return expect(await lockedAfter(await open(), 9)).toMatchObject({ said: "unsupported" });
    const until = later + 86_400_000;
    for (let dies = 0; ; dies += 1) {
      const { said, seen, again, heads } = await lockedAfter(await open(), dies);
      expect([again, new Set(heads)]).toEqual(["locked", new Set([until])]);
      if (said === "locked") return expect([dies, seen]).toEqual([heads.length, until]);
      expect(seen).toBeUndefined();
    }
  });
});

/** Locks a backup in a store whose machine dies at the nth object, and looks; then locks it again, and looks at every object. */
async function lockedAfter(store: Store, dies: number) {
  await putBackup(store, "shop-1");
  let calls = 0;
  const mortal: Store = {
    ...store,
    lock: async (object, until) => (calls++ === dies ? Promise.reject(new Error("died")) : store.lock(object, until)),
  };
  const until = epochMs(later + 86_400_000);
  const said = await pruningOf(mortal)
    .lock(await only(shelfOf(store)), until)
    .catch(() => "died");
  const { lockedUntil: seen, objects } = await only(shelfOf(store));
  const again = await pruningOf(store).lock(await only(shelfOf(store)), until);
  return { said, seen, again, heads: await Promise.all(objects.map(async ({ key }) => (await store.head(key))?.lockedUntil)) };
}
