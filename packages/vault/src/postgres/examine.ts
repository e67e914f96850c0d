import { type DatabaseFacts, ms } from "@nightshift/model";
import { isTrue, serverMajor } from "./server.ts";
import { type Connect, numberOf, oneRow, type Session, textOf, withSession } from "./session.ts";
import { ofExtension, ours, qualified } from "./tables.ts";

/** Looks at a server as a doctor does: reads catalogs only, changes nothing, takes no lock that anybody would wait for. */
export function examineDatabase(connect: Connect): Promise<DatabaseFacts> {
  return withSession(connect, async (session) => {
    const major = await serverMajor(session);
    const server = await oneRow(
      session,
      `select current_setting('server_version') as version, current_database() as database, current_setting('data_checksums') as checksums,
         pg_catalog.pg_backend_pid()::text as pid, pg_catalog.pg_is_in_recovery() as standby,
         current_setting('max_locks_per_transaction')::int * (current_setting('max_connections')::int + current_setting('max_prepared_transactions')::int) as slots,
         (select pg_catalog.count(*) from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace where c.relkind in ('r', 'p', 'i', 'I', 'S', 't') and n.nspname !~ '^pg_temp') as relations`,
    );
    return {
      major,
      version: textOf(server, "version"),
      database: textOf(server, "database"),
      dataChecksums: textOf(server, "checksums") === "on",
      pooler: Number(textOf(server, "pid")) !== session.pid,
      standby: isTrue(server, "standby") ? await readStandby(session) : undefined,
      role: await readRole(session, major),
      unreadable: await names(session, `${ours} and c.relkind in ('r', 'p', 'S') and not ${ofExtension} and not (${mayRead})`),
      rowSecurity: await names(session, `${ours} and c.relkind in ('r', 'p') and pg_catalog.row_security_active(c.oid)`),
      largeObjects: await readLargeObjectRights(session, major),
      unlogged: await names(session, `${ours} and c.relkind = 'r' and c.relpersistence = 'u'`),
      withoutKey: await names(
        session,
        `${ours} and c.relkind = 'r' and c.relpages > 0 and not ${ofExtension} and not exists (select from pg_catalog.pg_index i where i.indrelid = c.oid and i.indisprimary)`,
      ),
      extensions: (await session.query("select extname as name, extversion as version from pg_catalog.pg_extension order by 1")).map((row) => ({
        name: textOf(row, "name"),
        version: textOf(row, "version"),
      })),
      loginRoles: (await session.query("select rolname as name from pg_catalog.pg_roles where rolcanlogin and rolname !~ '^(pg_|rds)' order by 1")).map((row) =>
        textOf(row, "name"),
      ),
      locks: { relations: numberOf(server, "relations"), slots: numberOf(server, "slots") },
    };
  });
}

/** By rights on the schema too: a table that may be read in a schema that may not be used cannot be read. A CASE, because the second fails on a table. */
const mayRead = `pg_catalog.has_schema_privilege(n.oid, 'USAGE') and case c.relkind when 'S'
  then pg_catalog.has_sequence_privilege(c.oid, 'SELECT') else pg_catalog.has_table_privilege(c.oid, 'SELECT') end`;

async function names(session: Session, condition: string): Promise<readonly string[]> {
  const rows = await session.query(
    `select ${qualified} as name from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace where ${condition} order by 1 limit 1000`,
  );
  return rows.map((row) => textOf(row, "name"));
}

async function readRole(session: Session, major: number): Promise<DatabaseFacts["role"]> {
  const row = await oneRow(
    session,
    `select rolname as name, rolsuper as superuser, rolsuper or rolbypassrls as bypasses,
       ${major < 14 ? "false" : "pg_catalog.pg_has_role(oid, 'pg_read_all_data', 'USAGE')"} as "readsAll",
       pg_catalog.has_table_privilege('pg_catalog.pg_authid', 'SELECT') as "readsPasswords",
       (select pg_catalog.count(*) from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
         where c.relkind in ('r', 'p') and ${ours} and pg_catalog.has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')) as writes
     from pg_catalog.pg_roles where rolname = current_user`,
  );
  return {
    name: textOf(row, "name"),
    superuser: isTrue(row, "superuser"),
    bypassesRowSecurity: isTrue(row, "bypasses"),
    readsAll: isTrue(row, "readsAll"),
    readsPasswords: isTrue(row, "readsPasswords"),
    writesTables: numberOf(row, "writes"),
  };
}

/**
 * `pg_read_all_data` covers large objects from version 19 on ("Allow pg_{read,write}_all_data to access large objects",
 * https://postgr.es/m/E1vuczI-000sUq-2Z@gemulon.postgresql.org, 2026-02-23): before, each one's own rights count.
 */
async function readLargeObjectRights(session: Session, major: number): Promise<DatabaseFacts["largeObjects"]> {
  const row = await oneRow(
    session,
    `select pg_catalog.count(*) as count, pg_catalog.count(*) filter (where not (
         current_setting('lo_compat_privileges')::boolean or (select rolsuper from pg_catalog.pg_roles where rolname = current_user)
         or ${major < 19 ? "false" : "pg_catalog.pg_has_role(current_user, 'pg_read_all_data', 'USAGE')"} or pg_catalog.pg_has_role(m.lomowner, 'USAGE')
         or exists (select from pg_catalog.aclexplode(m.lomacl) a where a.privilege_type = 'SELECT' and (a.grantee = 0 or pg_catalog.pg_has_role(a.grantee, 'USAGE'))))) as unreadable
     from pg_catalog.pg_largeobject_metadata m`,
  );
  return { count: numberOf(row, "count"), unreadable: numberOf(row, "unreadable") };
}

/** How far a standby is behind, and how long it bears a long reading. */
async function readStandby(session: Session): Promise<DatabaseFacts["standby"]> {
  const row = await oneRow(
    session,
    `select case when pg_catalog.pg_last_wal_receive_lsn() = pg_catalog.pg_last_wal_replay_lsn() then 0
         else pg_catalog.round(extract(epoch from pg_catalog.clock_timestamp() - pg_catalog.pg_last_xact_replay_timestamp()) * 1000) end::bigint as lag,
       current_setting('hot_standby_feedback')::boolean as feedback,
       (select setting from pg_catalog.pg_settings where name = 'max_standby_streaming_delay') as delay`,
  );
  const delay = numberOf(row, "delay");
  const lag = row["lag"];
  return {
    lag: lag === null || lag === undefined ? undefined : ms(Math.max(0, Number(lag))),
    feedback: isTrue(row, "feedback"),
    maxDelay: delay < 0 ? "forever" : ms(delay),
  };
}
