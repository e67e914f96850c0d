/** What a Function URL gives back (payload format 2.0). */
export interface UrlAnswer {
  readonly statusCode: 200 | 400 | 401 | 413 | 503;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const json = { "content-type": "application/json; charset=utf-8" };
const plain = { "content-type": "text/plain; charset=utf-8" };
const saying = (statusCode: UrlAnswer["statusCode"], body: string): UrlAnswer => ({ statusCode, headers: plain, body });
const giving = (body: Readonly<Record<string, unknown>>): UrlAnswer => ({ statusCode: 200, headers: json, body: JSON.stringify(body) });

/** Every answer that the door gives. Strangers learn nothing from theirs: unsigned, stale and repeated look alike. */
export const answers = {
  /** Understood; there is nothing to say. */
  taken: saying(200, ""),
  notSlacks: saying(401, "not accepted"),
  /** Signed, and neither form nor JSON that Slack sends. */
  unreadable: saying(400, "not understood"),
  tooLarge: saying(413, "too large"),
  /** Our own store or queue does not answer: Slack sends events again. */
  unable: saying(503, "not now"),
  /** Source: "url_verification event", https://docs.slack.dev/reference/events/url_verification, read 2026-11-21. */
  challenge: (challenge: string): UrlAnswer => saying(200, challenge),
  /** Only the person who asked sees it. */
  text: (text: string): UrlAnswer => giving({ response_type: "ephemeral", text }),
  message: (message: Readonly<Record<string, unknown>>): UrlAnswer => giving({ ...message, response_type: "ephemeral" }),
  /** Shown beside the fields; the form stays open. Source: "Modals", https://docs.slack.dev/surfaces/modals#displaying_errors, read 2026-11-21. */
  mistakes: (errors: Readonly<Record<string, string>>): UrlAnswer => giving({ response_action: "errors", errors }),
} as const;
