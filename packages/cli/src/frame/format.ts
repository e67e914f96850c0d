import { type EpochMs, sayClock, utc } from "@nightshift/model";
import type { Asked } from "./command.ts";
import { isOn } from "./command.ts";

/** The most lines a command prints unasked (docs: nothing scrolls past 30 lines). */
const SCREEN = 28;

/** Rows under headings, columns as wide as their widest cell; the last one is not padded. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const widths = headings.map((heading, column) => Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => (column === cells.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
      .join("  ")
      .trimEnd();
  return [line(headings), ...rows.map(line)];
}

/** Lines that fit a screen, and how to see the rest; `below` is how many lines follow them there. */
export function screenful(lines: readonly string[], more: string, below = 0): readonly string[] {
  const most = SCREEN - below;
  return lines.length <= most ? lines : [...lines.slice(0, most - 1), `… and ${lines.length - most + 1} more: ${more}`];
}

/** Lines that fit a screen with both ends kept: what began it, and what came of it. */
export function bothEnds(lines: readonly string[], more: string, below = 0): readonly string[] {
  const most = SCREEN - below;
  if (lines.length <= most) return lines;
  const first = Math.ceil((most - 1) / 2);
  const last = most - 1 - first;
  return [...lines.slice(0, first), `… and ${lines.length - most + 1} more: ${more}`, ...lines.slice(lines.length - last)];
}

/** Blocks that fit a screen, none of them cut; the others are counted. */
export function screenfulOf(blocks: readonly (readonly string[])[], more: string, below = 0): readonly string[] {
  const most = SCREEN - below;
  if (blocks.flat().length <= most) return blocks.flat();
  const shown: string[] = [];
  for (const [index, block] of blocks.entries()) {
    if (shown.length + block.length > most - 1) return [...shown, `… and ${blocks.length - index} more: ${more}`];
    shown.push(...block);
  }
  return shown;
}

/** A text in lines of at most `width`, broken at spaces; the first begins with `first`, later ones with `rest`. */
export function wrap(text: string, width: number, { first = "", rest = "" }: { readonly first?: string; readonly rest?: string } = {}): readonly string[] {
  const lines: string[] = [];
  let line = first;
  let empty = true;
  for (const word of text.trim().split(/\s+/)) {
    if (!empty && line.length + 1 + word.length > width) {
      lines.push(line);
      line = rest + word;
    } else {
      line = empty ? line + word : `${line} ${word}`;
      empty = false;
    }
  }
  return [...lines, line];
}

/** JSON for scripts, or lines for people: every command ends here. */
export function answer(asked: Pick<Asked, "options" | "io">, value: unknown, lines: readonly string[]): void {
  if (isOn(asked, "json")) asked.io.out(JSON.stringify(value));
  else for (const line of lines) asked.io.out(line);
}

/** A name as a shell takes it back. */
export const quoted = (word: string): string => (/^[\w./:@-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

const two = (n: number): string => String(n).padStart(2, "0");
/** `2026-03-14 03:12:08`, UTC. */
export const sayMoment = (at: EpochMs): string => {
  const { year, month, day } = utc(at);
  return `${year}-${two(month)}-${two(day)} ${sayClock(at)}`;
};
