import { type Path, type Placeholders, readPath } from "./names.ts";
import { valueAt } from "./paths.ts";
import { Cursor, malformed } from "./tokens.ts";
import { isList, isMap, isSet, type Item, order, same, typeOf, type Value } from "./values.ts";

/** Something a comparison looks at. */
export type Operand =
  | { readonly kind: "path"; readonly path: Path }
  | { readonly kind: "value"; readonly value: Value }
  | { readonly kind: "size"; readonly path: Path };

/** The comparisons of a condition expression. */
export type Comparator = "=" | "<>" | "<" | "<=" | ">" | ">=";

/** A condition, parsed. */
export type Condition =
  | { readonly kind: "and" | "or"; readonly left: Condition; readonly right: Condition }
  | { readonly kind: "not"; readonly of: Condition }
  | { readonly kind: "compare"; readonly comparator: Comparator; readonly left: Operand; readonly right: Operand }
  | { readonly kind: "between"; readonly of: Operand; readonly low: Operand; readonly high: Operand }
  | { readonly kind: "in"; readonly of: Operand; readonly among: readonly Operand[] }
  | { readonly kind: "exists" | "not-exists"; readonly path: Path }
  | { readonly kind: "begins-with" | "contains" | "type"; readonly of: Operand; readonly with: Operand };

/**
 * Parses a condition, filter or key condition. OR binds weakest, then AND, then NOT.
 * Source: "Condition and filter expressions, operators, and functions",
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html (2026-11-21).
 */
export function parseCondition(expression: string, placeholders: Placeholders): Condition {
  const cursor = new Cursor(expression);
  const condition = either(cursor, placeholders);
  if (!cursor.atEnd()) throw malformed(`Invalid expression: Syntax error near "${cursor.peek.text}"`);
  return condition;
}

function either(cursor: Cursor, placeholders: Placeholders): Condition {
  let left = both(cursor, placeholders);
  while (cursor.take("OR")) left = { kind: "or", left, right: both(cursor, placeholders) };
  return left;
}

function both(cursor: Cursor, placeholders: Placeholders): Condition {
  let left = negated(cursor, placeholders);
  while (cursor.take("AND")) left = { kind: "and", left, right: negated(cursor, placeholders) };
  return left;
}

function negated(cursor: Cursor, placeholders: Placeholders): Condition {
  if (cursor.take("NOT")) return { kind: "not", of: negated(cursor, placeholders) };
  if (!cursor.take("(")) return primary(cursor, placeholders);
  const inner = either(cursor, placeholders);
  cursor.expect(")");
  return inner;
}

const functions = new Set(["attribute_exists", "attribute_not_exists", "attribute_type", "begins_with", "contains"]);

function primary(cursor: Cursor, placeholders: Placeholders): Condition {
  if (cursor.second.text === "(" && functions.has(cursor.peek.text)) return callTo(cursor.next().text, cursor, placeholders);
  const left = operand(cursor, placeholders);
  if (cursor.take("BETWEEN")) {
    const low = operand(cursor, placeholders);
    cursor.expect("AND");
    return { kind: "between", of: left, low, high: operand(cursor, placeholders) };
  }
  if (cursor.take("IN")) {
    cursor.expect("(");
    const among = [operand(cursor, placeholders)];
    while (cursor.take(",")) among.push(operand(cursor, placeholders));
    cursor.expect(")");
    return { kind: "in", of: left, among };
  }
  const comparator = cursor.next().text;
  if (!isComparator(comparator)) throw malformed(`Invalid expression: "${comparator}" is not a comparator`);
  return { kind: "compare", comparator, left, right: operand(cursor, placeholders) };
}

