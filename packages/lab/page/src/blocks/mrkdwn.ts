/** A piece of Slack's markup, as it is shown. */
export type Piece =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "bold" | "italic" | "strike"; readonly pieces: readonly Piece[] }
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "block"; readonly text: string }
  | { readonly kind: "quote"; readonly pieces: readonly Piece[] }
  | { readonly kind: "link"; readonly href: string; readonly text: string }
  | { readonly kind: "mention"; readonly what: "person" | "channel" | "group" | "everybody"; readonly id: string; readonly label: string | undefined }
  | { readonly kind: "moment"; readonly at: number; readonly format: string; readonly words: string };

/**
 * Reads Slack's mrkdwn and nothing more: no headings, lists, tables, images or HTML, because Slack shows those as they are typed.
 * Source: "Formatting message text", https://docs.slack.dev/messaging/formatting-message-text, 2026-11-21.
 */
export function readMrkdwn(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  for (const [i, part] of text.split("```").entries()) {
    const fenced = i % 2 === 1;
    if (fenced) pieces.push({ kind: "block", text: plain(part.replace(/^\n|\n$/g, "")) });
    else pieces.push(...readLines(part));
  }
  return pieces;
}

/** Lines that begin with an escaped `>` are quoted; neighbours belong together. */
function readLines(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  for (const run of text.split(/((?:^|(?<=\n))(?:&gt; ?.*(?:\n|$))+)/)) {
    if (run === "") continue;
    if (/^&gt;/.test(run)) pieces.push({ kind: "quote", pieces: readInline(run.replace(/\n$/, "").replace(/^&gt; ?/gm, "")) });
    else pieces.push(...readInline(run));
  }
  return pieces;
}

const marks = { "*": "bold", _: "italic", "~": "strike" } as const;
/** Code, then what stands in angle brackets, then emphasis whose marks stand at the edges of words. */
const INLINE = /`([^`\n]+)`|<([^<>\n]+)>|(?<![\w*_~])([*_~])(?!\s)([^\n]*?[^\s])\3(?![\w*_~])/;

function readInline(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let rest = text;
  // Each turn takes at least one character away.
  while (rest !== "") {
    const found = INLINE.exec(rest);
    if (found === null) return [...pieces, { kind: "text", text: plain(rest) }];
    if (found.index > 0) pieces.push({ kind: "text", text: plain(rest.slice(0, found.index)) });
    const [whole, code, bracket, mark, inside] = found;
    if (code !== undefined) pieces.push({ kind: "code", text: plain(code) });
    else if (bracket !== undefined) pieces.push(readBracket(bracket));
    else if (mark === "*" || mark === "_" || mark === "~") pieces.push({ kind: marks[mark], pieces: readInline(inside ?? "") });
    rest = rest.slice(found.index + whole.length);
  }
  return pieces;
}

function readBracket(inside: string): Piece {
  const bar = inside.indexOf("|");
  const target = bar < 0 ? inside : inside.slice(0, bar);
  const label = bar < 0 ? undefined : plain(inside.slice(bar + 1));
  const moment = /^!date\^(\d+)\^([^^]*)/.exec(target);
  if (moment !== null) return { kind: "moment", at: Number(moment[1]) * 1_000, format: moment[2] ?? "", words: label ?? "" };
  if (target.startsWith("@")) return { kind: "mention", what: "person", id: target.slice(1), label };
  if (target.startsWith("#")) return { kind: "mention", what: "channel", id: target.slice(1), label };
  if (target.startsWith("!subteam^")) return { kind: "mention", what: "group", id: target.slice(9), label };
  if (target.startsWith("!")) return { kind: "mention", what: "everybody", id: target.slice(1), label };
  if (/^(https?|mailto):/.test(target)) return { kind: "link", href: plain(target), text: label ?? plain(target) };
  return { kind: "text", text: `<${plain(inside)}>` };
}

/** Slack's three entities, and no other. */
const plain = (text: string): string => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
