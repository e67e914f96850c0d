import { readdir } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { seconds } from "@nightshift/model";
import { afterEach, expect, it } from "vitest";
import { openStore } from "../store/open.ts";
import type { Store } from "../store/store.ts";
import { fakeDump, onServer, rowsOf, temporaryFolder } from "../testing/archives.ts";
import { type S3Server, type S3Settings, startS3 } from "../testing/s3-server.ts";
import { type DumpAsked, streamDump } from "./dump.ts";
import { readSegments } from "./read-back.ts";
import type { StreamedSegment, StreamProgress } from "./segments.ts";

const mib = 1_024 ** 2;
const never = new AbortController().signal;
const servers: S3Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

async function bucket(settings: S3Settings = {}): Promise<{ store: Store; server: S3Server }> {
  const server = await startS3(settings);
  servers.push(server);
  return { store: openStore("s3://vault/night", onServer(server.endpoint)), server };
}
const asking = (store: Store, more: Partial<DumpAsked> = {}): Omit<DumpAsked, "program" | "args" | "env"> => ({
  store,
  keyOf: (segment) => `shop/segment-${segment}.zst`,
  partBytes: 5 * mib,
  segmentBytes: 1_024 * mib,
  signal: never,
  ...more,
});
async function archiveOf(store: Store, segments: readonly StreamedSegment[], ignoreDigests = false): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of readSegments({ store, segments, signal: never, ignoreDigests })) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

it("an archive of many parts comes back byte for byte from a bucket", async () => {
  const { store, server } = await bucket();
  const bytes = rowsOf(16 * mib);
  const segments = await streamDump({ ...asking(store), ...(await fakeDump({ bytes })) });
  expect(segments).toHaveLength(1);
  expect(segments[0]?.archiveBytes).toBe(16 * mib);
  expect(segments[0]?.parts).toBeGreaterThan(2);
  expect(server.bucket.all()).toMatchObject([{ key: "night/shop/segment-1.zst", bytes: segments[0]?.bytes, crc64nvme: segments[0]?.crc64nvme }]);
  expect((await archiveOf(store, segments)).equals(bytes)).toBe(true);
});

it("an archive of several segments comes back byte for byte from a directory", async () => {
  const store = openStore(await temporaryFolder());
  const bytes = rowsOf(7 * mib + 13);
  const segments = await streamDump({ ...asking(store, { segmentBytes: 2 * mib }), ...(await fakeDump({ bytes })) });
  expect(segments.map(({ number, archiveBytes }) => [number, archiveBytes])).toEqual([
    [1, 2_097_152],
    [2, 2_097_152],
    [3, 2_097_152],
    [4, 1_048_589],
  ]);
  expect((await archiveOf(store, segments)).equals(bytes)).toBe(true);
  expect(await readdir(`${store.place}/.unfinished`)).toEqual([]);
});

it("an archive that fills its last segment exactly makes no empty one", async () => {
  const store = openStore(await temporaryFolder());
  const segments = await streamDump({ ...asking(store, { segmentBytes: mib }), ...(await fakeDump({ bytes: rowsOf(2 * mib) })) });
  expect(segments.map(({ archiveBytes }) => archiveBytes)).toEqual([1_048_576, 1_048_576]);
});

it("a dump that wrote everything and ended with 1 leaves no object and no open upload, and says the dump's last words without its password", async () => {
  const { store, server } = await bucket();
  const dump = await fakeDump({ bytes: rowsOf(7 * mib), exit: 1, says: "pg_dump: error: server closed the connection; hunter2" });
  const asked = streamDump({ ...asking(store, { segmentBytes: 4 * mib }), ...dump, env: { PGPASSWORD: "hunter2" } });
  await expect(asked).rejects.toThrow("ended with code 1: pg_dump: error: server closed the connection; …; nothing of this dump was kept");
  expect(server.bucket.all()).toEqual([]);
  expect(server.bucket.openUploads()).toEqual([]);
  expect(server.operations).not.toContain("CompleteMultipartUpload");
});

