import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";

/** One process of ours, in a process group of its own. */
export interface Running {
  readonly pid: number;
  /** Resolves with its exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
  /** Undefined while it runs. */
  readonly result: () => number | string | undefined;
  /** What it wrote so far. */
  readonly said: () => Promise<string>;
  /** To the process alone, as ECS signals a container's first process. */
  readonly signal: (name: NodeJS.Signals) => void;
  /** To it and all its children: SIGKILL, as the end of a container. Returns when it is gone. */
  readonly destroy: () => Promise<void>;
}

interface Command {
  readonly run: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly log: string;
}

const running = new Set<ChildProcess>();
// Whatever ends this process early, nothing that it started is left behind.
process.once("exit", () => {
  for (const child of running) endGroup(child);
});

/** Starts a process whose output goes to a file. */
export function startProcess({ run, args, env, cwd, log }: Command): Running {
  const out = openSync(log, "a");
  // Where a test run is killed and can clean up nothing, the system ends what it started (setpriv(1), util-linux).
  const child = spawn("/usr/bin/setpriv", ["--pdeathsig", "KILL", "--", run, ...args], {
    cwd,
    env: { PATH: process.env["PATH"] ?? "", LANG: "C.UTF-8", ...env },
    stdio: ["ignore", out, out],
    detached: true,
  });
  closeSync(out);
  running.add(child);
  let result: number | string | undefined;
  const ended = new Promise<number | string>((resolve) => {
    const end = (how: number | string): void => {
      running.delete(child);
      result = how;
      resolve(how);
    };
    child.on("error", (error) => end(error.message));
    child.on("exit", (code, signal) => end(code ?? signal ?? "unknown"));
  });
  return {
    pid: child.pid ?? -1,
    ended,
    result: () => result,
    said: () => readFile(log, "utf8"),
    signal: (name) => {
      if (result === undefined) child.kill(name);
    },
    destroy: async () => {
      endGroup(child);
      await ended;
    },
  };
}

function endGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // The whole group is gone already.
  }
}

/** Looks every 100 ms until `holds` or the looks are spent. @throws with `what` it was waiting for. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, atMostSeconds = 120): Promise<void> {
  for (let look = 0; look < atMostSeconds * 10; look += 1) {
    if (await holds()) return;
    await pause(100);
  }
  throw new Error(`waited ${atMostSeconds} s in vain until ${what}`);
}
