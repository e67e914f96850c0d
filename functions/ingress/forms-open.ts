import { textAt } from "./body.ts";
import type { Post } from "./sign-call.ts";

/** Where Slack is, and how it is spoken to. */
export interface SlackLine {
  readonly post: Post;
  /** Ends in a slash: `https://slack.com/api/`. */
  readonly apiUrl: string;
}

/** Opens a view. @throws when Slack does not: an expired trigger among other things. Source: "views.open", https://docs.slack.dev/reference/methods/views.open, read 2026-11-21. */
export async function openView({ post, apiUrl }: SlackLine, { botToken, trigger, view }: { botToken: string; trigger: string; view: object }): Promise<void> {
  const { status, text } = await post({
    url: `${apiUrl}views.open`,
    headers: { "content-type": "application/json; charset=utf-8", authorization: `Bearer ${botToken}` },
    body: JSON.stringify({ trigger_id: trigger, view }),
  });
  const answer = status === 200 ? readJson(text) : undefined;
  if (typeof answer === "object" && answer !== null && "ok" in answer && answer.ok === true) return;
  throw new Error(`views.open was refused: ${textAt(answer, "error") ?? `HTTP ${status}`}. The form did not open.`);
}

/** Says something to one person at the address that a request brought along; any other host than Slack's own is left alone. Source: "Handling user interaction", https://docs.slack.dev/interactivity/handling-user-interaction#message_responses, read 2026-11-21. */
export async function tellByUrl({ post, apiUrl }: SlackLine, responseUrl: string, text: string): Promise<void> {
  const host = URL.canParse(responseUrl) ? new URL(responseUrl).origin : "";
  if (host !== "https://hooks.slack.com" && host !== new URL(apiUrl).origin) throw new Error("The answering address is not Slack's. Nothing was sent there.");
  const body = JSON.stringify({ response_type: "ephemeral", replace_original: false, text });
  const { status } = await post({ url: responseUrl, headers: { "content-type": "application/json; charset=utf-8" }, body });
  if (status !== 200) throw new Error(`Slack answered HTTP ${status} at the answering address.`);
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not Slack's usual answer: no "ok".
    return undefined;
  }
}
