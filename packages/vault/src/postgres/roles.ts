import { literal, quoted } from "./quoted.ts";
import { isTrue, serverMajor } from "./server.ts";
import { type Session, textOf } from "./session.ts";

/** One role of the server. Its password is not here: no role that should take backups can read it. */
export interface RoleFacts {
  readonly name: string;
  /** `login`, `createdb` … as CREATE ROLE takes them. */
  readonly attributes: readonly string[];
  readonly memberOf: readonly string[];
  /** `ALTER ROLE … SET`, for every database. */
  readonly settings: readonly { readonly name: string; readonly value: string }[];
}

/** All roles but the server's own, by name. */
export async function readRoles(session: Session): Promise<readonly RoleFacts[]> {
  await serverMajor(session);
  const rows = await session.query(
    `select r.rolname as name, rolsuper as superuser, rolcreatedb as createdb, rolcreaterole as createrole, rolinherit as inherit, rolcanlogin as login,
       rolreplication as replication, rolbypassrls as bypassrls, rolconnlimit::text as "connectionLimit", rolvaliduntil::text as "validUntil",
       coalesce((select pg_catalog.json_agg(distinct g.rolname) from pg_catalog.pg_auth_members m join pg_catalog.pg_roles g on g.oid = m.roleid where m.member = r.oid), '[]')::text as "memberOf",
       coalesce((select pg_catalog.json_agg(x.setting) from pg_catalog.pg_db_role_setting s, pg_catalog.unnest(s.setconfig) x (setting) where s.setrole = r.oid and s.setdatabase = 0), '[]')::text as settings
     from pg_catalog.pg_roles r where r.rolname !~ '^pg_' order by 1`,
  );
  return rows.map((row) => ({
    name: textOf(row, "name"),
    attributes: [
      ...["superuser", "createdb", "createrole", "inherit", "login", "replication", "bypassrls"].map((word) => (isTrue(row, word) ? word : `no${word}`)),
      ...(textOf(row, "connectionLimit") === "-1" ? [] : [`connection limit ${textOf(row, "connectionLimit")}`]),
      ...(row["validUntil"] === null || row["validUntil"] === undefined ? [] : [`valid until ${literal(row["validUntil"])}`]),
    ],
    // Our own query made these texts: arrays of texts.
    memberOf: (JSON.parse(textOf(row, "memberOf")) as string[]).toSorted(),
    settings: (JSON.parse(textOf(row, "settings")) as string[]).map((setting) => ({
      name: setting.slice(0, setting.indexOf("=")),
      value: setting.slice(setting.indexOf("=") + 1),
    })),
  }));
}

/** One statement each that makes these roles again, without passwords; one that exists already gives SQLSTATE 42710, which the caller may pass over. */
export const rolesSql = (roles: readonly RoleFacts[]): readonly string[] => [
  ...roles.map(({ name, attributes }) => `create role ${quoted(name)} with ${attributes.join(" ")};`),
  ...roles.flatMap(({ name, memberOf }) => memberOf.map((group) => `grant ${quoted(group)} to ${quoted(name)};`)),
  ...roles.flatMap(({ name, settings }) => settings.map((setting) => `alter role ${quoted(name)} set ${settingSql(setting)};`)),
];

/** The same for a scratch server: names and memberships only, nobody may log in, no setting is taken over. */
export const scratchRolesSql = (roles: readonly RoleFacts[]): readonly string[] => [
  ...roles.map(({ name }) => `create role ${quoted(name)} nologin;`),
  ...roles.flatMap(({ name, memberOf }) => memberOf.map((group) => `grant ${quoted(group)} to ${quoted(name)};`)),
];

/** What puts a database's own settings back, which a dump of one database leaves out. */
export const databaseSettingsSql = (
  database: string,
  settings: readonly { readonly role: string | undefined; readonly name: string; readonly value: string }[],
): readonly string[] =>
  settings.map((setting) =>
    setting.role === undefined
      ? `alter database ${quoted(database)} set ${settingSql(setting)};`
      : `alter role ${quoted(setting.role)} in database ${quoted(database)} set ${settingSql(setting)};`,
  );

/**
 * Settings whose value is a list of names already hold the quotes of each name (pg_dump writes them likewise: variables with
 * GUC_LIST_QUOTE, variable_is_guc_list_quote() in src/bin/pg_dump/dumputils.c); all others are one literal.
 */
const listsOfNames = [
  "local_preload_libraries",
  "search_path",
  "session_preload_libraries",
  "shared_preload_libraries",
  "temp_tablespaces",
  "unix_socket_directories",
];

const settingSql = ({ name, value }: { readonly name: string; readonly value: string }): string =>
  `${name.split(".").map(quoted).join(".")} to ${listsOfNames.includes(name.toLowerCase()) && value !== "" ? value : literal(value)}`;
