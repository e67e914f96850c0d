import { guard } from "@nightshift/model/guards";

/** What stands where a text was too long. */
export const CUT = "… (cut; the incident record has all of it)";
/** What Slack gets for a text of which nothing is left: it refuses an empty one. */
export const NOTHING = "(no text)";

/**
 * Makes any text safe to show: nobody is mentioned, nothing is linked under another name, nothing is reordered or
 * hidden, and it is at most `maxBytes` long without a character or an entity cut in two. Emphasis (`*`, `_`, backticks)
 * stays: our own texts use it, and foreign text can do no more with it than look odd.
 * Source: `&`, `<` and `>` are Slack's control characters: "Formatting message text",
 * https://docs.slack.dev/messaging/formatting-message-text, 2026-11-21.
 */
export function slackText(text: string, maxBytes: number): string {
  const seen = guard("hidden characters are removed") ? visible(text) : text;
  const clean = guard("broadcast words are quiet") ? quiet(seen) : seen;
  if (clean.trim() === "") return NOTHING;
  const whole = escaped(clean);
  if (bytes(whole) <= maxBytes) return whole;
  const room = maxBytes - bytes(CUT);
  let kept = "";
  let used = 0;
  for (const character of clean) {
    const piece = escaped(character);
    used += bytes(piece);
    if (used > room) break;
    kept += piece;
  }
  return kept + CUT;
}

const escaped = (text: string) => (guard("Slack text is escaped") ? text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;") : text);

/**
 * Without control characters, direction overrides and isolates, invisible spaces and tag characters, which make a text
 * read differently from what it says; half a surrogate pair becomes the replacement character. Joiners inside emoji
 * and Persian words (U+200C, U+200D) stay.
 */
const visible = (text: string) =>
  text
    .toWellFormed()
    .replace(/\r\n?|[\u0085\u2028\u2029]/g, "\n")
    .replace(/(?![\n\t])\p{Cc}/gu, "")
    .replace(/[\u061C\u180E\u200B\u200E\u200F\u202A-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB]|[\u{E0000}-\u{E007F}]/gu, "");

/** Broadcast words no longer follow their `@` directly, should a client ever link them: a word joiner, which nobody sees, stands between. */
const quiet = (text: string) => text.replace(/@(?=(?:channel|here|everyone|group)\b)/gi, "@\u2060");

const bytes = (text: string) => new TextEncoder().encode(text).length;
