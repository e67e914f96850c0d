import type { DatabaseOwner } from "@nightshift/model";

/** Whom the grants are for. */
export interface GrantsAsked {
  readonly role: string;
  /** The server's major. */
  readonly major: number;
  /** Schemas with tables, which versions before 14 must name; none: `public`. */
  readonly schemas: readonly string[];
  /** Makes the role, too. Its password is set by hand: a statement with one would stand in the server's log. */
  readonly create?: boolean;
  /** Tables have row security. */
  readonly rowSecurity?: boolean;
}

/**
 * The least that a role needs to take backups: it reads every table and sequence, and nothing else. `pg_read_all_data` came with 14
 * (PostgreSQL documentation, "Predefined Roles", https://www.postgresql.org/docs/14/predefined-roles.html, 2026-11-21); row security
 * it does not pass. Large objects need rights of their own before 19. Dumping roles needs nothing more: passwords are left out.
 */
export function grantsSql({ role, major, schemas, create = false, rowSecurity = false }: GrantsAsked): readonly string[] {
  const name = quoted(role);
  const made = create ? [`create role ${name} login;`] : [];
  const passes = rowSecurity ? [`alter role ${name} bypassrls;`] : [];
  if (major >= 14) return [...made, `grant pg_read_all_data to ${name};`, ...passes, `alter role ${name} set default_transaction_read_only = on;`];
  const each = (schemas.length === 0 ? ["public"] : schemas).flatMap((schema) => [
    `grant usage on schema ${quoted(schema)} to ${name};`,
    `grant select on all tables in schema ${quoted(schema)} to ${name};`,
    `grant select on all sequences in schema ${quoted(schema)} to ${name};`,
    // Of tables that the one who runs this makes later; each other owner must say the same.
    `alter default privileges in schema ${quoted(schema)} grant select on tables to ${name};`,
    `alter default privileges in schema ${quoted(schema)} grant select on sequences to ${name};`,
  ]);
  return [...made, ...each, ...passes, `alter role ${name} set default_transaction_read_only = on;`];
}

/** Whom the grants of the second role are for, which restores. */
export interface RestoreGrantsAsked {
  readonly role: string;
  readonly major: number;
  /** Roles that own something in the database; none: nobody looked. */
  readonly owners: readonly DatabaseOwner[];
  readonly create?: boolean;
  /** Tables have row security. */
  readonly rowSecurity?: boolean;
}

/**
 * The least that a role needs to restore a dump beside what runs, whole and with its owners: it makes databases, and is a member of every role that
 * something is handed over to. It reads everything for the safety copy. It makes no roles, is no superuser, replicates nothing, and no night has it.
 * From 16 on a member must also be let to become the owner (`SET`), and whoever runs this must be let to hand the membership on (`ADMIN`): PostgreSQL
 * documentation, "GRANT", https://www.postgresql.org/docs/16/sql-grant.html, "E. Release 16", 2026-11-21; on RDS the master user has that for the
 * roles that it made. An owner that rules the server is left out: its member would rule it, too.
 */
export function restoreGrantsSql({ role, major, owners, create = false, rowSecurity = false }: RestoreGrantsAsked): readonly string[] {
  const name = quoted(role);
  const how = major >= 16 ? " with inherit true, set true" : "";
  return [
    ...(create ? [`create role ${name} login inherit createdb nocreaterole;`] : [`alter role ${name} inherit createdb nocreaterole;`]),
    ...(major >= 14 ? [`grant pg_read_all_data to ${name};`] : []),
    ...(rowSecurity ? [`alter role ${name} bypassrls;`] : []),
    ...owners.filter(({ rules }) => !rules).map((owner) => `grant ${quoted(owner.name)} to ${name}${how};`),
    ...owners.filter(({ rules }) => rules).map((owner) => `-- ${sayRuler(owner.name)}`),
  ];
}

/** What to do where something belongs to a role that rules the server. */
export const sayRuler = (owner: string): string =>
  `${oneLine(owner)} owns something and rules the server, so that its member would, too: give what it owns to a plain role, or restore with ${oneLine(owner)}'s own address`;

/** What follows a line break in a name would be run. */
const oneLine = (name: string): string => name.replaceAll(/[\r\n]+/g, " ");

/** Always in quotes: a plain name may be a word of SQL. */
const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
