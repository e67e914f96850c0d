import { type AddressKind, badAddress, parseAddress } from "../parse-address.ts";

const kind: AddressKind = {
  operation: "redis:connect",
  on: "the broker",
  protocols: ["redis:", "rediss:"],
  looksLike: "redis:// or rediss://USER:PASSWORD@HOST:PORT/DB",
};

/** Which database an address names; 0 when it names none, as kombu has it. */
export function redisDatabase(url: string): number {
  const path = parseAddress(url, kind).pathname.replace(/^\/+/, "");
  const number = path === "" ? Number(parseAddress(url, kind).searchParams.get("db") ?? 0) : Number(path);
  if (!Number.isInteger(number) || number < 0) throw badAddress("its database is not a number", kind);
  return number;
}

/** Where an address points, as a client wants it told. TLS for `rediss://`. @throws {PortError} without the address, which holds a password. */
export function redisAddress(url: string) {
  const address = parseAddress(url, kind);
  const password = decoded(address.password);
  const username = decoded(address.username);
  return {
    host: address.hostname.replace(/^\[|\]$/g, ""),
    port: address.port === "" ? 6379 : Number(address.port),
    db: redisDatabase(url),
    ...(password === "" ? {} : { password }),
    ...(username === "" || password === "" ? {} : { username }),
    ...(address.protocol === "rediss:" ? { tls: {} } : {}),
  };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw badAddress("a % in its user or password is not written as %25", kind);
  }
}
