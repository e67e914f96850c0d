import { chmod, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { backupId, percent, readProofRecord } from "@nightshift/model";
import { readAddress } from "@nightshift/vault/runner/address";
import { boundaries } from "@nightshift/vault/runner/boundaries";
import { compareInstance } from "@nightshift/vault/runner/compare-instance";
import { sha256 } from "@nightshift/vault/runner/digest";
import { runNight, runTake } from "@nightshift/vault/runner/night";
import { restoreBackup } from "@nightshift/vault/runner/restore";
import { asRun } from "@nightshift/vault/runner/run";
import { verifyBackup } from "@nightshift/vault/runner/verify";
import { carryOut } from "@nightshift/vault/runner/work";
import { openStore } from "@nightshift/vault/store/open";
import { onServer } from "@nightshift/vault/testing/archives";
import { startS3 } from "@nightshift/vault/testing/s3-server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Cluster, startCluster } from "./support/cluster.ts";
import { nightOf, type TestWorld, testWorld } from "./support/runner.ts";
import { createShop } from "./support/shop.ts";

let cluster: Cluster;
let folder: string;
beforeAll(async () => {
  cluster = await startCluster();
  folder = await mkdtemp(path.join(tmpdir(), "ns-runner-"));
  await createShop(cluster, "shop", 2);
});
afterAll(async () => {
  await cluster?.stop();
  await rm(folder, { recursive: true, force: true });
});

const worlds: TestWorld[] = [];
const world = async (name: string, more: Partial<Parameters<typeof testWorld>[0]> = {}): Promise<TestWorld> => {
  const made = testWorld({ store: path.join(folder, name), scratch: await openFolder("scratch-"), ...more });
  worlds.push(made);
  return made;
};
/** The scratch server is another user's where we are root: it must come through. */
async function openFolder(name: string): Promise<string> {
  await chmod(folder, 0o755);
  const made = await mkdtemp(path.join(folder, name));
  await chmod(made, 0o755);
  return made;
}
const night = (w: TestWorld, asked: ReturnType<typeof nightOf>) =>
  asRun(w, { of: asked.of, run: asked.run, backup: asked.id }, (report) => runNight(w, asked, report));
const count = async (database: string, sql: string): Promise<number> => Number((await cluster.query(database, sql))[0]?.["n"]);
const read = (name: string, key: string): Promise<Buffer> => readFile(path.join(folder, name, key));

test("a night is taken, restored and compared; a second run of the same night finds it and changes nothing", async () => {
  const w = await world("twice");
  const asked = nightOf(cluster, "shop", "0200", {
    settings: { assertions: [{ name: "orders", sql: "select count(*) from shop.orders", holds: { atLeast: 1_000 } }] },
  });
  const end = await night(w, asked);
  expect(end).toMatchObject({ state: "verified", differences: [], verifierFails: true, tables: 22 });
  const data = `shop/data/${asked.id}`;
  expect((await readdir(path.join(folder, "twice", data))).sort()).toEqual([
    "contents.json.zst",
    "manifest.json",
    "proof.json",
    "roles.sql.zst",
    "schema.sql.zst",
    "segment-00001.zst",
  ]);
  const proof = readProofRecord(await read("twice", `${data}/proof.json`), sha256);
  expect(proof.ok && proof.record.selfTests.map(({ damage, seen }) => [damage.split(" ").slice(0, 2).join(" "), seen])).toEqual([
    ["one row", true],
    ["the sequence", true],
    ["one bit", true],
  ]);
  expect(await readdir(w.machine.scratch)).toEqual([]);

  const before = await read("twice", `${data}/manifest.json`);
  const again = await world("twice");
  expect(await night(again, { ...asked, run: "run-again" })).toMatchObject({ state: "verified", rows: end.rows });
  expect(again.passed).not.toContain("take: snapshot held");
  expect(await read("twice", `${data}/manifest.json`)).toEqual(before);
  expect(JSON.parse(String(await read("twice", "shop/runs/run-again/outcome.json")))).toMatchObject({ phase: "ended", ended: { state: "verified" } });
});

test("a run that died between the commit record and the proof is carried on by the next one", async () => {
  const w = await world("carried-on");
  const asked = nightOf(cluster, "shop", "0210");
  await asRun(w, { of: "shop", run: asked.run, backup: asked.id }, (report) => runTake(w, asked, report));
  const next = await world("carried-on");
  expect(await night(next, { ...asked, run: "the next one" })).toMatchObject({
    state: "verified",
    findings: expect.arrayContaining(["it was taken before, by the run run-0210"]),
  });
  expect(next.passed).not.toContain("take: archive stored");
});

test("a restore goes beside the database that exists, which is saved first and not touched; the copy is equal", async () => {
  const w = await world("restored");
  const asked = nightOf(cluster, "shop", "0220");
  await asRun(w, { of: "shop", run: asked.run, backup: asked.id }, (report) => runTake(w, asked, report));
  const orders = await count("shop", "select count(*) as n from shop.orders");
  const into = readAddress(cluster.url("shop"));
  const plans: string[] = [];
  const end = await asRun(w, { of: "shop", run: "restore", backup: asked.id }, (report) =>
    restoreBackup(w, { of: "shop", id: asked.id, run: "restore", into, withoutExtensions: [], onPlan: (plan) => plans.push(plan.into) }, report),
  );
  expect(end).toMatchObject({ state: "restored", differences: [] });
  const restored = plans[0]?.split(" ")[0] ?? "";
  expect(restored).toMatch(/^shop_restored_\d{6}_\d{4}$/);
  expect(await count(restored, "select count(*) as n from shop.orders")).toBe(orders);
  expect(await count("shop", "select count(*) as n from shop.orders")).toBe(orders);
  expect((await readdir(path.join(folder, "restored", "shop/data"))).filter((id) => id.endsWith("-safety"))).toHaveLength(1);
  expect(end.steps?.join("\n")).toContain(`ALTER DATABASE ${restored} RENAME TO shop;`);
  await cluster.drop(restored);
});

test("a comparison that sees nothing is found out by the verifier's own test, and nothing is called proven", async () => {
  const w = await world("sabotaged");
  const asked = nightOf(cluster, "shop", "0230");
  const end = await night(w, { ...asked, compare: () => [] });
  expect(end).toMatchObject({ state: "failed", verifierFails: false });
  expect(end.because).toMatch(/^the verifier did not see one row deleted from /);
  expect(await readdir(path.join(folder, "sabotaged", `shop/data/${asked.id}`))).not.toContain("proof.json");
  expect(w.passed.at(-1)).toBe("end: after the outcome");

  const assertions = [{ name: "no orders", sql: "select count(*) = 0 from shop.orders", holds: true }] as const;
  const verified = asRun(w, { of: "shop", run: "verify", backup: asked.id }, (report) =>
    verifyBackup(w, { of: "shop", id: asked.id, run: "verify", settings: { assertions } }, report),
  );
  expect(await verified).toMatchObject({ state: "failed", because: 'assertion "no orders": it does not say true' });
});

test("a table that lost most of its rows since the last proven night makes the backup suspect, though it is equal", async () => {
  await cluster.create("emptied", "shop");
  const w = await world("suspect");
  const settings = { gates: { rowDrop: percent(50), fresh: [] } };
  expect(await night(w, nightOf(cluster, "emptied", "0200", { settings }))).toMatchObject({ state: "verified" });
  await cluster.query("emptied", "set session_replication_role = replica; delete from shop.orders where id % 10 > 2");
  const second = nightOf(cluster, "emptied", "0300", { settings });
  const end = await night(await world("suspect"), second);
  expect(end).toMatchObject({ state: "suspect", differences: [], verifierFails: true });
  expect(end.because).toMatch(/^shop\.orders lost 69\.9 % of its rows since the last backup/);
  const proof = readProofRecord(await read("suspect", `emptied/data/${second.id}/proof.json`), sha256);
  expect(proof.ok && proof.record.verdict).toBe("suspect");
  await cluster.drop("emptied");
});

test("a migration that has to wait for the dump goes first, within five seconds, and the backup is taken afterwards", async () => {
  await cluster.create("migrated", "shop");
  let took = 0;
  const w = await world("yields", {
    boundary: async (name) => {
      if (name !== "take: snapshot held" || took > 0) return;
      const began = Date.now();
      await cluster.query("migrated", "alter table shop.orders add column migrated boolean");
      took = Date.now() - began;
    },
  });
  const asked = nightOf(cluster, "migrated", "0200");
  const end = await asRun(w, { of: "migrated", run: asked.run, backup: asked.id }, (report) => runTake(w, asked, report));
  expect(end).toMatchObject({ state: "uploaded" });
  // It waits until it was seen in the way for 3 s; a backup that did not let go would hold it for ever.
  expect(took).toBeGreaterThan(2_000);
  expect(took).toBeLessThan(5_000);
  expect(w.said.map(({ phase }) => phase)).toContain("yielding");
  expect(w.passed.filter((name) => name === "take: snapshot held")).toHaveLength(2);
  await cluster.drop("migrated");
});

test("a bucket that answers 503 now and then holds the same: taken in several segments, proven, restored", async () => {
  const s3 = await startS3({ versioned: true, fault: ({ number }) => (number % 9 === 5 ? "503" : undefined) });
  const w = await world("s3", { store: openStore("s3://backups/night", onServer(s3.endpoint)) });
  const asked = nightOf(cluster, "shop", "0260", { segmentBytes: 400_000 });
  expect(await night(w, asked)).toMatchObject({ state: "verified", differences: [], verifierFails: true });
  expect((await w.store.list(`shop/data/${asked.id}/segment-`)).length).toBeGreaterThan(2);
  expect(await w.store.openUploads("shop/")).toEqual([]);
  const into = readAddress(cluster.url("from_s3"));
  const end = await asRun(w, { of: "shop", run: "restore", backup: asked.id }, (report) =>
    restoreBackup(w, { of: "shop", id: asked.id, run: "restore", into, withoutExtensions: [] }, report),
  );
  expect(end).toMatchObject({ state: "restored", differences: [], steps: ["Point the application at the database from_s3; analyze it first: ANALYZE;"] });
  await s3.stop();
  await cluster.drop("from_s3");
});

/** A directory with the cluster's programs, one of them replaced by a script. */
async function binWith(name: string, script: string): Promise<string> {
  const bin = await mkdtemp(path.join(folder, "bin-"));
  for (const program of ["pg_dump", "pg_restore", "initdb", "postgres"].filter((each) => each !== name))
    await symlink(path.join(cluster.bin, program), path.join(bin, program));
  await writeFile(path.join(bin, name), `#!/bin/sh\n${script}\n`);
  await chmod(path.join(bin, name), 0o755);
  return bin;
}

test("a pg_dump of another major version is refused with the package's name before anything is stored", async () => {
  const w = await world("other-major");
  const bin = await binWith("pg_dump", `echo "pg_dump (PostgreSQL) ${cluster.major - 1}.4"`);
  const asked = nightOf(cluster, "shop", "0240");
  await expect(night({ ...w, machine: { ...w.machine, bin } }, asked)).rejects.toThrow(
    `(found: pg_dump (PostgreSQL) ${cluster.major - 1}.4): install the package postgresql-${cluster.major}`,
  );
  expect(await w.store.list("shop/data/")).toEqual([]);
  expect(JSON.parse(String(await read("other-major", "shop/runs/run-0240/outcome.json")))).toMatchObject({ ended: { state: "failed" } });
});

test("a dump that dies halfway leaves no object and no open upload", async () => {
  const w = await world("dead-dump");
  const real = path.join(cluster.bin, "pg_dump");
  const bin = await binWith(
    "pg_dump",
    `case "$*" in *--format=custom*) ${real} "$@" | head -c 300000; echo "pg_dump: error: the server went away" >&2; exit 1;; *) exec ${real} "$@";; esac`,
  );
  const asked = nightOf(cluster, "shop", "0250");
  await expect(night({ ...w, machine: { ...w.machine, bin } }, asked)).rejects.toThrow("the server went away");
  expect(await w.store.list("shop/data/")).toEqual([]);
  expect(await w.store.openUploads("shop/data/")).toEqual([]);
  expect(await cluster.query("shop", "select count(*) as n from pg_stat_activity where application_name like 'nightshift%'")).toEqual([{ n: "0" }]);
});

test("a copy of a database that went on living is proven where nothing changed, and a row damaged there is found", async () => {
  await cluster.create("living", "shop");
  const w = await world("sandwich");
  const asked = nightOf(cluster, "living", "0200");
  await asRun(w, { of: "living", run: asked.run, backup: asked.id }, (report) => runTake(w, asked, report));
  await cluster.create("living_copy", "living");
  await cluster.query("living", "set session_replication_role = replica; delete from shop.orders where id = (select max(id) from shop.orders)");
  const compare = () =>
    asRun(w, { of: "living", run: "compare", backup: asked.id }, (report) =>
      compareInstance(
        w,
        { of: "living", before: asked.id, source: readAddress(cluster.url("living")), target: readAddress(cluster.url("living_copy")), settings: {} },
        report,
      ),
    );
  const good = await compare();
  expect(good).toMatchObject({ state: "verified", differences: [] });
  expect(Object.keys(good.times)).toEqual(["restore", "compare"]);
  expect(good.findings[1]).toMatch(/^99\.\d\d % of the rows are proven/);
  await cluster.query("living_copy", "set session_replication_role = replica; delete from shop.orders where id = (select min(id) from shop.orders)");
  const bad = await compare();
  expect(bad.state).toBe("failed");
  expect(bad.differences).toHaveLength(1);
  expect(bad.differences[0]).toMatch(/^shop\.orders\S*, .* rows in the copy, \d+ before and after$/);
  await cluster.drop("living");
  await cluster.drop("living_copy");
});

test("a snapshot between two manifests of its source is proven however the database goes on, and a row damaged in it is found", async () => {
  await cluster.create("between", "shop");
  const w = await world("slices");
  const source = readAddress(cluster.url("between"));
  const id = backupId("between-261121-0200-nightly-snapshot");
  const readSide = (side: "before" | "after", run = side as string) =>
    carryOut(w, { job: { run, of: "between", do: "manifest", backup: id, side, diskGiB: 20 }, source, settings: {} });
  const before = await readSide("before");
  expect(before).toMatchObject({ state: "uploaded", slice: { key: `between/slices/${id}/before.json.zst` } });
  await cluster.query("between", "set session_replication_role = replica; delete from shop.orders where id = (select max(id) from shop.orders)");
  await cluster.create("between_copy", "between");
  await cluster.query("between", "set session_replication_role = replica; delete from shop.orders where id = (select max(id) from shop.orders)");
  const after = await readSide("after");
  // What is gone from the live database by the day of the drill says nothing about the snapshot any more.
  await cluster.query("between", "truncate shop.orders cascade");
  expect(await readSide("before", "again")).toMatchObject({ slice: before.slice, findings: ["it was taken before"] });
  const { slice: lower } = before;
  const { slice: upper } = after;
  if (lower === undefined || upper === undefined) throw new Error("a manifest was not stored");
  const compare = () =>
    asRun(w, { of: "between", run: "compare", backup: undefined }, (report) =>
      compareInstance(
        w,
        { of: "between", before: undefined, slices: { before: lower, after: upper }, source, target: readAddress(cluster.url("between_copy")), settings: {} },
        report,
      ),
    );
  const good = await compare();
  expect(good).toMatchObject({ state: "verified", differences: [] });
  expect(good.findings[0]).toMatch(/^held against the manifests of 2\d{3}-\S+ \S+ UTC and 2\d{3}-\S+ \S+ UTC$/);
  expect(good.findings[1]).toMatch(/^99\.\d\d % of the rows are proven/);
  await cluster.query("between_copy", "set session_replication_role = replica; delete from shop.orders where id = (select min(id) from shop.orders)");
  expect((await compare()).differences).toHaveLength(1);
  await cluster.drop("between");
  await cluster.drop("between_copy");
});

test("every boundary that is listed was passed by one of these runs, and no other", () => {
  expect([...new Set(worlds.flatMap(({ passed }) => passed))].sort()).toEqual(Object.keys(boundaries).sort());
});
