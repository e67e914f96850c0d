import { AwsFault } from "../../kernel.ts";
import { type Fields, fields, maybeText } from "../input.ts";
import { type Condition, holds, parseCondition } from "./expressions/condition.ts";
import { type Path, Placeholders, readPath } from "./expressions/names.ts";
import { putAt, valueAt } from "./expressions/paths.ts";
import { Cursor, malformed } from "./expressions/tokens.ts";
import { copy, isList, isMap, type Item } from "./expressions/values.ts";

/** The placeholders a request brings. */
export const placeholdersOf = (request: Fields): Placeholders =>
  // Document-client values are what Value says; the SDK marshals nothing else.
  new Placeholders(fields(request["ExpressionAttributeNames"]) as Record<string, string>, copy(fields(request["ExpressionAttributeValues"]) as Item));

/** A field that must be an item. */
export function itemIn(request: Fields, name: string): Item {
  const value = request[name];
  if (typeof value !== "object" || value === null) throw malformed(`${name} is required`);
  return copy(value as Item); // As above: marshalled by the SDK in production.
}

/** The condition of a write, if it has one. */
export function conditionOf(request: Fields, placeholders: Placeholders): Condition | undefined {
  const expression = maybeText(request, "ConditionExpression");
  return expression === undefined ? undefined : parseCondition(expression, placeholders);
}

/** Refuses a write whose condition does not hold. */
export function enforce(condition: Condition | undefined, item: Item | undefined, request: Fields): void {
  if (!condition || holds(condition, item)) return;
  const fault = new AwsFault("ConditionalCheckFailedException", "The conditional request failed");
  throw request["ReturnValuesOnConditionCheckFailure"] === "ALL_OLD" && item ? Object.assign(fault, { Item: item }) : fault;
}

/** The asked-for parts of an item. */
export function projected(item: Item, request: Fields, placeholders: Placeholders): Item {
  const expression = maybeText(request, "ProjectionExpression");
  return expression === undefined ? item : project(item, pathsIn(expression, placeholders));
}

function pathsIn(expression: string, placeholders: Placeholders): readonly Path[] {
  const cursor = new Cursor(expression);
  const paths: Path[] = [];
  do paths.push(readPath(cursor, placeholders));
  while (cursor.take(","));
  if (!cursor.atEnd()) throw malformed(`Invalid ProjectionExpression: Syntax error near "${cursor.peek.text}"`);
  return paths;
}

/** An item of only these paths; list elements close ranks. */
export function project(item: Item, paths: readonly Path[]): Item {
  const picked: Item = {};
  for (const path of paths) {
    const value = valueAt(item, path);
    if (value === undefined) continue;
    for (let depth = 1; depth < path.length; depth += 1) {
      const parent = path.slice(0, depth);
      const standing = valueAt(picked, parent);
      if (!isMap(standing) && !isList(standing)) putAt(picked, parent, typeof path[depth] === "number" ? [] : {});
    }
    putAt(picked, path, copy(value));
  }
  return picked;
}
