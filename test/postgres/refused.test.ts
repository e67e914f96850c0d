import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { readdir, readFile, rm, statfs, writeFile } from "node:fs/promises";
import path from "node:path";
import { backupId } from "@nightshift/model";
import { readAddress } from "@nightshift/vault/runner/address";
import type { Boundary } from "@nightshift/vault/runner/boundaries";
import { runnerExits } from "@nightshift/vault/runner/job";
import { type NightAsked, runNight } from "@nightshift/vault/runner/night";
import { asRun } from "@nightshift/vault/runner/run";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Cluster, startCluster } from "./support/cluster.ts";
import { leftBy, makePlace, mountDisk, type Place, refusalOf, runnerProcess } from "./support/refused.ts";
import { nightOf } from "./support/runner.ts";

let cluster: Cluster;
let place: Place;
beforeAll(async () => {
  place = await makePlace();
  cluster = await startCluster({
    settings: { max_connections: "12", max_locks_per_transaction: "30", max_wal_senders: "0", max_worker_processes: "0", wal_level: "minimal" },
  });
  await cluster.create("little");
  await cluster.query(
    "little",
    `create table big as select i, (select string_agg(md5(concat(i, ' ', n)), '') from generate_series(1, 30) n) as text from generate_series(1, 8000) i;
     create table secret as select 1 as a;
     create role locked_out login password 'right';
     create role "two sessions" login connection limit 2; grant pg_read_all_data to "two sessions";
     create role "reads little" login; grant select on big to "reads little";
     create role hurried login; grant pg_read_all_data to hurried; alter role hurried set statement_timeout = '40ms';
     alter role hurried set idle_in_transaction_session_timeout = '1ms'; alter role hurried set idle_session_timeout = '100ms';
     alter role hurried set lock_timeout = '1ms'; alter role hurried set default_transaction_read_only = on`,
  );
  const file = path.join(cluster.dataFolder, "pg_hba.conf");
  await writeFile(file, `host all locked_out 127.0.0.1/32 scram-sha-256\n${await readFile(file, "utf8")}`);
  await cluster.query("postgres", "select pg_reload_conf()");
});
afterAll(async () => {
  await cluster?.stop();
  await place?.remove();
});

const as = (user: string, password?: string) => ({ source: { ...readAddress(cluster.url("little", encodeURIComponent(user))), password } });

test("a wrong password, no password, a role or a database that is not there: each is said with what to check, and nothing is left", async () => {
  const w = place.world();
  const said = async (more: Pick<NightAsked, "source">) => refusalOf(w, nightOf(cluster, "little", "0200", more));
  const next = "check the user and the password of its address, and pg_hba.conf for this machine";
  expect(await said(as("locked_out", "hunter2"))).toBe(`sql:connect on database: password authentication failed for user "locked_out" (28P01); ${next}`);
  expect(await said(as("locked_out"))).toBe("sql:connect on database: the server asks for a password, and the address has none; add it, or set PGPASSWORD");
  expect(await said(as("nobody"))).toBe(`sql:connect on database: role "nobody" does not exist (28000); ${next}`);
  expect(await said({ source: readAddress(cluster.url("nowhere")) })).toBe(
    'sql:connect on database: database "nowhere" does not exist (3D000); check the database\'s name in its address',
  );
  expect(await leftBy(cluster, w)).toEqual([]);
});

test("the container's program says it in one line, without the password, and ends with 1", async () => {
  const url = cluster.url("little", "locked_out:hunter2");
  const end = await runnerProcess({
    ...place,
    url,
    job: { run: "process", of: "little", do: "night", backup: backupId("little-260314-0201-nightly"), diskGiB: 1 } as const,
  });
  expect(end.code).toBe(runnerExits.failed);
  expect(end.lines.filter(({ level }) => level === "error").map(({ message }) => message)).toEqual([
    expect.stringMatching(/^sql:connect on database: password authentication failed .*check the user and the password/),
  ]);
  expect(end.all).not.toContain("hunter2");
  expect(JSON.parse(readFileSync(path.join(place.store, "little/runs/process/outcome.json"), "utf8"))).toMatchObject({ ended: { state: "failed" } });
});

test("a role that may not read one table is told which, and where its rights are looked up", async () => {
  const w = place.world();
  expect(await refusalOf(w, nightOf(cluster, "little", "0202", as("reads little")))).toBe(
    "sql:lock table on database: permission denied for table secret (42501); `npx nightshift backup doctor` says which right is missing, `backup grants` prints the role that has them all",
  );
  expect(await leftBy(cluster, w)).toEqual([]);
});

