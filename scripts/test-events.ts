// Reads every sample of events/samples with each of its fields deleted and retyped, one at a time (decision 29): by the
// parser, and end to end by `nightshift replay`, which must exit 2 with one paragraph that names the field.
// `npm run test:events`; exits 1 when one of them is neither rejected by name nor harmless.
import { commandsIn } from "../packages/cli/src/commands/index.ts";
import { dispatch } from "../packages/cli/src/frame/dispatch.ts";
import { machine } from "../packages/cli/src/place/machine.ts";
import { EventError, sayPath } from "../events/src/errors.ts";
import { mutationsOf } from "../events/src/mutations.ts";
import { parseEventText } from "../events/src/parse.ts";
import { type Sweep, sweep } from "../events/src/sweep.ts";
import { loadSamples } from "../events/samples/load.ts";

/** What `replay` says of a text on standard input. */
async function replayed(text: string): Promise<{ readonly exit: number; readonly err: readonly string[] }> {
  const err: string[] = [];
  const silent = { out: () => {}, err: (line: string) => void err.push(line), terminal: false, columns: 100, ask: async () => undefined, progress: () => {} };
  const exit = await dispatch(["replay", "-"], commandsIn({ ...machine(), input: async () => text }), silent);
  return { exit, err };
}

/** The path that the parser names; undefined when it reads the text. */
function refusedAt(text: string): string | undefined {
  try {
    parseEventText(text);
    return undefined;
  } catch (error) {
    if (error instanceof EventError) return error.path;
    throw error;
  }
}

/** Every rejected mutation through the command; what passes the parser is told like its sample and need not be played again. */
async function endToEnd(sample: string): Promise<{ readonly refused: number; readonly violations: readonly string[] }> {
  const violations: string[] = [];
  let refused = 0;
  for (const { event, path, how } of mutationsOf(JSON.parse(sample))) {
    const text = JSON.stringify(event);
    const at = refusedAt(text);
    if (at === undefined) continue;
    const { exit, err } = await replayed(text);
    const [paragraph = ""] = err;
    const right =
      exit === 2 &&
      err.length === 1 &&
      !paragraph.includes("\n") &&
      !/\bat .*:\d+:\d+/.test(paragraph) &&
      paragraph.includes(`${at === "" ? "the event" : at}: expected`);
    if (right) refused += 1;
    else violations.push(`replay, ${sayPath(path)} ${how}: exit ${exit}, ${paragraph}`);
  }
  const whole = await replayed(sample);
  return { refused, violations: whole.exit === 0 ? violations : [...violations, `replay of the sample itself: exit ${whole.exit}, ${whole.err.join(" ")}`] };
}

const rows: (Sweep & { readonly file: string; readonly refused: number })[] = [];
for (const { about, text } of loadSamples()) {
  const parsed = sweep(text);
  const told = await endToEnd(text);
  rows.push({ file: about.file, ...parsed, refused: told.refused, violations: [...parsed.violations, ...told.violations] });
}
const width = Math.max(...rows.map((row) => row.file.length));
const figure = (count: number): string => String(count).padStart(4);
for (const row of rows) {
  console.log(
    `${row.file.padEnd(width)}  ${figure(row.mutations)} mutations  ${figure(row.rejected)} rejected  ${figure(row.refused)} refused by replay  ${figure(row.passed)} passed`,
  );
  for (const violation of row.violations) console.log(`  wrong: ${violation}`);
}

const sum = (of: (row: (typeof rows)[number]) => number): number => rows.reduce((total, row) => total + of(row), 0);
const violations = sum((row) => row.violations.length);
console.log(
  `${rows.length} samples, ${sum((row) => row.mutations)} mutations: ${sum((row) => row.rejected)} rejected by name, ${sum((row) => row.refused)} of them refused by replay with exit 2, ${sum((row) => row.passed)} passed unharmed, ${violations} wrong`,
);
process.exitCode = violations === 0 ? 0 : 1;
