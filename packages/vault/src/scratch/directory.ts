import { guard } from "@nightshift/model/guards";
import { readFileSync } from "node:fs";
import { chown, mkdir, mkdtemp, readdir, readlink, rm } from "node:fs/promises";
import path from "node:path";
import type { ChildIdentity } from "./identity.ts";

/** Folders of a scratch directory; short, because a socket's path may have about 100 characters (Linux manual page unix(7), 2026-11-21). */
export const DATA = "data";
export const SOCKET = "s";

/**
 * Makes a private directory for a throw-away server. Its name says which process of which boot made it, so that it can be told from the first
 * moment on whether its owner lives.
 */
export async function makeScratchDirectory(within: string, identity: ChildIdentity | undefined): Promise<string> {
  const directory = await mkdtemp(path.join(within, `nightshift-${boot()}-${process.pid}-${startOf(process.pid)}-`));
  for (const inner of ["", DATA, SOCKET].map((name) => path.join(directory, name))) {
    await mkdir(inner, { mode: 0o700, recursive: true });
    if (identity !== undefined) await chown(inner, identity.uid, identity.gid);
  }
  return directory;
}

/** Ends the servers and removes the directories of runs that are dead; returns how many. Directories of living runs, and whatever else lies there, stay. */
export async function sweepScratch(within: string): Promise<number> {
  let swept = 0;
  for (const name of await readdir(within)) {
    const [, madeIn, pid, started] = /^nightshift-(\w*)-(\d+)-(\d*)-\w{6}$/.exec(name) ?? [];
    if (guard("only what dead runs left is swept", pid === undefined || (madeIn === boot() && started === startOf(Number(pid)) && isAlive(Number(pid)))))
      continue;
    const directory = path.join(within, name);
    await endServer(path.join(directory, DATA));
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
    swept += 1;
  }
  return swept;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process that we may not signal is alive.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** Changes with every boot: a process id of another boot says nothing. Empty where there is no /proc. */
const boot = (): string => read("/proc/sys/kernel/random/boot_id").slice(0, 6);
/** When a process started (field 22 of /proc/PID/stat, Linux manual page proc_pid_stat(5), 2026-11-21), since process ids are used again; empty where there is no /proc. */
const startOf = (pid: number): string => read(`/proc/${pid}/stat`).split(") ").at(-1)?.split(" ")[19] ?? "";

function read(file: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return "";
  }
}

/** Ends the server of an abandoned data directory, if it still runs: the process that its pid file names, only while that process works in this very directory. */
async function endServer(data: string): Promise<void> {
  const pid = Number(read(path.join(data, "postmaster.pid")).split("\n")[0]);
  if (!Number.isInteger(pid) || pid <= 1 || guard("only a scratch server is ended", (await worksIn(pid)) !== data)) return;
  process.kill(pid, "SIGQUIT");
  for (let look = 0; look < 100 && (await worksIn(pid)) === data; look++) await new Promise((resolve) => setTimeout(resolve, 50));
}

async function worksIn(pid: number): Promise<string | undefined> {
  try {
    return await readlink(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
}
