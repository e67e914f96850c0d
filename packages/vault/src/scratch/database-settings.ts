import type { DatabaseManifest } from "@nightshift/model";
import { databaseSettingsSql } from "../postgres/roles.ts";
import { type Session, sqlState } from "../postgres/session.ts";

/**
 * Puts the database's own settings into a restored copy, which a dump without `--create` leaves out; after everything else, because one of
 * them (`default_transaction_read_only`) could stop a restore. Returns those that the server did not take, by name: a value may be a secret.
 */
export async function applySettings(session: Session, database: string, settings: DatabaseManifest["settings"]): Promise<readonly string[]> {
  const refused: string[] = [];
  for (const { role, name, value } of settings) {
    try {
      for (const sql of databaseSettingsSql(database, [{ role, name, value }])) await session.query(sql);
    } catch (error) {
      if (sqlState(error) === undefined) throw error;
      refused.push(`the setting ${name}${role === undefined ? "" : ` of role ${role}`} could not be put into the copy (${sqlState(error) ?? ""})`);
    }
  }
  return refused;
}
