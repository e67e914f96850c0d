import { execFileSync, spawn } from "node:child_process";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { backupId, epochMs } from "@nightshift/model";
import type { RunnerJob } from "@nightshift/ports";
import { boundaries } from "@nightshift/vault";
import { startS3, type S3Server } from "@nightshift/vault/testing/s3-server";
import { openStore } from "@nightshift/vault/store/open";
import { type Cluster, startCluster } from "../support/cluster.ts";
import { createShop } from "../support/shop.ts";
import { chanceOf } from "./damage.ts";

/** How many runs are killed, and where. */
export interface KillsAsked {
  /** Beside every boundary of a night, so many times chosen by the seed. */
  readonly atRandom: number;
  readonly seed: number;
  readonly say?: (line: string) => void;
}

/** What was found after the night that followed each kill. */
export interface KillsPlayed {
  readonly killed: number;
  /** Runs that ended before their time came. */
  readonly tooLate: number;
  /** What was not as it must be; empty. */
  readonly problems: readonly string[];
}

/** The boundaries that a night passes. */
export const nightBoundaries = Object.keys(boundaries).filter((name) => !name.startsWith("restore: "));

interface Stage {
  readonly cluster: Cluster;
  readonly s3: S3Server;
  readonly scratch: string;
  readonly program: string;
}

const root = path.join(import.meta.dirname, "../../..");

/** Kills nights at every boundary and at random times; the next run of the same night must find or make one proven backup, and leave nothing else behind. */
export async function killNights(asked: KillsAsked): Promise<KillsPlayed> {
  const cluster = await startCluster({ inMemory: true });
  const s3 = await startS3();
  // The test's own server takes any; the SDK wants some.
  process.env["AWS_ACCESS_KEY_ID"] ??= "local";
  process.env["AWS_SECRET_ACCESS_KEY"] ??= "local";
  const stage: Stage = { cluster, s3, scratch: path.join(cluster.folder, "scratch"), program: path.join(cluster.folder, "night.mjs") };
  // Built as the container's is: a process that strips types from the sources first starts ten times as slowly, and there are a hundred.
  execFileSync(process.execPath, [path.join(root, "containers/runner/build.mjs"), stage.program, path.join(import.meta.dirname, "killed-run.ts")]);
  try {
    await createShop(cluster, "source", 1);
    const whole = await timed(() => night(stage, { n: 0 }));
    const chance = chanceOf(asked.seed);
    const killings: readonly Killing[] = [
      ...nightBoundaries.map((dieAt, n): Killing => ({ n: n + 1, dieAt })),
      ...Array.from({ length: asked.atRandom }, (_, n): Killing => ({ n: 1_000 + n, dieAfterMs: Math.floor(chance() * whole) })),
    ];
    const problems: string[] = [];
    let killed = 0;
    for (const killing of killings) {
      const found = await killAndGoOn(stage, killing);
      if (found.killed) killed += 1;
      problems.push(...found.problems);
      asked.say?.(
        `${killing.dieAt ?? `after ${killing.dieAfterMs} ms`}: ${found.killed ? "killed" : "had ended"}; ${found.problems.join("; ") || "one proven backup, nothing left behind"}`,
      );
    }
    return { killed, tooLate: killings.length - killed, problems };
  } finally {
    await s3.stop();
    await cluster.stop();
  }
}

interface Killing {
  readonly n: number;
  readonly dieAt?: string;
  readonly dieAfterMs?: number;
}

async function killAndGoOn(stage: Stage, killing: Killing): Promise<{ readonly killed: boolean; readonly problems: readonly string[] }> {
  const first = await night(stage, killing);
  // The same schedule again, as the durable function would ask for it.
  const second = await night(stage, { n: killing.n });
  const where = killing.dieAt ?? `after ${killing.dieAfterMs} ms`;
  const problems = [
    ...(killing.dieAt !== undefined && first !== "killed" ? ["it was not killed there: the boundary is never passed"] : []),
    ...(second === 0 ? [] : [`the run after it ended with ${second}`]),
    ...(await leftBehind(stage, killing.n)),
  ];
  return { killed: first === "killed", problems: problems.map((problem) => `${where}: ${problem}`) };
}

async function leftBehind({ cluster, s3, scratch }: Stage, n: number): Promise<readonly string[]> {
  const store = openStore("s3://proof/", { endpoint: s3.endpoint, region: "us-east-1" });
  const { backup } = jobOf(n);
  const keys = (await store.list(`shop/data/${backup}/`)).map(({ key }) => path.basename(key));
  const count = (name: string): number => keys.filter((key) => key === name).length;
  const uploads = await store.openUploads("");
  const directories = await readdir(scratch);
  const connections = await cluster.query("postgres", "select count(*)::int as n from pg_stat_activity where application_name like 'nightshift%'");
  return [
    ...(count("manifest.json") === 1 ? [] : [`${count("manifest.json")} commit records`]),
    ...(count("proof.json") === 1 ? [] : [`${count("proof.json")} proofs`]),
    ...(uploads.length === 0 ? [] : [`${uploads.length} open uploads`]),
    ...(directories.length === 0 ? [] : [`scratch directories: ${directories.join(", ")}`]),
    ...(connections[0]?.["n"] === 0 ? [] : [`${String(connections[0]?.["n"])} connections to the source`]),
  ];
}

const jobOf = (n: number): RunnerJob & { readonly backup: NonNullable<RunnerJob["backup"]> } => ({
  run: `proof-${n}`,
  of: "shop",
  do: "night",
  backup: backupId(`shop-261121-${String(n).padStart(4, "0")}-nightly`),
  scheduled: epochMs(Date.UTC(2026, 10, 21, 2) + n * 60_000),
  diskGiB: 20,
});

/** A night in a process of its own: its exit code, or that it was killed. */
async function night({ cluster, s3, scratch, program }: Stage, { n, dieAt, dieAfterMs }: Killing): Promise<number | "killed"> {
  const told = { place: "s3://proof/", endpoint: s3.endpoint, scratch, url: cluster.url("source"), job: jobOf(n), dieAt };
  const child = spawn(process.execPath, [program, JSON.stringify(told)], { stdio: ["ignore", "ignore", "inherit"] });
  const ended = new Promise<number | "killed">((resolve) => child.once("close", (code, signal) => resolve(signal === "SIGKILL" ? "killed" : (code ?? 1))));
  if (dieAfterMs !== undefined) void pause(dieAfterMs).then(() => child.kill("SIGKILL"));
  return ended;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
