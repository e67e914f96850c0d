/** One thing that is wrong in a config, and what to write instead. */
export interface ConfigProblem {
  /** `services.shop-api.triggers[0].above`; empty for the config as a whole. */
  readonly path: string;
  readonly expected: string;
  readonly got: string;
  readonly remedy: string;
}

/** A path as people write it: dots between names, brackets around positions. */
export function sayPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((said, step) => {
    if (typeof step === "number") return `${said}[${step}]`;
    return said === "" ? String(step) : `${said}.${String(step)}`;
  }, "");
}

const secretLooking = /^(xox[a-z]-|xapp-|AKIA|ASIA|ghp_|github_pat_|sk-|-----BEGIN )/;

/** True for words that look like a token or key: these are never printed. */
export const looksSecret = (word: string): boolean => secretLooking.test(word);

/** A value as an error message shows it: short, and never a secret. */
export function sayValue(value: unknown): string {
  switch (typeof value) {
    case "undefined":
      return "nothing";
    case "string": {
      if (looksSecret(value)) return "a text that looks like a secret";
      const shown = value.replace(/:\/\/[^/@\s]*@/, "://…@");
      return JSON.stringify(shown.length > 60 ? `${shown.slice(0, 57)}…` : shown);
    }
    case "number":
    case "boolean":
    case "bigint":
      return String(value);
    case "function":
      return "a function";
    case "symbol":
      return "a symbol";
    case "object":
      if (value === null) return "null";
      if (Array.isArray(value)) return value.length === 0 ? "an empty list" : `a list of ${value.length}`;
      return "an object";
  }
}

/** One problem as two lines of text. */
export const sayProblem = (problem: ConfigProblem): string =>
  `${problem.path === "" ? "(config)" : problem.path}: expected ${problem.expected}, got ${problem.got}\n    → ${problem.remedy}`;

/** Thrown when a config cannot be used; carries every problem at once. The operator must act: edit the config. */
export class ConfigError extends Error {
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    super(
      [
        `nightshift.config.ts has ${count}:`,
        ...problems.map((problem) => `  ${sayProblem(problem)}`),
        "Nothing was changed. Mend the config, then run `npx nightshift config check`.",
      ].join("\n"),
    );
    this.name = "ConfigError";
    this.problems = problems;
  }
}
