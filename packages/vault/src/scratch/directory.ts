import { guard } from "@nightshift/model/guards";
import { chown, mkdir, mkdtemp, readdir, readlink, rm } from "node:fs/promises";
import path from "node:path";
import { PortError } from "@nightshift/ports";
import type { ChildIdentity } from "./identity.ts";
import { boot, lives, readText, startOf } from "./owner.ts";

/** Folders of a scratch directory; short, because a socket's path may have about 100 characters (Linux manual page unix(7), 2026-11-21). */
export const DATA = "data";
export const SOCKET = "s";

/**
 * Makes a private directory for a throw-away server. Its name says which process of which boot made it, so that it can be told from the first
 * moment on whether its owner lives.
 */
export async function makeScratchDirectory(within: string, identity: ChildIdentity | undefined): Promise<string> {
  // The server works in a directory of its own, where a relative path would mean another place.
  const beginning = path.join(path.resolve(within), `nightshift-${boot()}-${process.pid}-${startOf(process.pid)}-`);
  const directory = await mkdtemp(beginning).catch((error: unknown) => refuse(within, error));
  for (const inner of ["", DATA, SOCKET].map((name) => path.join(directory, name))) {
    await mkdir(inner, { mode: 0o700, recursive: true });
    if (identity !== undefined) await chown(inner, identity.uid, identity.gid);
  }
  return directory;
}

/** Ends the servers and removes the directories of runs that are dead; returns how many. Directories of living runs, and whatever else lies there, stay. */
export async function sweepScratch(within: string): Promise<number> {
  let swept = 0;
  for (const name of await readdir(within).catch((error: unknown) => refuse(within, error))) {
    const [, madeIn, pid, started] = /^nightshift-(\w*)-(\d+)-(\d*)-\w{6}$/.exec(name) ?? [];
    if (guard("only what dead runs left is swept", pid === undefined || (madeIn === boot() && lives(Number(pid), started ?? "")))) continue;
    const directory = path.join(path.resolve(within), name);
    await endServer(path.join(directory, DATA));
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
    swept += 1;
  }
  return swept;
}

/** The directory for throw-away servers is the user's to name: what is wrong with it is theirs to read. */
function refuse(within: string, error: unknown): never {
  const code = error instanceof Error ? String(Reflect.get(error, "code")) : "";
  const why =
    code === "ENOENT"
      ? "there is no such directory; make it"
      : code === "ENOTDIR"
        ? "it is a file, where throw-away servers need a directory; take it away"
        : code === "EACCES" || code === "EPERM" || code === "EROFS"
          ? "we may not write there; give us the right to"
          : code === "ENOSPC" || code === "EDQUOT"
            ? "its disk is full; free some space there"
            : undefined;
  if (why === undefined) throw error;
  throw new PortError("invalid", "scratch", within, `${why}, or name another with --scratch`, error);
}

/** Ends the server of an abandoned data directory, if it still runs: the process that its pid file names, only while that process works in this very directory. */
async function endServer(data: string): Promise<void> {
  const pid = Number(readText(path.join(data, "postmaster.pid")).split("\n")[0]);
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
