import { mkdir, writeFile } from "node:fs/promises";
import { epochMs } from "@nightshift/model";
import { afterEach, describe, expect, it } from "vitest";
import { crc64nvme } from "../stream/crc64nvme.ts";
import { onServer, rowsOf, temporaryFolder } from "../testing/archives.ts";
import { type S3Server, type S3Settings, startS3 } from "../testing/s3-server.ts";
import { openStore } from "./open.ts";
import type { Store } from "./store.ts";

const never = new AbortController().signal;
const servers: S3Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});
async function bucket(settings: S3Settings = {}): Promise<Store> {
  const server = await startS3(settings);
  servers.push(server);
  return openStore("s3://vault/a/prefix", onServer(server.endpoint));
}
const text = async (store: Store, key: string): Promise<string> => Buffer.from(await store.read(key)).toString();

describe.each<[string, () => Promise<Store>]>([
  ["a directory", async () => openStore(await temporaryFolder())],
  ["a bucket without versions", () => bucket()],
  ["a bucket with versions", () => bucket({ versioned: true })],
])("in %s", (_, open) => {
  it("an object is read as it was put, also from the middle", async () => {
    const store = await open();
    expect(await store.put("shop/data/a.json", Buffer.from("0123456789"))).toBe("stored");
    expect(await text(store, "shop/data/a.json")).toBe("0123456789");
    const tail: Buffer[] = [];
    for await (const chunk of await store.stream("shop/data/a.json", { from: 7, signal: never })) tail.push(chunk as Buffer);
    expect(Buffer.concat(tail).toString()).toBe("789");
    expect(await store.head("shop/data/a.json")).toMatchObject({ key: "shop/data/a.json", bytes: 10 });
  });

  it("what is not there is said, not made up", async () => {
    const store = await open();
    expect(await store.head("nothing")).toBeUndefined();
    await expect(store.read("nothing")).rejects.toMatchObject({ kind: "not-found" });
    await expect(store.stream("nothing", { signal: never })).rejects.toMatchObject({ kind: "not-found" });
    expect(await store.list("nothing/")).toEqual([]);
  });

  it("an object that must be absent is never replaced; the same bytes again are our own", async () => {
    const store = await open();
    expect(await store.put("manifest.json", Buffer.from("ours"), { onlyIfAbsent: true })).toBe("stored");
    expect(await store.put("manifest.json", Buffer.from("theirs"), { onlyIfAbsent: true })).toBe("taken");
    expect(await store.put("manifest.json", Buffer.from("ours"), { onlyIfAbsent: true })).toBe("stored");
    expect(await text(store, "manifest.json")).toBe("ours");
    expect(await store.put("manifest.json", Buffer.from("newer"))).toBe("stored");
    expect(await text(store, "manifest.json")).toBe("newer");
  });

  it("objects are listed under a prefix, by key, more than one page of them", async () => {
    const store = await open();
    for (let n = 0; n < 60; n += 1) await store.put(`shop/data/${String(n).padStart(2, "0")}`, Buffer.from("x"));
    await store.put("shop/daily/1.json", Buffer.from("x"));
    await store.put("shopping/data/1", Buffer.from("x"));
    const keys = (await store.list("shop/data/")).map(({ key }) => key);
    expect(keys).toHaveLength(60);
    expect(keys.slice(0, 2)).toEqual(["shop/data/00", "shop/data/01"]);
    expect((await store.list("shop/")).map(({ key }) => key)[0]).toBe("shop/daily/1.json");
  });

  it("a glance goes over pages, leaves out what was removed, and says where it ended early", async () => {
    const store = await open();
    for (let n = 0; n < 60; n += 1) await store.put(`shop/runs/${String(n).padStart(2, "0")}`, Buffer.from("x"));
    await store.put("shop/runs/00", Buffer.from("again"));
    const [first] = await store.list("shop/runs/59");
    if (first === undefined) throw new Error("the object is not listed");
    await store.delete(first);
    const all = await store.glance("shop/runs/", 59);
    expect([all.objects.length, all.objects[58]?.key, all.whole]).toEqual([59, "shop/runs/58", true]);
    expect(Math.abs((all.objects[0]?.modified ?? 0) - (await store.clock()))).toBeLessThan(60_000);
    const some = await store.glance("shop/runs/", 58);
    expect([some.objects.length, some.objects[57]?.key, some.whole]).toEqual([58, "shop/runs/57", false]);
    expect(await store.glance("nothing/", 1)).toEqual({ objects: [], whole: true });
  });

  it("an upload is no object until it is completed, and an aborted one leaves nothing", async () => {
    const store = await open();
    const bytes = rowsOf(100);
    const upload = await store.upload("shop/data/big", { signal: never });
    await upload.part(1, bytes, crc64nvme(bytes));
    expect(await store.head("shop/data/big")).toBeUndefined();
    expect((await store.openUploads("shop/")).map(({ key }) => key)).toEqual(["shop/data/big"]);
    expect(await store.openUploads("blog/")).toEqual([]);
    await upload.abort();
    await upload.abort();
    expect(await store.openUploads("shop/")).toEqual([]);
    expect(await store.list("")).toEqual([]);
  });

  it("an upload of a run that died is found and ended by the next", async () => {
    const store = await open();
    const begun = await store.upload("shop/data/big", { signal: never });
    for (const left of await store.openUploads("")) await store.abort(left);
    expect(await store.openUploads("")).toEqual([]);
    await begun.abort();
  });

  it("an upload is refused at another length or another checksum, and over another object", async () => {
    const store = await open();
    const bytes = rowsOf(100);
    const [crc, other] = [crc64nvme(bytes), crc64nvme(rowsOf(100, 2))];
    const upload = await store.upload("big", { signal: never });
    await upload.part(1, bytes, crc);
    await expect(upload.complete({ bytes: 99, crc64nvme: crc })).rejects.toThrow(/99|100/);
    await upload.abort();
    const second = await store.upload("big", { signal: never });
    await second.part(1, bytes, crc);
    await expect(second.complete({ bytes: 100, crc64nvme: other })).rejects.toThrow(/CRC64NVME|BadDigest/);
    await second.abort();
    await store.put("big", Buffer.from("somebody else's"));
    const third = await store.upload("big", { signal: never });
    await third.part(1, bytes, crc);
    expect(await third.complete({ bytes: 100, crc64nvme: crc })).toBe("taken");
    await third.abort();
    expect(await text(store, "big")).toBe("somebody else's");
    expect(await store.openUploads("")).toEqual([]);
  });

  it("only what is as it was seen is deleted", async () => {
    const store = await open();
    await store.put("a", Buffer.from("one"));
    const [seen] = await store.list("a");
    if (seen === undefined) throw new Error("the object is not listed");
    expect(await store.delete({ ...seen, etag: "of another" })).toBe("changed");
    expect(await store.delete(seen)).toBe("deleted");
    expect(await store.delete(seen)).toBe("gone");
    expect(await store.list("")).toEqual([]);
  });

  it.each(["", "/etc/passwd", "a/../../b", "a\\b", "./a"])("a key like %o is refused", async (key) => {
    const store = await open();
    await expect(store.put(key, Buffer.from("x"))).rejects.toMatchObject({ kind: "invalid" });
    await expect(store.read(key)).rejects.toMatchObject({ kind: "invalid" });
  });
});

