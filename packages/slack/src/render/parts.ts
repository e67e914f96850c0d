import type { Part, Rich } from "@nightshift/model";
import type { KnownBlock, MrkdwnElement, SectionBlock } from "@slack/web-api";
import { CUT, cleaned, escaped, escapedStart, NOTHING, characters, plainWithin } from "../escape.ts";
import { limits } from "../limits.ts";
import { actionsBlock, plain } from "./buttons.ts";
import { markup, unfenced } from "./spans.ts";

/** The blocks of one part, each within Slack's limits; none for a part that shows nothing. `taken` holds the actions that this message has already. */
export function partBlocks(part: Part, taken: Set<string>): readonly KnownBlock[] {
  switch (part.kind) {
    case "heading":
      return [{ type: "header", text: plain(part.text.replace(/\s+/g, " "), limits.header) }];
    case "text":
      return section(markup(part.text, limits.section));
    case "facts":
      return factBlocks(part.facts);
    case "lines":
      return lineBlocks(part.lines);
    case "small":
      return small(part.text);
    case "code":
      return section(fenced(part.text));
    case "image":
      return [{ type: "image", slack_file: { id: part.file }, alt_text: plainWithin(part.alt, limits.alt) }];
    case "divider":
      return [{ type: "divider" }];
    case "buttons": {
      const block = actionsBlock(part.buttons, part.more ?? [], taken);
      return block === undefined ? [] : [block];
    }
  }
}

/** A line in small print. */
export const small = (text: Rich): readonly KnownBlock[] => {
  const shown = markup(text, limits.section);
  return shown === "" ? [] : [{ type: "context", elements: [mrkdwn(shown)] }];
};

const section = (text: string): readonly SectionBlock[] => (text === "" ? [] : [{ type: "section", text: mrkdwn(text) }]);

/** Links, channels and people come from explicit marks alone. Source: `verbatim` in the types of @slack/types 3.2.0, 2026-11-21. */
const mrkdwn = (text: string): MrkdwnElement => ({ type: "mrkdwn", text, verbatim: true });

function factBlocks(facts: readonly (readonly [string, Rich])[]): readonly SectionBlock[] {
  const fields = facts.map(([name, value]) => {
    const head = markup([{ bold: name }], limits.field / 2);
    const rest = markup(value, limits.field - head.length - 1);
    return mrkdwn(`${head}\n${rest === "" ? NOTHING : rest}`.trim());
  });
  const blocks: SectionBlock[] = [];
  for (let from = 0; from < fields.length; from += limits.fields) blocks.push({ type: "section", fields: fields.slice(from, from + limits.fields) });
  return blocks;
}

/** As many lines in one block as fit. */
function lineBlocks(lines: readonly Rich[]): readonly SectionBlock[] {
  const blocks: string[] = [];
  for (const line of lines) {
    // More than a whole message holds already: what follows is cut anyway.
    if (blocks.length * limits.section > 2 * limits.blocksWeight) break;
    const shown = markup(line, limits.section);
    const last = blocks.at(-1);
    if (last !== undefined && last.length + 1 + shown.length <= limits.section) blocks[blocks.length - 1] = `${last}\n${shown}`;
    else blocks.push(shown);
  }
  return blocks.flatMap((text) => (text.trim() === "" ? [] : section(text)));
}

const FENCE = "```";
function fenced(text: string): string {
  const words = unfenced(cleaned(text)).trim();
  if (words === "") return "";
  const room = limits.section - 2 * FENCE.length;
  const whole = escaped(words);
  return FENCE + (whole.length <= room ? whole : escapedStart(words, room - CUT.length, characters) + CUT) + FENCE;
}
