import { spawn } from "node:child_process";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openStore } from "../../packages/vault/src/store/open.ts";
import type { Store } from "../../packages/vault/src/store/store.ts";
import { type DumpAsked, streamDump } from "../../packages/vault/src/stream/dump.ts";
import { readSegments } from "../../packages/vault/src/stream/read-back.ts";
import { onServer, temporaryFolder } from "../../packages/vault/src/testing/archives.ts";
import { type S3Server, startS3 } from "../../packages/vault/src/testing/s3-server.ts";
import { type Cluster, startCluster } from "./support/cluster.ts";

const never = new AbortController().signal;
let cluster: Cluster;
let server: S3Server;
let store: Store;
beforeAll(async () => {
  [cluster, server] = await Promise.all([startCluster(), startS3({ versioned: true })]);
  store = openStore("s3://vault/night", onServer(server.endpoint));
  await cluster.create("shop");
  await cluster.query("shop", "create table orders as select i as id, md5(i::text) || md5((-i)::text) as reference from generate_series(1, 300000) i");
});
afterAll(async () => {
  await cluster?.stop();
  await server?.stop();
});

const env = (): Record<string, string> => ({ PGHOST: "127.0.0.1", PGPORT: String(cluster.port), PGUSER: "postgres" });
const asking = (name: string, more: Partial<DumpAsked> = {}): DumpAsked => ({
  program: path.join(cluster.bin, "pg_dump"),
  args: ["-Fc", "-Z0", "shop"],
  env: env(),
  store,
  keyOf: (segment) => `${name}/segment-${segment}.zst`,
  partBytes: 5 * 1_024 ** 2,
  segmentBytes: 8 * 1_024 ** 2,
  signal: never,
  ...more,
});
async function leavesNothing(name: string): Promise<void> {
  expect(await store.list(`${name}/`)).toEqual([]);
  expect(await store.openUploads(`${name}/`)).toEqual([]);
}
/** Ends the dump's own session in the server, as a failover does. */
const endSession = () => cluster.query("postgres", "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'pg_dump'");
/** Looks until the first part has been sent. */
async function underWay(name: string): Promise<void> {
  for (let look = 0; look < 2_000; look += 1) {
    if ((await store.openUploads(`${name}/`)).length > 0) return;
    await pause(5);
  }
  throw new Error("the dump did not begin");
}

it("a real dump goes through segments in a bucket and restores to the same rows", async () => {
  const segments = await streamDump(asking("whole"));
  expect(segments.length).toBeGreaterThan(2);
  await cluster.create("copy");
  const restore = spawn(path.join(cluster.bin, "pg_restore"), ["-d", "copy", "--exit-on-error"], { env: env(), stdio: ["pipe", "inherit", "inherit"] });
  const ended = new Promise((resolve) => restore.on("close", resolve));
  await pipeline(readSegments({ store, segments, signal: never }), restore.stdin);
  expect(await ended).toBe(0);
  const sum = "select count(*)::int as rows, sum(hashtextextended(o::text, 0))::text as sum from orders o";
  expect(await cluster.query("copy", sum)).toEqual(await cluster.query("shop", sum));
});

it("a dump of a database that is not there leaves nothing and says so", async () => {
  await expect(streamDump(asking("absent", { args: ["-Fc", "-Z0", "nowhere"] }))).rejects.toThrow(/ended with code 1: .*database "nowhere" does not exist/);
  await leavesNothing("absent");
});

it("a dump whose session the server ended leaves nothing", async () => {
  let ended = false;
  const damage = (chunk: Buffer, at: number): Buffer => {
    // In the middle of the table, so that much was written already.
    if (at > 4e6 && !ended) {
      ended = true;
      void endSession();
    }
    return chunk;
  };
  // A store that is slow to begin holds the dump until the session is gone.
  const slow: Store = { ...store, upload: (key, options) => pause(ended ? 500 : 0).then(() => store.upload(key, options)) };
  await expect(streamDump(asking("failover", { store: slow, damage }))).rejects.toThrow(/ended with code 1/);
  await leavesNothing("failover");
});

it("a dump that was killed leaves nothing", async () => {
  const folder = openStore(await temporaryFolder());
  const killed = streamDump(
    asking("killed", { program: "/bin/sh", args: ["-c", `"${cluster.bin}/pg_dump" -Fc -Z0 shop | head -c 20000000; kill -9 $$`], store: folder }),
  );
  await expect(killed).rejects.toThrow(/ended with SIGKILL/);
  expect(await folder.list("")).toEqual([]);
  expect(await folder.openUploads("")).toEqual([]);
});

it("a dump that is told to stop behind a lock stops at once and its session ends", async () => {
  const holder = await cluster.connect("shop");
  await holder.query("begin; lock table orders in access exclusive mode");
  const stop = new AbortController();
  const dump = streamDump(asking("stopped", { signal: stop.signal }));
  for (let look = 0; look < 400; look += 1) {
    const waiting = await cluster.query("postgres", "select 1 from pg_stat_activity where application_name = 'pg_dump' and wait_event_type = 'Lock'");
    if (waiting.length > 0) break;
    await pause(25);
  }
  stop.abort(new Error("gives way"));
  await expect(dump).rejects.toThrow("gives way");
  await holder.query("rollback");
  await leavesNothing("stopped");
});

it("a dump under way is found by its open upload, and a signal takes that away", async () => {
  const stop = new AbortController();
  const held: Store = {
    ...store,
    upload: async (key, options) => ({
      ...(await store.upload(key, options)),
      part: () => new Promise((_, reject) => options.signal.addEventListener("abort", () => reject(options.signal.reason), { once: true })),
    }),
  };
  const dump = streamDump(asking("begun", { store: held, signal: stop.signal }));
  const refused = expect(dump).rejects.toThrow("enough");
  await underWay("begun");
  stop.abort(new Error("enough"));
  await refused;
  await leavesNothing("begun");
});