describe("a bucket with Object Lock", () => {
  const now = 1_773_453_600_000;
  const locking = () => bucket({ versioned: true, locks: true, now: () => now });

  it("keeps a locked version until the store's own clock says that the lock is over", async () => {
    let at = now;
    const store = await bucket({ versioned: true, locks: true, now: () => at });
    await store.put("a", Buffer.from("one"));
    const [seen] = await store.list("a");
    if (seen === undefined) throw new Error("the object is not listed");
    expect(await store.lock(seen, epochMs(now + 60_000))).toBe("locked");
    expect(await store.delete(seen)).toBe("locked");
    at = now + 60_000;
    expect(await store.delete(seen)).toBe("deleted");
  });

  it("never shortens a lock", async () => {
    const store = await locking();
    await store.put("a", Buffer.from("one"));
    const [seen] = await store.list("a");
    if (seen === undefined) throw new Error("the object is not listed");
    await store.lock(seen, epochMs(now + 60_000));
    expect(await store.lock(seen, epochMs(now + 30_000))).toBe("locked");
    expect((await store.head("a"))?.lockedUntil).toBe(now + 60_000);
  });

  it("says its own time", async () => {
    expect(await (await locking()).clock()).toBe(1_773_453_600_000);
  });
});

it.each([
  ["a directory", async () => openStore(await temporaryFolder())],
  ["a bucket without locks", () => bucket({ versioned: true })],
])("%s says that it knows no locks", async (_, open) => {
  const store = await open();
  await store.put("a", Buffer.from("one"));
  const [seen] = await store.list("a");
  if (seen === undefined) throw new Error("the object is not listed");
  expect(await store.lock(seen, epochMs(1_773_453_600_000))).toBe("unsupported");
});

it("files of others beside a directory's objects are objects, its unfinished ones are not", async () => {
  const folder = await temporaryFolder();
  await mkdir(`${folder}/.unfinished`);
  await writeFile(`${folder}/.unfinished/0.a`, "half");
  await writeFile(`${folder}/note.txt`, "hello");
  expect((await openStore(folder).list("")).map(({ key }) => key)).toEqual(["note.txt"]);
});

it.each(["", "s3://", "gs://bucket", "https://bucket.example"])("a store cannot be opened at %o", (place) => {
  expect(() => openStore(place)).toThrow(/s3:\/\/bucket\/prefix/);
});

it("a put whose answers are lost is found to be our own", async () => {
  let lost = 0;
  const store = await bucket({ fault: ({ operation }) => (operation === "PutObject" && lost++ < 2 ? "lost" : undefined) });
  expect(await store.put("manifest.json", Buffer.from("ours"), { onlyIfAbsent: true })).toBe("stored");
});

it("a store that stays away is given up after ten attempts", async () => {
  let asked = 0;
  const store = await bucket({
    fault: () => {
      asked += 1;
      return "503";
    },
  });
  await expect(store.read("a")).rejects.toMatchObject({ kind: "throttled" });
  expect(asked).toBe(10);
});
