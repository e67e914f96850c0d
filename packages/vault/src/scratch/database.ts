import type { DatabaseManifest, ServerFacts } from "@nightshift/model";
import { type Connect, connectTo, type Session, sqlState, withSession } from "../postgres/session.ts";
import type { Scratch } from "./server.ts";

/** Sessions on one database of a scratch server. */
export const connectScratch = (scratch: Scratch, database: string, signal: AbortSignal): Connect =>
  connectTo({ ...scratch.at(database), password: undefined, sslMode: "disable", sslRootCert: undefined, name: "nightshift scratch" }, signal);

/**
 * Makes an empty database like the source on a scratch server, and the roles that the dump names: without a right to log in or a password.
 * Returns what could not be made alike.
 */
export async function makeScratchDatabase(
  scratch: Scratch,
  database: string,
  { like, signal }: { readonly like: Pick<DatabaseManifest, "server" | "roles">; readonly signal: AbortSignal },
): Promise<readonly string[]> {
  return withSession(connectScratch(scratch, "postgres", signal), async (session) => {
    for (const role of like.roles) await createRole(session, role);
    return createDatabase(session, database, like.server);
  });
}

/** Makes an empty database with the source's encoding and locale; where the server lacks that locale, with C, which it says. */
export async function createDatabase(session: Session, database: string, like: ServerFacts): Promise<readonly string[]> {
  const name = identifier(database);
  try {
    await session.query(`create database ${name} template template0 encoding ${text(like.encoding)} ${localeOf(like)}`);
    return [];
  } catch (error) {
    // 22023: the server knows no such locale; 42809: nor such an encoding with it (PostgreSQL source, commands/dbcommands.c, 2026-11-21).
    if (!["22023", "42809", "22P02", "0A000"].includes(sqlState(error) ?? "")) throw error;
    await session.query(`create database ${name} template template0 encoding ${text(like.encoding)} locale 'C'`);
    return [`the copy sorts by the locale C, because its server lacks ${like.collate}: order of texts was not tried`];
  }
}

function localeOf({ collate, ctype, localeProvider, major }: ServerFacts): string {
  const [provider = "libc", locale] = localeProvider.split(" ");
  const own = `lc_collate ${text(collate)} lc_ctype ${text(ctype)}`;
  if (provider === "libc" || locale === undefined) return own;
  return `${own} locale_provider ${provider} ${provider === "icu" ? "icu_locale" : major >= 17 ? "builtin_locale" : "locale"} ${text(locale)}`;
}

async function createRole(session: Session, role: string): Promise<void> {
  try {
    await session.query(`create role ${identifier(role)} nologin`);
  } catch (error) {
    // 42710: it is there. 42939: a name that PostgreSQL keeps for itself (pg_…), which is there as well or is not to be made.
    if (!["42710", "42939"].includes(sqlState(error) ?? "")) throw error;
  }
}

const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;