function callTo(name: string, cursor: Cursor, placeholders: Placeholders): Condition {
  cursor.expect("(");
  if (name === "attribute_exists" || name === "attribute_not_exists") {
    const path = readPath(cursor, placeholders);
    cursor.expect(")");
    return { kind: name === "attribute_exists" ? "exists" : "not-exists", path };
  }
  const of = operand(cursor, placeholders);
  cursor.expect(",");
  const other = operand(cursor, placeholders);
  cursor.expect(")");
  return { kind: name === "begins_with" ? "begins-with" : name === "contains" ? "contains" : "type", of, with: other };
}

/** Reads a path, a value or `size(path)`. */
export function operand(cursor: Cursor, placeholders: Placeholders): Operand {
  if (cursor.peek.kind === "value") return { kind: "value", value: placeholders.value(cursor.next().text) };
  if (cursor.peek.text !== "size" || cursor.second.text !== "(") return { kind: "path", path: readPath(cursor, placeholders) };
  cursor.next();
  cursor.expect("(");
  const path = readPath(cursor, placeholders);
  cursor.expect(")");
  return { kind: "size", path };
}

const isComparator = (text: string): text is Comparator => ["=", "<>", "<", "<=", ">", ">="].includes(text);

/** Whether a condition holds for an item (or for nothing, when there is none). */
export function holds(condition: Condition, item: Item | undefined): boolean {
  switch (condition.kind) {
    case "and":
      return holds(condition.left, item) && holds(condition.right, item);
    case "or":
      return holds(condition.left, item) || holds(condition.right, item);
    case "not":
      return !holds(condition.of, item);
    case "exists":
      return valueAt(item, condition.path) !== undefined;
    case "not-exists":
      return valueAt(item, condition.path) === undefined;
    case "compare":
      return compares(condition.comparator, read(condition.left, item), read(condition.right, item));
    case "between": {
      const value = read(condition.of, item);
      return compares(">=", value, read(condition.low, item)) && compares("<=", value, read(condition.high, item));
    }
    case "in":
      return condition.among.some((one) => compares("=", read(condition.of, item), read(one, item)));
    case "begins-with":
      return startsWith(read(condition.of, item), read(condition.with, item));
    case "contains":
      return includes(read(condition.of, item), read(condition.with, item));
    case "type": {
      const value = read(condition.of, item);
      return value !== undefined && typeOf(value) === read(condition.with, item);
    }
  }
}

/** What an operand is for an item. */
export function read(operand: Operand, item: Item | undefined): Value | undefined {
  if (operand.kind === "value") return operand.value;
  const value = valueAt(item, operand.path);
  return operand.kind === "path" ? value : lengthOf(value);
}

// A missing side compares as unequal to everything, and has no order.
function compares(comparator: Comparator, left: Value | undefined, right: Value | undefined): boolean {
  if (left === undefined || right === undefined) return comparator === "<>" && left !== right;
  if (comparator === "=") return same(left, right);
  if (comparator === "<>") return !same(left, right);
  const difference = order(left, right);
  if (difference === undefined) return false;
  if (comparator === "<") return difference < 0;
  if (comparator === "<=") return difference <= 0;
  return comparator === ">" ? difference > 0 : difference >= 0;
}

function startsWith(value: Value | undefined, start: Value | undefined): boolean {
  if (typeof value === "string" && typeof start === "string") return value.startsWith(start);
  return value instanceof Uint8Array && start instanceof Uint8Array && Buffer.compare(value.subarray(0, start.length), start) === 0;
}

function includes(value: Value | undefined, part: Value | undefined): boolean {
  if (value === undefined || part === undefined) return false;
  if (typeof value === "string") return typeof part === "string" && value.includes(part);
  if (isSet(value)) return value.has(part);
  return isList(value) && value.some((one) => same(one, part));
}

function lengthOf(value: Value | undefined): number | undefined {
  if (typeof value === "string") return Buffer.byteLength(value, "utf8");
  if (value instanceof Uint8Array || isList(value)) return value.length;
  if (value === undefined || value === null) return undefined;
  if (isSet(value)) return value.size;
  return isMap(value) ? Object.keys(value).length : undefined;
}
