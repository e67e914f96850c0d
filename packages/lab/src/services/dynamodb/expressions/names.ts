import { reservedWords } from "./reserved.ts";
import { type Cursor, malformed } from "./tokens.ts";
import type { Value } from "./values.ts";

/** A place in an item: names and list positions. */
export type Path = readonly (string | number)[];

/** The placeholders of one request, and which of them its expressions used. */
export class Placeholders {
  readonly #names: Readonly<Record<string, string>>;
  readonly #values: Readonly<Record<string, Value>>;
  readonly #used = new Set<string>();

  constructor(names: Readonly<Record<string, string>> = {}, values: Readonly<Record<string, Value>> = {}) {
    this.#names = names;
    this.#values = values;
  }

  name(placeholder: string): string {
    const name = this.#names[placeholder];
    if (name === undefined) throw malformed(`An expression attribute name used in the document path is not defined; attribute name: ${placeholder}`);
    this.#used.add(placeholder);
    return name;
  }

  value(placeholder: string): Value {
    const value = this.#values[placeholder];
    if (value === undefined) throw malformed(`An expression attribute value used in expression is not defined; attribute value: ${placeholder}`);
    this.#used.add(placeholder);
    return value;
  }

  /** DynamoDB refuses placeholders that no expression uses. */
  checkAllUsed(): void {
    const unused = (given: object): string =>
      Object.keys(given)
        .filter((name) => !this.#used.has(name))
        .join(", ");
    const names = unused(this.#names);
    if (names !== "") throw malformed(`Value provided in ExpressionAttributeNames unused in expressions: keys: {${names}}`);
    const values = unused(this.#values);
    if (values !== "") throw malformed(`Value provided in ExpressionAttributeValues unused in expressions: keys: {${values}}`);
  }
}

/** Reads a document path: `a`, `#a`, `a.b`, `a[0].b`. @throws AwsFault for a reserved word. */
export function readPath(cursor: Cursor, placeholders: Placeholders): Path {
  const path: (string | number)[] = [readName(cursor, placeholders)];
  for (;;) {
    if (cursor.take(".")) path.push(readName(cursor, placeholders));
    else if (cursor.take("[")) {
      const index = cursor.next();
      if (index.kind !== "number") throw malformed(`Invalid expression: "${index.text}" is not a list position`);
      path.push(Number(index.text));
      cursor.expect("]");
    } else return path;
  }
}

function readName(cursor: Cursor, placeholders: Placeholders): string {
  const token = cursor.next();
  if (token.kind === "placeholder") return placeholders.name(token.text);
  if (token.kind !== "name") throw malformed(`Invalid expression: Syntax error near "${token.text}"`);
  if (reservedWords.has(token.text.toUpperCase())) {
    throw malformed(`Invalid expression: Attribute name is a reserved keyword; reserved keyword: ${token.text}`);
  }
  return token.text;
}
