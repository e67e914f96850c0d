import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { appFolder, type CeleryVersion, freshFolder, pythonOf } from "./places.ts";
import { type Running, startProcess, until } from "./process.ts";

/** One application: a broker, Celery's settings, and the log of what its tasks really did. */
export interface NapApp {
  readonly broker: string;
  /** Celery's own settings by their names, and `queues`: what `task_queues` shall hold. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly log: string;
  readonly folder: string;
}

/** Makes an application with an empty log. */
export async function makeApp(broker: string, settings: Readonly<Record<string, unknown>> = {}): Promise<NapApp> {
  const folder = await freshFolder("app");
  return { broker, settings, log: path.join(folder, "truth.jsonl"), folder };
}

/** A worker to be started. */
export interface WorkerWish {
  readonly celery: CeleryVersion;
  readonly app: NapApp;
  /** `ip-127-0-0-1`: the host part of its node name. */
  readonly host: string;
  readonly concurrency: number;
  readonly queues?: readonly string[];
  readonly args?: readonly string[];
}

/** One Celery worker and its children. */
export interface WorkerProcess extends Running {
  /** Celery's node name. */
  readonly name: string;
}

/** Starts a worker and returns when it consumes. */
export async function startWorker(wish: WorkerWish): Promise<WorkerProcess> {
  const name = `celery@${wish.host}`;
  const worker = startProcess({
    run: pythonOf(wish.celery),
    args: [
      ...["-m", "celery", "-A", "nap", "worker", "-l", "INFO", "-n", name, "-c", String(wish.concurrency)],
      ...(wish.queues === undefined ? [] : ["-Q", wish.queues.join(",")]),
      ...(wish.args ?? ["--without-gossip", "--without-mingle"]),
    ],
    env: environmentOf(wish.app),
    cwd: appFolder,
    log: path.join(wish.app.folder, `${wish.host}.log`),
  });
  await until(
    `worker ${name} is ready`,
    async () => {
      if (worker.result() !== undefined) throw new Error(`worker ${name} ended at its start: ${(await worker.said()).slice(-2_000)}`);
      return (await worker.said()).includes(" ready.");
    },
    120,
  );
  return { ...worker, name };
}

/** A task to be published; all but its length as `apply_async` knows it. */
export interface TaskWish {
  readonly seconds: number;
  readonly ballast?: string;
  readonly queue?: string;
  readonly routing_key?: string;
  readonly exchange?: string;
  readonly priority?: number;
  readonly countdown?: number;
  readonly headers?: Readonly<Record<string, unknown>>;
}

/** Publishes tasks as an application does, and returns their ids in order. */
export async function sendTasks(celery: CeleryVersion, app: NapApp, tasks: readonly TaskWish[]): Promise<readonly string[]> {
  const child = spawn(pythonOf(celery), ["send.py"], {
    cwd: appFolder,
    env: { PATH: process.env["PATH"] ?? "", LANG: "C.UTF-8", ...environmentOf(app) },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const [said, wrong]: [string[], string[]] = [[], []];
  child.stdout.on("data", (chunk) => said.push(String(chunk)));
  child.stderr.on("data", (chunk) => wrong.push(String(chunk)));
  child.stdin.end(tasks.map((task) => `${JSON.stringify(task)}\n`).join(""));
  const code = await new Promise((resolve) => child.on("close", resolve));
  const ids = said
    .join("")
    .split("\n")
    .filter((line) => line !== "");
  if (code !== 0 || ids.length !== tasks.length) throw new Error(`published ${ids.length} of ${tasks.length} tasks: ${wrong.join("").slice(-2_000)}`);
  return ids;
}

/** What really happened, as the tasks themselves told. */
export interface GroundTruth {
  /** Once for every time a task was begun. */
  readonly began: readonly TruthLine[];
  readonly ended: readonly TruthLine[];
  /** Begun and not ended. */
  readonly running: readonly TruthLine[];
}

/** A task that began or ended. */
interface TruthLine {
  readonly id: string;
  readonly worker: string;
  /** Seconds since 1970. */
  readonly at: number;
}

/** Reads the log of an application. */
export async function groundTruth(app: NapApp): Promise<GroundTruth> {
  const text = await readFile(app.log, "utf8").catch(() => "");
  // Written by nap.py, a file of ours, so its lines have this shape.
  const lines = text.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line) as TruthLine & { readonly what: string }]));
  const began = lines.filter((line) => line.what === "began");
  const ended = lines.filter((line) => line.what === "ended");
  const running = began.filter((line) => !ended.some((other) => other.id === line.id && other.worker === line.worker));
  return { began, ended, running };
}

const environmentOf = (app: NapApp): Readonly<Record<string, string>> => ({
  NAP_BROKER: app.broker,
  NAP_SETTINGS: JSON.stringify(app.settings),
  NAP_LOG: app.log,
  PYTHONDONTWRITEBYTECODE: "1",
  PYTHONUNBUFFERED: "1",
  // Celery warns about root at every start; a container's first process usually is.
  C_FORCE_ROOT: "1",
});
