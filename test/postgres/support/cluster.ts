import { spawn } from "node:child_process";
import { chown, mkdtemp, readFile, rm, statfs, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { programs, serverUser } from "./programs.ts";

/** A PostgreSQL server of the test's own, on a free loopback port and a unix socket; superuser `postgres`, no password asked. */
export interface Cluster {
  readonly major: number;
  /** Folder of the client programs of the same major. */
  readonly bin: string;
  readonly port: number;
  /** Its folder under the system's temporary one; `data` lies in it. */
  readonly folder: string;
  readonly dataFolder: string;
  /** What any client may connect with. */
  readonly url: (database: string, user?: string) => string;
  /** A connection that the cluster closes with itself, if nobody did before. */
  readonly connect: (database: string, user?: string) => Promise<pg.Client>;
  /** Runs statements in a connection of their own and returns the last one's rows, or those of a single one. */
  readonly query: (database: string, sql: string) => Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** A new database, empty or a copy of one that nobody is connected to. Returns its name. */
  readonly create: (database: string, template?: string) => Promise<string>;
  readonly drop: (database: string) => Promise<void>;
  /** One of its own programs (pg_dump, pg_restore, pg_amcheck …), with the address in the environment. */
  readonly run: (program: string, args: readonly string[], input?: string) => Promise<{ readonly code: number; readonly out: string; readonly err: string }>;
  /** What the server said. */
  readonly log: () => Promise<string>;
  /** SIGKILL, as when the machine dies. */
  readonly kill: () => Promise<void>;
  /** Starts it again on the same port, after `kill` or with other settings. */
  readonly restart: () => Promise<void>;
  /** Ends it and deletes its folder. */
  readonly stop: () => Promise<void>;
}

/** How a server is made. */
export interface ClusterSettings {
  readonly major?: number;
  /** Off by default: no test is about a machine that loses power. */
  readonly fsync?: boolean;
  readonly checksums?: boolean;
  /** Its files lie in memory where there is plenty of it: what is made and dropped hundreds of times is spared the disk's bookkeeping. */
  readonly inMemory?: boolean;
  /** Parameters of postgresql.conf. */
  readonly settings?: Readonly<Record<string, string>>;
  /** A data folder that exists already (a standby's, from pg_basebackup) is copied by this instead of initdb; it gets the folder to fill. */
  readonly fill?: (dataFolder: string) => Promise<void>;
}

/** Makes and starts a throw-away server. The caller stops it; if the test process dies, the system does. */
export async function startCluster(asked: ClusterSettings = {}): Promise<Cluster> {
  const { major, bin } = programs(asked.major);
  const user = serverUser();
  const folder = await mkdtemp(path.join(asked.inMemory === true ? await roomyMemory() : tmpdir(), "ns-pg-"));
  if (user !== undefined) await chown(folder, user.uid, user.gid);
  const dataFolder = path.join(folder, "data");
  const port = await freePort();
  const log = path.join(folder, "server.log");
  const env = { PATH: process.env["PATH"] ?? "", LANG: "C.UTF-8", TZ: "UTC", PGHOST: "127.0.0.1", PGPORT: String(port), PGUSER: "postgres" };
  const opened: pg.Client[] = [];
  let server: { readonly ended: Promise<void>; readonly signal: (name: NodeJS.Signals) => void } | undefined;

  const url = (database: string, as = "postgres"): string => `postgres://${as}@127.0.0.1:${port}/${encodeURIComponent(database)}`;
  const connect = async (database: string, as?: string): Promise<pg.Client> => {
    const client = new pg.Client({ connectionString: url(database, as) });
    // A server that goes away while nobody asks would otherwise end the test process.
    client.on("error", () => undefined);
    await client.connect();
    opened.push(client);
    return client;
  };
  const query = async (database: string, sql: string): Promise<readonly Readonly<Record<string, unknown>>[]> => {
    const client = await connect(database);
    try {
      // Several statements in one text give an array, which the driver's types leave out.
      const results: unknown = await client.query(sql);
      const last: unknown = Array.isArray(results) ? results.at(-1) : results;
      return (last as pg.QueryResult).rows;
    } finally {
      await client.end();
    }
  };

  if (asked.fill === undefined) {
    const made = await run({
      program: path.join(bin, "initdb"),
      args: ["-D", dataFolder, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", ...(asked.checksums === false ? [] : ["-k"])],
      env,
      user,
    });
    if (made.code !== 0) throw new Error(`initdb failed: ${made.err}`);
  } else await asked.fill(dataFolder);
  await writeFile(path.join(dataFolder, "nightshift.conf"), conf(asked, port, folder));
  await writeFile(path.join(dataFolder, "postgresql.conf"), `${await readFile(path.join(dataFolder, "postgresql.conf"), "utf8")}\ninclude 'nightshift.conf'\n`);

  async function start(): Promise<void> {
    server = serve({ program: path.join(bin, "postgres"), args: ["-D", dataFolder], env, user, log });
    for (let look = 0; look < 600; look += 1) {
      const answer = await query("postgres", "select 1").then(
        () => true,
        () => false,
      );
      if (answer) return;
      await pause(50);
    }
    throw new Error(`the server did not answer within 30 s: ${await readFile(log, "utf8")}`);
  }
  async function end(signal: NodeJS.Signals): Promise<void> {
    server?.signal(signal);
    await server?.ended;
    server = undefined;
  }

  await start();
  return {
    major,
    bin,
    port,
    folder,
    dataFolder,
    url,
    connect,
    query,
    create: async (database, template) => {
      await query("postgres", `create database "${database}"${template === undefined ? "" : ` template "${template}" strategy file_copy`}`);
      return database;
    },
    drop: async (database) => void (await query("postgres", `drop database if exists "${database}" with (force)`)),
    run: (program, args, input) => run({ program: path.join(bin, program), args, env, user: undefined, input }),
    log: () => readFile(log, "utf8"),
    kill: () => end("SIGKILL"),
    restart: async () => {
      await end("SIGINT");
      await start();
    },
    stop: async () => {
      for (const client of opened) await client.end().catch(() => undefined);
      await end("SIGINT");
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Linux's file system in memory, if there are 12 GiB left in it: else the usual folder. */
async function roomyMemory(): Promise<string> {
  const memory = "/dev/shm";
  const { bavail, bsize } = await statfs(memory).catch(() => ({ bavail: 0, bsize: 0 }));
  return bavail * bsize >= 12 * 1_024 ** 3 ? memory : tmpdir();
}

function conf({ fsync = false, settings = {} }: ClusterSettings, port: number, folder: string): string {
  const all: Record<string, string> = {
    port: String(port),
    listen_addresses: "127.0.0.1",
    unix_socket_directories: folder,
    timezone: "UTC",
    max_connections: "80",
    shared_buffers: "256MB",
    max_wal_size: "4GB",
    wal_level: "replica",
    ...(fsync ? {} : { fsync: "off", synchronous_commit: "off", full_page_writes: "off" }),
    ...settings,
  };
  return Object.entries(all)
    .map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'\n`)
    .join("");
}

interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly user: { readonly uid: number; readonly gid: number } | undefined;
  readonly input?: string | undefined;
}

function run({ program, args, env, user, input }: Command): Promise<{ code: number; out: string; err: string }> {
  const child = spawn(program, args, { env, cwd: tmpdir(), ...user });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
  child.stdin.on("error", () => undefined);
  child.stdin.end(input ?? "");
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? 1, out: Buffer.concat(out).toString("utf8"), err: Buffer.concat(err).toString("utf8") }));
  });
}

/** The server itself, in the foreground. The system ends it when we die (setpriv(1), util-linux). */
function serve({ program, args, env, user, log }: Command & { readonly log: string }): {
  readonly ended: Promise<void>;
  readonly signal: (name: NodeJS.Signals) => void;
} {
  const child = spawn("/usr/bin/setpriv", ["--pdeathsig", "KILL", "--", "/bin/sh", "-c", 'exec "$@" >>"$0" 2>&1', log, program, ...args], {
    env,
    cwd: tmpdir(),
    stdio: "ignore",
    ...user,
  });
  const onExit = (): void => void child.kill("SIGKILL");
  process.once("exit", onExit);
  const ended = new Promise<void>((resolve) => {
    const done = (): void => {
      process.removeListener("exit", onExit);
      resolve();
    };
    child.on("error", done);
    child.on("exit", done);
  });
  return { ended, signal: (name) => void child.kill(name) };
}

/** A loopback port that nobody listens on now. */
export function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => (typeof address === "object" && address !== null ? resolve(address.port) : reject(new Error("no free port"))));
    });
  });
}
