import type { DatabaseManifest, EpochMs } from "@nightshift/model";
import { PortError } from "@nightshift/ports";
import { connectTo, numberOf, oneRow, type Session, textOf, withSession } from "../postgres/session.ts";
import { createDatabase } from "../scratch/database.ts";
import { giveDatabase } from "../scratch/database-settings.ts";
import { type DatabaseAddress, inDatabase } from "./address.ts";
import { nameBeside } from "./names.ts";
import { quoted } from "./switch-over.ts";

/** Where a restore will go: always a database that does not exist yet. */
export interface RestoreTarget {
  readonly major: number;
  /** The new database. */
  readonly restored: DatabaseAddress;
  /** The database of the name that was given, which exists and is left alone. */
  readonly serving: DatabaseAddress | undefined;
}

/** Sessions on a server as a whole: in its own database `postgres`, or in the one that was named where that is closed to us. */
async function onServer<T>(address: DatabaseAddress, signal: AbortSignal, work: (session: Session) => Promise<T>): Promise<T> {
  const session = (database: string) => withSession(connectTo({ ...inDatabase(address, database), name: "nightshift restore" }, signal), work);
  try {
    return await session("postgres");
  } catch (error) {
    const closed = error instanceof PortError && error.operation === "sql:connect" && (error.kind === "denied" || error.kind === "not-found");
    if (!closed) throw error;
    return session(address.database);
  }
}

/**
 * Looks at the server and chooses the new database's name: the one that was given if it is free, else one beside it.
 * @throws {PortError} `invalid` when the server is older than the backup's, or lacks roles that own something in it.
 */
export async function findTarget(asked: {
  readonly into: DatabaseAddress;
  readonly contents: DatabaseManifest;
  readonly at: EpochMs;
  readonly signal: AbortSignal;
}): Promise<RestoreTarget> {
  const { into, contents, at, signal } = asked;
  return onServer(into, signal, async (session) => {
    const row = await oneRow(session, "select current_setting('server_version_num')::int / 10000 as major");
    const major = numberOf(row, "major");
    if (major < contents.server.major)
      throw refused(
        into,
        `the server is PostgreSQL ${major} and the backup is of ${contents.server.major}: a dump restores into the same or a newer major version`,
      );
    const roles = await session.query("select rolname as name from pg_catalog.pg_roles where rolname = any ($1)", [contents.roles]);
    const there = new Set(roles.map((found) => textOf(found, "name")));
    const missing = contents.roles.filter((role) => !there.has(role) && role !== "public");
    if (missing.length > 0)
      throw refused(
        into,
        `it lacks roles that own something in the backup or are granted something: make them first (${missing.map((role) => `CREATE ROLE ${quoted(role)};`).join(" ")}), roles.sql.zst of the backup has the rest`,
      );
    const taken = (await session.query("select 1 as one from pg_catalog.pg_database where datname = $1", [into.database])).length > 0;
    return { major, restored: taken ? inDatabase(into, nameBeside(into.database, "restored", at)) : into, serving: taken ? into : undefined };
  });
}

const refused = ({ database }: DatabaseAddress, because: string): PortError => new PortError("invalid", "backup:restore", database, because);

/** Makes the new database; one of that name is never touched. Returns what could not be made like the source. */
export const makeTarget = (target: DatabaseAddress, contents: DatabaseManifest, signal: AbortSignal): Promise<readonly string[]> =>
  onServer(target, signal, (session) => createDatabase(session, target.database, contents.server));

/** Gives it to the source's owner. Returns what could not be done. */
export const giveTarget = (target: DatabaseAddress, contents: DatabaseManifest, signal: AbortSignal): Promise<readonly string[]> =>
  onServer(target, signal, (session) => giveDatabase(session, target.database, contents.server));

/** Removes a database that this very restore made and did not finish. */
export const dropTarget = (target: DatabaseAddress): Promise<unknown> =>
  onServer(target, AbortSignal.timeout(30_000), (session) => session.query(`drop database if exists ${quoted(target.database)}`));
