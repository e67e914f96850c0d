import type { Command, Option } from "./command.ts";

const GROUPS = ["Try it", "Set it up", "Run it", "Read it"] as const;

/** Commands that stand on the line of another one of their family, so that the overview fits a screen. */
const BESIDE: Readonly<Record<string, readonly string[]>> = {
  "scale explain": ["replay", "simulate", "doctor"],
  "incidents show": ["postmortem", "export"],
  "backup take": ["verify", "restore", "drill", "status", "report", "plan", "acknowledge", "list", "retention", "doctor", "grants", "products"],
};
const isBeside = ({ path: [family = "", verb = ""] }: Command): boolean =>
  Object.entries(BESIDE).some(([host, verbs]) => host.startsWith(`${family} `) && verbs.includes(verb));

/** All commands in groups: what `npx nightshift` alone prints; under 30 lines. */
export function overview(commands: readonly Command[]): readonly string[] {
  const listed = commands.filter((command) => !isBeside(command));
  const width = Math.max(...listed.map((command) => title(command).length));
  const line = (command: Command): string => `  ${title(command).padEnd(width)}  ${command.summary}${also(command.path)}`;
  return [
    "The on-call engineer that lives in your AWS account. npx nightshift COMMAND --help tells more; all take --json.",
    ...GROUPS.flatMap((group) => {
      const mine = listed.filter((command) => command.group === group);
      return mine.length === 0 ? [] : ["", group, ...mine.map(line)];
    }),
  ];
}

function also(path: readonly string[]): string {
  const verbs = BESIDE[path.join(" ")];
  return verbs === undefined ? "" : `; also ${path[0]} ${verbs.join(", ")}`;
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
