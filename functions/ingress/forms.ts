import { formFor, timelineForm } from "@nightshift/decide/commands/forms";
import type { GrammarContext } from "@nightshift/decide/commands/grammar";
import type { Form, SlackRequest } from "@nightshift/model";
import { textAt } from "./body.ts";

/** Where a form was opened: Slack forgets it, so the form carries it along. */
type Origin = Pick<SlackRequest, "value" | "channel" | "thread" | "message" | "responseUrl">;

/** Slack keeps 3,000 characters of a view's metadata. Source: "Views", https://docs.slack.dev/reference/views, read 2026-11-21. */
const LONGEST_CONTEXT = 3_000;

/** The form that a request opens; undefined where it needs none. */
export function formOf(request: SlackRequest, names: GrammarContext): Form | undefined {
  if (request.kind === "shortcut") return timelineForm(request.value ?? "", packContext({ ...request, value: undefined }));
  const incident = (request.value ?? "").split("|")[0] ?? "";
  return formFor(request.text, { incident, context: packContext(request), names });
}

/** A form's context, as one text. Without the answering address where that is too long. */
function packContext({ value, channel, thread, message, responseUrl }: Origin): string {
  const packed = JSON.stringify({ value, channel, thread, message, responseUrl });
  return packed.length <= LONGEST_CONTEXT ? packed : JSON.stringify({ value, channel, thread, message });
}

/** What a form carried along; nothing where it is not ours. */
export function unpackContext(packed: string | undefined): Origin {
  const json = packed === undefined ? undefined : parsed(packed);
  const field = (name: string): string | undefined => textAt(json, name);
  return { value: field("value"), channel: field("channel"), thread: field("thread"), message: field("message"), responseUrl: field("responseUrl") };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A form that is not ours carries something else: it is read as nothing.
    return undefined;
  }
}
