import type { DatabaseManifest, ServerFacts } from "@nightshift/model";
import { quoted } from "../postgres/quoted.ts";
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

/** Gives a new database to its source's owner, so that it may hand out what is in it. Returns what the server did not take. */
export const giveDatabase = (session: Session, database: string, { owner }: Pick<ServerFacts, "owner">): Promise<readonly string[]> =>
  owner === undefined
    ? Promise.resolve([])
    : taken(session, [`alter database ${quoted(database)} owner to ${quoted(owner)}`], `the database could not be given to ${owner}`);

/** Grants on the database what its source grants; the last thing of all, because it may take `CONNECT` from everybody. */
export const applyAccess = (session: Session, database: string, { access }: Pick<ServerFacts, "access">): Promise<readonly string[]> => {
  if (access === undefined) return Promise.resolve([]);
  const on = `on database ${quoted(database)}`;
  const grants = access.map(
    ({ role, right, grantable }) => `grant ${right} ${on} to ${role === undefined ? "public" : quoted(role)}${grantable ? " with grant option" : ""}`,
  );
  return taken(session, [`revoke all ${on} from public`, ...grants], "the rights on the database itself could not be granted");
};

async function taken(session: Session, statements: readonly string[], complaint: string): Promise<readonly string[]> {
  try {
    for (const sql of statements) await session.query(sql);
    return [];
  } catch (error) {
    if (sqlState(error) === undefined) throw error;
    return [`${complaint} (${sqlState(error) ?? ""})`];
  }
}
