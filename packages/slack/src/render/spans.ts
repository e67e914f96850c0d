import type { Rich, Span } from "@nightshift/model";
import { bytes, CUT, characters, cleaned, escaped, escapedStart, type Measure } from "../escape.ts";
import { limits } from "../limits.ts";

/** One span as Slack's markup: what stands around its words, and the words, which may be cut. */
interface Written {
  readonly open: string;
  readonly words: string;
  readonly close: string;
}

/**
 * Writes text with marks as Slack's markup, at most `max` long; foreign words are escaped and nothing but an explicit
 * mark mentions, links or formats. What is too long ends in a visible note. Empty when nothing is left to see.
 * Source: mentions, links and dates: "Formatting message text", https://docs.slack.dev/messaging/formatting-message-text, 2026-11-21.
 */
export function markup(rich: Rich, max: number, measure: Measure = characters): string {
  const spans = (typeof rich === "string" ? [rich] : rich).map(write);
  const whole = spans.map(({ open, words, close }) => open + escaped(words) + close).join("");
  if (measure(whole) <= max) return whole.trim() === "" ? "" : whole;
  let kept = "";
  let room = max - measure(CUT);
  for (const { open, words, close } of spans) {
    const piece = open + escaped(words) + close;
    if (measure(piece) > room) {
      const start = escapedStart(words, room - measure(open) - measure(close), measure);
      return (start.trim() === "" ? kept : kept + open + start + close) + CUT;
    }
    kept += piece;
    room -= measure(piece);
  }
  return kept + CUT;
}

/** The same within the bytes that the text of a message may have. */
export const markupText = (rich: Rich): string => markup(rich, limits.textBytes, bytes);

function write(span: Span): Written {
  if (typeof span === "string") return { open: "", words: unfenced(cleaned(span)), close: "" };
  if ("bold" in span) return around("*", oneLine(span.bold).replaceAll("*", "∗"));
  if ("code" in span) return around("`", oneLine(span.code).replaceAll("`", "ˋ"));
  if ("link" in span) return linked(span.link, oneLine(span.text));
  if ("person" in span) return called(/^[UW][A-Z0-9]{1,40}$/, span.person, "@");
  if ("userGroup" in span) return called(/^S[A-Z0-9]{1,40}$/, span.userGroup, "!subteam^");
  if ("channel" in span) return called(/^[CDG][A-Z0-9]{1,40}$/, span.channel, "#");
  if ("everybody" in span) return { open: "<!channel>", words: "", close: "" };
  // Readers see it in their own time zone; the words are for clients that cannot.
  const words = oneLine(span.words).replaceAll("|", "¦");
  return { open: `<!date^${Math.floor(span.moment / 1_000)}^{date_short_pretty} {time}|`, words: words === "" ? "?" : words, close: ">" };
}

const around = (mark: string, words: string): Written => (words === "" ? { open: "", words: "", close: "" } : { open: mark, words, close: mark });

/** Only an id as Slack gives them is called; anything else is shown as it is. */
const called = (shape: RegExp, id: string, kind: string): Written =>
  shape.test(id) ? { open: `<${kind}${id}>`, words: "", close: "" } : { open: "", words: cleaned(id), close: "" };

function linked(link: string, text: string): Written {
  const target = safeLink(link);
  if (target === undefined) return { open: "", words: text, close: "" };
  return { open: `<${escaped(target)}|`, words: (text === "" ? target : text).replaceAll("|", "¦"), close: ">" };
}

/** An address on the web, with what ends a link in Slack's markup percent-encoded; undefined for everything else. */
export function safeLink(link: string): string | undefined {
  if (!/^https?:\/\//i.test(link) || !URL.canParse(link)) return undefined;
  const { href } = new URL(link);
  const safe = href.replaceAll("|", "%7C").replaceAll("<", "%3C").replaceAll(">", "%3E");
  return safe.length <= limits.link ? safe : undefined;
}

const oneLine = (text: string): string => cleaned(text).replace(/\s+/g, " ").trim();

/** Three backticks would swallow what follows them, our own marks included. */
export const unfenced = (text: string): string => text.replace(/`{3,}/g, (fence) => "ˋ".repeat(fence.length));
