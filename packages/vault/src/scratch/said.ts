/** At most so many lines of a program's complaints are kept: enough to name what went wrong. */
const MOST_LINES = 20;

/**
 * What a PostgreSQL program complained about, without anything that may hold a row's value: details, contexts, statements and quoted input are
 * left out (decision 51: no row values in logs or Slack).
 */
export function complaintsIn(stderr: string): readonly string[] {
  const lines = stderr
    .split("\n")
    .filter((line) => /\b(error|fatal|panic|warning):/i.test(line) && !/^\s*(detail|context|hint|statement|query|command was|line \d+):/i.test(line))
    .map(withoutValues);
  return [...new Set(lines)].slice(0, MOST_LINES);
}

/** Quoted input at the end of a message (`invalid input syntax for type integer: "…"`) is a value; a quoted name in the middle is not. */
const withoutValues = (line: string): string =>
  line
    .trim()
    .replace(/(?<=(?:syntax|value|range|token|byte sequence)[^"]*: )"?.*$/i, "…")
    .slice(0, 300);
