import { PortError } from "@nightshift/ports";

/** Which database an address names; 0 when it names none, as kombu has it. */
export function redisDatabase(url: string): number {
  const path = parse(url).pathname.replace(/^\/+/, "");
  const number = path === "" ? Number(parse(url).searchParams.get("db") ?? 0) : Number(path);
  if (!Number.isInteger(number) || number < 0) throw badAddress("its database is not a number");
  return number;
}

/** Where an address points, as a client wants it told. TLS for `rediss://`. @throws {PortError} without the address, which holds a password. */
export function redisAddress(url: string) {
  const address = parse(url);
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

function parse(url: string): URL {
  let address: URL;
  try {
    address = new URL(url.trim());
  } catch {
    throw badAddress("it is no address");
  }
  if (address.protocol !== "redis:" && address.protocol !== "rediss:") throw badAddress("it does not begin with redis:// or rediss://");
  return address;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw badAddress("a % in its user or password is not written as %25");
  }
}

const badAddress = (says: string): PortError =>
  new PortError("invalid", "redis:connect", "the broker", `${says}; the secret must hold redis:// or rediss://USER:PASSWORD@HOST:PORT/DB`);
