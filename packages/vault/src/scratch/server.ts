import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, rmSync } from "node:fs";
import { rm } from "node:fs/promises";
import path from "node:path";
import { PortError } from "@nightshift/ports";
import { DATA, makeScratchDirectory, SOCKET } from "./directory.ts";
import { serverIdentity } from "./identity.ts";
import { plainEnvironment, runProgram } from "./program.ts";
import { complaintsIn } from "./said.ts";

/** What a throw-away server is made from. */
export interface ScratchAsked {
  /** Directory of PostgreSQL's programs, of the major version that the dump came from. */
  readonly bin: string;
  /** The scratch directory is made in here. */
  readonly within: string;
  /** Memory that the server may plan with, in bytes. */
  readonly memoryBytes: number;
  readonly signal?: AbortSignal | undefined;
}

/** A throw-away PostgreSQL server. Nobody but this user and root can reach it: it listens on a socket in a private directory, on no network. */
export interface Scratch {
  readonly bin: string;
  /** Private; it goes with the server. */
  readonly directory: string;
  /** How a client connects to a database of it. */
  at(database: string): ScratchAddress;
  /** Ends the server and removes everything. Harmless to repeat. */
  close(): Promise<void>;
}
/** Where a database of a scratch server is; there is no password. */
export interface ScratchAddress {
  /** Directory of the socket. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
}

const SUPERUSER = "nightshift_scratch";
const PORT = 5432;

/**
 * Starts a throw-away server. Whatever happens afterwards, `close` or the end of this process ends it; what a killed process leaves,
 * `sweepScratch` of the next run ends.
 * @throws {PortError} `invalid` with what the server said when it does not start.
 */
export async function openScratch({ bin, within, memoryBytes, signal }: ScratchAsked): Promise<Scratch> {
  const identity = serverIdentity();
  const directory = await makeScratchDirectory(within, identity);
  const data = path.join(directory, DATA);
  const log = path.join(data, "server.log");
  let server: ChildProcess | undefined;
  const atExit = (): void => {
    server?.kill("SIGQUIT");
    untilGone(path.join(data, "postmaster.pid"));
    rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
  };
  const close = async (): Promise<void> => {
    process.off("exit", atExit);
    if (server !== undefined) await endServer(server);
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  };
  process.once("exit", atExit);
  try {
    const args = ["--pgdata", data, "--username", SUPERUSER, "--auth", "trust", "--encoding", "UTF8", "--locale", "C", "--no-sync"];
    const made = await runProgram({ program: path.join(bin, "initdb"), args, identity, signal });
    if (made.code !== 0) throw notMade(within, `initdb ended with ${made.code}: ${made.complaints.join("; ")}`);
    const output = openSync(log, "w", 0o600);
    server = spawn(path.join(bin, "postgres"), ["-D", data, ...settings(path.join(directory, SOCKET), memoryBytes)], {
      env: plainEnvironment(),
      cwd: data,
      stdio: ["ignore", output, output],
      detached: true,
      ...identity,
    });
    closeSync(output);
    await untilReady(server, { data, log, signal });
  } catch (error) {
    await close();
    throw error;
  }
  return { bin, directory, at: (database) => ({ host: path.join(directory, SOCKET), port: PORT, user: SUPERUSER, database }), close };
}

/**
 * A server that may forget everything: no fsync, the least write-ahead log, no vacuum behind our back
 * (PostgreSQL manual, "Non-Durable Settings", https://www.postgresql.org/docs/15/non-durability.html, 2026-11-21).
 */
function settings(socket: string, memoryBytes: number): readonly string[] {
  const mebibytes = (share: number, least: number, most: number): string =>
    `${Math.max(least, Math.min(most, Math.floor((memoryBytes * share) / (1 << 20))))}MB`;
  const chosen: Readonly<Record<string, string>> = {
    listen_addresses: "",
    port: String(PORT),
    unix_socket_directories: socket,
    unix_socket_permissions: "0700",
    fsync: "off",
    synchronous_commit: "off",
    full_page_writes: "off",
    wal_level: "minimal",
    max_wal_senders: "0",
    max_wal_size: "4GB",
    checkpoint_timeout: "1h",
    autovacuum: "off",
    jit: "off",
    max_connections: "40",
    max_locks_per_transaction: "512",
    max_prepared_transactions: "0",
    shared_buffers: mebibytes(0.125, 64, 4_096),
    maintenance_work_mem: mebibytes(0.0625, 64, 1_024),
    // Statements may hold rows: nothing of them is written down.
    log_min_error_statement: "panic",
    log_error_verbosity: "terse",
    logging_collector: "off",
  };
  return Object.entries(chosen).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}

/** Looks at most so often; a server of an empty directory needs well under a second. */
const MOST_LOOKS = 600;

/**
 * Line 8 of postmaster.pid says `ready` (what `pg_ctl start` waits for; PostgreSQL source, src/include/utils/pidfile.h,
 * LOCK_FILE_LINE_PM_STATUS, 2026-11-21).
 */
async function untilReady(server: ChildProcess, { data, log, signal }: { data: string; log: string; signal: AbortSignal | undefined }): Promise<void> {
  for (let look = 0; look < MOST_LOOKS; look++) {
    signal?.throwIfAborted();
    if (server.exitCode !== null || server.signalCode !== null) break;
    if (read(path.join(data, "postmaster.pid")).split("\n")[7]?.trim() === "ready") return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw notMade(data, `it did not start: ${complaintsIn(read(log)).join("; ") || "it said nothing"}`);
}

const notMade = (where: string, because: string): PortError =>
  new PortError("invalid", "scratch", where, `no throw-away server runs there (${because}); free some space, or name another directory with --scratch`);

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** A process that ends cannot wait in any other way: until the server took its pid file away, at most 3 s. */
function untilGone(file: string): void {
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (let look = 0; look < 60 && existsSync(file); look++) Atomics.wait(pause, 0, 0, 50);
}

/** Nothing in it is worth an orderly end. */
async function endServer(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null || server.pid === undefined) return;
  const ended = new Promise((resolve) => server.once("exit", resolve));
  server.kill("SIGQUIT");
  await ended;
}
