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

/** Always in quotes: a plain name may be a word of SQL. */
const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
