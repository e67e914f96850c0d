/** One option of a command; every option is either a switch or takes a text. */
export interface Option {
  readonly type: "switch" | "text";
  readonly says: string;
  /** How its value is called in the help: `N`, `FILE`. */
  readonly value?: string;
  readonly default?: string;
}

/** What a command is given: its words, its options, and where to write. */
export interface Asked {
  readonly words: readonly string[];
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
  readonly io: Io;
}

/** One verb of the tool. */
export interface Command {
  /** `["lab", "run"]` is `npx nightshift lab run`. */
  readonly path: readonly string[];
  readonly group: "Try it" | "Set it up" | "Run it" | "Read it";
  /** One line for the list of commands. */
  readonly summary: string;
  /** Words after the path, as shown in the help: `SCENARIO`. */
  readonly words?: string;
  readonly minWords?: number;
  readonly maxWords?: number;
  readonly options?: Readonly<Record<string, Option>>;
  readonly example: string;
  /** Exit codes beyond 0 (done) and 2 (called wrongly, or input that cannot be read). */
  readonly exits?: Readonly<Record<number, string>>;
  run(asked: Asked): Promise<number>;
}

/** The terminal, as a value: tests hand in their own. */
export interface Io {
  out(line: string): void;
  err(line: string): void;
  /** True when a person watches: colours, redrawing and pauses make sense. */
  readonly terminal: boolean;
  readonly columns: number;
  /** One line from the person; undefined when nobody can answer. */
  ask(question: string): Promise<string | undefined>;
}

/** A failure with one paragraph for the person: what, where, why, what next. Never a stack trace. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly exit: number;
  constructor(message: string, exit = 2) {
    super(message);
    this.exit = exit;
  }
}
