import { operand, type Operand, read } from "./condition.ts";
import { type Path, type Placeholders, readPath } from "./names.ts";
import { overlaps, putAt, removeAt, valueAt } from "./paths.ts";
import { Cursor, malformed } from "./tokens.ts";
import { copy, isList, isSet, type Item, typeOf, type Value } from "./values.ts";

/** What a path is set to. */
type Source =
  | Operand
  | { readonly kind: "if-not-exists"; readonly path: Path; readonly otherwise: Source }
  | { readonly kind: "append"; readonly left: Source; readonly right: Source }
  | { readonly kind: "sum" | "difference"; readonly left: Source; readonly right: Source };

/** One change of an update. */
type Change =
  | { readonly kind: "set"; readonly path: Path; readonly to: Source }
  | { readonly kind: "remove"; readonly path: Path }
  | { readonly kind: "add" | "delete"; readonly path: Path; readonly value: Value };

/** An update expression, parsed. */
export interface Update {
  readonly changes: readonly Change[];
}

/**
 * Parses an update expression: each of SET, REMOVE, ADD and DELETE at most once.
 * Source: "Update expressions", https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html (2026-11-21).
 */
export function parseUpdate(expression: string, placeholders: Placeholders): Update {
  const cursor = new Cursor(expression);
  const changes: Change[] = [];
  const seen = new Set<string>();
  while (!cursor.atEnd()) {
    const clause = cursor.next().text.toUpperCase();
    const readChange = clauses[clause];
    if (!readChange) throw malformed(`Invalid UpdateExpression: Syntax error near "${clause}"`);
    if (seen.has(clause)) throw malformed(`Invalid UpdateExpression: The "${clause}" section can only be used once in an update expression`);
    seen.add(clause);
    do changes.push(readChange(cursor, placeholders));
    while (cursor.take(","));
  }
  if (changes.length === 0) throw malformed("Invalid UpdateExpression: The expression can not be empty");
  for (const [i, a] of changes.entries()) {
    if (changes.slice(i + 1).some((b) => overlaps(a.path, b.path) || overlaps(b.path, a.path))) {
      throw malformed("Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths");
    }
  }
  return { changes };
}

const clauses: Readonly<Record<string, (cursor: Cursor, placeholders: Placeholders) => Change>> = {
  SET: (cursor, placeholders) => {
    const path = readPath(cursor, placeholders);
    cursor.expect("=");
    return { kind: "set", path, to: sum(cursor, placeholders) };
  },
  REMOVE: (cursor, placeholders) => ({ kind: "remove", path: readPath(cursor, placeholders) }),
  ADD: (cursor, placeholders) => ({ kind: "add", path: readPath(cursor, placeholders), value: placeholders.value(cursor.next().text) }),
  DELETE: (cursor, placeholders) => ({ kind: "delete", path: readPath(cursor, placeholders), value: placeholders.value(cursor.next().text) }),
};

function sum(cursor: Cursor, placeholders: Placeholders): Source {
  const left = source(cursor, placeholders);
  if (cursor.take("+")) return { kind: "sum", left, right: source(cursor, placeholders) };
  if (cursor.take("-")) return { kind: "difference", left, right: source(cursor, placeholders) };
  return left;
}

function source(cursor: Cursor, placeholders: Placeholders): Source {
  const name = cursor.peek.text;
  if (cursor.second.text !== "(" || (name !== "if_not_exists" && name !== "list_append")) return operand(cursor, placeholders);
  cursor.next();
  cursor.expect("(");
  const first = name === "if_not_exists" ? { path: readPath(cursor, placeholders) } : { left: sum(cursor, placeholders) };
  cursor.expect(",");
  const second = sum(cursor, placeholders);
  cursor.expect(")");
  return "path" in first ? { kind: "if-not-exists", path: first.path, otherwise: second } : { kind: "append", left: first.left, right: second };
}

/** The item after the update; `before` is what stood there, or the bare key. Every right side is read from `before`. */
export function applyUpdate(update: Update, before: Item): Item {
  const after = { ...before };
  const values = update.changes.map((change) => (change.kind === "set" ? evaluate(change.to, before) : undefined));
  for (const [i, change] of update.changes.entries()) {
    if (change.kind === "set") putAt(after, change.path, copy(values[i] ?? null));
    if (change.kind === "add") add(after, change.path, change.value);
    if (change.kind === "delete") takeFrom(after, change.path, change.value);
  }
  // List positions mean those before the update: take the last away first.
  const removals = update.changes.filter((change) => change.kind === "remove").map((change) => change.path);
  for (const path of removals.toSorted((a, b) => Number(b.at(-1)) - Number(a.at(-1)) || 0)) removeAt(after, path);
  return after;
}

function evaluate(of: Source, item: Item): Value {
  switch (of.kind) {
    case "if-not-exists":
      return valueAt(item, of.path) ?? evaluate(of.otherwise, item);
    case "append": {
      const [left, right] = [evaluate(of.left, item), evaluate(of.right, item)];
      if (!isList(left) || !isList(right)) throw malformed("An operand in the update expression has an incorrect data type");
      return [...left, ...right];
    }
    case "sum":
    case "difference": {
      const [left, right] = [evaluate(of.left, item), evaluate(of.right, item)];
      if (typeof left !== "number" || typeof right !== "number") throw malformed("An operand in the update expression has an incorrect data type");
      return of.kind === "sum" ? left + right : left - right;
    }
    default: {
      const value = read(of, item);
      if (value === undefined) throw malformed("The provided expression refers to an attribute that does not exist in the item");
      return value;
    }
  }
}

function add(item: Item, path: Path, value: Value): void {
  const stood = valueAt(item, path);
  if (typeof value === "number" && (stood === undefined || typeof stood === "number")) putAt(item, path, (stood ?? 0) + value);
  else if (isSet(value) && (stood === undefined || typeOf(stood) === typeOf(value))) {
    putAt(item, path, new Set([...(stood !== undefined && isSet(stood) ? stood : []), ...value]));
  } else throw malformed("An operand in the update expression has an incorrect data type");
}

function takeFrom(item: Item, path: Path, value: Value): void {
  const stood = valueAt(item, path);
  if (!isSet(value) || (stood !== undefined && typeOf(stood) !== typeOf(value)))
    throw malformed("An operand in the update expression has an incorrect data type");
  if (stood === undefined || !isSet(stood)) return;
  const left = new Set([...stood].filter((one) => !value.has(one)));
  // DynamoDB has no empty sets: the attribute goes with its last element.
  if (left.size === 0) removeAt(item, path);
  else putAt(item, path, left);
}
