import type { SlackMessage } from "./state.ts";

type Fields = Readonly<Record<string, unknown>>;

/** A message as a person reads it, line by line: the text of its blocks from top to bottom without marks; its plain text where it has no blocks. */
export function linesOf({ text, blocks }: Pick<SlackMessage, "text" | "blocks">): readonly string[] {
  const shown = Array.isArray(blocks) ? blocks.flatMap((block: unknown) => textsOf(asFields(block))) : [];
  return (shown.length === 0 ? [text] : shown).flatMap((part) => unmarked(part).split("\n"));
}

/** The same as one text. */
export const textOf = (message: Pick<SlackMessage, "text" | "blocks">): string => linesOf(message).join("\n");

/** The text of one block; buttons and pictures are not read. */
function textsOf(block: Fields): readonly string[] {
  switch (block["type"]) {
    case "header":
    case "section":
    case "markdown":
      return [...textIn(block["text"]), ...list(block["fields"]).flatMap(textIn)];
    case "context":
      return list(block["elements"]).flatMap(textIn);
    default:
      return [];
  }
}

const textIn = (element: unknown): readonly string[] => {
  if (typeof element === "string") return [element];
  const text = asFields(element)["text"];
  return typeof text === "string" ? [text] : [];
};

/** Dates show their words, links their text, mentions what they are; bold and code lose their marks. */
const unmarked = (text: string): string =>
  text
    .replace(/<!date\^[^|>]*\|([^>]*)>/g, "$1")
    .replace(/<(?:https?:|mailto:)[^|>]*\|([^>]*)>/g, "$1")
    .replace(/\*([^*\n]+)\*/g, "$1")
    .replace(/`([^`\n]+)`/g, "$1")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&")
    .replaceAll("\u2060", "");

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const asFields = (value: unknown): Fields => (typeof value === "object" && value !== null ? (value as Fields) : {}); // Its values stay unknown.
