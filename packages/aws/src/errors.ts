import { PortError, type PortErrorKind } from "@nightshift/ports";
import { redact } from "./redact.ts";

/** The call that failed. `changes` says that it may have changed something. */
export interface FailedCall {
  /** `ecs:UpdateService`. */
  readonly operation: string;
  readonly on: string;
  readonly changes: boolean;
}

/**
 * Says in our words what the SDK threw; anything that is not an answer or a broken connection (a bug of ours) is
 * returned untouched, so that it fails loudly. Texts pass the redactor and neither request nor response is kept:
 * signed headers live there.
 * Sources: "Common Errors", https://docs.aws.amazon.com/AmazonECS/latest/APIReference/CommonErrors.html, and the
 * error shapes of the installed clients, 2026-11-21.
 */
export function translate(call: FailedCall, thrown: unknown): unknown {
  if (thrown instanceof PortError) return thrown;
  const seen = look(thrown);
  const kind = kindOf(seen, call.changes);
  if (kind === undefined) return thrown;
  const cause = new Error(`${seen.name}${seen.requestId === undefined ? "" : ` (request ${seen.requestId})`}`);
  return new PortError(kind, call.operation, call.on, `${seen.name}: ${redact(seen.message)}`, cause);
}

interface Seen {
  readonly name: string;
  readonly code: string;
  readonly message: string;
  readonly status: number | undefined;
  readonly throttling: boolean;
  readonly requestId: string | undefined;
}

const throttledNames = /^(Throttl|TooManyRequests|RequestThrottl|RequestLimitExceeded|ProvisionedThroughputExceeded|SlowDown$|EC2Throttled)/;
const unansweredNames = /^(TimeoutError|AbortError|RequestTimeout)/;
const unansweredCodes = /^(ECONNRESET|EPIPE|ETIMEDOUT|ESOCKETTIMEDOUT|UND_ERR_SOCKET|ERR_HTTP2_STREAM_CANCEL)$/;
// Refused or unresolved: the request never left, so nothing can have happened.
const unreachedCodes = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/;
const conflictNames =
  /^(Conflict|ResourceConflict|ConditionalCheckFailed|ConditionalRequestConflict|UpdateInProgress|ResourceInUse|OperationAborted|PreconditionFailed|DurableExecutionAlreadyStarted|TransactionConflict|BackupInUse|TableInUse|Invalid(DBInstance|DBSnapshot|Snapshot|ReplicationGroup|ServerlessCacheSnapshot)State)/;
const notFoundNames = /(NotFound(Exception|Fault)?$|^NoSuch|NonExistentQueue$|QueueDoesNotExist$|^ServiceNotActiveException$)/;
const deniedNames =
  /^(AccessDenied|KMSAccessDenied|Unauthorized|NotAuthorized|AuthorizationError|Forbidden|ExpiredToken|InvalidClientTokenId|InvalidAccessKeyId|UnrecognizedClient|SignatureDoesNotMatch|MissingAuthenticationToken|CredentialsProviderError|TokenProviderError)/;
/**
 * ECS has no error name for a task definition that is unknown or deleted, only this sentence.
 * Source: hashicorp/terraform-provider-aws, https://github.com/hashicorp/terraform-provider-aws/issues/29749, 2026-11-21.
 */
const isUnknownDefinition = (seen: Seen): boolean => seen.name === "ClientException" && /^Unable to describe task definition/.test(seen.message);
const unsupportedNames = /^(Unsupported(Feature|Operation)|NotImplemented|ModeNotSupported)/;

function kindOf(seen: Seen, changes: boolean): PortErrorKind | undefined {
  if (seen.throttling || seen.status === 429 || throttledNames.test(seen.name)) return "throttled";
  if (unreachedCodes.test(seen.code)) return "unavailable";
  if (unansweredNames.test(seen.name) || unansweredCodes.test(seen.code) || /socket hang up/.test(seen.message)) return "timeout";
  if (unsupportedNames.test(seen.name) || seen.status === 501) return "unsupported";
  if (seen.status !== undefined && seen.status >= 500) return whenServerFailed(seen.status, changes);
  if (deniedNames.test(seen.name) || seen.status === 401 || seen.status === 403) return "denied";
  if (conflictNames.test(seen.name) || seen.status === 409) return "conflict";
  if (notFoundNames.test(seen.name) || isUnknownDefinition(seen) || seen.status === 404) return "not-found";
  return seen.status === undefined ? undefined : "invalid";
}

/**
 * A server that failed in the middle of a change may have made it: outcome unknown. 503 refuses at the door.
 * Source: "Error handling with DynamoDB" (HTTP 500: the operation might have succeeded),
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html, 2026-11-21.
 */
const whenServerFailed = (status: number, changes: boolean): PortErrorKind => (changes && status !== 503 ? "timeout" : "unavailable");

function look(thrown: unknown): Seen {
  const fields = typeof thrown === "object" && thrown !== null ? thrown : {};
  const metadata = objectAt(fields, "$metadata");
  return {
    name: textAt(fields, "name") ?? "Error",
    code: textAt(fields, "code") ?? "",
    message: textAt(fields, "message") ?? "",
    status: numberAt(metadata, "httpStatusCode"),
    throttling: Reflect.get(objectAt(fields, "$retryable"), "throttling") === true,
    requestId: textAt(metadata, "requestId"),
  };
}

const textAt = (from: object, key: string): string | undefined => {
  const value: unknown = Reflect.get(from, key);
  return typeof value === "string" ? value : undefined;
};
const numberAt = (from: object, key: string): number | undefined => {
  const value: unknown = Reflect.get(from, key);
  return typeof value === "number" ? value : undefined;
};
const objectAt = (from: object, key: string): object => {
  const value: unknown = Reflect.get(from, key);
  return typeof value === "object" && value !== null ? value : {};
};
