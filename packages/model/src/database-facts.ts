import type { Ms } from "./time.ts";

/** What a look at a PostgreSQL server saw of how well it can be backed up: only what a check depends on, never a row, an address or a password. */
export interface DatabaseFacts {
  readonly major: number;
  readonly version: string;
  readonly database: string;
  readonly dataChecksums: boolean;
  /** The server process says another id than the protocol did: a pooler stands between. */
  readonly pooler: boolean;
  /** Set on a standby. */
  readonly standby: { readonly lag: Ms | undefined; readonly feedback: boolean; readonly maxDelay: Ms | "forever" } | undefined;
  readonly role: {
    readonly name: string;
    readonly superuser: boolean;
    readonly bypassesRowSecurity: boolean;
    /** A member of `pg_read_all_data`; absent before 14. */
    readonly readsAll: boolean;
    /** It may read the passwords' hashes, which no backup role should. */
    readonly readsPasswords: boolean;
    /** Rights to change rows in any table: a backup needs none. */
    readonly writesTables: number;
  };
  /** Tables and sequences that the role may not read. */
  readonly unreadable: readonly string[];
  /** Tables whose policies would hide rows from the role. */
  readonly rowSecurity: readonly string[];
  readonly largeObjects: { readonly count: number; readonly unreadable: number };
  readonly unlogged: readonly string[];
  /** Not partitioned, with rows, and without a primary key. */
  readonly withoutKey: readonly string[];
  readonly extensions: readonly { readonly name: string; readonly version: string }[];
  /** Roles that may log in: restored, they have no password. */
  readonly loginRoles: readonly string[];
  readonly locks: { readonly relations: number; readonly slots: number };
}

/** A role that owns something in a database, the database itself, or rights given in advance. */
export interface DatabaseOwner {
  readonly name: string;
  /** A superuser, or on RDS a member of `rds_superuser`: whoever is a member of it rules the server. */
  readonly rules: boolean;
}

/** What a look at the role that restores saw, in the database whose dumps it shall restore. */
export interface RestoreRoleFacts {
  readonly database: string;
  readonly major: number;
  readonly name: string;
  readonly superuser: boolean;
  readonly createsDatabases: boolean;
  readonly createsRoles: boolean;
  readonly replicates: boolean;
  /** A setting of the role or the database that makes its every transaction read only. */
  readonly readOnly: boolean;
  /** Every owner, and whether this role may make something its own and act for it. */
  readonly owners: readonly (DatabaseOwner & { readonly member: boolean })[];
  /** Extensions that only a superuser may make (`trusted` is false), and this role is none. */
  readonly untrusted: readonly string[];
  readonly rowSecurity: boolean;
}
