import { PortError } from "@nightshift/ports";
import { ms, seconds } from "@nightshift/model";
import pg from "pg";
import { stepAfter } from "./next-step.ts";
import { guard } from "@nightshift/model/guards";
import { isLoopback, type ServerIdentity, waysTo } from "./tls.ts";

/** One row as the server sends it: every value is text, so that nothing is rounded or shifted on the way. */
export type Row = Readonly<Record<string, string | null>>;

/** One session on a server. Everything here is done through this narrow door; a fake stands in for it in tests. */
export interface Session {
  /** The server process behind it, as the protocol's first answer named it. */
  readonly pid: number;
  /** The rows of one statement. @throws {PortError} with the statement's SQLSTATE in the message, never its values. */
  readonly query: (sql: string, values?: readonly (string | number | null | readonly string[])[]) => Promise<readonly Row[]>;
  /** Ends it; what it held is free when this returns. Never throws. */
  readonly close: () => Promise<void>;
}

/** Opens sessions, all to the same database and under the same name. */
export type Connect = () => Promise<Session>;

/** Where and as what we connect. It holds a password: never logged, never in an error. */
export interface Connection extends ServerIdentity {
  readonly port: number;
  readonly user: string;
  readonly password: string | undefined;
  readonly database: string;
  /** `application_name` of every session of one run, pg_dump's too (`PGAPPNAME`): by it our own sessions are told from others. */
  readonly name: string;
  /** The server must prove by SCRAM that it knows the password, whatever the connection is like. */
  readonly scramOnly?: boolean;
}

/** How long a connection may take: longer than a failover's DNS, shorter than anybody's patience. */
const connectWithin = seconds(20);

/** Sessions on one database. A signal ends every open one at once, also in the middle of a statement. */
export function connectTo(connection: Connection, signal?: AbortSignal): Connect {
  return async () => {
    signal?.throwIfAborted();
    const client = await opened(connection, signal);
    // What the server said when it ended the session between two statements: the driver would not tell it to the next one.
    let lastWords: Error | undefined;
    client.on("error", (error) => {
      lastWords ??= error;
    });
    const destroy = (): void => destroyed(client);
    signal?.addEventListener("abort", destroy, { once: true });
    return {
      pid: processOf(client),
      query: async (sql, values) => {
        try {
          const { rows } = await client.query<Row>(sql, values === undefined ? undefined : [...values]);
          return rows;
        } catch (error) {
          signal?.throwIfAborted();
          throw translate(firstWords(sql), error instanceof pg.DatabaseError ? error : (lastWords ?? error));
        }
      },
      close: async () => {
        signal?.removeEventListener("abort", destroy);
        await client.end().catch(() => undefined);
      },
    };
  };
}

/** Runs in a session of its own. */
export async function withSession<T>(connect: Connect, work: (session: Session) => Promise<T>): Promise<T> {
  const session = await connect();
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}

/** The one row of a statement that always gives one. @throws {PortError} when it did not. */
export async function oneRow(session: Session, sql: string, values?: readonly (string | number | null)[]): Promise<Row> {
  const [row] = await session.query(sql, values);
  if (row === undefined) throw new PortError("invalid", `sql:${firstWords(sql)}`, "database", "it gave no row");
  return row;
}

/** A column that must be there. @throws {PortError} when it is NULL: unknown is never zero. */
export function textOf(row: Row, column: string): string {
  const value = row[column];
  if (value === null || value === undefined) throw new PortError("invalid", "sql:read", "database", `it says nothing about ${column}`);
  return value;
}
/** A whole number that must be there and be exact. @throws {PortError} otherwise. */
export function numberOf(row: Row, column: string): number {
  const value = Number(textOf(row, column));
  if (!Number.isSafeInteger(value)) throw new PortError("invalid", "sql:read", "database", `${column} is no whole number`);
  return value;
}

/** The first way to the server that it takes: encrypted, and in plain text only where the address allows that. */
async function opened(
  { host, port, user, password, database, name, sslMode, sslRootCert, scramOnly }: Connection,
  signal: AbortSignal | undefined,
): Promise<pg.Client> {
  const ways = await waysTo({ host, sslMode, sslRootCert });
  for (const [n, ssl] of ways.entries()) {
    const client = new pg.Client({
      host,
      port,
      user,
      ...(password === undefined ? {} : { password }),
      database,
      ssl,
      application_name: name,
      connectionTimeoutMillis: connectWithin,
      keepAlive: true,
      types: { getTypeParser: () => (value: unknown) => value },
    });
    if (scramOnly === true || (ssl === false && !isLoopback(host))) keepPassword(client);
    // A server that goes away between two statements is told by the next one.
    client.on("error", () => undefined);
    const giveUp = (): void => destroyed(client);
    signal?.addEventListener("abort", giveUp, { once: true });
    try {
      await client.connect();
      await client.query(withoutTimeouts, [String(processOf(client))]);
      return client;
    } catch (error) {
      await client.end().catch(() => undefined);
      signal?.throwIfAborted();
      const refusedTls = error instanceof Error && error.message === "The server does not support SSL connections";
      if (refusedTls && n === ways.length - 1) throw withoutTls(sslMode);
      if (!refusedTls) throw translate("connect", error);
    } finally {
      signal?.removeEventListener("abort", giveUp);
    }
  }
  throw new PortError("invalid", "sql:connect", "database", "there is no way to connect");
}

