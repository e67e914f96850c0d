import { execFile, execFileSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { RunnerJob } from "@nightshift/ports";
import { complaintOf } from "@nightshift/vault/runner/complaint";
import { runnerVariables } from "@nightshift/vault/runner/job";
import { type NightAsked, runNight } from "@nightshift/vault/runner/night";
import { asRun } from "@nightshift/vault/runner/run";
import type { Cluster } from "./cluster.ts";
import { type TestWorld, testWorld } from "./runner.ts";

/** A place with a store and a scratch directory, that a night may be refused in. */
export interface Place {
  readonly folder: string;
  readonly store: string;
  readonly scratch: string;
  readonly world: (more?: Partial<Parameters<typeof testWorld>[0]>) => TestWorld;
  readonly remove: () => Promise<void>;
}

/** Makes one; another user's server comes through to the scratch directory. */
export async function makePlace(): Promise<Place> {
  const folder = await mkdtemp(path.join(tmpdir(), "ns-refused-"));
  const [store, scratch] = [path.join(folder, "store"), path.join(folder, "scratch")];
  for (const each of [store, scratch]) await mkdir(each);
  for (const each of [folder, scratch]) await chmod(each, 0o755);
  return {
    folder,
    store,
    scratch,
    world: (more = {}) => testWorld({ store, scratch, ...more }),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** What a night that must fail says; it is an error of the test when it does not. */
export async function refusalOf(world: TestWorld, asked: NightAsked): Promise<string> {
  const { of, run, id } = asked;
  const end = await asRun(world, { of, run, backup: id }, (report) => runNight(world, asked, report)).catch((error: unknown) => complaintOf(error));
  if (typeof end === "string") return end;
  if (end.state !== "failed") throw new Error(`the night ended as ${end.state}`);
  return end.because ?? "it said nothing";
}

/** What a refused night left: objects of backups, open uploads, scratch directories, sessions on the server. Nothing is as it should be. */
export async function leftBy(cluster: Cluster, world: TestWorld): Promise<readonly string[]> {
  const objects = (await world.store.list("")).map(({ key }) => key).filter((key) => key.includes("/data/"));
  const uploads = (await world.store.openUploads("")).map(({ key }) => `upload of ${key}`);
  return [...objects, ...uploads, ...(await readdir(world.machine.scratch)), ...(await sessionsLeft(cluster))];
}

/** Sessions of a night; a server notices that a client is gone a moment later. */
async function sessionsLeft(cluster: Cluster): Promise<readonly string[]> {
  for (let look = 0; ; look += 1) {
    const sessions = await cluster.query("postgres", "select application_name as name from pg_stat_activity where application_name ~ '^(nightshift|pg_dump)'");
    if (sessions.length === 0 || look === 50) return sessions.map(({ name }) => `session ${String(name)}`);
    await pause(100);
  }
}

/** A disk of so many mebibytes (root alone may mount one); returns what takes it away. */
export function mountDisk(folder: string, mebibytes: number): () => void {
  execFileSync("/usr/bin/mount", ["-t", "tmpfs", "-o", `size=${mebibytes}m,mode=755`, "tmpfs", folder]);
  return () => void execFileSync("/usr/bin/umount", ["--lazy", folder]);
}

/** How the container's program ended; its lines are JSON. */
export interface ProcessEnd {
  readonly code: number | null;
  readonly lines: readonly { readonly level?: string; readonly message?: string }[];
  /** Everything that it wrote anywhere. */
  readonly all: string;
}

/** Runs the container's program with one job, as the task definition does. */
export async function runnerProcess(asked: {
  readonly store: string;
  readonly scratch: string;
  readonly url: string;
  readonly job: RunnerJob;
}): Promise<ProcessEnd> {
  const main = path.join(import.meta.dirname, "..", "..", "..", "packages/vault/src/runner/main.ts");
  const env = {
    PATH: process.env["PATH"] ?? "",
    [runnerVariables.job]: JSON.stringify(asked.job),
    [runnerVariables.store]: asked.store,
    [runnerVariables.scratch]: asked.scratch,
    [runnerVariables.url]: asked.url,
  };
  const { code, out, err } = await new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
    const child = execFile(process.execPath, ["--no-warnings", main], { env }, (_error, out, err) => resolve({ code: child.exitCode, out, err }));
  });
  const lines = out.split("\n").filter((line) => line !== "");
  // The program writes JSON lines and nothing else; what is none fails the test here.
  return { code, lines: lines.map((line) => JSON.parse(line) as ProcessEnd["lines"][number]), all: `${out}${err}` };
}
