import { isUtf8 } from "node:buffer";
import { spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ChildIdentity } from "./identity.ts";
import { complaintsIn } from "./said.ts";

/** What a program prints is kept in memory up to here; more is refused. Complaints are cut off. */
const MOST_SAID = 64 << 20;

/** One run of a program. */
export interface ProgramRun {
  readonly program: string;
  readonly args: readonly string[];
  readonly identity?: ChildIdentity | undefined;
  /** On top of a small fixed environment; ours is not handed on. */
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: Readable;
  /** It may be content with the beginning of the input (a table of contents); else success without having read it all is none. */
  readonly readsBeginningOnly?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** How a program ended. */
export interface ProgramEnd {
  /** Its exit code; undefined when a signal ended it or it could not be started. */
  readonly code: number | undefined;
  readonly stdout: string;
  /** What it complained about, without values of rows. */
  readonly complaints: readonly string[];
}

/** Runs a program to its end. Never throws for its exit code: the caller judges it. @throws when it cannot be started, its input breaks, or the signal is given. */
export async function runProgram({ program, args, identity, env, input, readsBeginningOnly = false, signal }: ProgramRun): Promise<ProgramEnd> {
  signal?.throwIfAborted();
  const child = spawn(program, args, {
    env: { ...plainEnvironment(), ...env },
    stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    // In a session of its own, so that Ctrl-C reaches us alone and we end it in order.
    detached: true,
    ...identity,
  });
  const stdout = collect(child.stdout);
  const stderr = collect(child.stderr);
  const stop = (): void => void child.kill("SIGTERM");
  signal?.addEventListener("abort", stop, { once: true });
  try {
    const ended = new Promise<number | undefined>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => resolve(code ?? undefined));
    });
    const fed = input === undefined || child.stdin === null ? undefined : feed(input, child.stdin);
    const [code, unread] = await Promise.all([ended, fed]);
    signal?.throwIfAborted();
    if (unread !== undefined && code === 0 && !readsBeginningOnly) throw unread;
    const [said, complaints] = [stdout(), stderr()];
    if (said.cut) throw new Error(`${program} printed more than ${MOST_SAID >> 20} MiB, which is more than anybody reads`);
    return { code, stdout: said.text, complaints: complaintsIn(complaints.text) };
  } finally {
    signal?.removeEventListener("abort", stop);
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
  }
}

/** A program that stops reading says why by its exit code: a closed pipe is handed back, not thrown. An input that breaks is thrown, and ends the program. */
async function feed(input: Readable, stdin: NodeJS.WritableStream): Promise<Error | undefined> {
  try {
    await pipeline(input, stdin);
    return undefined;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (error instanceof Error && (code === "EPIPE" || code === "ECONNRESET")) return error;
    throw error;
  }
}

function collect(stream: Readable | null): () => { readonly text: string; readonly cut: boolean } {
  const chunks: Buffer[] = [];
  let size = 0;
  stream?.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size <= MOST_SAID) chunks.push(chunk);
  });
  return () => ({ text: decoded(Buffer.concat(chunks)), cut: size > MOST_SAID });
}

/** Definitions come in the database's own encoding: where that is not UTF-8, each byte is kept as a letter of its own, so that no two are taken for the same. */
const decoded = (bytes: Buffer): string => bytes.toString(isUtf8(bytes) ? "utf8" : "latin1");

/** What every program gets: where programs are, English messages, UTC; never our own variables, which may hold a password. */
export const plainEnvironment = (): Readonly<Record<string, string>> => ({ PATH: process.env["PATH"] ?? "/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" });