const withoutTls = (sslMode: string | undefined): PortError =>
  new PortError(
    "invalid",
    "sql:connect",
    "database",
    `the server offers no TLS, and sslmode=${sslMode ?? "prefer"} asks for it; turn ssl on there, or say sslmode=prefer if the network between may be trusted`,
  );

/**
 * Whoever stands in a server's place may ask for the password itself, or for an MD5 that is as good as it: such a server gets nothing.
 * SCRAM shows it neither. The driver has no setting for this.
 */
function keepPassword(client: pg.Client): void {
  const refuse = (): void => {
    (client as unknown as { readonly connection: NodeJS.EventEmitter }).connection.emit("error", new AskedForPassword());
  };
  if (!guard("no password in clear text")) return;
  // Methods of the driver that answer these two requests: own properties go before them.
  Object.assign(client, { _handleAuthCleartextPassword: refuse, _handleAuthMD5Password: refuse });
}

/** The server wanted to see the password. */
class AskedForPassword extends Error {
  override readonly name = "AskedForPassword";
}

/** The driver keeps the process id of the server's first answer without a type for it. */
const processOf = (client: pg.Client): number => (client as unknown as { readonly processID: number }).processID;

/**
 * Takes away the timeouts that a role or a database may have for others' sake, before they can end a session of ours; only where the server
 * is the one that answered first, since behind a pooler a setting would stay with somebody else's session.
 */
const withoutTimeouts = `select pg_catalog.set_config(name, '0', false) from pg_catalog.pg_settings where pg_catalog.pg_backend_pid()::text = $1
  and name in ('statement_timeout', 'idle_in_transaction_session_timeout', 'idle_session_timeout', 'transaction_timeout')`;

/** The socket is cut: with `client_connection_check_interval` the server ends the statement within a second. */
function destroyed(client: pg.Client): void {
  // The driver's stream has no type; `end` would wait for the running statement.
  (client as unknown as { readonly connection?: { readonly stream?: { destroy(): void } } }).connection?.stream?.destroy();
}

/** The statement's verb and object kind: enough to find it in the code, and never a value. */
const firstWords = (sql: string): string =>
  sql
    .trim()
    .split(/\s+/, 2)
    .join(" ")
    .replaceAll(/[^A-Za-z ]/g, "")
    .toLowerCase();

/** A failure in the house's words. The server's own message is kept: it names objects; details and hints, which may hold values, are not. */
function translate(operation: string, error: unknown): PortError {
  if (error instanceof pg.DatabaseError) {
    const code = error.code ?? "";
    const { kind, next } = stepAfter(code, error.message);
    const sentence = `${withoutValues(error.message)} (${code})${next === undefined ? "" : `; ${next}`}`;
    return new PortError(kind, `sql:${operation}`, "database", sentence, undefined, kind === "conflict" ? ms(1_000) : undefined);
  }
  if (error instanceof AskedForPassword)
    return new PortError(
      "denied",
      `sql:${operation}`,
      "database",
      "the server asked for the password itself or its MD5, and gets neither here: give the address sslmode=verify-full, or store the role's password for SCRAM (SET password_encryption = 'scram-sha-256', then ALTER ROLE … PASSWORD …)",
    );
  if (error instanceof Error && /client password must be/.test(error.message))
    return new PortError("denied", `sql:${operation}`, "database", "the server asks for a password, and the address has none; add it, or set PGPASSWORD");
  // Messages of sockets hold the address; the code alone does not.
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const lost = error instanceof Error && /timeout/i.test(error.message) ? "no answer in time" : "the connection failed or was lost";
  const next = operation === "connect" ? "check the host, the port and that this machine may reach it" : "look whether the server still runs, and run it again";
  return new PortError("unavailable", `sql:${operation}`, "database", `${code === "" ? lost : `${lost} (${code})`}; ${next}`);
}

/** Some messages quote a value (`invalid input syntax for type integer: "…"`): what follows a colon is left out. */
const withoutValues = (message: string): string => message.replace(/(invalid input syntax for type [^:]+|value [^:]*out of range): .*/s, "$1");

/** The SQLSTATE of a failure that came from the server. */
export const sqlState = (error: unknown): string | undefined => (error instanceof PortError ? /\(([0-9A-Z]{5})\)(?:;|$)/.exec(error.message)?.[1] : undefined);
