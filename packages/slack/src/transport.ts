import type { FetchFunction, Logger, LogLevel, WebClient } from "@slack/web-api";
import type { Ms } from "@nightshift/model";

/** How requests to Slack travel: `fetch`, or whatever plays Slack in the same process. */
export type SlackFetch = FetchFunction;

/** Where Slack is and how long it may take. */
export interface Reaching {
  readonly slackApiUrl: string | undefined;
  readonly fetch: SlackFetch;
  readonly timeout: Ms;
}

/** Slack said "too many" without saying until when. */
export class TooManyWithoutDelay extends Error {
  override readonly name = "TooManyWithoutDelay";
}

/** Requests under way at one time: a message more waits in line here instead of at Slack's limiter. */
const AT_ONCE = 2;

/**
 * Makes the client: no retries, no waiting out of rate limits, one bounded try. Its defaults retry for half an hour and
 * post a message again whose answer was lost, which in a Lambda function means duplicates.
 * Source: @slack/web-api 8.2.0, `dist/WebClient.js` and `dist/retry-policies.js`, read and measured 2026-11-21.
 */
export async function connectSlack(token: string, { slackApiUrl, fetch, timeout }: Reaching): Promise<WebClient> {
  const { WebClient } = await import("@slack/web-api");
  return new WebClient(token, {
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout,
    maxRequestConcurrency: AT_ONCE,
    logger: silent,
    fetch: saysTooMany(fetch),
    // A method name is never a URL here.
    allowAbsoluteUrls: false,
    ...(slackApiUrl === undefined ? {} : { slackApiUrl }),
  });
}

/** The client turns a 429 without `Retry-After` into an error without a code; this gives it a name first. */
const saysTooMany =
  (fetch: SlackFetch): SlackFetch =>
  async (url, init) => {
    const response = await fetch(url, init);
    if (response.status === 429 && Number.isNaN(Number.parseInt(response.headers.get("retry-after") ?? "", 10))) {
      throw new TooManyWithoutDelay("HTTP 429 without Retry-After");
    }
    return response;
  };

/** Every failure is thrown and told by whoever called; the client's own lines would only repeat it. */
const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  setLevel: () => undefined,
  // The enum is declared by the lazily imported module; its value is this text.
  getLevel: () => "error" as LogLevel,
  setName: () => undefined,
};

/** Loads the client's module ahead of its first use: for a clock that does not wait for files to be read. */
export const loadSlack = async (): Promise<void> => void (await import("@slack/web-api"));
