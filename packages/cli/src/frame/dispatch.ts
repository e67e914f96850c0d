import { parseArgs } from "node:util";
import { type Asked, type Command, type Io, type Option, Refusal } from "./command.ts";
import { overview, page } from "./help.ts";
import { nearest } from "./nearest.ts";
import { refusalOf } from "./translate.ts";
import { version } from "./version.ts";

/** Finds the command, parses its options, runs it; returns the exit code. Only a bug of ours shows a stack trace. */
export async function dispatch(argv: readonly string[], commands: readonly Command[], io: Io): Promise<number> {
  if (argv.length === 0 || argv[0] === "--help" || argv[0] === "help" || argv[0] === "-h") {
    for (const line of overview(commands)) io.out(line);
    return 0;
  }
  if (argv[0] === "--version" || argv[0] === "version") {
    io.out(argv.includes("--json") ? JSON.stringify({ version: version() }) : version());
    return 0;
  }
  const family = familyOf(argv, commands);
  if (family.length > 0 && (argv[1] === "--help" || argv[1] === "-h")) {
    for (const { path, summary } of family) io.out(`npx nightshift ${path.join(" ")}: ${summary}`);
    io.out("Each has --help.");
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
    io.progress(undefined);
    const refusal = refusalOf(error);
    if (refusal === undefined) throw error;
    io.err(refusal.message);
    return refusal.exit;
  }
}

function find(argv: readonly string[], commands: readonly Command[]): Command {
  const matching = commands.filter((command) => command.path.every((word, i) => argv[i] === word));
  const longest = matching.sort((a, b) => b.path.length - a.path.length)[0];
  if (longest !== undefined) return longest;
  const typed = argv
    .filter((word) => !word.startsWith("-"))
    .slice(0, 2)
    .join(" ");
  const family = familyOf(argv, commands).map(({ path }) => path.join(" "));
  if (typed === argv[0] && family.length > 0) throw new Refusal(`"${typed}" alone is no command. There are ${family.join(", ")}; each has --help.`);
  const names = commands.map((command) => command.path.join(" "));
  const close = nearest(typed, names) ?? nearest(argv[0] ?? "", names) ?? names.find((name) => name.startsWith(`${argv[0]} `));
  throw new Refusal(`There is no command "${typed}".${close === undefined ? "" : ` Did you mean "${close}"?`} npx nightshift lists them all.`);
}

/** The commands that begin with the word that was typed, where that word is no command itself. */
function familyOf([word]: readonly string[], commands: readonly Command[]): readonly Command[] {
  const family = commands.filter(({ path }) => path[0] === word);
  return family.some(({ path }) => path.length === 1) ? [] : family;
}

function parse(command: Command, rest: readonly string[]): Pick<Asked, "words" | "options"> {
  const declared: readonly (readonly [string, Pick<Option, "type">])[] = Object.entries({
    ...command.options,
    json: { type: "switch" },
    help: { type: "switch" },
  });
  const options = Object.fromEntries(
    declared.map(([name, { type }]) => [name, { type: type === "switch" ? ("boolean" as const) : ("string" as const), multiple: type === "texts" }]),
  );
  const said = command.path.join(" ");
  let parsed: ReturnType<typeof parseArgs>;
  try {
    parsed = parseArgs({ args: [...rest], options, allowPositionals: true, strict: true });
  } catch (error) {
    const unknown = /'(--?[^']+)'/
      .exec(error instanceof Error ? error.message : "")?.[1]
      ?.replace(/^--?/, "")
      .split(/[= ]/)[0];
    const known = declared.map(([name]) => name);
    const close = unknown === undefined ? undefined : nearest(unknown, known);
    const why = error instanceof Error ? (error.message.split(". ")[0] ?? error.message) : String(error);
    throw new Refusal(`${said}: ${why}.${close === undefined || close === unknown ? "" : ` Did you mean --${close}?`} See npx nightshift ${said} --help.`);
  }
  const words = parsed.positionals;
  const least = command.minWords ?? 0;
  if (words.length < least || words.length > (command.maxWords ?? least)) {
    const got = words.length === 0 ? "nothing" : `"${words.join(" ")}"`;
    throw new Refusal(`${said}: expected ${command.words ?? "no words"} after the command, got ${got}. Example: ${command.example}`);
  }
  const defaults = Object.entries(command.options ?? {}).flatMap(([name, option]) => (option.default === undefined ? [] : [[name, option.default]]));
  // parseArgs gives booleans only for switches and lists only for `multiple`, as declared above.
  return { words, options: { ...Object.fromEntries(defaults), ...parsed.values } as Asked["options"] };
}
