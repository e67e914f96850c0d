import type { Card, Part, Rich, Span } from "@nightshift/model";

/** A card as a person reads it, one part a paragraph; marks as in the drawings. Tests only. */
export const shown = ({ parts }: Card): string => parts.map(part).join("\n");

function part(it: Part): string {
  switch (it.kind) {
    case "heading":
      return `# ${it.text}`;
    case "text":
      return rich(it.text);
    case "facts":
      return it.facts.map(([name, value]) => `${name}: ${rich(value)}`).join("\n");
    case "lines":
      return it.lines.map(rich).join("\n");
    case "small":
      return `(${rich(it.text)})`;
    case "code":
      return it.text;
    case "image":
      return `[${it.alt}]`;
    case "divider":
      return "---";
    case "buttons":
      return [...it.buttons.map(({ text }) => `[${text}]`), ...(it.more === undefined ? [] : ["more:", ...it.more.map(({ text }) => `[${text}]`)])].join(" ");
  }
}

/** Text with its marks. */
export const rich = (it: Rich): string => (typeof it === "string" ? it : it.map(span).join(""));

function span(it: Span): string {
  if (typeof it === "string") return it;
  if ("bold" in it) return `*${it.bold}*`;
  if ("code" in it) return `\`${it.code}\``;
  if ("link" in it) return `<${it.link}|${it.text}>`;
  if ("person" in it) return `@${it.person}`;
  if ("userGroup" in it) return `@@${it.userGroup}`;
  if ("channel" in it) return `#${it.channel}`;
  return "everybody" in it ? "@everybody" : it.words;
}
