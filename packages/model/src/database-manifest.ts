import type { EpochMs } from "./time.ts";

/** A sum of 64-bit hashes as decimal text: exact beyond what a number holds, and the sum of any parts is the sum of the whole. */
export type HashSum = string & { readonly of: "hash-sum" };
/** Marks decimal text as that sum. */
export const hashSum = (s: string): HashSum => s as HashSum;

/**
 * What a PostgreSQL database holds, seen through one snapshot: enough to say that a restored copy is equal, and where it is not.
 * It holds no row: counts, sums of hashes, and of keys only where the parts of a table begin.
 */
export interface DatabaseManifest {
  readonly format: 1;
  readonly server: ServerFacts;
  /** The server's own clock when the snapshot was taken. */
  readonly at: EpochMs;
  /** Log position at the snapshot (on a standby: replayed so far); absent where the role may not read it. */
  readonly lsn?: string;
  /** Every ordinary table with stored rows: leaf partitions, never their parents; ordered by name. */
  readonly tables: readonly TableManifest[];
  /** Tables whose rows are in no backup (unlogged, foreign, an extension's own), and why. */
  readonly leftOut: readonly { readonly table: string; readonly because: string }[];
  readonly sequences: readonly SequenceManifest[];
  readonly extensions: readonly { readonly name: string; readonly version: string }[];
  readonly largeObjects: { readonly count: number; readonly hash: HashSum };
  readonly validity: ValidityManifest;
  /** Roles that own something in it, are granted something or have settings there: the restored side needs them. */
  readonly roles: readonly string[];
  /** `ALTER DATABASE … SET` and `ALTER ROLE … IN DATABASE … SET`, which a dump without `--create` leaves out. */
  readonly settings: readonly { readonly role: string | undefined; readonly name: string; readonly value: string }[];
  readonly freshness: readonly FreshnessManifest[];
  readonly schema: SchemaManifest;
}

/** What the server says about itself and the database. */
export interface ServerFacts {
  /** `SHOW server_version`, as it says it. */
  readonly version: string;
  /** 15, 17 … */
  readonly major: number;
  readonly database: string;
  /** Whose the database is; absent in what was written before this was read. */
  readonly owner?: string;
  /** Rights on the database itself, which a dump without `--create` leaves out; no role: everybody. Absent: those that every database has. */
  readonly access?: readonly { readonly role: string | undefined; readonly right: string; readonly grantable: boolean }[];
  readonly dataChecksums: boolean;
  readonly encoding: string;
  readonly collate: string;
  readonly ctype: string;
  /** `libc`, `icu` or `builtin`, and its locale where it has one. */
  readonly localeProvider: string;
  /** It is a standby. */
  readonly inRecovery: boolean;
  /** `pg_database_size`. */
  readonly bytes: number;
}

/** One table's rows. */
export interface TableManifest {
  /** Quoted where it must be: `shop.orders_2026`. */
  readonly table: string;
  /** The partitioned table at the top, for gates that count them together; the table itself otherwise. */
  readonly root: string;
  /** In the order that the row hash takes them: by name. */
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** Columns of the primary key; none: it has no key. */
  readonly key: readonly string[];
  readonly rows: number;
  readonly hash: HashSum;
  /** Size at the source, with indexes and TOAST. */
  readonly bytes: number;
  readonly parts: TableParts;
}

/**
 * How a table's rows are divided, in the same pass that hashes them, so that a difference names where it is: at most 1,000 parts.
 * `range`: part 0 holds keys below the first bound, part n those from bound n-1 on; bounds are texts of the key column.
 * `key`: by a hash of the key; `row`: by the row's own hash, where there is no key.
 */
export type TableParts =
  | {
      readonly by: "range";
      readonly column: string;
      readonly type: string;
      /** Keys of this column may be told to people: a number, a moment or a random id; never a text. */
      readonly speakable: boolean;
      readonly bounds: readonly string[];
      readonly each: readonly TablePart[];
    }
  | { readonly by: "key" | "row"; readonly count: number; readonly each: readonly TablePart[] };
/** Rows of one part and the sum of their hashes. */
export interface TablePart {
  readonly rows: number;
  readonly hash: HashSum;
}

/** One sequence: read outside any snapshot, because sequences are not transactional. */
export interface SequenceManifest {
  readonly sequence: string;
  /** `last_value` and `is_called`, as decimal text. */
  readonly last: string;
  readonly called: boolean;
  /** Decimal text; negative ones count down. */
  readonly increment: string;
  readonly cycles: boolean;
  /** The same after the dump had ended; absent where nobody read it. The dump's own reading lies between the two. */
  readonly lastAfter?: { readonly last: string; readonly called: boolean };
  /** The column it feeds, and that column's largest value (smallest, for one that counts down) in the snapshot; no value: no rows. */
  readonly owner?: { readonly table: string; readonly column: string; readonly furthest: string | undefined };
}

/** What is there but does not work as it should. */
export interface ValidityManifest {
  readonly invalidIndexes: readonly string[];
  readonly notValidated: readonly string[];
  readonly unpopulated: readonly string[];
}

/** The newest value of one time column; undefined: no rows, or no such column. */
export interface FreshnessManifest {
  readonly table: string;
  readonly column: string;
  readonly newest: EpochMs | undefined;
}

/** The definitions as `pg_dump --schema-only` writes them: one digest for all, and one for each object so that a difference can name it. */
export interface SchemaManifest {
  /** SHA-256 (hex) over all objects, whatever their order. */
  readonly sha256: string;
  /** `TABLE shop.orders` and the first 16 hex digits of the SHA-256 of its text; ordered by name. */
  readonly objects: readonly { readonly object: string; readonly digest: string }[];
}

/** Rows of all tables together. */
export const countRows = (manifest: DatabaseManifest): number => manifest.tables.reduce((sum, { rows }) => sum + rows, 0);
