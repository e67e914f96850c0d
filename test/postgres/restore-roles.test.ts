import { createReadStream } from "node:fs";
import { grantsSql, restoreGrantsSql } from "@nightshift/decide/backups/postgres-grants";
import { checkRestoreRole } from "@nightshift/decide/backups/restore-doctor";
import { examineRestoreRole, readOwners } from "@nightshift/vault/postgres/restore-role";
import { withSession } from "@nightshift/vault/postgres/session";
import { readAddress } from "@nightshift/vault/runner/address";
import { carryOut } from "@nightshift/vault/runner/work";
import { lendTo } from "@nightshift/vault/scratch/lend";
import { restoreArchive } from "@nightshift/vault/scratch/restore";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sessionsOn } from "./support/address.ts";
import { type Cluster, startCluster } from "./support/cluster.ts";
import { installedPrograms } from "./support/programs.ts";
import { makePlace, type Place } from "./support/refused.ts";
import { nightOf } from "./support/runner.ts";

const majors = installedPrograms().map(({ major }) => major);

/** A shop as teams have it: two owners, of whom one may make nothing in the other's schemas; rights that were granted, passed over and taken from everybody. */
const shop = `
  create schema shop authorization app;
  create extension pg_trgm schema shop;
  create extension hstore schema shop;
  comment on extension hstore is 'keys';
  comment on schema shop is 'what is sold';
  grant usage on schema shop to shop_owner, "Shop reader";
  revoke all on schema public from public;
  grant usage on schema public to "Shop reader";
  set role app;
  create type shop.state as enum ('open', 'paid');
  create table shop.orders (id bigint generated always as identity primary key, state shop.state not null, placed timestamptz not null default now()) partition by range (id);
  create table shop.orders_1 partition of shop.orders for values from (0) to (1000);
  create table shop.orders_rest partition of shop.orders default;
  create table shop.notes (id integer primary key, who text not null);
  alter table shop.notes enable row level security;
  alter table shop.notes force row level security;
  create policy own on shop.notes using (who = current_user);
  create function shop.total() returns bigint language sql security definer as 'select count(*) from shop.orders';
  revoke all on function shop.total() from public;
  grant execute on function shop.total() to "Shop reader";
  grant select on shop.orders to shop_owner with grant option;
  grant select (id) on shop.notes to "Shop reader";
  create publication changes for table shop.orders;
  insert into shop.orders (state) select 'open' from generate_series(1, 1500);
  create table shop.stock (id integer primary key, order_id bigint references shop.orders, sku text check (sku <> ''));
  create index on shop.stock using gin (sku shop.gin_trgm_ops);
  insert into shop.stock select n, n, 'sku ' || n from generate_series(1, 200) n;
  create table public.flags (name text primary key);
  create materialized view shop.busy as select state, count(*) from shop.orders group by 1;
  create view shop.open_orders as select id from shop.orders where state = 'open';
  alter default privileges in schema shop grant select on tables to "Shop reader";
  select lo_from_bytea(4711, 'a picture');
  grant select on large object 4711 to "Shop reader", nights;
  reset role;
  insert into shop.notes values (1, 'app'), (2, 'somebody');
  alter table shop.stock owner to shop_owner;
  alter table public.flags owner to shop_owner;
  alter materialized view shop.busy owner to shop_owner;
  alter function shop.total() owner to shop_owner;
  alter default privileges for role shop_owner grant select on tables to app;
`;

/** Owners and rights of everything, by name: two databases that say the same here are handed over alike. */
const rights = `
  select 'relation ' || c.oid::regclass as what, c.relowner::regrole::text as owner, coalesce(c.relacl, acldefault(case c.relkind when 'S' then 's' else 'r' end::"char", c.relowner))::text as acl
    from pg_class c where c.relnamespace in ('shop'::regnamespace, 'public'::regnamespace) and c.relkind in ('r', 'p', 'v', 'm', 'S')
  union all select 'column ' || a.attrelid::regclass || '.' || a.attname, '', a.attacl::text from pg_attribute a where a.attacl is not null and a.attrelid >= 16384
  union all select 'schema ' || n.nspname, n.nspowner::regrole::text, coalesce(n.nspacl, acldefault('n', n.nspowner))::text from pg_namespace n where n.nspname in ('shop', 'public')
  union all select 'function ' || p.proname, p.proowner::regrole::text, p.proacl::text from pg_proc p where p.proname = 'total'
  union all select 'type ' || t.typname, t.typowner::regrole::text, t.typacl::text from pg_type t where t.typname = 'state'
  union all select 'in advance ' || d.defaclobjtype::text || d.defaclnamespace, d.defaclrole::regrole::text, d.defaclacl::text from (select defaclrole, defaclacl, defaclobjtype, coalesce((select nspname::text from pg_namespace where oid = defaclnamespace), '') as defaclnamespace from pg_default_acl) d
  union all select 'large object ' || l.oid, l.lomowner::regrole::text, l.lomacl::text from pg_largeobject_metadata l
  union all select 'publication ' || p.pubname, p.pubowner::regrole::text, null from pg_publication p
  union all select 'database', d.datdba::regrole::text, (select string_agg(x::text, ',' order by x::text) from unnest(d.datacl) x) from pg_database d where datname = current_database()
  order by 1, 3`;

