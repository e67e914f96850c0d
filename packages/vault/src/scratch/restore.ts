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
  const args = ["--dbname", namedExactly(into.database), "--no-password", "--no-tablespaces", "--no-subscriptions"];
  const env = { PGHOST: into.host, PGPORT: String(into.port), PGUSER: into.user, ...asked.env };
  if (!("file" in archive)) {
    const list = withoutExtensions.length === 0 ? [] : ["--use-list", await writeList(asked, listWithout(await readList(asked), withoutExtensions), 1)];
    return { errors: errorsOf(await runProgram({ program, args: [...args, ...list], env, input: archive.open(), signal })) };
  }
  const errors: string[] = [];
  for (const [n, pass] of passesOf(listWithout(await readList(asked), withoutExtensions)).entries()) {
    const list = ["--use-list", await writeList(asked, pass.list, n + 1)];
    const workers = ["--jobs", String(pass.alone ? 1 : Math.max(1, jobs))];
    errors.push(...errorsOf(await runProgram({ program, args: [...args, ...list, ...workers, archive.file], env, signal })));
  }
  return { errors };
}

/** As a connection string of one word, since a name with `=` in it would be read as one (PostgreSQL manual, "Connection Strings", 2026-11-21). */
const namedExactly = (database: string): string => `dbname='${database.replaceAll(/['\\]/g, "\\$&")}'`;

const errorsOf = ({ code, complaints }: ProgramEnd): readonly string[] =>
  code === 0 ? [] : complaints.length > 0 ? complaints : [`pg_restore ended with ${code ?? "a signal"} and said nothing`];

/** The archive's table of contents. */
async function readList({ bin, archive, signal }: RestoreAsked): Promise<string> {
  const program = path.join(bin, "pg_restore");
  const listed =
    "file" in archive
      ? await runProgram({ program, args: ["--list", archive.file], signal })
      : await runProgram({ program, args: ["--list"], input: archive.open(), readsBeginningOnly: true, signal });
  if (listed.code !== 0) throw new Error(`The archive's table of contents cannot be read: ${listed.complaints.join("; ")}`);
  return listed.stdout;
}

/** pg_restore restores what the list names (PostgreSQL manual, pg_restore, `--use-list`, 2026-11-21). */
async function writeList({ directory }: RestoreAsked, list: string, pass: number): Promise<string> {
  const file = path.join(directory, `restore-${pass}.list`);
  await writeFile(file, `${list}\n`, { mode: 0o600 });
  return file;
}

/**
 * In which passes a table of contents is restored by several workers. Indexes of partitions are attached to their parent's one after the
 * other: two workers that attach at once each miss what the other did, and the parent's index stays invalid although all is there. Seen
 * with PostgreSQL 15.18 on small tables, 2026-11-21; what must come after them (foreign keys to partitioned tables) does.
 */
export function passesOf(list: string): readonly { readonly list: string; readonly alone: boolean }[] {
  const lines = list.split("\n");
  const first = lines.findIndex(isAttachment);
  if (first === -1) return [{ list, alone: false }];
  const isEarly = (line: string, at: number): boolean => at < first || /^\d+; \d+ \d+ (?:INDEX|CONSTRAINT) /.test(line);
  const early = lines.filter((line, at) => isEarly(line, at) && !isAttachment(line));
  const late = lines.filter((line, at) => !isEarly(line, at) && !isAttachment(line));
  return [
    { list: early.join("\n"), alone: false },
    { list: lines.filter(isAttachment).join("\n"), alone: true },
    { list: late.join("\n"), alone: false },
  ];
}

const isAttachment = (line: string): boolean => /^\d+; \d+ \d+ INDEX ATTACH /.test(line);

/** A table of contents without these extensions and the comments on them. */
export function listWithout(list: string, extensions: readonly string[]): string {
  const left = extensions.flatMap((name) => [` EXTENSION - ${name} `, ` COMMENT - EXTENSION ${name} `]);
  return list
    .split("\n")
    .filter((line) => !left.some((entry) => `${line} `.includes(entry)))
    .join("\n");
}
