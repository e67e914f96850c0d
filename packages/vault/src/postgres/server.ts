import type { ServerFacts } from "@nightshift/model";
import { numberOf, oneRow, type Row, type Session, textOf } from "./session.ts";

/** The server's major version: the client programs must have the same, or a newer one. */
export async function serverMajor(session: Session): Promise<number> {
  const row = await oneRow(session, "select current_setting('server_version_num') as version");
  return Math.floor(numberOf(row, "version") / 10_000);
}

/** What the server says about itself and the database we are in. */
export async function readServer(session: Session, major: number): Promise<ServerFacts> {
  const row = await oneRow(
    session,
    `select current_setting('server_version') as version, current_database() as database, current_setting('data_checksums') as checksums,
       pg_catalog.pg_encoding_to_char(d.encoding) as encoding, d.datcollate as collate, d.datctype as ctype, ${providerOf(major)} as provider,
       pg_catalog.pg_get_userbyid(d.datdba) as owner, (select pg_catalog.json_agg(pg_catalog.json_build_object('role', r.rolname, 'right', a.privilege_type, 'grantable', a.is_grantable) order by r.rolname, a.privilege_type)
         from pg_catalog.aclexplode(d.datacl) a left join pg_catalog.pg_roles r on r.oid = a.grantee)::text as access,
       pg_catalog.pg_is_in_recovery() as standby, pg_catalog.pg_database_size(d.oid) as bytes
     from pg_catalog.pg_database d where d.datname = current_database()`,
  );
  return {
    version: textOf(row, "version"),
    major,
    database: textOf(row, "database"),
    owner: textOf(row, "owner"),
    ...(row["access"] === null || row["access"] === undefined ? {} : { access: accessIn(row["access"]) }),
    dataChecksums: textOf(row, "checksums") === "on",
    encoding: textOf(row, "encoding"),
    collate: textOf(row, "collate"),
    ctype: textOf(row, "ctype"),
    localeProvider: textOf(row, "provider"),
    inRecovery: isTrue(row, "standby"),
    bytes: numberOf(row, "bytes"),
  };
}

/** Our own query made this text. */
const accessIn = (text: string): NonNullable<ServerFacts["access"]> =>
  (JSON.parse(text) as { readonly role: string | null; readonly right: string; readonly grantable: boolean }[]).map(({ role, ...right }) => ({
    role: role ?? undefined,
    ...right,
  }));

/** `datlocprovider` came with 15; its locale was `daticulocale` until 16 and is `datlocale` since 17. */
function providerOf(major: number): string {
  if (major < 15) return "'libc'";
  const locale = major < 17 ? "d.daticulocale" : "d.datlocale";
  return `case d.datlocprovider when 'c' then 'libc' when 'i' then 'icu' else 'builtin' end || coalesce(' ' || ${locale}, '')`;
}

/** Whether a boolean column says true. */
export const isTrue = (row: Row, column: string): boolean => textOf(row, column) === "t";

/** Log position: how far written, or on a standby how far replayed. */
export const logPosition = "case when pg_catalog.pg_is_in_recovery() then pg_catalog.pg_last_wal_replay_lsn() else pg_catalog.pg_current_wal_lsn() end";
