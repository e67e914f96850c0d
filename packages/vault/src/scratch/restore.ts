import { writeFile } from "node:fs/promises";
import path from "node:path";
import type { Readable } from "node:stream";
import { type ProgramEnd, runProgram } from "./program.ts";
import type { ScratchAddress } from "./server.ts";

/** Where an archive comes from: a file, which several workers can read at once, or a stream that can be opened anew. */
export type Archive = { readonly file: string } | { readonly open: () => Readable };

/** What is restored, and where. */
export interface RestoreAsked {
  /** Directory of PostgreSQL's programs. */
  readonly bin: string;
  readonly archive: Archive;
  /** An empty database. */
  readonly into: ScratchAddress;
  /** For a database with a password: PGPASSWORD and the like; never on the command line, where everybody sees it. */
  readonly env?: Readonly<Record<string, string>>;
  /** Workers; one where the archive is a stream. */
  readonly jobs: number;
  /** Extensions that this server need not have. */
  readonly withoutExtensions: readonly string[];
  /** A private directory for the list of what is restored. */
  readonly directory: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Restores an archive with `pg_restore`. It goes on after an error, so that all of them come back; the caller takes none of them lightly.
 * @throws when the archive's stream breaks (a digest that is not as recorded), or the signal is given.
 */
export async function restoreArchive(asked: RestoreAsked): Promise<{ readonly errors: readonly string[] }> {
  const { bin, archive, into, jobs, withoutExtensions, signal } = asked;
  const program = path.join(bin, "pg_restore");
  const list = withoutExtensions.length === 0 ? [] : ["--use-list", await writeList(asked)];
  const args = ["--dbname", into.database, "--no-password", "--no-tablespaces", "--no-subscriptions", ...list];
  const env = { PGHOST: into.host, PGPORT: String(into.port), PGUSER: into.user, ...asked.env };
  const end =
    "file" in archive
      ? await runProgram({ program, args: [...args, "--jobs", String(Math.max(1, jobs)), archive.file], env, signal })
      : await runProgram({ program, args, env, input: archive.open(), signal });
  return { errors: errorsOf(end) };
}

const errorsOf = ({ code, complaints }: ProgramEnd): readonly string[] =>
  code === 0 ? [] : complaints.length > 0 ? complaints : [`pg_restore ended with ${code ?? "a signal"} and said nothing`];

/** The archive's table of contents without the extensions that are left out; pg_restore restores what the list names (PostgreSQL manual, pg_restore, `--use-list`, 2026-11-21). */
async function writeList({ bin, archive, directory, withoutExtensions, signal }: RestoreAsked): Promise<string> {
  const program = path.join(bin, "pg_restore");
  const listed =
    "file" in archive
      ? await runProgram({ program, args: ["--list", archive.file], signal })
      : await runProgram({ program, args: ["--list"], input: archive.open(), readsBeginningOnly: true, signal });
  if (listed.code !== 0) throw new Error(`The archive's table of contents cannot be read: ${listed.complaints.join("; ")}`);
  const file = path.join(directory, "restore.list");
  await writeFile(file, `${listWithout(listed.stdout, withoutExtensions)}\n`, { mode: 0o600 });
  return file;
}

/** A table of contents without these extensions and the comments on them. */
export function listWithout(list: string, extensions: readonly string[]): string {
  const left = extensions.flatMap((name) => [` EXTENSION - ${name} `, ` COMMENT - EXTENSION ${name} `]);
  return list
    .split("\n")
    .filter((line) => !left.some((entry) => `${line} `.includes(entry)))
    .join("\n");
}
