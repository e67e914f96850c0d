import { existsSync } from "node:fs";
import path from "node:path";
import { hours } from "@nightshift/model";
import { type Connect, oneRow, withSession } from "../postgres/session.ts";
import type { Amcheck } from "../scratch/amcheck.ts";
import { runProgram } from "../scratch/program.ts";
import { clientEnvironment, type DatabaseAddress } from "./address.ts";
import { findPrograms } from "./programs.ts";
import type { RunnerWorld } from "./world.ts";

/** A copy of terabytes is read once more by this; what takes longer is left, and said. */
const AT_MOST = hours(2);

/**
 * Holds every table and B-tree of a copy that is not ours against itself, with every row looked up in every index, where that is allowed: nothing is
 * installed and nothing granted, so that the copy stays as it is. Whatever keeps it from being done is said and is no fault of the copy.
 * Sources: PostgreSQL documentation, "F.1. amcheck", https://www.postgresql.org/docs/15/amcheck.html (its functions are for superusers, and for whom
 * EXECUTE is granted to), and "pg_amcheck", https://www.postgresql.org/docs/15/app-pgamcheck.html, 2026-11-21.
 */
export async function checkStructuresOf(
  world: RunnerWorld,
  { target, connect, major }: { readonly target: DatabaseAddress; readonly connect: Connect; readonly major: number },
): Promise<Amcheck> {
  const because = await forbidden(connect, target);
  if (because !== undefined) return { kind: "not asked", because };
  const { bin, path: search, cores } = world.machine;
  const { bin: found } = await findPrograms({ major, needs: ["pg_dump"], bin, path: search });
  const program = path.join(found, "pg_amcheck");
  if (!existsSync(program)) return { kind: "not asked", because: "pg_amcheck is not installed (it comes with PostgreSQL 14 and newer)" };
  const enough = AbortSignal.timeout(AT_MOST);
  try {
    const end = await runProgram({
      program,
      args: ["--heapallindexed", "--jobs", String(Math.max(1, cores)), "--no-password", target.database],
      env: { ...clientEnvironment(target, "nightshift amcheck"), PGOPTIONS: "-c statement_timeout=0" },
      signal: AbortSignal.any([world.signal, enough]),
    });
    if (end.code === 0) return { kind: "sound" };
    const complaints = damageIn(end.stdout);
    // It ends with 2 where it found something; with 1 where it could not look.
    if (end.code === 2 && complaints.length > 0) return { kind: "damaged", complaints };
    return { kind: "not asked", because: `it ended without a verdict: ${end.complaints[0] ?? "it did not say why"}` };
  } catch (error) {
    if (!enough.aborted || world.signal.aborted) throw error;
    return { kind: "not asked", because: "it did not end within 2 hours" };
  }
}

/** Why it may not be asked; undefined: it may. */
async function forbidden(connect: Connect, { user }: DatabaseAddress): Promise<string | undefined> {
  const { may } = await withSession(connect, (session) =>
    oneRow(
      session,
      `select pg_catalog.bool_and(pg_catalog.has_function_privilege(p.oid, 'execute'))::text as may
         from pg_catalog.pg_extension e
         join pg_catalog.pg_depend d on d.refobjid = e.oid and d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass and d.deptype = 'e'
         join pg_catalog.pg_proc p on p.oid = d.objid and d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass
        where e.extname = 'amcheck' and p.proname in ('bt_index_check', 'verify_heapam')`,
    ),
  );
  if (may === "true") return undefined;
  if (may === "false") return `${user} may not execute the functions of amcheck: grant it that in the source, and the next copy has it`;
  return "the extension amcheck is not in it: create it in the source and let its role execute its functions, and the next copy has both";
}

/** One damaged index or table at a time, and what it lacks; answers of a server that refused or stopped are no damage. Positions and no values. */
function damageIn(stdout: string): readonly string[] {
  const blocks = stdout.split(/\n(?=\S)/).filter((block) => /^(btree index|heap table|btree|heap)/.test(block));
  const real = blocks.filter((block) => !/permission denied|canceling statement|terminating connection|could not obtain lock/.test(block));
  return real.map((block) => (block.split("\n")[0] ?? "").replace(/:$/, "")).slice(0, 20);
}