test("too few connections for the role, or none left on the server, are said as that, with how many it takes", async () => {
  const w = place.world();
  const next = "give the role CONNECTION LIMIT 8 or more, or the server more max_connections; a backup needs six sessions";
  expect(await refusalOf(w, nightOf(cluster, "little", "0203", as("two sessions")))).toContain(next);
  expect(await leftBy(cluster, w)).toEqual([]);
  const others = [];
  // Nine are for roles like these, and three for superusers.
  for (let n = 0; n < 8; n += 1) others.push(await cluster.connect("postgres", "hurried"));
  expect(await refusalOf(w, nightOf(cluster, "little", "0204", as("two sessions")))).toContain(next);
  for (const other of others) await other.end();
  expect(await leftBy(cluster, w)).toEqual([]);
});

test("more tables than the server can lock at once are said as that, with the setting to raise", async () => {
  await cluster.create("many");
  await cluster.query("many", "do $$ begin for n in 1..2500 loop execute 'create table t' || n || ' ()'; if n % 50 = 0 then commit; end if; end loop; end $$");
  const w = place.world();
  expect(await refusalOf(w, nightOf(cluster, "many", "0210"))).toBe(
    "backup:holdSnapshot on database: the server's lock table is full: raise max_locks_per_transaction",
  );
  expect(await leftBy(cluster, w)).toEqual([]);
  await cluster.drop("many");
});

test("timeouts that a role has for its own sake do not end a backup", async () => {
  const w = place.world();
  const asked = nightOf(cluster, "little", "0205", as("hurried"));
  const end = await asRun(w, { of: asked.of, run: asked.run, backup: asked.id }, (report) => runNight(w, asked, report));
  expect(end).toMatchObject({ state: "verified", differences: [] });
  expect(w.said.map(({ phase }) => phase)).not.toContain("yielding");
  await rm(path.join(place.store, "little"), { recursive: true });
});

test("a server that dies in the middle of a dump leaves no object, no upload, and a sentence about the server", async () => {
  const w = place.world();
  const postmaster = path.join(cluster.dataFolder, "postmaster.pid");
  const asked = {
    ...nightOf(cluster, "little", "0206"),
    // `pg_ctl stop -m immediate` while rows are on their way.
    damage: (chunk: Buffer): Buffer => {
      if (existsSync(postmaster)) process.kill(Number(readFileSync(postmaster, "utf8").split("\n")[0]), "SIGQUIT");
      return chunk;
    },
  };
  const said = await refusalOf(w, asked);
  await cluster.restart();
  // Whichever of the sessions hears of it first says it.
  expect(said).toMatch(/the server stopped, failed over or crashed: look at its log|look whether the server still runs|check the host, the port/);
  expect(await leftBy(cluster, w)).toEqual([]);
});

// Root alone may mount a disk that is small enough to be filled; scripts/postgres/install.sh needs root as well.
if (process.getuid?.() === 0) {
  test("a store whose disk is full is named, and nothing of the dump stays on it", async () => {
    const unmount = mountDisk(place.store, 2);
    try {
      const w = place.world();
      expect(await refusalOf(w, nightOf(cluster, "little", "0207"))).toBe(
        `write on ${place.store}: its disk is full; free some space there, or name another directory`,
      );
      expect(await leftBy(cluster, w)).toEqual([]);
    } finally {
      unmount();
    }
  });

  test("a scratch disk that is too small is refused before, one that fills meanwhile is named; the backup stays, unproven", async () => {
    const asked = nightOf(cluster, "little", "0208");
    const filler = path.join(place.scratch, "filler");
    const fill = async (): Promise<void> => {
      const { bavail, bsize } = await statfs(place.scratch);
      execFileSync("/usr/bin/fallocate", ["-l", String(bavail * bsize), filler]);
    };
    const proving = async (mebibytes: number, at?: Boundary) => {
      const unmount = mountDisk(place.scratch, mebibytes);
      try {
        const w = place.world({ boundary: (name) => (name === at ? fill() : undefined) });
        const said = await refusalOf(w, asked);
        // The next night's disk is asked for by it.
        expect(w.said.at(-1)?.ended?.sourceBytes).toBeGreaterThan(1_000_000);
        expect((await readdir(place.scratch)).filter((name) => name !== "filler")).toEqual([]);
        return said;
      } finally {
        unmount();
      }
    };
    const next = "the next night asks for a task with a disk for this size; on a machine of your own, name a directory on a larger disk with --scratch";
    expect(await proving(100)).toMatch(/ needs 0\.3 GiB in \/\S+\/scratch, and 0\.1 GiB are free; the next night asks for a task with a disk for this size/);
    for (const at of ["verify: scratch server runs", "verify: archive downloaded"] as const)
      expect(await proving(320, at)).toMatch(new RegExp(`^verify on ${place.scratch}: its disk is full \\(.*\\); ${next.replaceAll(/[()]/g, "\\$&")}$`));
    const w = place.world();
    expect((await w.store.list("little/data/")).map(({ key }) => path.basename(key))).not.toContain("proof.json");
    expect(await leftBy(cluster, w)).toHaveLength(5);
  });
}
