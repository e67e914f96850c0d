import { type Ms, seconds } from "@nightshift/model";
import { PortError, type PortErrorKind } from "@nightshift/ports";
import { SlackRefusal } from "./refusals.ts";
import { TooManyWithoutDelay } from "./transport.ts";

/** A Slack call, for messages: `slack:chat.postMessage` on a channel. */
export interface SlackCall {
  readonly operation: string;
  readonly on: string;
}

interface Meaning {
  readonly kind: PortErrorKind;
  readonly says: string;
  readonly retryAfter?: Ms;
}

/**
 * Says what a failed call means. `timeout` is "perhaps it was posted": lost answers, 5xx, pages instead of JSON, and
 * the two codes of which Slack says that some of the work may have been done. `throttled` and `unavailable` never
 * reached the channel. The rest needs a person, and the message names what to do.
 * Sources, 2026-11-21: "chat.postMessage method", https://docs.slack.dev/reference/methods/chat.postMessage;
 * "Rate limits", https://docs.slack.dev/apis/web-api/rate-limits; error classes of @slack/web-api 8.2.0.
 */
export function slackError({ operation, on }: SlackCall, thrown: unknown): PortError {
  if (thrown instanceof PortError) return thrown;
  const { kind, says, retryAfter } = meaningOf(thrown);
  const code = field(field(thrown, "data"), "error");
  return new PortError(kind, operation, on, says, typeof code === "string" && isCode(code) ? new SlackRefusal(code) : thrown, retryAfter);
}

/** What an answer's own word means; for answers that come another way than by a method. */
export const refusalError = ({ operation, on }: SlackCall, code: string): PortError => {
  const { kind, says } = platformMeaning({ error: code });
  return new PortError(kind, operation, on, says, new SlackRefusal(code));
};

const isCode = (error: string): boolean => /^[a-z0-9_]{1,80}$/i.test(error);

function meaningOf(thrown: unknown): Meaning {
  switch (field(thrown, "code")) {
    case "slack_webapi_rate_limited_error":
      return { kind: "throttled", says: "Slack asks us to slow down", ...asked(field(thrown, "retryAfter")) };
    case "slack_webapi_http_error":
      return httpMeaning(field(thrown, "statusCode"));
    case "slack_webapi_platform_error":
      return platformMeaning(field(thrown, "data"));
    case "slack_webapi_request_error":
      return requestMeaning(field(thrown, "original"));
    default:
      return requestMeaning(thrown);
  }
}

const asked = (retryAfter: unknown): { retryAfter?: Ms } => (typeof retryAfter === "number" ? { retryAfter: seconds(retryAfter) } : {});

function httpMeaning(status: unknown): Meaning {
  if (typeof status === "number" && status >= 400 && status < 500 && status !== 408) {
    return {
      kind: status === 401 || status === 403 ? "denied" : "invalid",
      says: `HTTP ${status}; Slack itself does not answer so: check SLACK_API_URL and any proxy`,
    };
  }
  return { kind: "timeout", says: `HTTP ${String(status)}; perhaps it was done` };
}

/** Refused or unresolved: the request never left, so nothing can have happened. */
const unreached = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH", "UND_ERR_CONNECT_TIMEOUT"]);

function requestMeaning(original: unknown): Meaning {
  if (original instanceof TooManyWithoutDelay) return { kind: "throttled", says: original.message };
  const code = field(original, "code") ?? field(field(original, "cause"), "code");
  if (typeof code === "string" && unreached.has(code)) return { kind: "unavailable", says: `Slack cannot be reached (${code})` };
  const name = original instanceof Error ? `${original.name}: ${original.message}` : "no answer";
  return { kind: "timeout", says: `${name}; perhaps it was done` };
}

function platformMeaning(data: unknown): Meaning {
  const error = field(data, "error");
  // The client hands over a page that is not JSON as if it were an error code.
  if (typeof error !== "string" || !isCode(error)) return { kind: "timeout", says: "answered with something that is not Slack's JSON; perhaps it was done" };
  const known = meanings.find(({ codes }) => codes.some((code) => (code.endsWith("*") ? error.startsWith(code.slice(0, -1)) : error === code)));
  const needed = field(data, "needed");
  const scope = error === "missing_scope" && typeof needed === "string" ? ` (${needed})` : "";
  return { kind: known?.kind ?? "invalid", says: `${error}${scope}: ${known?.says ?? "Slack refuses this request as it is"}` };
}

