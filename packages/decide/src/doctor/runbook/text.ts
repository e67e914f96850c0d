/** One command or sentence of a runbook, with shell continuation lines joined. */
export interface RunbookLine {
  readonly text: string;
  readonly line: number;
}

/** A team's runbook: its lines as commands, and the whole text for what only the whole can tell. */
export interface Runbook {
  readonly lines: readonly RunbookLine[];
  readonly text: string;
}

/** Joins lines that end in a backslash; each keeps the number of its first line. */
export function readRunbook(text: string): Runbook {
  const lines: RunbookLine[] = [];
  let open: RunbookLine | undefined;
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const continues = /\\\s*$/.test(raw);
    const part = raw.replace(/\\\s*$/, " ").trim();
    const line: RunbookLine = open === undefined ? { text: part, line: index + 1 } : { text: `${open.text} ${part}`, line: open.line };
    open = continues ? line : undefined;
    if (!continues) lines.push(line);
  }
  if (open !== undefined) lines.push(open);
  return { lines, text };
}

/** The value of a command-line option, `--name value` or `--name=value`. */
export function option(text: string, name: string): string | undefined {
  return new RegExp(`--${name}(?:=|\\s+)("[^"]*"|'[^']*'|\\S+)`).exec(text)?.[1]?.replace(/^["']|["']$/g, "");
}
