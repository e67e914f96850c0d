import type { Ms } from "@nightshift/model";
import { PortError } from "@nightshift/ports";
import { refusalError, type SlackCall, slackError } from "./errors.ts";
import type { SlackFetch } from "./transport.ts";

/** How a request that is no method of the Web API travels. */
export interface Sending {
  readonly fetch: SlackFetch;
  readonly timeout: Ms;
  /** Where Slack's methods are, when that is not Slack: then addresses there are believed, too. */
  readonly slackApiUrl: string | undefined;
}

/** One POST, one bounded try; any answer but 2xx is an error by the same rules as for methods. */
export async function postTo(
  sending: Sending,
  about: SlackCall,
  to: { readonly url: string; readonly headers?: Record<string, string>; readonly body: string | FormData },
): Promise<void> {
  const { fetch, timeout } = sending;
  if (!isSlacks(to.url, sending.slackApiUrl)) throw new PortError("invalid", about.operation, about.on, "the address is not one of Slack's; nothing was sent");
  let status: number;
  let text: string;
  let retryAfter: string | null;
  try {
    const response = await fetch(to.url, {
      method: "POST",
      body: to.body,
      redirect: "error",
      signal: AbortSignal.timeout(timeout),
      ...(to.headers === undefined ? {} : { headers: to.headers }),
    });
    status = response.status;
    retryAfter = response.headers.get("retry-after");
    text = await response.text();
  } catch (error) {
    throw slackError(about, error);
  }
  if (status === 429) throw slackError(about, { code: "slack_webapi_rate_limited_error", retryAfter: Number.parseInt(retryAfter ?? "", 10) || undefined });
  const code = codeIn(text);
  if (code !== undefined) throw refusalError(about, code);
  if (status < 200 || status > 299) throw slackError(about, { code: "slack_webapi_http_error", statusCode: status });
}

/** Slack's word in an answer: `{"ok":false,"error":"used_url"}`, or the word alone. */
function codeIn(text: string): string | undefined {
  if (/^[a-z]+(_[a-z]+)+$/.test(text.trim())) return text.trim();
  try {
    const answer: unknown = JSON.parse(text);
    if (typeof answer !== "object" || answer === null || Reflect.get(answer, "ok") !== false) return undefined;
    const error: unknown = Reflect.get(answer, "error");
    return typeof error === "string" ? error : undefined;
  } catch {
    return undefined;
  }
}

/** Addresses come from requests and answers; nothing of ours is sent anywhere but to Slack. */
function isSlacks(url: string, slackApiUrl: string | undefined): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname, origin } = new URL(url);
  if (slackApiUrl !== undefined && URL.canParse(slackApiUrl) && new URL(slackApiUrl).origin === origin) return true;
  return protocol === "https:" && (hostname === "slack.com" || hostname.endsWith(".slack.com"));
}
