import type { DatabaseManifest, ValidityManifest } from "@nightshift/model";
import { type Session, textOf } from "./session.ts";
import { ours, qualified } from "./tables.ts";

/** Extensions and their versions; plpgsql, which every database has, too. */
export async function readExtensions(session: Session): Promise<DatabaseManifest["extensions"]> {
  const rows = await session.query("select extname as name, extversion as version from pg_catalog.pg_extension order by 1");
  return rows.map((row) => ({ name: textOf(row, "name"), version: textOf(row, "version") }));
}

/** What is there but does not work as it should: pg_dump leaves out an index that is not valid, and says nothing. */
export async function readValidity(session: Session): Promise<ValidityManifest> {
  const names = async (sql: string): Promise<readonly string[]> => (await session.query(sql)).map((row) => textOf(row, "name"));
  const from = "join pg_catalog.pg_namespace n on n.oid = c.relnamespace";
  return {
    invalidIndexes: await names(
      `select ${qualified} as name from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indexrelid ${from} where not i.indisvalid and ${ours} order by 1`,
    ),
    notValidated: await names(
      `select pg_catalog.format('%I on %s', k.conname, ${qualified}) as name from pg_catalog.pg_constraint k join pg_catalog.pg_class c on c.oid = k.conrelid ${from}
       where not k.convalidated and ${ours} order by 1`,
    ),
    unpopulated: await names(
      `select ${qualified} as name from pg_catalog.pg_class c ${from} where c.relkind = 'm' and not c.relispopulated and ${ours} order by 1`,
    ),
  };
}

/** Roles that must exist where the dump is restored, or what they own and may do is lost. */
export async function readNeededRoles(session: Session): Promise<readonly string[]> {
  const rows = await session.query(
    `select distinct r.rolname as name from pg_catalog.pg_roles r where r.rolname !~ '^pg_' and (
       exists (select from pg_catalog.pg_shdepend d, pg_catalog.pg_database b where b.datname = current_database()
         and d.refclassid = 'pg_catalog.pg_authid'::regclass and d.refobjid = r.oid and d.dbid in (b.oid, 0)
         and (d.dbid <> 0 or d.objid = b.oid and d.classid = 'pg_catalog.pg_database'::regclass))
       or exists (select from pg_catalog.pg_database b where b.datname = current_database() and b.datdba = r.oid)
       or exists (select from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace where c.relowner = r.oid and ${ours})
       or exists (select from pg_catalog.pg_db_role_setting s join pg_catalog.pg_database b on b.oid = s.setdatabase
         where b.datname = current_database() and s.setrole = r.oid)) order by 1`,
  );
  return rows.map((row) => textOf(row, "name"));
}

/** Settings that belong to the database, which a dump of one database leaves out. */
export async function readDatabaseSettings(session: Session): Promise<DatabaseManifest["settings"]> {
  const rows = await session.query(
    `select r.rolname as role, x.setting from pg_catalog.pg_db_role_setting s join pg_catalog.pg_database b on b.oid = s.setdatabase
       left join pg_catalog.pg_roles r on r.oid = s.setrole cross join lateral pg_catalog.unnest(s.setconfig) x (setting)
     where b.datname = current_database() order by 1 nulls first, 2`,
  );
  return rows.map((row) => {
    const setting = textOf(row, "setting");
    const equals = setting.indexOf("=");
    return { role: row["role"] ?? undefined, name: setting.slice(0, equals), value: setting.slice(equals + 1) };
  });
}
