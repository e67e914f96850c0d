import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { connectScratch, makeScratchDatabase } from "@nightshift/vault/scratch/database";
import { sweepScratch } from "@nightshift/vault/scratch/directory";
import { openScratch } from "@nightshift/vault/scratch/server";
import { oneRow, withSession } from "@nightshift/vault/postgres/session";
import { afterAll, beforeAll, expect, test } from "vitest";
import { programs } from "./support/programs.ts";

const { bin } = programs();
const root = path.join(import.meta.dirname, "..", "..");
let within: string;
beforeAll(async () => {
  within = await mkdtemp(path.join(tmpdir(), "ns-scratch-"));
  // The server is another user's where we are root: it must come through.
  await chmod(within, 0o755);
});
afterAll(() => rm(within, { recursive: true, force: true }));

const never = new AbortController().signal;
const asked = () => ({ bin, within, memoryBytes: 256 << 20 });
/** Ends itself in this way, with a server running. */
async function inAnotherProcess(end: string): Promise<void> {
  const script = `
    const { openScratch } = await import(${JSON.stringify(path.join(root, "packages/vault/src/scratch/server.ts"))});
    await openScratch(${JSON.stringify(asked())});
    ${end}`;
  const child = spawn(process.execPath, ["--no-warnings", "--input-type=module", "-e", script], { stdio: "inherit", cwd: root });
  await once(child, "exit");
}
const servers = async (): Promise<number> => {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const { readlink } = await import("node:fs/promises");
  const homes = await Promise.all(pids.map((pid) => readlink(`/proc/${pid}/cwd`).catch(() => "")));
  return homes.filter((home) => home.startsWith(within)).length;
};

test("a scratch server listens on no network, is made like the source, and is gone when it is closed", async () => {
  const scratch = await openScratch(asked());
  const like = {
    roles: ["shop owner", "pg_monitor"],
    server: {
      version: "15",
      major: 15,
      database: "shop",
      dataChecksums: true,
      encoding: "UTF8",
      collate: "xx_XX.UTF-8",
      ctype: "C",
      localeProvider: "libc",
      inRecovery: false,
      bytes: 1,
    },
  };
  expect(await makeScratchDatabase(scratch, "copy", { like, signal: never })).toEqual([
    "the copy sorts by the locale C, because its server lacks xx_XX.UTF-8: order of texts was not tried",
  ]);
  const row = await withSession(connectScratch(scratch, "copy", never), (session) =>
    oneRow(
      session,
      "select current_setting('listen_addresses') as net, current_setting('fsync') as fsync, (select count(*) from pg_roles where rolname = 'shop owner') as roles",
    ),
  );
  expect(row).toEqual({ net: "", fsync: "off", roles: "1" });
  await scratch.close();
  await scratch.close();
  expect(await readdir(within)).toEqual([]);
});

test("what a killed process leaves, the next run ends and removes; living runs and other people's files stay", async () => {
  const living = await openScratch(asked());
  await mkdir(path.join(within, "nightshift-notes"));
  await inAnotherProcess('process.kill(process.pid, "SIGKILL");');
  expect(await readdir(within)).toHaveLength(3);
  expect(await sweepScratch(within)).toBe(1);
  expect((await readdir(within)).sort()).toEqual([path.basename(living.directory), "nightshift-notes"].sort());
  expect(await withSession(connectScratch(living, "postgres", never), (session) => oneRow(session, "select 1 as one"))).toEqual({ one: "1" });
  await living.close();
  await rm(path.join(within, "nightshift-notes"), { recursive: true });
  expect(await servers()).toBe(0);
});

test("a process that simply ends takes its server and its directory along", async () => {
  await inAnotherProcess("process.exit(3);");
  expect(await readdir(within)).toEqual([]);
  expect(await servers()).toBe(0);
});
