import { grantsSql } from "@nightshift/decide/backups/postgres-grants";
import { checkDatabase } from "@nightshift/decide/backups/postgres-doctor";
import { seconds } from "@nightshift/model";
import { describeDatabase } from "@nightshift/vault/postgres/describe-database";
import { examineDatabase } from "@nightshift/vault/postgres/examine";
import { holdSnapshot } from "@nightshift/vault/postgres/hold-snapshot";
import { readRoles, rolesSql } from "@nightshift/vault/postgres/roles";
import { connectTo, withSession } from "@nightshift/vault/postgres/session";
import { MustYield, watchForBlocked } from "@nightshift/vault/postgres/watch-for-blocked";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connectionTo, sessionsOn } from "./support/address.ts";
import { type Cluster, startCluster } from "./support/cluster.ts";
import { createShop } from "./support/shop.ts";

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster({ checksums: false });
  await createShop(cluster, "shop", 1);
});
afterAll(() => cluster.stop());

/** Ids of what the doctor finds. */
const found = async (user: string): Promise<readonly string[]> =>
  checkDatabase(await examineDatabase(sessionsOn(cluster, "shop", { user })), { clientMajor: 15 }).map(({ id }) => id);

test("a role with the least grants reads everything, and the doctor has no more to say than is true of the server", async () => {
  await cluster.query(
    "shop",
    [...grantsSql({ role: "backup", major: 15, schemas: [], create: true, rowSecurity: true }), "alter role backup set lo_compat_privileges = on"].join("\n"),
  );
  expect(await found("backup")).toEqual(["P8", "P9", "P10", "P14"]);
  const connect = sessionsOn(cluster, "shop", { user: "backup" });
  const held = await holdSnapshot({ connect });
  const manifest = await describeDatabase({ connect, held, schema: async () => "" });
  await held.release();
  expect(manifest.tables.length).toBe(22);
  expect(manifest.tables.find(({ table }) => table === "shop.private_notes")?.rows).toBe(2);
  expect(manifest.largeObjects.count).toBe(25);
});

test("a role that reads too little is told so, and gets no manifest", async () => {
  await cluster.query("shop", "create role little login; grant usage on schema shop to little; grant select on shop.private_notes, shop.products to little");
  expect(await found("little")).toEqual(["P1", "P2", "P3", "P8", "P9", "P10", "P14"]);
  await expect(holdSnapshot({ connect: sessionsOn(cluster, "shop", { user: "little" }) })).rejects.toMatchObject({ kind: "denied" });
});

test("row security that would hide rows is an error, never a smaller backup", async () => {
  await cluster.query("shop", "create role sees_all login; grant pg_read_all_data to sees_all");
  const connect = sessionsOn(cluster, "shop", { user: "sees_all" });
  await expect(describeDatabase({ connect, schema: async () => "" })).rejects.toMatchObject({ kind: "denied" });
});

test("roles are read without passwords and can be made again", async () => {
  await cluster.query(
    "shop",
    `create role "a ""role""" login password 'secret' connection limit 3; grant shop_owner to "a ""role"""; alter role "a ""role""" set search_path = shop, public`,
  );
  const roles = await withSession(sessionsOn(cluster, "shop"), readRoles);
  const sql = rolesSql(roles);
  expect(sql.join("\n")).not.toContain("secret");
  expect(sql.filter((statement) => statement.includes('a ""role'))).toEqual([
    `create role "a ""role""" with nosuperuser nocreatedb nocreaterole inherit login noreplication nobypassrls connection limit 3;`,
    `grant "shop_owner" to "a ""role""";`,
    `alter role "a ""role""" set "search_path" to shop, public;`,
  ]);
  await cluster.query("shop", `drop role "a ""role"""`);
  for (const statement of sql.filter((each) => each.includes('a ""role'))) await cluster.query("shop", statement);
  expect(await withSession(sessionsOn(cluster, "shop"), readRoles)).toEqual(roles);
});

test("who waits behind a backup for three seconds gets through: the watch gives the signal and the locks go", async () => {
  const watched = connectionTo(cluster, "shop", { name: "a backup" });
  const held = await holdSnapshot({ connect: connectTo(watched) });
  const watch = watchForBlocked({ connect: connectTo(watched), name: "a backup", pause: (length, signal) => pause(length, undefined, { signal }) });
  let altered = false;
  const began = performance.now();
  const altering = cluster.query("shop", "alter table shop.customers add column note text").then(() => {
    altered = true;
  });
  await new Promise((resolve) => watch.signal.addEventListener("abort", resolve));
  expect(altered).toBe(false);
  await held.release();
  await altering;
  expect(performance.now() - began).toBeGreaterThan(seconds(3));
  const reason: unknown = watch.signal.reason;
  expect(reason).toBeInstanceOf(MustYield);
  expect(reason instanceof MustYield ? reason.blocked?.waitsFor : undefined).toBe("AccessExclusiveLock on shop.customers");
  await watch.stop();
});

test("a backup that stands in nobody's way is left alone", async () => {
  const watched = connectionTo(cluster, "shop", { name: "quiet" });
  const held = await holdSnapshot({ connect: connectTo(watched) });
  let looks = 0;
  const watch = watchForBlocked({
    connect: connectTo(watched),
    name: "quiet",
    pause: async () => {
      looks += 1;
      await pause(10);
    },
  });
  while (looks < 20) await pause(10);
  await watch.stop();
  await held.release();
  expect(watch.signal.aborted).toBe(false);
});

test("a statement that is running ends with its session when the run is given up", async () => {
  const giveUp = new AbortController();
  const session = await connectTo(connectionTo(cluster, "shop", { name: "given up" }), giveUp.signal)();
  await session.query("set client_connection_check_interval = '1s'");
  const slept = session.query("select pg_catalog.pg_sleep(600)");
  slept.catch(() => undefined);
  giveUp.abort(new Error("somebody stopped it"));
  await expect(slept).rejects.toThrow("somebody stopped it");
  for (let look = 0; look < 200; look += 1) {
    const left = await cluster.query("shop", "select from pg_stat_activity where application_name = 'given up'");
    if (left.length === 0) return;
    await pause(100);
  }
  throw new Error("the statement still runs after 20 s");
});
