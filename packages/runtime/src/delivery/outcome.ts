import { PortError } from "@nightshift/ports";

/**
 * What a failed Slack call means for its message: `refused` surely not sent, try again; `unknown` perhaps sent, look first;
 * `misshapen` Slack does not take it as it is; `deleted` the message it belongs to is gone; `parked` no use before somebody acts.
 */
export type Outcome = "refused" | "unknown" | "misshapen" | "deleted" | "parked";

/** A bad token is an outage, not a fault of the channel: everything waits until there is a good one. The codes are in the adapter's message. */
const deadToken = /\b(invalid_auth|not_authed|account_inactive|token_revoked|token_expired)\b/;
const gone = /\b(message_not_found|thread_not_found)\b/;

/** @throws whatever is not a port's error: that is our own mistake, and must be seen. */
export function outcomeOf(error: unknown): Outcome {
  if (!(error instanceof PortError)) throw error;
  switch (error.kind) {
    case "throttled":
    case "unavailable":
      return "refused";
    case "timeout":
      return "unknown";
    case "invalid":
      return "misshapen";
    case "denied":
      return deadToken.test(error.message) ? "refused" : "parked";
    case "not-found":
      return gone.test(error.message) ? "deleted" : "parked";
    case "conflict":
    case "unsupported":
      return "parked";
  }
}
