import { parseArgs } from "node:util";
import { type Command, type Io, Refusal } from "./command.ts";
import { overview, page } from "./help.ts";
import { nearest } from "./nearest.ts";

/** Finds the command, parses its options, runs it; returns the exit code. Only a bug of ours shows a stack trace. */
export async function dispatch(argv: readonly string[], commands: readonly Command[], io: Io): Promise<number> {
  if (argv.length === 0 || argv[0] === "--help" || argv[0] === "help" || argv[0] === "-h") {
    for (const line of overview(commands)) io.out(line);
    return 0;
  }
  try {
    const command = find(argv, commands);
    const rest = argv.slice(command.path.length);
    if (rest.includes("--help") || rest.includes("-h")) {
      for (const line of page(command)) io.out(line);
      return 0;
    }
    return await command.run({ ...parse(command, rest), io });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    io.err(error.message);
    return error.exit;
  }
}

function find(argv: readonly string[], commands: readonly Command[]): Command {
  const matching = commands.filter((command) => command.path.every((word, i) => argv[i] === word));
  const longest = matching.sort((a, b) => b.path.length - a.path.length)[0];
  if (longest !== undefined) return longest;
  const typed = argv.filter((word) => !word.startsWith("-")).slice(0, 2).join(" ");
  const names = commands.map((command) => command.path.join(" "));
  const close = nearest(typed, names) ?? nearest(argv[0] ?? "", names) ?? names.find((name) => name.startsWith(`${argv[0]} `));
  throw new Refusal(`There is no command "${typed}".${close === undefined ? "" : ` Did you mean "${close}"?`} npx nightshift lists them all.`);
}

function parse(command: Command, rest: readonly string[]): { words: readonly string[]; options: Readonly<Record<string, string | boolean | undefined>> } {
  const declared = Object.entries({ ...command.options, json: { type: "switch" as const }, help: { type: "switch" as const } });
  const options = Object.fromEntries(declared.map(([name, option]) => [name, { type: option.type === "switch" ? ("boolean" as const) : ("string" as const) }]));
  let parsed: ReturnType<typeof parseArgs>;
  try {
    parsed = parseArgs({ args: [...rest], options, allowPositionals: true, strict: true });
  } catch (error) {
    const unknown = /'(--?[^']+)'/.exec(error instanceof Error ? error.message : "")?.[1]?.replace(/^--?/, "").split("=")[0];
    const close = unknown === undefined ? undefined : nearest(unknown, declared.map(([name]) => name));
    const said = error instanceof Error ? (error.message.split(". ")[0] ?? error.message) : String(error);
    throw new Refusal(`${command.path.join(" ")}: ${said}.${close === undefined || close === unknown ? "" : ` Did you mean --${close}?`} See npx nightshift ${command.path.join(" ")} --help.`);
  }
  const words = parsed.positionals;
  const least = command.minWords ?? 0;
  if (words.length < least || words.length > (command.maxWords ?? least)) {
    throw new Refusal(`${command.path.join(" ")}: expected ${command.words ?? "no words"} after the command, got ${words.length === 0 ? "nothing" : `"${words.join(" ")}"`}. Example: ${command.example}`);
  }
  const defaults = Object.fromEntries(Object.entries(command.options ?? {}).flatMap(([name, option]) => (option.default === undefined ? [] : [[name, option.default]])));
  return { words, options: { ...defaults, ...parsed.values } as Readonly<Record<string, string | boolean | undefined>> }; // parseArgs gives arrays only for `multiple`, which no option is
}
