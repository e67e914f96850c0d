import { PortError, type PortErrorKind } from "@nightshift/ports";

/**
 * What RabbitMQ or the way to it answered, as a `PortError` in plain words. Takes nothing of the error but its code: messages of
 * connections hold addresses, and a refused login names its user.
 * Source of the reply codes: "AMQP 0-9-1 Complete Reference Guide", https://www.rabbitmq.com/amqp-0-9-1-reference.html, and what
 * RabbitMQ 3.10.8 answered to amqplib 2.3.1, 2026-11-21.
 */
export function amqpError(operation: string, error: unknown): PortError {
  if (error instanceof PortError) return error;
  const { kind, says } = sayError(error);
  return new PortError(kind, `rabbitmq:${operation}`, "the broker", says);
}

/** AMQP's reply code of an error, where it has one: amqplib keeps it as a number, and in the text of a refused handshake. */
export function replyCode(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  if ("code" in error && typeof error.code === "number") return error.code;
  const said = /: (\d{3}) \(|\((\d{3})\)|"(\d{3}) \(/.exec(error.message);
  return said === null ? undefined : Number(said[1] ?? said[2] ?? said[3]);
}

/** RabbitMQ says 404 for a queue that nobody declared, and also for one whose node is down; only the first is an answer. */
export const saysNoSuch = (error: unknown): boolean => replyCode(error) === 404 && error instanceof Error && /no (queue|exchange) '/.test(error.message);

function sayError(error: unknown): { readonly kind: PortErrorKind; readonly says: string } {
  const code = codeOf(error);
  const network = networkWords[code];
  if (network !== undefined) return network;
  if (/cert|TLS|SSL|ALTNAME|self.signed/i.test(code))
    return { kind: "denied", says: "the TLS certificate was not accepted; check that the secret's amqps:// host is the one the certificate names" };
  const answer = answerWords[replyCode(error) ?? 0];
  if (answer !== undefined) return answer;
  const message = error instanceof Error ? error.message : "";
  // amqplib 2.3.1 drops the reply code of a refused `connection.open`; only the virtual host is opened there.
  if (/ConnectionOpenOk/.test(message)) return closedVhost;
  if (/ETIMEDOUT|timed? ?out/i.test(message)) return timedOut;
  if (/clos|ended|hang up|heartbeat/i.test(message)) return { kind: "unavailable", says: "the connection was closed" };
  return { kind: "invalid", says: "RabbitMQ could not be asked" };
}

const closedVhost = { kind: "denied", says: "the virtual host is not there, or this user may not use it; check the end of the secret's address" } as const;
const timedOut = { kind: "unavailable", says: "no connection within 3 s; check the function's subnets and the broker's security group" } as const;
const closed = { kind: "unavailable", says: "the connection was closed while RabbitMQ was asked" } as const;
const noRoute = { kind: "unavailable", says: "there is no route to it; check the function's subnets" } as const;
const networkWords: Readonly<Record<string, { readonly kind: PortErrorKind; readonly says: string }>> = {
  ECONNREFUSED: { kind: "unavailable", says: "the connection was refused: nothing listens there, or a security group is in the way" },
  ECONNRESET: closed,
  EPIPE: closed,
  ENOTFOUND: { kind: "unavailable", says: "its host name has no address; check the secret and the VPC's DNS" },
  EAI_AGAIN: { kind: "unavailable", says: "its host name could not be looked up; check the VPC's DNS" },
  ETIMEDOUT: timedOut,
  EHOSTUNREACH: noRoute,
  ENETUNREACH: noRoute,
};

const answerWords: Readonly<Record<number, { readonly kind: PortErrorKind; readonly says: string }>> = {
  320: { kind: "unavailable", says: "RabbitMQ is closing its connections" },
  403: { kind: "denied", says: "RabbitMQ refused the user, its password or its permissions; check the broker's secret" },
  404: { kind: "unavailable", says: "what was asked for is on a RabbitMQ node that is down" },
  405: { kind: "invalid", says: "the queue is exclusive to somebody's connection; it cannot be a queue that workers share" },
  406: { kind: "invalid", says: "it is declared otherwise than Celery declares it" },
  506: { kind: "unavailable", says: "RabbitMQ is out of resources" },
  530: closedVhost,
  540: { kind: "unsupported", says: "this RabbitMQ does not know what was asked" },
  541: { kind: "unavailable", says: "RabbitMQ had an error of its own" },
};

/** Error codes of the system sit on the error, or on its cause. */
function codeOf(error: unknown): string {
  for (let one = error, depth = 0; one instanceof Error && depth < 3; one = one.cause, depth += 1) {
    if ("code" in one && typeof one.code === "string") return one.code;
  }
  return "";
}
