/** One option of a command: a switch, a text, or a text that may be given several times. */
export interface Option {
  readonly type: "switch" | "text" | "texts";
  readonly says: string;
  /** How its value is called in the help: `N`, `FILE`. */
  readonly value?: string;
  readonly default?: string;
}

/** What the person wrote for one option. */
export type Given = string | boolean | readonly string[] | undefined;

/** What a command is given: its words, its options, and where to write. */
export interface Asked {
  readonly words: readonly string[];
  readonly options: Readonly<Record<string, Given>>;
  readonly io: Io;
}

/** One verb of the tool. */
export interface Command {
  /** `["lab", "run"]` is `npx nightshift lab run`. */
  readonly path: readonly string[];
  readonly group: "Try it" | "Set it up" | "Run it" | "Read it";
  /** One line for the list of commands. */
  readonly summary: string;
  /** Sentences for the help page alone: what it reads, what it changes, what it needs. */
  readonly more?: readonly string[];
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
  /** Prints a line. Control characters of foreign text (an alarm's name, a stop reason) are taken out. */
  out(line: string): void;
  /** Prints text of our own that moves the cursor or colours; only for a terminal. */
  draw?(text: string): void;
  err(line: string): void;
  /** True when a person watches: colours, redrawing and pauses make sense. */
  readonly terminal: boolean;
  readonly columns: number;
  /** One line from the person; undefined when nobody can answer. */
  ask(question: string): Promise<string | undefined>;
  /** Shows where long work stands, in place of what stood there before; undefined takes it away. Says nothing without a terminal. */
  progress(line: string | undefined): void;
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

/** The text of an option; undefined when it was not given. */
export const textOf = ({ options }: Pick<Asked, "options">, name: string): string | undefined => {
  const given = options[name];
  return typeof given === "string" ? given : undefined;
};
/** Every text of an option that may be given several times. */
export const textsOf = ({ options }: Pick<Asked, "options">, name: string): readonly string[] => {
  const given = options[name];
  return typeof given === "string" ? [given] : Array.isArray(given) ? given : [];
};
/** Whether a switch is on. */
export const isOn = ({ options }: Pick<Asked, "options">, name: string): boolean => options[name] === true;
