import { guard } from "@nightshift/model/guards";
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { runProgram } from "../scratch/program.ts";

/** A program of PostgreSQL that a backup needs. */
export type ProgramName = "pg_dump" | "pg_restore" | "initdb" | "postgres";

/** What is needed to take a backup, and to prove or restore one. */
export const toTake: readonly ProgramName[] = ["pg_dump"];
export const toRestore: readonly ProgramName[] = ["pg_restore"];
export const toProve: readonly ProgramName[] = ["pg_dump", "pg_restore", "initdb", "postgres"];

/** Programs are missing: the message is one sentence with the package's name (decision 54: there is no second dump engine). */
export class MissingPrograms extends Error {
  override readonly name = "MissingPrograms";
}

/** Where PostgreSQL's programs of one major version are. */
export interface Programs {
  readonly major: number;
  readonly bin: string;
  /** `pg_dump (PostgreSQL) 15.18 (Debian …)`. */
  readonly said: string;
}

/**
 * Finds the programs of a server's own major version, which is the one that may dump it: an older `pg_dump` refuses a newer server, and its
 * silence in a pipe once cost a company its backups (facts/backups.md, section 1).
 * @throws {MissingPrograms} naming the package.
 */
export async function findPrograms(asked: {
  readonly major: number;
  readonly needs: readonly ProgramName[];
  /** A directory to look into first. */
  readonly bin?: string | undefined;
  readonly path: string;
}): Promise<Programs> {
  const { major, needs, bin } = asked;
  const elsewhere: string[] = [];
  // Programs are started in directories of their own, where a relative path would mean another place.
  for (const folder of bin === undefined ? foldersOf(major, asked.path) : [path.resolve(bin)]) {
    if (!needs.every((name) => existsSync(path.join(folder, name)))) continue;
    const { stdout } = await runProgram({ program: path.join(folder, needs[0] ?? "pg_restore"), args: ["--version"] });
    if (!guard("a server is dumped by programs of its own version", majorOf(stdout) !== major)) return { major, bin: folder, said: stdout.trim() };
    elsewhere.push(stdout.trim());
  }
  const server = needs.includes("initdb");
  throw new MissingPrograms(
    `${needs.join(", ")} of PostgreSQL ${major} ${needs.length === 1 ? "is" : "are"} not installed here${elsewhere.length === 0 ? "" : ` (found: ${[...new Set(elsewhere)].join(", ")})`}: install the package postgresql-${server ? "" : "client-"}${major}${bin === undefined ? "" : `, or name another directory than ${bin}`}, then run the same command again.`,
  );
}

/** `pg_dump (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)` is of major version 15. */
export const majorOf = (said: string): number | undefined => {
  const major = /\(PostgreSQL\) (\d+)/.exec(said)?.[1];
  return major === undefined ? undefined : Number(major);
};

/** Where packages put them: Debian and its images, Red Hat, Homebrew, this checkout's own; then the search path. */
function foldersOf(major: number, searchPath: string): readonly string[] {
  const checkout = path.join(import.meta.dirname, "..", "..", "..", "..", ".venv");
  return [
    `/usr/lib/postgresql/${major}/bin`,
    `/usr/pgsql-${major}/bin`,
    `/opt/homebrew/opt/postgresql@${major}/bin`,
    `/usr/local/opt/postgresql@${major}/bin`,
    path.join(checkout, `postgres-${major}`, "bin"),
    ...searchPath.split(path.delimiter),
  ].filter((folder) => folder !== "" && existsSync(folder));
}

/** Major versions whose programs lie where Debian puts them: for sentences that say what is there. */
export const installedMajors = (folder = "/usr/lib/postgresql"): readonly number[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .map(Number)
        .filter((major) => Number.isInteger(major))
        .sort((a, b) => a - b)
    : [];
