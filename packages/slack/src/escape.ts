import { guard } from "@nightshift/model/guards";

/** What stands where a text was too long. */
export const CUT = "… (cut; the incident record has all of it)";
/** The same where there is no room for words: buttons, titles. */
export const SHORT_CUT = "…";
/** What Slack gets for a text of which nothing is left: it refuses an empty one. */
export const NOTHING = "(no text)";

/** How long a text counts. */
export type Measure = (text: string) => number;
/** In UTF-8 bytes. */
export const bytes: Measure = (text) => {
  let sum = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    // Half of a pair counts two: the pair is four.
    sum += unit < 0x80 ? 1 : unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 2 : 3;
  }
  return sum;
};
/** In UTF-16 units: never less than the characters that Slack counts. */
export const characters: Measure = (text) => text.length;

/**
 * Makes any text safe to show: nobody is mentioned, nothing is linked under another name, nothing is reordered or
 * hidden, and it is at most `maxBytes` long without a character or an entity cut in two. Emphasis (`*`, `_`, backticks)
 * stays: our own texts use it, and foreign text can do no more with it than look odd.
 * Source: `&`, `<` and `>` are Slack's control characters: "Formatting message text",
 * https://docs.slack.dev/messaging/formatting-message-text, 2026-11-21.
 */
export function slackText(text: string, maxBytes: number): string {
  const clean = cleaned(text);
  if (clean.trim() === "") return NOTHING;
  const whole = escaped(clean);
  return bytes(whole) <= maxBytes ? whole : escapedStart(clean, maxBytes - bytes(CUT), bytes) + CUT;
}

/** Text for a place where Slack reads no markup, within so many characters; what is too long ends in `…`. */
export function plainWithin(text: string, max: number): string {
  const clean = cleaned(text).trim();
  if (clean === "") return NOTHING.slice(0, max);
  return clean.length <= max ? clean : startOf(clean, max - SHORT_CUT.length, { measure: characters, write: (character) => character }) + SHORT_CUT;
}

/** Without what hides, reorders or calls. */
export function cleaned(text: string): string {
  const seen = guard("hidden characters are removed") ? visible(text) : text;
  return guard("broadcast words are quiet") ? quiet(seen) : seen;
}

/** Slack's control characters as entities. */
export const escaped = (text: string) =>
  guard("Slack text is escaped") ? text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;") : text;

/** The beginning of a text, escaped, that is not longer than `room`; no character and no entity is cut in two. */
export const escapedStart = (text: string, room: number, measure: Measure): string => startOf(text, room, { measure, write: escaped });

function startOf(text: string, room: number, { measure, write }: { readonly measure: Measure; readonly write: (character: string) => string }): string {
  let kept = "";
  let used = 0;
  for (const character of text) {
    const piece = write(character);
    used += measure(piece);
    if (used > room) break;
    kept += piece;
  }
  return kept;
}

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