it("a dump that was killed leaves nothing", async () => {
  const store = openStore(await temporaryFolder());
  const dump = await fakeDump({ bytes: rowsOf(3 * mib), signal: "SIGKILL" });
  await expect(streamDump({ ...asking(store), ...dump })).rejects.toThrow(/ended with SIGKILL: it said nothing/);
  expect(await store.list("")).toEqual([]);
  expect(await store.openUploads("")).toEqual([]);
});

it("a dump that ends well and writes nothing is none", async () => {
  const store = openStore(await temporaryFolder());
  await expect(streamDump({ ...asking(store), ...(await fakeDump({ bytes: Buffer.alloc(0) })) })).rejects.toThrow(/ended well and wrote nothing/);
});

it("a program that is not there is named", async () => {
  const store = openStore(await temporaryFolder());
  const asked = streamDump({ ...asking(store), program: "/nowhere/pg_dump", args: [], env: {} });
  await expect(asked).rejects.toThrow("/nowhere/pg_dump could not be started: spawn /nowhere/pg_dump ENOENT; install the client of the server's major");
});

it("a dump that falls silent is ended", async () => {
  const { store, server } = await bucket();
  const dump = await fakeDump({ bytes: rowsOf(2 * mib), hangs: true });
  await expect(streamDump({ ...asking(store, { silentAtMost: seconds(0.7) }), ...dump })).rejects.toThrow(/wrote nothing for 1 s and was ended/);
  expect(server.bucket.openUploads()).toEqual([]);
});

it("a signal ends the dump at once, and what was begun is aborted", async () => {
  const { store, server } = await bucket();
  const stop = new AbortController();
  const dump = streamDump({ ...asking(store, { signal: stop.signal }), ...(await fakeDump({ bytes: rowsOf(8 * mib), hangs: true })) });
  while (!server.operations.includes("UploadPart")) await pause(5);
  stop.abort(new Error("yields to a migration"));
  await expect(dump).rejects.toThrow("yields to a migration");
  expect(server.bucket.all()).toEqual([]);
  expect(server.bucket.openUploads()).toEqual([]);
});

it("a store that refuses for good ends the dump with its own words", async () => {
  const { store, server } = await bucket({ fault: ({ operation, number }) => (operation === "UploadPart" && number > 4 ? "503" : undefined) });
  const dump = streamDump({ ...asking(store), ...(await fakeDump({ bytes: rowsOf(40 * mib), hangs: true })) });
  await expect(dump).rejects.toThrow(/s3:UploadPart on .*SlowDown/);
  expect(server.bucket.all()).toEqual([]);
});

it("a segment is not written over another run's", async () => {
  const { store } = await bucket();
  await store.put("shop/segment-1.zst", Buffer.from("somebody else's"));
  await expect(streamDump({ ...asking(store), ...(await fakeDump({ bytes: rowsOf(mib) })) })).rejects.toMatchObject({ kind: "conflict" });
  expect(Buffer.from(await store.read("shop/segment-1.zst")).toString()).toBe("somebody else's");
});

it.each([
  { name: "every third request is answered 503", fault: (n: number) => (n % 3 === 0 ? "503" : undefined) },
  { name: "two of five requests are answered 503", fault: (n: number) => (n % 5 < 2 ? "503" : undefined) },
  { name: "connections break in the middle of parts", fault: (n: number) => (n % 4 === 3 ? "reset" : undefined) },
  {
    name: "answers are lost after the work was done",
    fault: (n: number, operation: string) => (operation !== "CreateMultipartUpload" && n % 2 === 0 ? "lost" : undefined),
  },
  { name: "some answers are late", fault: (n: number) => (n % 3 === 0 ? "slow" : undefined) },
] as const)("an archive is stored and read back whole when $name", async ({ fault }) => {
  const { store, server } = await bucket({ fault: ({ number, operation }) => fault(number, operation) });
  const bytes = rowsOf(12 * mib);
  const segments = await streamDump({ ...asking(store), ...(await fakeDump({ bytes })) });
  expect((await archiveOf(store, segments)).equals(bytes)).toBe(true);
  expect(server.bucket.all()).toHaveLength(1);
  expect(server.bucket.openUploads()).toEqual([]);
});

