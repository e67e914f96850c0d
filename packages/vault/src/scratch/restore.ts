import { writeFile } from "node:fs/promises";
import path from "node:path";
import type { Readable } from "node:stream";
import { type ProgramEnd, runProgram } from "./program.ts";
import type { Lend } from "./lend.ts";
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
  /** Called when the schemas stand, before anything in them does: for a role that is no superuser. What it returns is called before rights on schemas are granted. */
  readonly lend?: Lend;
  /** A private directory for the list of what is restored. */
  readonly directory: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Restores an archive with `pg_restore`. It goes on after an error, so that all of them come back; the caller takes none of them lightly.
 * @throws when the archive's stream breaks (a digest that is not as recorded), or the signal is given.
 */
export async function restoreArchive(asked: RestoreAsked): Promise<{ readonly errors: readonly string[] }> {
  const { withoutExtensions, lend } = asked;
  if (lend === undefined && "open" in asked.archive && withoutExtensions.length === 0) return { errors: await runPass(asked, undefined) };
  const { schemas, rest, rights } = partsOf(listWithout(await readList(asked), withoutExtensions), lend !== undefined);
  const errors: string[] = [];
  if (schemas !== "") errors.push(...(await runPass(asked, { list: schemas, alone: true, n: 0, withoutRows: true })));
  const takeBack = await lend?.();
  const passes = "open" in asked.archive ? [{ list: rest, alone: true }] : passesOf(rest);
  for (const [n, pass] of passes.entries()) errors.push(...(await runPass(asked, { ...pass, n: n + 1 })));
  await takeBack?.();
  if (rights !== "") errors.push(...(await runPass(asked, { list: rights, alone: true, n: passes.length + 1, withoutRows: true })));
  return { errors };
}

interface Pass {
  readonly list: string;
  readonly alone: boolean;
  readonly n: number;
  /** Nothing behind the archive's table of contents is read. */
  readonly withoutRows?: boolean;
}

/** One run of pg_restore; no pass: everything there is. */
async function runPass(asked: RestoreAsked, pass: Pass | undefined): Promise<readonly string[]> {
  const { bin, archive, into, jobs, signal } = asked;
  const program = path.join(bin, "pg_restore");
  const env = { PGHOST: into.host, PGPORT: String(into.port), PGUSER: into.user, ...asked.env };
  const list = pass === undefined ? [] : ["--use-list", await writeList(asked, pass.list, pass.n)];
  const args = ["--dbname", namedExactly(into.database), "--no-password", "--no-tablespaces", "--no-subscriptions", ...list];
  if ("file" in archive) {
    const workers = ["--jobs", String(pass?.alone === true ? 1 : Math.max(1, jobs))];
    return errorsOf(await runProgram({ program, args: [...args, ...workers, archive.file], env, signal }));
  }
  return errorsOf(await runProgram({ program, args, env, input: archive.open(), readsBeginningOnly: pass?.withoutRows === true, signal }));
}

/**
 * A table of contents in the order of one who is no superuser: schemas first, then all that lies in them, and at the end what needs, sets off or
 * replaces the rights on them: those rights, materialized views (their owners read what they show) and event triggers.
 */
export function partsOf(list: string, apart: boolean): { readonly schemas: string; readonly rest: string; readonly rights: string } {
  if (!apart) return { schemas: "", rest: list, rights: "" };
  const lines = list.split("\n");
  const isSchema = (line: string): boolean => /^\d+; \d+ \d+ SCHEMA - /.test(line);
  const isRight = (line: string): boolean => /^\d+; \d+ \d+ (ACL - SCHEMA|MATERIALIZED VIEW DATA|EVENT TRIGGER|COMMENT - EVENT TRIGGER) /.test(line);
  const only = (wanted: (line: string) => boolean): string => lines.filter(wanted).join("\n");
  return { schemas: only(isSchema), rest: only((line) => !isSchema(line) && !isRight(line)), rights: only(isRight) };
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
