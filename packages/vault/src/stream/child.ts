import { spawn } from "node:child_process";
import { ownPipe, type Pipe } from "./pipe.ts";

/** The dump program failed, or was killed, or said nothing at all. Its own last words are in the message; never its environment. */
export class DumpError extends Error {
  override readonly name = "DumpError";
  /** Exit code; null: a signal ended it. */
  readonly code: number | null;
  constructor(message: string, code: number | null) {
    super(message);
    this.code = code;
  }
}

/** A dump program at work. */
export interface DumpChild {
  readonly archive: Pipe;
  /** Resolves once it ended with 0 and everything it wrote was read. @throws {DumpError} */
  readonly ended: Promise<void>;
  /** Why it failed by itself; undefined as long as it did not, and when `stop` ended it. */
  readonly failure: DumpError | undefined;
  /** Ends it, gently first; resolves when it is gone. Harmless when it is gone already. */
  stop(): Promise<void>;
}

/** How it is started. The environment is all that it gets: PGPASSWORD or PGPASSFILE belong there, because arguments are seen by everybody on the machine. */
export interface DumpCommand {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

// Enough for what pg_dump says about a lock or a lost connection.
const lastWords = 2_000;
// pg_dump cancels its query and goes at once; one that does not is killed.
const gentleMs = 3_000;

/** Starts the program; its archive is its standard output. */
export async function startDump({ program, args, env }: DumpCommand): Promise<DumpChild> {
  const { pipe: archive, end } = await ownPipe();
  const child = spawn(program, args, { env, stdio: ["ignore", end, "pipe"] });
  // The child has its own; the pipe ends when that is closed.
  end.destroy();
  let said = "";
  child.stderr.setEncoding("utf8");
  child.stderr.on("data", (text: string) => {
    said = (said + text).slice(-lastWords);
  });
  const words = (): string => hideSecrets(said.trim().replaceAll("\n", "; "), env) || "it said nothing";
  let [gone, stopping] = [false, false];
  let failure: DumpError | undefined;
  const closed = new Promise<void>((resolve) => {
    child.on("close", () => {
      gone = true;
      resolve();
    });
  });
  const ended = new Promise<void>((resolve, reject) => {
    const fail = (sentence: string, code: number | null): void => {
      const error = new DumpError(`${program} ${sentence}`, code);
      if (!stopping) failure ??= error;
      reject(error);
    };
    child.on("error", (error) => fail(`could not be started: ${error.message}; install the client of the server's major`, null));
    child.on("close", (code, signal) => {
      if (code === 0) resolve();
      else fail(`ended with ${signal ?? `code ${code}`}: ${words()}; nothing of this dump was kept`, code);
    });
  });
  // Whoever awaits it sees the error; one that nobody awaits, because something else failed first, must not end the process.
  ended.catch(() => undefined);
  const stop = async (): Promise<void> => {
    if (gone || child.pid === undefined) return;
    stopping = true;
    archive.destroy();
    child.kill("SIGTERM");
    const later = setTimeout(() => child.kill("SIGKILL"), gentleMs);
    await closed;
    clearTimeout(later);
  };
  return {
    archive,
    ended,
    get failure() {
      return failure;
    },
    stop,
  };
}

function hideSecrets(text: string, env: Readonly<Record<string, string>>): string {
  const password = env["PGPASSWORD"];
  return password === undefined || password === "" ? text : text.replaceAll(password, "…");
}
