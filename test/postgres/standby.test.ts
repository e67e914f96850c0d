import { execFile } from "node:child_process";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { checkDatabase } from "@nightshift/decide/backups/postgres-doctor";
import { examineDatabase } from "@nightshift/vault/postgres/examine";
import { connectTo } from "@nightshift/vault/postgres/session";
import { readAddress } from "@nightshift/vault/runner/address";
import { runNight } from "@nightshift/vault/runner/night";
import { asRun } from "@nightshift/vault/runner/run";
import { readCommitted } from "@nightshift/vault/runner/shelf-reading";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Cluster, startCluster } from "./support/cluster.ts";
import { startPooler } from "./support/pooler.ts";
import { serverUser } from "./support/programs.ts";
import { leftBy, makePlace, type Place, refusalOf } from "./support/refused.ts";
import { nightOf } from "./support/runner.ts";

let primary: Cluster;
let standby: Cluster;
let place: Place;
beforeAll(async () => {
  place = await makePlace();
  primary = await startCluster();
  await primary.create("shop");
  await primary.query(
    "shop",
    `create table orders (id serial primary key, text text not null); insert into orders (text) select md5(i::text) from generate_series(1, 20000) i;
     create unlogged table sessions as select 1 as token; create unlogged sequence numbers; select lo_from_bytea(0, 'x')`,
  );
  standby = await startCluster({ settings: { max_standby_streaming_delay: "0" }, fill: (folder) => copyInto(folder) });
});
afterAll(async () => {
  await standby?.stop();
  await primary?.stop();
  await place?.remove();
});

/** A base backup that follows its primary once it is started. */
async function copyInto(folder: string): Promise<void> {
  const made = await primary.run("pg_basebackup", ["--pgdata", folder, "--write-recovery-conf", "--checkpoint=fast", "--no-sync"]);
  if (made.code !== 0) throw new Error(made.err);
  const user = serverUser();
  if (user !== undefined) await promisify(execFile)("chown", ["-R", `${user.uid}:${user.gid}`, folder]);
}

async function replayed(): Promise<void> {
  const [row] = await primary.query("postgres", "select pg_current_wal_lsn() as at");
  for (let look = 0; look < 200; look += 1) {
    const [there] = await standby.query("postgres", `select pg_last_wal_replay_lsn() >= '${String(row?.["at"])}' as there`);
    if (there?.["there"] === true) return;
    await pause(50);
  }
  throw new Error("the standby is not as far as its primary after 10 s");
}

test("a night reads from a standby while its primary goes on writing, and is proven", async () => {
  const w = place.world({
    boundary: async (name) => {
      if (name !== "take: snapshot held") return;
      await primary.query("shop", "insert into orders (text) select 'later' from generate_series(1, 500)");
      await replayed();
    },
  });
  await replayed();
  const asked = nightOf(standby, "shop", "0200");
  const end = await asRun(w, { of: "shop", run: asked.run, backup: asked.id }, (report) => runNight(w, asked, report));
  expect(end).toMatchObject({ state: "verified", differences: [], rows: 20_000, verifierFails: true });
  const contents = (await readCommitted(w.store, "shop", asked.id))?.contents;
  expect(contents?.server.inRecovery).toBe(true);
  expect(contents?.sequences.map(({ sequence }) => sequence)).toEqual(["public.orders_id_seq"]);
});

test("a standby that ends the reading, because its primary cleared away what was read, is said as that, with both ways out", async () => {
  const w = place.world({
    boundary: async (name) => {
      if (name !== "take: snapshot held") return;
      await primary.query("shop", "delete from orders where id % 2 = 0");
      await primary.query("shop", "vacuum orders");
      await replayed();
    },
  });
  const said = await refusalOf(w, nightOf(standby, "shop", "0300"));
  expect(said).toMatch(/it reads from a standby; set hot_standby_feedback = on there, or max_standby_streaming_delay to more than a backup takes/);
  expect((await w.store.list("shop/data/shop-260314-0300")).length).toBe(0);
  expect((await leftBy(standby, w)).filter((left) => !left.includes("0200"))).toEqual([]);
});

test("a pooler in transaction mode is refused by name before anything is set or read through it, and the doctor sees it", async () => {
  await primary.query("postgres", "alter role postgres set statement_timeout = '7s'");
  const pooler = await startPooler(primary);
  try {
    const source = readAddress(pooler.url("shop", "postgres"));
    const w = place.world();
    expect(await refusalOf(w, nightOf(primary, "shop", "0400", { source }))).toBe(
      "backup:holdSnapshot on database: the address leads to a pooler (PgBouncer, RDS Proxy); give the server's own address",
    );
    const connect = connectTo({ ...source, name: "doctor" });
    expect(checkDatabase(await examineDatabase(connect), { clientMajor: primary.major }).map(({ id }) => id)).toContain("P4");
    const session = await connect();
    expect(await session.query("show statement_timeout")).toEqual([{ statement_timeout: "7s" }]);
    await session.close();
    expect((await w.store.list("shop/data/shop-260314-0400")).length).toBe(0);
  } finally {
    await pooler.stop();
  }
});