describe.each(majors)("PostgreSQL %i, through the roles that `backup grants` prints", (major) => {
  let cluster: Cluster;
  let place: Place;
  beforeAll(async () => {
    place = await makePlace();
    cluster = await startCluster({ major });
    await cluster.query(
      "postgres",
      `create role app login; create role shop_owner; create role "Shop reader" login; create role nights; create role passer_by login`,
    );
    await cluster.query("postgres", "create database shop owner app");
    await cluster.query(
      "postgres",
      `revoke all on database shop from public; grant connect on database shop to "Shop reader", shop_owner; alter database shop set work_mem = '5MB'`,
    );
    await cluster.query("shop", shop);
    const owners = await withSession(sessionsOn(cluster, "shop"), readOwners);
    expect(owners).toEqual([
      { name: "app", rules: false },
      { name: "shop_owner", rules: false },
    ]);
    await cluster.query(
      "postgres",
      [
        ...grantsSql({ role: "nightly", major, schemas: [], create: true, rowSecurity: true }),
        "grant nights to nightly; grant connect on database shop to nightly",
      ].join("\n"),
    );
    await cluster.query("postgres", restoreGrantsSql({ role: "restorer", major, owners, create: true, rowSecurity: true }).join("\n"));
  });
  afterAll(async () => {
    await cluster?.stop();
    await place?.remove();
  });

  const job = (what: "take" | "restore", run: string, more: object = {}) => ({
    ...{ run, of: "shop", do: what, backup: nightOf(cluster, "shop", "0200").id, series: "nightly" as const, diskGiB: 20 },
    ...more,
  });
  const as = (user: string) => readAddress(cluster.url("shop", user));

  test("a restore is complete: rows, owners and rights of everything, and of the database itself", async () => {
    const here = place.world();
    const w = { ...here, machine: { ...here.machine, bin: cluster.bin } };
    expect(await carryOut(w, { job: job("take", "taken"), source: as("nightly"), settings: {} })).toMatchObject({ state: "uploaded" });
    const target = `127.0.0.1:${cluster.port}`;
    const end = await carryOut(w, { job: job("restore", "restore", { target }), source: as("nightly"), restorer: as("restorer"), settings: {} });
    expect(end).toMatchObject({ state: "restored", differences: [] });
    expect(end.findings).toEqual([]);
    const restored = /^(\S+) on/.exec(end.restoredInto ?? "")?.[1] ?? "";
    expect(await cluster.query(restored, rights)).toEqual(await cluster.query("shop", rights));
    expect(await cluster.query(restored, "select count(*) from shop.busy")).toEqual([{ count: "1" }]);
  });

  test("a stream that cannot be read twice at once is restored as wholly; without lending rights on schemas nothing is its owners'", async () => {
    const file = `${cluster.folder}/archive`;
    expect(await cluster.run("pg_dump", ["-Fc", "-Z0", "-f", file, "shop"])).toMatchObject({ code: 0 });
    const into = async (database: string, lends: boolean) => {
      await cluster.query("postgres", `create database ${database} owner app`);
      const lend = lends ? { lend: lendTo(sessionsOn(cluster, database, { user: "restorer" }), ["app", "shop_owner", "Shop reader"]) } : {};
      const there = { host: "127.0.0.1", port: cluster.port, user: "restorer", database };
      const archive = { open: () => createReadStream(file) };
      const { errors } = await restoreArchive({ bin: cluster.bin, archive, into: there, jobs: 1, withoutExtensions: [], directory: place.folder, ...lend });
      const all = await cluster.query(database, rights);
      return { errors, all: all.filter(({ what }) => what !== "database") };
    };
    const source = (await cluster.query("shop", rights)).filter(({ what }) => what !== "database");
    expect(await into("streamed", true)).toEqual({ errors: [], all: source });
    const bare = await into("bare", false);
    expect(bare.errors.join("\n")).toContain("permission denied for schema shop");
    expect(bare.all).not.toEqual(source);
  });

  test("the role of the nights changes nothing and restores nothing", async () => {
    const nightly = await cluster.connect("shop", "nightly");
    await nightly.query("set default_transaction_read_only = off");
    for (const sql of [
      "insert into public.flags values ('x')",
      "delete from shop.stock",
      "create table public.mine ()",
      "create database mine",
      "set role app",
      "truncate shop.orders",
    ])
      await expect(nightly.query(sql), sql).rejects.toThrow(/permission denied/);
    await expect(
      carryOut(place.world(), { job: job("restore", "without", { target: `127.0.0.1:${cluster.port}` }), source: as("nightly"), settings: {} }),
    ).rejects.toThrow("NIGHTSHIFT_RESTORE_URL");
  });

  test("the doctor has nothing against the role that restores, and says what another one lacks", async () => {
    const found = async (user: string) => checkRestoreRole(await examineRestoreRole(sessionsOn(cluster, "shop", { user }))).map(({ id }) => id);
    expect(await found("restorer")).toEqual([]);
    expect(await found("nightly")).toEqual(["P15", "P15", "P16"]);
    await cluster.query("postgres", "create role half login createdb createrole; grant app to half; grant connect on database shop to half");
    expect(await found("half")).toEqual(["P16", "P17"]);
    expect(await found("postgres")).toEqual(["P17"]);
  });
});
