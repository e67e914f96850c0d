import { PortError } from "@nightshift/ports";

/** How addresses of one kind look, as a person is told: `redis:// or rediss://USER:PASSWORD@HOST:PORT/DB`. */
export interface AddressKind {
  readonly operation: string;
  /** What it leads to: `the broker`. */
  readonly on: string;
  /** As `URL.protocol` has them: `redis:`. The plain one, then the one over TLS. */
  readonly protocols: readonly [string, string];
  readonly looksLike: string;
}

/** A secret's address. @throws {PortError} `invalid`, without the address, which holds a password. */
export function parseAddress(url: string, kind: AddressKind): URL {
  let address: URL;
  try {
    address = new URL(url.trim());
  } catch {
    throw badAddress("it is no address", kind);
  }
  const [plain, secured] = kind.protocols;
  if (address.protocol !== plain && address.protocol !== secured) throw badAddress(`it does not begin with ${plain}// or ${secured}//`, kind);
  return address;
}

/** What is wrong with an address, and what it must look like. */
export const badAddress = (says: string, { operation, on, looksLike }: AddressKind): PortError =>
  new PortError("invalid", operation, on, `${says}; the secret must hold ${looksLike}`);
