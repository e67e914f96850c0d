import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type DatabaseAddress, readAddress } from "@nightshift/vault/runner/address";
import { compareInstance } from "@nightshift/vault/runner/compare-instance";
import { runTake } from "@nightshift/vault/runner/night";
import { asRun } from "@nightshift/vault/runner/run";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Cluster, startCluster } from "./support/cluster.ts";
import { nightOf, testWorld } from "./support/runner.ts";

let cluster: Cluster;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "ns-structures-"));
  cluster = await startCluster();
  await cluster.create("live");
  await cluster.query("live", "create table orders as select i as id, md5(i::text) as note from generate_series(1, 5000) i");
  await cluster.query("live", "create index orders_id on orders (id); create extension amcheck; create role reader login; grant pg_read_all_data to reader");
});
afterAll(async () => {
  await cluster?.stop();
  await rm(folder, { recursive: true, force: true });
});

test("an index of a copy that lacks a row is found though every row is equal; where nobody may look, that is said and is no fault", async () => {
  const w = testWorld({ store: path.join(folder, "store"), scratch: folder });
  const asked = nightOf(cluster, "live", "0200");
  await asRun(w, { of: "live", run: asked.run, backup: asked.id }, (report) => runTake(w, asked, report));
  await cluster.create("copy", "live");
  const compare = (target: DatabaseAddress = readAddress(cluster.url("copy"))) =>
    asRun(w, { of: "live", run: "compare", backup: asked.id }, (report) =>
      compareInstance(w, { of: "live", before: asked.id, source: readAddress(cluster.url("live")), target, settings: {} }, report),
    );
  expect(await compare()).toMatchObject({
    state: "verified",
    structures: "sound",
    findings: expect.arrayContaining(["pg_amcheck found every table and B-tree sound, with every row in every index"]),
  });
  // The index does not hear of a row that is written again as it was.
  const deaf = (ready: boolean): string => `update pg_index set indisready = ${ready} where indexrelid = 'orders_id'::regclass`;
  await cluster.query("copy", deaf(false));
  await cluster.query("copy", "with gone as (delete from orders where id = 7 returning *) insert into orders select * from gone");
  await cluster.query("copy", deaf(true));
  const damaged = 'pg_amcheck: btree index "copy.public.orders_id"';
  expect(await compare()).toMatchObject({ state: "failed", structures: "damaged", because: damaged, differences: [damaged] });
  expect(await compare(readAddress(cluster.url("copy", "reader")))).toMatchObject({
    state: "verified",
    structures: "not checked",
    findings: expect.arrayContaining([
      "tables and indexes were not checked by pg_amcheck: reader may not execute the functions of amcheck: grant it that in the source, and the next copy has it",
    ]),
  });
  for (const database of ["live", "copy"]) await cluster.query(database, "drop extension amcheck");
  expect(await compare()).toMatchObject({
    state: "verified",
    structures: "not checked",
    findings: expect.arrayContaining([
      "tables and indexes were not checked by pg_amcheck: the extension amcheck is not in it: create it in the source and let its role execute its functions, and the next copy has both",
    ]),
  });
});
