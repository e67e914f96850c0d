import type { Command, Option } from "./command.ts";

const GROUPS = ["Try it", "Set it up", "Run it", "Read it"] as const;

/** All commands in groups: what `npx nightshift` alone prints; under 30 lines. */
export function overview(commands: readonly Command[]): readonly string[] {
  const width = Math.max(...commands.map((command) => title(command).length));
  return [
    "nightshift: the on-call engineer that lives in your AWS account",
    "npx nightshift COMMAND --help tells more; every command takes --json.",
    ...GROUPS.flatMap((group) => {
      const mine = commands.filter((command) => command.group === group);
      return mine.length === 0 ? [] : ["", group, ...mine.map((command) => `  ${title(command).padEnd(width)}  ${command.summary}`)];
    }),
  ];
}

/** One command's help page. */
export function page(command: Command): readonly string[] {
  const options: Readonly<Record<string, Option>> = {
    ...command.options,
    json: { type: "switch", says: "print JSON, for scripts" },
    help: { type: "switch", says: "print this" },
  };
  const shown = Object.entries(options).map(([name, option]) => ({
    left: `--${name}${option.value === undefined ? "" : ` ${option.value}`}`,
    says: `${option.says}${option.type === "texts" ? " (may be given several times)" : ""}${option.default === undefined ? "" : ` (default ${option.default})`}`,
  }));
  const width = Math.max(...shown.map(({ left }) => left.length));
  return [
    `npx nightshift ${title(command)}: ${command.summary}`,
    ...(command.more ?? []),
    "",
    "Options",
    ...shown.map(({ left, says }) => `  ${left.padEnd(width)}  ${says}`),
    "",
    "Exit codes",
    "  0  done",
    ...exits(command).map(([code, says]) => `  ${code}  ${says}`),
    "",
    `Example: ${command.example}`,
  ];
}

const exits = (command: Command) =>
  Object.entries({ 2: "called wrongly, or input that cannot be read", ...command.exits }).sort(([a], [b]) => Number(a) - Number(b));

/** The command with its words: `lab run SCENARIO`. */
const title = (command: Command): string => [...command.path, ...(command.words === undefined ? [] : [command.words])].join(" ");