/** By the methods' own error tables, https://docs.slack.dev/reference/methods, 2026-11-21. A `*` stands for any ending. */
const meanings: readonly (Meaning & { readonly codes: readonly string[] })[] = [
  { codes: ["ratelimited", "rate_limited", "message_limit_exceeded"], kind: "throttled", says: "Slack asks us to slow down" },
  {
    codes: ["fatal_error", "internal_error", "service_unavailable", "duplicate_message_not_found", "duplicate_channel_not_found"],
    kind: "timeout",
    says: "Slack failed; perhaps it was done",
  },
  { codes: ["request_timeout", "team_added_to_org", "external_channel_migrating"], kind: "unavailable", says: "Slack could not take it now" },
  { codes: ["not_in_channel"], kind: "denied", says: "invite the app to the channel: /invite @nightshift" },
  {
    codes: ["missing_scope", "not_allowed_token_type", "no_permission"],
    kind: "denied",
    says: "the app lacks a permission: install it again from slack/manifest.json",
  },
  {
    codes: ["invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "two_factor_setup_required"],
    kind: "denied",
    says: "the bot token is no longer good: install the app again and store the new token",
  },
  { codes: ["channel_not_found"], kind: "not-found", says: "no such channel for this app: use the channel's id, and invite the app if it is private" },
  { codes: ["message_not_found", "thread_not_found"], kind: "not-found", says: "somebody deleted it" },
  {
    codes: ["user_not_found", "users_not_found", "user_not_visible"],
    kind: "not-found",
    says: "no such person in this workspace: check the id in nightshift.config.ts",
  },
  { codes: ["subteam_not_found", "no_such_subteam"], kind: "not-found", says: "no such user group: check the id in nightshift.config.ts" },
  { codes: ["file_not_found"], kind: "not-found", says: "Slack does not know the file" },
  { codes: ["used_url", "expired_url"], kind: "not-found", says: "the request's own address is used up: five answers within 30 minutes" },
  { codes: ["is_archived", "is_inactive"], kind: "denied", says: "the channel is archived: name another one in nightshift.config.ts" },
  { codes: ["name_taken"], kind: "conflict", says: "a channel of this name exists, perhaps an archived one" },
  { codes: ["cant_update_message", "edit_window_closed"], kind: "denied", says: "this message cannot be edited any more" },
  { codes: ["cannot_reply_to_message"], kind: "denied", says: "this message takes no replies" },
  {
    codes: ["user_disabled", "cannot_dm_bot", "cant_invite", "cant_invite_self", "ura_max_channels"],
    kind: "denied",
    says: "Slack does not let the app reach this person",
  },
  { codes: ["expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id"], kind: "denied", says: "too late to open a form for this click: press again" },
  {
    codes: ["file_uploads_disabled", "file_uploads_except_images_disabled", "file_type_not_allowed", "file_upload_size_restricted", "storage_limit_reached"],
    kind: "denied",
    says: "the workspace does not take this file",
  },
  {
    codes: ["plan_upgrade_required", "paid_teams_only", "team_tier_cannot_create_channel_canvases"],
    kind: "unsupported",
    says: "the workspace's plan has no such feature",
  },
  {
    codes: [
      "restricted_action*",
      "ekm_access_denied",
      "team_access_not_granted",
      "org_login_required",
      "accesslimited",
      "access_denied",
      "enterprise_is_restricted",
      "messages_tab_disabled",
      "permission_denied",
      "user_is_restricted",
      "method_not_supported_for_channel_type",
    ],
    kind: "denied",
    says: "an administrator of the workspace forbids it",
  },
  { codes: ["invalid_name*"], kind: "invalid", says: "Slack takes no channel of this name" },
  {
    codes: [
      "msg_too_long",
      "no_text",
      "invalid_blocks*",
      "msg_blocks_too_long",
      "block_mismatch",
      "too_many_attachments",
      "too_long",
      "view_too_large",
      "metadata_too_large",
      "metadata_must_be_sent*",
      "invalid_metadata_schema",
      "invalid_metadata_format",
      "alt_txt_too_large",
    ],
    kind: "invalid",
    says: "the message is not as Slack wants it; this is our mistake, please report it",
  },
];

const field = (from: unknown, name: string): unknown => (typeof from === "object" && from !== null ? Reflect.get(from, name) : undefined);
