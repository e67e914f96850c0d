import { existsSync } from "node:fs";
import path from "node:path";
import { runProgram } from "./program.ts";
import type { ScratchAddress } from "./server.ts";

/** What `pg_amcheck` found, or why it was not asked. */
export type Amcheck =
  | { readonly kind: "sound" }
  | { readonly kind: "damaged"; readonly complaints: readonly string[] }
  | { readonly kind: "not asked"; readonly because: string };

/** What it found damaged, in words; nothing where it is sound or was not asked. */
export const damageOf = (amcheck: Amcheck): readonly string[] =>
  amcheck.kind === "damaged" ? amcheck.complaints.map((complaint) => `pg_amcheck: ${complaint}`) : [];

/**
 * Holds every table and B-tree of a database against itself, with every row looked up in every index. It installs the extension amcheck,
 * so it comes after whatever looks at the schema (PostgreSQL manual, pg_amcheck, https://www.postgresql.org/docs/15/app-pgamcheck.html, 2026-11-21).
 */
export async function checkStructures(asked: {
  readonly bin: string;
  readonly at: ScratchAddress;
  readonly jobs: number;
  readonly signal?: AbortSignal | undefined;
}): Promise<Amcheck> {
  const program = path.join(asked.bin, "pg_amcheck");
  if (!existsSync(program)) return { kind: "not asked", because: "pg_amcheck is not installed (it comes with PostgreSQL 14 and newer)" };
  const { host, port, user, database } = asked.at;
  const end = await runProgram({
    program,
    args: ["--database", database, "--install-missing", "--heapallindexed", "--jobs", String(Math.max(1, asked.jobs)), "--no-password"],
    env: { PGHOST: host, PGPORT: String(port), PGUSER: user },
    signal: asked.signal,
  });
  if (end.code === 0) return { kind: "sound" };
  const missing = /could not open extension control file|extension "amcheck" is not available/.test(end.complaints.join(" "));
  if (missing) return { kind: "not asked", because: "the extension amcheck is not installed beside the server" };
  // What is damaged it says on standard output, one index or table at a time, with positions and no values.
  const damaged = end.stdout.split("\n").filter((line) => /^(btree index|heap table|btree|heap)/.test(line));
  return { kind: "damaged", complaints: [...damaged, ...end.complaints].slice(0, 20) };
}
