/** One word of what was typed. */
export interface Token {
  /** What it says, as a person reads it: a mention is `@bob`. */
  readonly text: string;
  /** It stood in quotes, and is text whatever it looks like. */
  readonly quoted: boolean;
  /** A person that Slack named: its user id. */
  readonly user: string | undefined;
}

/** What was typed, in words. `open`: a quote was opened and not closed. */
export interface Lexed {
  readonly tokens: readonly Token[];
  readonly unclosed: boolean;
}

/** Longer than this is no command: Slack's own messages are cut at 4,000 characters. */
export const LONGEST_COMMAND = 4_000;

const quote = /["“”„‟«»″]/;
/** `<@U123|bob>`, `<#C1|room>`, `<!subteam^S1|@oncall>`, `<https://x|x>`: Slack's escapes. Nothing between the brackets may be a bracket, so that reading stays linear. */
const slackEscape = /<([^<>]*)>/g;

/**
 * Cuts a command into words. Straight and typographic quotes hold words together; Slack's escapes become what a reader
 * sees; dashes that a phone made of `--` are two hyphens again.
 * Escapes: "Enabling interactivity with Slash Commands", https://docs.slack.dev/interactivity/implementing-slash-commands, read 2026-11-21.
 */
export function cutWords(raw: string): Lexed {
  const mentions: string[] = [];
  const typed = Array.from(clean(raw, mentions));
  const tokens: Token[] = [];
  let unclosed = false;
  let at = 0;
  while (at < typed.length) {
    const first = typed[at] ?? "";
    if (isSpace(first)) {
      at += 1;
    } else if (quote.test(first)) {
      const end = typed.findIndex((character, index) => index > at && quote.test(character));
      unclosed ||= end < 0;
      const inside = typed.slice(at + 1, end < 0 ? undefined : end).join("");
      tokens.push({ ...shown(inside, mentions), quoted: true, user: undefined });
      at = end < 0 ? typed.length : end + 1;
    } else {
      const start = at;
      // `--reason="two words"` is one word with a quoted part.
      while (at < typed.length && !isSpace(typed[at] ?? "") && !(quote.test(typed[at] ?? "") && typed[at - 1] === "=")) at += 1;
      tokens.push({ ...shown(hyphens(typed.slice(start, at).join("")), mentions), quoted: false });
    }
  }
  return { tokens, unclosed };
}

const isSpace = (character: string): boolean => /\s/.test(character);

/** A mention is kept as its number and label between private characters, so that no text can pretend to be one. */
const MARK = "\u{f0000}";

function clean(raw: string, mentions: string[]): string {
  return raw
    .replaceAll(MARK, "")
    .replace(slackEscape, (_, inside: string) => {
      const [, user, label] = /^@([A-Z0-9]+)(?:\|(.*))?$/.exec(inside) ?? [];
      if (user === undefined) return readable(inside);
      mentions.push(user);
      return `${MARK}${mentions.length - 1}${MARK}${(label ?? user).replace(/[\s"]/g, "")}${MARK}`;
    })
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&")
    .replace(/\p{Cc}/gu, " ")
    .replace(/\p{Cf}/gu, "")
    .toWellFormed()
    .normalize("NFC");
}

/** What Slack shows instead of an escape that names no person. */
function readable(inside: string): string {
  const [target = "", label] = inside.split("|", 2);
  if (target.startsWith("#")) return `#${label === undefined || label === "" ? target.slice(1) : label}`;
  if (target.startsWith("!")) return label === undefined || label === "" ? `@${target.slice(1).replace(/^subteam\^/, "")}` : label;
  // A name with a dot was made a link by Slack: the label is what was typed.
  return label !== undefined && target.endsWith(label) ? label : target;
}

/** Phones write one long dash for two hyphens, and a minus sign for one. */
const hyphens = (word: string): string => word.replace(/^[—–](?=\p{L})/u, "--").replace(/^−/, "-");

const mark = new RegExp(`${MARK}(\\d+)${MARK}([^${MARK}]*)${MARK}`, "gu");

/** A word that is a mention and nothing else names a person; inside other text it is only read. */
function shown(word: string, mentions: readonly string[]): Pick<Token, "text" | "user"> {
  const whole = new RegExp(`^${MARK}(\\d+)${MARK}[^${MARK}]*${MARK}$`, "u").exec(word);
  return { text: word.replace(mark, "@$2"), user: whole === null ? undefined : mentions[Number(whole[1])] };
}
