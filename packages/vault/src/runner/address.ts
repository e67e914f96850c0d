import { plainEnvironment } from "../scratch/program.ts";

/** Where a database is and how to get in. Holds a password: never print it whole, {@link sayAddress} is for people. */
export interface DatabaseAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string | undefined;
  readonly database: string;
  /** `disable`, `prefer`, `require`, `verify-ca`, `verify-full`. */
  readonly sslMode: string | undefined;
  /** File of the authorities that a server's certificate is held against. */
  readonly sslRootCert: string | undefined;
  /** The server must prove by SCRAM that it knows the password; it never gets it, nor an MD5 of it. */
  readonly scramOnly?: boolean;
}

/** An address that cannot be used; its message never holds the address itself, which may hold a password. */
export class AddressError extends Error {
  override readonly name = "AddressError";
}

/** What the PG… variables may add to an address that leaves it out (PostgreSQL manual, "Environment Variables" of libpq, 2026-11-21). */
type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads `postgres://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=…`; what is left out comes from PGUSER, PGPASSWORD, PGPORT and PGDATABASE.
 * @throws {AddressError} when it is none.
 */
export function readAddress(url: string, environment: Environment = {}): DatabaseAddress {
  let read: URL;
  try {
    // Without a host the WHATWG parser refuses a user, though libpq's socket addresses have none.
    read = new URL(url.replace(/^(postgres(?:ql)?:\/\/[^/@]*)@\//, "$1@%2f/"));
  } catch {
    throw new AddressError(
      "The database's URL cannot be read. Expected postgres://USER:PASSWORD@HOST:PORT/DATABASE; encode special characters of the password (@ is %40).",
    );
  }
  if (read.protocol !== "postgres:" && read.protocol !== "postgresql:")
    throw new AddressError(`The database's URL begins with ${read.protocol}//. Expected postgres://USER:PASSWORD@HOST:PORT/DATABASE.`);
  const word = (text: string): string => decodeURIComponent(text);
  const host = read.searchParams.get("host") ?? word(read.hostname).replace(/^\[|\]$/g, "");
  const database = word(read.pathname.replace(/^\//, "")) || environment["PGDATABASE"] || "";
  const user = word(read.username) || read.searchParams.get("user") || environment["PGUSER"] || "";
  const missing = [host === "" || host === "/" ? "a host" : "", user === "" ? "a user" : "", database === "" ? "a database" : ""].filter((name) => name !== "");
  if (missing.length > 0) throw new AddressError(`The database's URL lacks ${missing.join(" and ")}. Expected postgres://USER:PASSWORD@HOST:PORT/DATABASE.`);
  return {
    host,
    port: Number(read.port || read.searchParams.get("port") || environment["PGPORT"] || 5432),
    user,
    password: word(read.password) || environment["PGPASSWORD"] || undefined,
    database,
    sslMode: read.searchParams.get("sslmode") ?? environment["PGSSLMODE"],
    sslRootCert: read.searchParams.get("sslrootcert") ?? environment["PGSSLROOTCERT"],
  };
}

/** An address for people and logs: `shop on db.internal:5432`; no user, no password. */
export const sayAddress = ({ database, host, port }: DatabaseAddress): string => `${database} on ${host.startsWith("/") ? "this machine" : host}:${port}`;

/** The variables that PostgreSQL's programs find this database by; the password is in them, never on a command line. */
export const clientEnvironment = (address: DatabaseAddress, name = "nightshift"): Readonly<Record<string, string>> => ({
  ...plainEnvironment(),
  PGHOST: address.host,
  PGPORT: String(address.port),
  PGUSER: address.user,
  PGDATABASE: address.database,
  PGCONNECT_TIMEOUT: "10",
  PGAPPNAME: name,
  ...(address.password === undefined ? {} : { PGPASSWORD: address.password }),
  ...(address.sslMode === undefined ? {} : { PGSSLMODE: address.sslMode }),
  ...(address.sslRootCert === undefined ? {} : { PGSSLROOTCERT: address.sslRootCert }),
  // Of 16 and later; our own session, which comes first, refuses the same of any server.
  ...(address.scramOnly === true ? { PGREQUIREAUTH: "scram-sha-256" } : {}),
});

/** How the sessions of one backup are called in `pg_stat_activity`; PostgreSQL cuts names after 63 bytes. */
export const applicationOf = (id: string): string => `nightshift ${id}`.slice(0, 63);

/** The same database server, another database. */
export const inDatabase = (address: DatabaseAddress, database: string): DatabaseAddress => ({ ...address, database });
