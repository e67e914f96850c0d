import type { DatabaseManifest } from "@nightshift/model";
import { type Session, sqlState } from "../postgres/session.ts";

/**
 * Puts the database's own settings into a restored copy, which a dump without `--create` leaves out; after everything else, because one of
 * them (`default_transaction_read_only`) could stop a restore. Returns those that the server did not take, by name: a value may be a secret.
 */
export async function applySettings(session: Session, database: string, settings: DatabaseManifest["settings"]): Promise<readonly string[]> {
  const refused: string[] = [];
  for (const { role, name, value } of settings) {
    const of = role === undefined ? `database ${identifier(database)}` : `role ${identifier(role)} in database ${identifier(database)}`;
    try {
      await session.query(`alter ${of} set ${name.split(".").map(identifier).join(".")} to ${lists.has(name) ? value || "''" : text(value)}`);
    } catch (error) {
      if (sqlState(error) === undefined) throw error;
      refused.push(`the setting ${name}${role === undefined ? "" : ` of role ${role}`} could not be put into the copy (${sqlState(error) ?? ""})`);
    }
  }
  return refused;
}

/** Settings whose value is a list of names, each quoted by itself already (PostgreSQL source, GUC_LIST_QUOTE in utils/misc/guc_tables.c, 2026-11-21). */
const lists: ReadonlySet<string> = new Set(["search_path", "local_preload_libraries", "session_preload_libraries", "temp_tablespaces"]);

const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const text = (value: string): string =>
  value.includes("\\") ? `E'${value.replaceAll("\\", "\\\\").replaceAll("'", "''")}'` : `'${value.replaceAll("'", "''")}'`;
