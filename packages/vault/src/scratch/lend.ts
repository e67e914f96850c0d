import { quoted } from "../postgres/quoted.ts";
import { type Connect, type Session, textOf, withSession } from "../postgres/session.ts";

/** Gives something for as long as a restore needs it; what it returns takes it back. */
export type Lend = () => Promise<() => Promise<void>>;

/**
 * Lets roles make things in the schemas of a new database, and in the database itself, while a restore hands objects over to them. PostgreSQL
 * gives a table to a role only if that role may create in its schema, unless a superuser does it, and a dump grants such rights after everything else
 * ("ALTER TABLE", https://www.postgresql.org/docs/17/sql-altertable.html, Parameters and notes on OWNER TO, 2026-11-21). A role that has the right keeps it.
 */
export const lendTo =
  (connect: Connect, roles: readonly string[]): Lend =>
  async () => {
    const lent = await withSession(connect, async (session) => {
      const loans = [...(await inSchemas(session, roles)), ...(await inDatabase(session, roles))];
      for (const { what, to } of loans) await session.query(`grant ${what} to ${to.map(quoted).join(", ")}`);
      return loans;
    });
    return () =>
      withSession(connect, async (session) => {
        for (const { what, to } of lent) await session.query(`revoke ${what} from ${to.map(quoted).join(", ")}`);
      });
  };

interface Loan {
  /** `create, usage on schema shop`. */
  readonly what: string;
  readonly to: readonly string[];
}

/** Only in schemas that we may hand out; a superuser owns nothing here that needs it. */
async function inSchemas(session: Session, roles: readonly string[]): Promise<readonly Loan[]> {
  const rows = await session.query(
    `select n.nspname as schema, r.rolname as role from pg_catalog.pg_namespace n, pg_catalog.pg_roles r
     where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and r.rolname = any ($1)
       and pg_catalog.pg_has_role(n.nspowner, 'USAGE') and not pg_catalog.has_schema_privilege(r.oid, n.oid, 'CREATE') order by 1, 2`,
    [roles],
  );
  const schemas = [...new Set(rows.map((row) => textOf(row, "schema")))];
  return schemas.map((schema) => ({
    what: `create, usage on schema ${quoted(schema)}`,
    to: rows.filter((row) => textOf(row, "schema") === schema).map((row) => textOf(row, "role")),
  }));
}

async function inDatabase(session: Session, roles: readonly string[]): Promise<readonly Loan[]> {
  const rows = await session.query(
    `select pg_catalog.current_database() as database, r.rolname as role from pg_catalog.pg_database d, pg_catalog.pg_roles r
     where d.datname = pg_catalog.current_database() and r.rolname = any ($1) and pg_catalog.pg_has_role(d.datdba, 'USAGE')
       and not pg_catalog.has_database_privilege(r.oid, d.oid, 'CREATE') order by 2`,
    [roles],
  );
  const [first] = rows;
  return first === undefined ? [] : [{ what: `create on database ${quoted(textOf(first, "database"))}`, to: rows.map((row) => textOf(row, "role")) }];
}
