import { PortError, type PortErrorKind } from "@nightshift/ports";

/** What S3 said, or what happened to the connection, in the words of ports. Neither request nor answer is kept: signed headers live there. */
export function translateS3(operation: string, on: string, thrown: unknown): unknown {
  if (thrown instanceof PortError || typeof thrown !== "object" || thrown === null) return thrown;
  const [name, code] = [text(thrown, "name") ?? "Error", text(thrown, "code") ?? ""];
  const kind = /socket hang up|other side closed/.test(text(thrown, "message") ?? "") ? "unavailable" : kindOf(name, code, statusOf(thrown));
  if (kind === undefined) return thrown;
  return new PortError(kind, operation, on, `${name}${code === "" || code === name ? "" : ` (${code})`}: ${text(thrown, "message") ?? ""}`, new Error(name));
}

/** The HTTP status of what the SDK threw, where there was an answer. */
export function statusOf(thrown: unknown): number | undefined {
  const metadata: unknown = typeof thrown === "object" && thrown !== null ? Reflect.get(thrown, "$metadata") : undefined;
  const status: unknown = typeof metadata === "object" && metadata !== null ? Reflect.get(metadata, "httpStatusCode") : undefined;
  return typeof status === "number" ? status : undefined;
}

/** What S3 calls the error. */
export const nameOf = (thrown: unknown): string => (typeof thrown === "object" && thrown !== null ? (text(thrown, "name") ?? "") : "");

// Source: "Error responses", https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html, 2026-11-21.
const throttled = /^(SlowDown|Throttling|ThrottlingException|RequestLimitExceeded|TooManyRequests)/;
const passing = /^(InternalError|ServiceUnavailable|OperationAborted|BadDigest|IncompleteBody|RequestTimeout|XAmzContentChecksumMismatch)$/;
const unanswered = /^(TimeoutError|AbortError|RequestTimeout)/;
const broken = /^(ECONNRESET|EPIPE|ETIMEDOUT|ESOCKETTIMEDOUT|ERR_STREAM_PREMATURE_CLOSE|ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/;
const denied =
  /^(AccessDenied|InvalidAccessKeyId|SignatureDoesNotMatch|ExpiredToken|InvalidToken|CredentialsProviderError|TokenProviderError|AllAccessDisabled)/;

/** Reading, and every write of ours, may be repeated; so a connection that broke counts as `unavailable` and a lost answer as `timeout`, both tried again. */
function kindOf(name: string, code: string, status: number | undefined): PortErrorKind | undefined {
  if (throttled.test(name) || status === 429) return "throttled";
  if (denied.test(name) || status === 401 || status === 403) return "denied";
  if (unanswered.test(name)) return "timeout";
  if (broken.test(code)) return "unavailable";
  // A digest that does not match on arrival was damaged on its way: the same bytes again may arrive whole.
  if (passing.test(name) || (status !== undefined && status >= 500)) return "unavailable";
  if (status === 404 || /^(NoSuch|NotFound)/.test(name)) return "not-found";
  if (status === 409 || status === 412) return "conflict";
  return status === undefined ? undefined : "invalid";
}

const text = (from: object, key: string): string | undefined => {
  const value: unknown = Reflect.get(from, key);
  return typeof value === "string" ? value : undefined;
};
