import type { Card, Part, Rich } from "@nightshift/model";
import type { KnownBlock } from "@slack/web-api";
import { bytes, CUT, NOTHING } from "../escape.ts";
import { limits } from "../limits.ts";
import { partBlocks, small } from "./parts.ts";
import { markupText } from "./spans.ts";

/** A message as Slack takes it. Without blocks the text is the message; with them it is what notifications and screen readers say. */
export interface Rendered {
  readonly text: string;
  readonly blocks: readonly KnownBlock[];
}

/** Makes blocks of a card, whatever is in it, within every limit of Slack's; where something had to go, a line says so, and the buttons stay. */
export function renderCard(card: Card): Rendered {
  const taken = new Set<string>();
  const blocks = fit(card.parts.flatMap((part) => partBlocks(part, taken)));
  return { text: orNothing(markupText(card.summary)), blocks };
}

/** The whole card as one text without blocks: for when Slack does not take the blocks. */
export function plainCard(card: Card): Rendered {
  const rest = card.parts.flatMap((part) => spansOf(part));
  const spans = [card.summary, ...rest].flatMap((rich, i) => [...(i === 0 ? [] : ["\n"]), ...(typeof rich === "string" ? [rich] : rich)]);
  return { text: orNothing(markupText(spans)), blocks: [] };
}

const orNothing = (text: string): string => (text === "" ? NOTHING : text);

function spansOf(part: Part): readonly Rich[] {
  switch (part.kind) {
    case "heading":
      return [[{ bold: part.text }]];
    case "text":
    case "small":
      return [part.text];
    case "facts":
      return part.facts.map(([name, value]) => [`${name}: `, ...(typeof value === "string" ? [value] : value)]);
    case "lines":
      return part.lines;
    case "code":
      return [part.text];
    case "image":
      return [`(picture) ${part.alt}`];
    case "divider":
    case "buttons":
      return [];
  }
}

/** What Slack counts of a block, rather too much than too little. */
const weightOf = (block: KnownBlock): number => bytes(JSON.stringify(block)) + limits.blockWeight;

/** Titles and buttons are kept before texts; the place of the first text that had to go is marked. */
function fit(blocks: readonly KnownBlock[]): readonly KnownBlock[] {
  const weight = blocks.reduce((sum, block) => sum + weightOf(block), 0);
  if (blocks.length <= limits.blocks && weight <= limits.blocksWeight) return blocks;
  const mark = small(CUT);
  let room = limits.blocksWeight - mark.reduce((sum, block) => sum + weightOf(block), 0);
  let places = limits.blocks - mark.length;
  const kept = new Set<KnownBlock>();
  const keep = (block: KnownBlock): boolean => {
    const fits = places > 0 && weightOf(block) <= room;
    if (fits) {
      kept.add(block);
      room -= weightOf(block);
      places -= 1;
    }
    return fits;
  };
  for (const block of blocks) if (block.type === "actions" || block.type === "header") keep(block);
  const texts = blocks.filter((block) => block.type !== "actions" && block.type !== "header");
  // After the first that does not fit none of the later ones stands: a message with holes in it reads wrong.
  const end = texts.find((block) => !keep(block));
  return blocks.flatMap((block) => [...(block === end ? mark : []), ...(kept.has(block) ? [block] : [])]);
}
