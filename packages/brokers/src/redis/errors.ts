import { PortError, type PortErrorKind } from "@nightshift/ports";

/** Why a Redis in cluster mode is refused. Source: celery issue threads and kombu 5.6.2 `transport/redis.py`, whose multi-key commands span slots; read on 2026-11-21. */
export const clusterRefused =
  "Redis runs in cluster mode, which Celery's Redis transport does not speak; point the broker's secret at a Redis with cluster mode disabled";

/**
 * What Redis or the way to it answered, as a `PortError` in plain words. Takes nothing of the error but its code and Redis's
 * first word: messages of connections hold addresses, and a refused AUTH carries its password along.
 */
export function redisError(operation: string, error: unknown): PortError {
  if (error instanceof PortError) return error;
  const { kind, says } = sayError(error);
  return new PortError(kind, `redis:${operation}`, "the broker", says);
}

function sayError(error: unknown): { readonly kind: PortErrorKind; readonly says: string } {
  const message = error instanceof Error ? error.message : "";
  const code = codeOf(error);
  const network = networkWords[code];
  if (network !== undefined) return { kind: "unavailable", says: network };
  if (/cert|TLS|SSL|ALTNAME|self.signed/i.test(code))
    return { kind: "denied", says: "the TLS certificate was not accepted; check that the secret's rediss:// host is the one the certificate names" };
  if (/timed out/i.test(message)) return { kind: "timeout", says: "Redis did not answer in time" };
  if (/DB index is out of range/i.test(message))
    return { kind: "invalid", says: "Redis has no database of this number; check the number after the last / of the address" };
  if (/cluster mode/i.test(message)) return { kind: "unsupported", says: clusterRefused };
  const word = /^-?([A-Z]{3,})\b/.exec(message)?.[1] ?? "";
  const answer = answerWords[word];
  if (answer !== undefined) return answer;
  if (/unknown command/i.test(message)) return { kind: "unsupported", says: "Redis does not know this command" };
  if (/closed|ended|writeable/i.test(message)) return { kind: "unavailable", says: "the connection was closed" };
  return { kind: "invalid", says: word === "" ? "Redis could not be reached" : `Redis answered ${word}` };
}

const networkWords: Readonly<Record<string, string>> = {
  ECONNREFUSED: "the connection was refused: nothing listens there, or a security group is in the way",
  ECONNRESET: "the connection was closed while Redis was asked",
  EPIPE: "the connection was closed while Redis was asked",
  ENOTFOUND: "its host name has no address; check the secret and the VPC's DNS",
  EAI_AGAIN: "its host name could not be looked up; check the VPC's DNS",
  ETIMEDOUT: "no connection within 3 s; check the function's subnets and the broker's security group",
  EHOSTUNREACH: "there is no route to it; check the function's subnets",
  ENETUNREACH: "there is no route to it; check the function's subnets",
};

const refused = "Redis refused the user or password; check the broker's secret";
const answerWords: Readonly<Record<string, { readonly kind: PortErrorKind; readonly says: string }>> = {
  NOAUTH: { kind: "denied", says: "Redis wants a password and the broker's secret holds none" },
  WRONGPASS: { kind: "denied", says: refused },
  NOPERM: { kind: "denied", says: "this user may not run the command; extend its ACL" },
  MOVED: { kind: "unsupported", says: clusterRefused },
  ASK: { kind: "unsupported", says: clusterRefused },
  CROSSSLOT: { kind: "unsupported", says: clusterRefused },
  CLUSTERDOWN: { kind: "unsupported", says: clusterRefused },
  LOADING: { kind: "unavailable", says: "Redis is loading its data" },
  MASTERDOWN: { kind: "unavailable", says: "Redis is a replica without its primary" },
  READONLY: { kind: "unsupported", says: "this Redis is a read-only replica; point the broker's secret at the primary" },
  BUSY: { kind: "unavailable", says: "Redis is busy with somebody's script" },
  OOM: { kind: "unavailable", says: "Redis is out of memory" },
  WRONGTYPE: { kind: "invalid", says: "a key holds another kind of value than Celery keeps there" },
};

/** Error codes sit on the error, or on the cause of one that says only that the connection is closed. */
function codeOf(error: unknown): string {
  for (let one = error, depth = 0; one instanceof Error && depth < 3; one = one.cause, depth += 1) {
    if ("code" in one && typeof one.code === "string") return one.code;
  }
  return "";
}
