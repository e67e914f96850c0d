import { type EpochMs, epochMs, type Ms, seconds } from "@nightshift/model";
import { PortError } from "@nightshift/ports";
import { lockTableFull } from "./next-step.ts";
import { listSequences, readSequences, type SequenceReading } from "./sequences.ts";
import { logPosition, serverMajor } from "./server.ts";
import { type Connect, oneRow, type Session, sqlState, textOf } from "./session.ts";
import { settleSession } from "./settings.ts";

/** A moment of the database that stays readable as long as it is held, with every table locked against changes of its shape. */
export interface HeldSnapshot {
  /** For `pg_dump --snapshot=…` and `describeDatabase`. */
  readonly id: string;
  /** The server's own clock. */
  readonly at: EpochMs;
  readonly lsn: string | undefined;
  readonly major: number;
  /**
   * The session that holds the locks. What reads through it waits for nobody; another session's own lock would stand behind a
   * migration that waits for ours.
   */
  readonly session: Session;
  /** The locked tables. */
  readonly tables: readonly string[];
  /** Where every sequence stood before anything was dumped: the dump reads them later, and no snapshot holds them still. */
  readonly sequences: readonly SequenceReading[];
  /** Lets everything go. Never throws; the second call does nothing. */
  readonly release: () => Promise<void>;
}

/** How it is taken. */
export interface HoldAsked {
  readonly connect: Connect;
  /** How long to stand in a queue for a table's lock: others stand behind us meanwhile. 5 s by default. */
  readonly lockTimeout?: Ms;
}

/** Tables that come and go while we lock: so many rounds, then somebody is in the middle of a migration. */
const rounds = 5;
/** One statement stays far below the longest that anybody would want to read in a log. */
const tablesInOneStatement = 500;

/**
 * Locks every table, then takes the snapshot and exports it. The order is the point: LOCK takes no snapshot, so a TRUNCATE or a
 * migration either came before (and is seen) or waits; exported first, both the dump and the manifest would see an emptied table
 * and agree (facts/backups.md 3.1, tested). Works on a standby.
 * @throws {PortError} `conflict` when a table's lock cannot be had in time or tables keep changing: try again later; `unsupported` behind a pooler.
 */
export async function holdSnapshot({ connect, lockTimeout = seconds(5) }: HoldAsked): Promise<HeldSnapshot> {
  // The list is read in a session of its own: in the holder's transaction, reading would take the snapshot too early.
  const scout = await connect();
  const holder = await connect().catch(async (error: unknown) => {
    await scout.close();
    throw error;
  });
  try {
    const major = await serverMajor(scout);
    await refusePooler(holder);
    await settleSession(scout, major);
    await settleSession(holder, major);
    for (let round = 1; round <= rounds; round += 1) {
      const held = await tryToHold({ scout, holder, lockTimeout });
      if (held !== undefined) {
        return { ...held, major, session: holder, release: () => holder.close() };
      }
    }
    throw new PortError(
      "conflict",
      "backup:holdSnapshot",
      "database",
      `tables were made or dropped ${rounds} times while they were locked; try again when the migration is over`,
    );
  } catch (error) {
    await holder.close();
    throw error;
  } finally {
    await scout.close();
  }
}

/** Undefined: the tables changed meanwhile, everything was let go. */
async function tryToHold({
  scout,
  holder,
  lockTimeout,
}: {
  readonly scout: Session;
  readonly holder: Session;
  readonly lockTimeout: Ms;
}): Promise<Pick<HeldSnapshot, "id" | "at" | "lsn" | "tables" | "sequences"> | undefined> {
  const listed = await lockable(scout);
  await holder.query("begin isolation level repeatable read read only");
  try {
    await holder.query(`set local lock_timeout = ${Math.round(lockTimeout)}`);
    await lockTables(holder, listed);
    const row = await oneRow(
      holder,
      `select pg_catalog.pg_export_snapshot() as id, ${logPosition} as lsn, extract(epoch from pg_catalog.clock_timestamp()) * 1000 as at`,
    );
    const seen = await lockable(holder);
    if (seen.length === listed.length && seen.every((table, n) => table === listed[n])) {
      const sequences = (await listSequences(holder)).map(({ sequence }) => sequence);
      return {
        sequences: await readSequences(holder, sequences),
        id: textOf(row, "id"),
        lsn: row["lsn"] ?? undefined,
        at: epochMs(Math.round(Number(textOf(row, "at")))),
        tables: listed,
      };
    }
  } catch (error) {
    // A table that was dropped between the list and its lock.
    if (sqlState(error) !== "42P01" && sqlState(error) !== "3F000") throw explained(error);
  }
  await holder.query("rollback");
  return undefined;
}

/** Against changes of their shape; readers and writers are not in the way of it, nor it in theirs. */
export async function lockTables(session: Session, tables: readonly string[]): Promise<void> {
  for (let from = 0; from < tables.length; from += tablesInOneStatement) {
    const some = tables.slice(from, from + tablesInOneStatement).map((table) => `only ${table}`);
    await session.query(`lock table ${some.join(", ")} in access share mode`);
  }
}

/** Ordinary and partitioned tables that pg_dump would lock: also unlogged ones, whose definition is dumped. */
async function lockable(session: Session): Promise<readonly string[]> {
  const rows = await session.query(
    `select pg_catalog.format('%I.%I', n.nspname, c.relname) as name from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p') and c.relpersistence <> 't' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema' order by c.oid`,
  );
  return rows.map((row) => textOf(row, "name"));
}

/**
 * A pooler answers with a process id of its own making (PgBouncer, RDS Proxy), and in transaction mode it would hand our
 * session's settings and snapshot to somebody else's.
 * @throws {PortError} `unsupported` when the server says another process id than the first answer did.
 */
async function refusePooler(session: Session): Promise<void> {
  const row = await oneRow(session, "select pg_catalog.pg_backend_pid() as pid");
  if (Number(textOf(row, "pid")) !== session.pid) {
    throw new PortError(
      "unsupported",
      "backup:holdSnapshot",
      "database",
      "the address leads to a pooler (PgBouncer, RDS Proxy); give the server's own address",
    );
  }
}

/** Says what to do about the two failures that a lock of many tables can have. */
function explained(error: unknown): unknown {
  const state = sqlState(error);
  if (state === "55P03") {
    return new PortError(
      "conflict",
      "backup:holdSnapshot",
      "database",
      "somebody holds a table's lock (a migration?), and nobody is made to wait behind us; try again later",
      error,
    );
  }
  if (state === "53200") {
    return new PortError("invalid", "backup:holdSnapshot", "database", lockTableFull, error);
  }
  return error;
}