it("a Complete whose answer is lost made our own object, not somebody else's", async () => {
  let lost = 0;
  const { store, server } = await bucket({ fault: ({ operation }) => (operation === "CompleteMultipartUpload" && lost++ === 0 ? "lost" : undefined) });
  const segments = await streamDump({ ...asking(store), ...(await fakeDump({ bytes: rowsOf(2 * mib) })) });
  expect(segments).toHaveLength(1);
  expect(server.operations.filter((each) => each === "CompleteMultipartUpload")).toHaveLength(2);
});

it("reading carries on where the connection broke", async () => {
  let cuts = 0;
  const { store } = await bucket({ fault: ({ operation }) => (operation === "GetObject" && cuts++ < 4 ? "cut" : undefined) });
  const bytes = rowsOf(12 * mib);
  const segments = await streamDump({ ...asking(store), ...(await fakeDump({ bytes })) });
  expect((await archiveOf(store, segments)).equals(bytes)).toBe(true);
  expect(cuts).toBe(5);
});

it("what happens between the dump and the compressor is stored as it is, and only comparing can see it", async () => {
  const store = openStore(await temporaryFolder());
  const bytes = rowsOf(mib);
  const damage = (chunk: Buffer, at: number): Buffer => {
    if (at === 0) chunk[100] = (chunk[100] ?? 0) ^ 1;
    return chunk;
  };
  const segments = await streamDump({ ...asking(store, { damage }), ...(await fakeDump({ bytes })) });
  const back = await archiveOf(store, segments);
  expect(back.equals(bytes)).toBe(false);
  expect(back.subarray(101).equals(bytes.subarray(101))).toBe(true);
});

it("progress counts every byte, and ends with all of them", async () => {
  const store = openStore(await temporaryFolder());
  const told: StreamProgress[] = [];
  await streamDump({ ...asking(store, { onProgress: (progress) => told.push(progress) }), ...(await fakeDump({ bytes: rowsOf(3 * mib) })) });
  expect(told.at(-1)).toMatchObject({ archiveBytes: 3_145_728, segment: 1 });
});

it.each([
  [{ partBytes: 5 * mib - 1 }, "a part is 5 to 16 MiB, not 5242879 bytes"],
  [{ partBytes: 16 * mib + 1 }, "a part is 5 to 16 MiB, not 16777217 bytes"],
  [{ segmentBytes: 64 * 1_024 ** 3 + 1 }, "a segment holds 1 byte to 64 GiB of the archive, not 68719476737 bytes"],
  [{ partBytes: 6 * mib }, "a segment of that size has more than 10,000 parts: take larger parts or smaller segments"],
])("sizes that S3 would refuse at the end are refused at the beginning: %o", async (sizes, sentence) => {
  const store = openStore(await temporaryFolder());
  const dump = { ...asking(store), ...(await fakeDump({ bytes: Buffer.from("x") })) };
  await expect(streamDump({ ...dump, segmentBytes: 64 * 1_024 ** 3, ...sizes })).rejects.toThrow(sentence);
});

it("a child that does not end when asked to is killed", async () => {
  const { startDump } = await import("./child.ts");
  const child = await startDump({
    program: process.execPath,
    args: ["-e", "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log('up')"],
    env: {},
  });
  await new Promise<void>((up) => child.archive.hear(() => up()));
  await child.stop();
  await expect(child.ended).rejects.toThrow(/ended with SIGKILL/);
}, 30_000);
