import type { DatabaseOwner, RestoreRoleFacts } from "@nightshift/model";
import { isTrue, serverMajor } from "./server.ts";
import { type Connect, oneRow, type Session, textOf, withSession } from "./session.ts";

/**
 * Roles that a restore hands something over to: owners of what a dump holds, of the database itself, and of rights given in advance. Extensions
 * and what belongs to them are not handed over, and the server's own roles own nothing here that is.
 */
export async function readOwners(session: Session): Promise<readonly DatabaseOwner[]> {
  const rows = await session.query(
    `select r.rolname as name, ${rules} as rules from pg_catalog.pg_roles r where r.rolname !~ '^(pg_|rdsadmin$)' and (
       exists (select from pg_catalog.pg_shdepend d join pg_catalog.pg_database b on b.oid = d.dbid where b.datname = pg_catalog.current_database()
         and d.refclassid = 'pg_catalog.pg_authid'::pg_catalog.regclass and d.refobjid = r.oid and d.deptype = 'o' and d.classid <> 'pg_catalog.pg_extension'::pg_catalog.regclass
         and not exists (select from pg_catalog.pg_depend e where e.classid = d.classid and e.objid = d.objid and e.deptype = 'e'))
       or exists (select from pg_catalog.pg_database b where b.datname = pg_catalog.current_database() and b.datdba = r.oid)
       or exists (select from pg_catalog.pg_namespace n where n.nspowner = r.oid and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'public')
         and not exists (select from pg_catalog.pg_depend e where e.classid = 'pg_catalog.pg_namespace'::pg_catalog.regclass and e.objid = n.oid and e.deptype = 'e'))
       or exists (select from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace where c.relowner = r.oid
         and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
         and not exists (select from pg_catalog.pg_depend e where e.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and e.objid = c.oid and e.deptype in ('e', 'i', 'a'))
         and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S'))
       or exists (select from pg_catalog.pg_proc f join pg_catalog.pg_namespace n on n.oid = f.pronamespace where f.proowner = r.oid
         and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
         and not exists (select from pg_catalog.pg_depend e where e.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass and e.objid = f.oid and e.deptype = 'e'))) order by 1`,
  );
  return rows.map((row) => ({ name: textOf(row, "name"), rules: isTrue(row, "rules") }));
}

/** RDS has no superuser for its customers but a role that stands for it ("Understanding the rds_superuser role", Amazon RDS User Guide, 2026-11-21). */
const rules = `(r.rolsuper or exists (select from pg_catalog.pg_roles s where s.rolname = 'rds_superuser' and pg_catalog.pg_has_role(r.oid, s.oid, 'MEMBER')))`;

/** Looks at the role of this address as the one that restores. Reads catalogs only; makes nothing. */
export function examineRestoreRole(connect: Connect): Promise<RestoreRoleFacts> {
  return withSession(connect, async (session) => {
    const major = await serverMajor(session);
    const row = await oneRow(
      session,
      `select pg_catalog.current_database() as database, rolname as name, rolsuper as superuser, rolcreatedb as createdb, rolcreaterole as createrole, rolreplication as replication,
         pg_catalog.current_setting('default_transaction_read_only')::boolean as "readOnly",
         exists (select from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace where c.relrowsecurity and n.nspname !~ '^pg_') as policies
       from pg_catalog.pg_roles where rolname = current_user`,
    );
    const owners = await readOwners(session);
    // USAGE: it acts for them at once, as it must to grant in their name. From 16 on SET is a right of its own.
    const members = await session.query(
      `select rolname as name, pg_catalog.pg_has_role(current_user, oid, 'USAGE') ${major >= 16 ? "and pg_catalog.pg_has_role(current_user, oid, 'SET')" : ""} as member from pg_catalog.pg_roles where rolname = any ($1)`,
      [owners.map(({ name }) => name)],
    );
    const member = new Set(members.filter((one) => isTrue(one, "member")).map((one) => textOf(one, "name")));
    return {
      database: textOf(row, "database"),
      major,
      name: textOf(row, "name"),
      superuser: isTrue(row, "superuser"),
      createsDatabases: isTrue(row, "createdb"),
      createsRoles: isTrue(row, "createrole"),
      replicates: isTrue(row, "replication"),
      readOnly: isTrue(row, "readOnly"),
      owners: owners.map((owner) => ({ ...owner, member: member.has(owner.name) })),
      untrusted: await readUntrusted(session, major),
      rowSecurity: isTrue(row, "policies"),
    };
  });
}

/** `trusted` came with 13 ("CREATE EXTENSION", https://www.postgresql.org/docs/13/sql-createextension.html, 2026-11-21). plpgsql is in every new database. */
async function readUntrusted(session: Session, major: number): Promise<readonly string[]> {
  const rows = await session.query(
    `select e.extname as name from pg_catalog.pg_extension e join pg_catalog.pg_available_extension_versions v on v.name = e.extname and v.version = e.extversion
     where e.extname <> 'plpgsql' and v.superuser ${major >= 13 ? "and not v.trusted" : ""} order by 1`,
  );
  return rows.map((row) => textOf(row, "name"));
}
