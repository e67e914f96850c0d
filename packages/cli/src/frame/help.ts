import type { Command } from "./command.ts";

const GROUPS = ["Try it", "Set it up", "Run it", "Read it"] as const;

/** All commands in groups: what `npx nightshift` alone prints; under 30 lines. */
export function overview(commands: readonly Command[]): readonly string[] {
  const width = Math.max(...commands.map((command) => title(command).length));
  return [
    "nightshift: the on-call engineer that lives in your AWS account",
    ...GROUPS.flatMap((group) => {
      const mine = commands.filter((command) => command.group === group);
      return mine.length === 0 ? [] : ["", group, ...mine.map((command) => `  ${title(command).padEnd(width)}  ${command.summary}`)];
    }),
    "",
    "npx nightshift COMMAND --help tells more; every command takes --json.",
  ];
}

/** One command's help page. */
export function page(command: Command): readonly string[] {
  const options = Object.entries({ ...command.options, json: { type: "switch", says: "print JSON, for scripts" } as const, help: { type: "switch", says: "print this" } as const });
  const shown = options.map(([name, option]) => ({ left: `--${name}${"value" in option && option.value !== undefined ? ` ${option.value}` : ""}`, option }));
  const width = Math.max(...shown.map(({ left }) => left.length));
  return [
    `npx nightshift ${title(command)}: ${command.summary}`,
    "",
    "Options",
    ...shown.map(({ left, option }) => `  ${left.padEnd(width)}  ${option.says}${"default" in option && option.default !== undefined ? ` (default ${option.default})` : ""}`),
    "",
    "Exit codes",
    "  0  done",
    ...Object.entries(command.exits ?? {}).map(([code, says]) => `  ${code}  ${says}`),
    "  2  called wrongly, or input that cannot be read",
    "",
    `Example: ${command.example}`,
  ];
}

export const title = (command: Command): string => [...command.path, ...(command.words === undefined ? [] : [command.words])].join(" ");
