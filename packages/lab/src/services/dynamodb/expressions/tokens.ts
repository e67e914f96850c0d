import { AwsFault } from "../../../kernel.ts";

/** A piece of an expression. */
export interface Token {
  readonly kind: "name" | "placeholder" | "value" | "number" | "symbol" | "end";
  readonly text: string;
}

/** A request that DynamoDB refuses as malformed. */
export const malformed = (message: string): AwsFault => new AwsFault("ValidationException", message);

const shape =
  /\s*(?:(?<name>[A-Za-z_][A-Za-z0-9_]*)|(?<placeholder>#[A-Za-z0-9_]+)|(?<value>:[A-Za-z0-9_]+)|(?<number>\d+)|(?<symbol><>|<=|>=|[=<>(),.[\]+-]))/y;

/** The few expressions that our code has are cut hundreds of thousands of times in a sweep. */
const cut = new Map<string, readonly Token[]>();
const REMEMBERED = 1_000;

/** Cuts an expression into its pieces. @throws AwsFault at a character that no expression holds. */
export function tokens(expression: string): readonly Token[] {
  const known = cut.get(expression) ?? pieces(expression);
  if (cut.size < REMEMBERED) cut.set(expression, known);
  return known;
}

function pieces(expression: string): readonly Token[] {
  const found: Token[] = [];
  shape.lastIndex = 0;
  while (shape.lastIndex < expression.trimEnd().length) {
    const from = shape.lastIndex;
    const groups = shape.exec(expression)?.groups;
    const token = groups && Object.entries(groups).find(([, text]) => text !== undefined);
    if (!token) throw malformed(`Invalid expression: Syntax error near "${expression.slice(from, from + 10)}"`);
    found.push({ kind: token[0] as Token["kind"], text: token[1] ?? "" }); // The pattern's groups are named after the kinds.
  }
  return found;
}

/** Walks over tokens. */
export class Cursor {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(expression: string) {
    this.#tokens = tokens(expression);
  }

  get peek(): Token {
    return this.#tokens[this.#at] ?? { kind: "end", text: "" };
  }

  /** The token after the next one. */
  get second(): Token {
    return this.#tokens[this.#at + 1] ?? { kind: "end", text: "" };
  }

  next(): Token {
    const token = this.peek;
    this.#at += 1;
    return token;
  }

  /** Takes a symbol or keyword if it is next; keywords in any case. */
  take(text: string): boolean {
    if (this.peek.kind === "end" || this.peek.text.toUpperCase() !== text) return false;
    this.#at += 1;
    return true;
  }

  expect(text: string): void {
    if (!this.take(text)) throw malformed(`Invalid expression: expected "${text}" near "${this.peek.text}"`);
  }

  atEnd(): boolean {
    return this.peek.kind === "end";
  }
}
