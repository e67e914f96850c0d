import { backupId } from "@nightshift/model";
import { afterEach, expect, test } from "vitest";
import { keysOf, runKeys } from "../store/layout.ts";
import { openStore } from "../store/open.ts";
import type { Store } from "../store/store.ts";
import { onServer, temporaryFolder } from "../testing/archives.ts";
import { type S3Server, startS3 } from "../testing/s3-server.ts";
import { sweepLeftovers } from "./leftovers.ts";
import type { RunnerWorld } from "./world.ts";

const servers: S3Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

async function bucket(): Promise<{ readonly server: S3Server; readonly store: Store }> {
  const server = await startS3({ versioned: true });
  servers.push(server);
  return { server, store: openStore("s3://vault", onServer(server.endpoint)) };
}

const begin = (store: Store, id: string) => store.upload(keysOf("shop", backupId(id)).segment(1), { signal: new AbortController().signal });
const report = (store: Store, run: string, backup: string) =>
  store.put(runKeys("shop", run).progress, Buffer.from(JSON.stringify({ run, of: "shop", backup, phase: "dumping", at: 1 })));
const left = async (store: Store) => (await store.openUploads("shop/")).map(({ key }) => key.split("/")[2]);

/** The part of a runner's world that the sweep touches. */
const worldOf = async (store: Store): Promise<RunnerWorld> =>
  ({ store, deadAfter: 600_000, machine: { scratch: await temporaryFolder() } }) as unknown as RunnerWorld;
const night = { of: "shop", id: backupId("shop-3"), run: "night-3" };

test("what runs said is not listed where nobody else left anything", async () => {
  const { server, store } = await bucket();
  await begin(store, "shop-3");
  expect(await sweepLeftovers(await worldOf(store), night)).toMatchObject({ uploads: 1 });
  expect(server.operations.filter((operation) => operation.startsWith("List"))).toEqual(["ListMultipartUploads"]);
});

test("beside another run's upload it is listed as it lies now: a hundred old versions of a report add nothing", async () => {
  const { server, store } = await bucket();
  await begin(store, "shop-1");
  await begin(store, "shop-2");
  for (let n = 0; n < 100; n += 1) await report(store, "night-2", "shop-2");
  expect(await sweepLeftovers(await worldOf(store), night)).toMatchObject({ uploads: 1 });
  expect(await left(store)).toEqual(["shop-2"]);
  // The clock, and one page.
  expect(server.operations.filter((operation) => operation.startsWith("ListObject"))).toEqual(["ListObjectsV2", "ListObjectsV2"]);
});

test("where more runs lie than are looked at, no other's upload is ended, and ours is", async () => {
  const { store } = await bucket();
  await begin(store, "shop-1");
  await begin(store, "shop-3");
  const many: Store = { ...store, glance: async () => ({ objects: [], whole: false }) };
  expect(await sweepLeftovers(await worldOf(many), night)).toMatchObject({ uploads: 1 });
  expect(await left(store)).toEqual(["shop-1"]);
});
