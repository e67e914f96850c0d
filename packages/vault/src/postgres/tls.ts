import { readFile } from "node:fs/promises";
import type { ConnectionOptions } from "node:tls";
import { PortError } from "@nightshift/ports";

/** Who the server must be. */
export interface ServerIdentity {
  /** A name, an address, or the folder of a unix socket. */
  readonly host: string;
  /** `disable`, `allow`, `prefer`, `require`, `verify-ca` or `verify-full`, with libpq's meaning; absent: `prefer`. */
  readonly sslMode: string | undefined;
  /** File of the authorities that a server's certificate is held against. */
  readonly sslRootCert: string | undefined;
}

/** Whether this is the machine itself. */
export const isLoopback = (host: string): boolean => host.startsWith("/") || host === "localhost" || host === "::1" || /^127(?:\.\d{1,3}){3}$/.test(host);

/**
 * How to connect, in the order to try: TLS settings, or false for none. The same as libpq does with the same words, so that we and
 * pg_dump meet the same server the same way (PostgreSQL documentation, "SSL Support", table "SSL Mode Descriptions",
 * https://www.postgresql.org/docs/current/libpq-ssl.html, 2026-11-21).
 * @throws {PortError} `invalid` for a word that libpq does not know, or a file that cannot be read.
 */
export async function waysTo({ host, sslMode, sslRootCert }: ServerIdentity): Promise<readonly (false | ConnectionOptions)[]> {
  if (host.startsWith("/")) return [false];
  const ca = sslRootCert === undefined ? {} : { ca: await authorities(sslRootCert) };
  const unchecked: ConnectionOptions = { rejectUnauthorized: false };
  switch (sslMode ?? "prefer") {
    case "disable":
      return [false];
    case "allow":
    case "prefer":
      return [unchecked, false];
    case "require":
      // With a file of authorities, libpq checks the chain under `require`, too.
      return [sslRootCert === undefined ? unchecked : { ...ca, checkServerIdentity: () => undefined }];
    case "verify-ca":
      return [{ ...ca, checkServerIdentity: () => undefined }];
    case "verify-full":
      return [{ ...ca, servername: host }];
    default:
      throw new PortError("invalid", "sql:connect", "database", "sslmode is none of disable, allow, prefer, require, verify-ca and verify-full");
  }
}

async function authorities(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new PortError("invalid", "sql:connect", "database", "the file of sslrootcert cannot be read", error);
  }
}
