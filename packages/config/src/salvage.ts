import * as z from "zod/mini";
import { valueAt } from "./translate.ts";

/** Deeper than any setting: what lies below is unknown anyway, and may be a circle. */
const DEEP = 12;

/** A copy that may be edited; functions and class instances stay what they are. */
function copy(value: unknown, depth = 0): unknown {
  if (depth > DEEP) return undefined;
  if (Array.isArray(value)) return value.map((inner) => copy(inner, depth + 1));
  if (typeof value === "object" && value !== null) return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, copy(inner, depth + 1)]));
  return value;
}

function remove(from: unknown, path: readonly PropertyKey[]): void {
  const holder = valueAt(from, path.slice(0, -1));
  const last = path.at(-1);
  if (typeof holder === "object" && holder !== null && last !== undefined) Reflect.deleteProperty(holder, last);
}

/**
 * Parses what can be parsed when wrong values are replaced by their defaults, so that checks over several settings
 * can speak in the same report as the wrong values. Undefined when too much is missing.
 */
export function salvage<Schema extends z.ZodMiniType>(schema: Schema, raw: unknown): z.output<Schema> | undefined {
  const first = z.safeParse(schema, raw);
  if (first.success) return first.data;
  // A list or table of the wrong kind hides what it should have held: its default would make other settings look wrong.
  if (first.error.issues.some((issue) => issue.code === "invalid_type")) return undefined;
  const edited = copy(raw);
  for (const issue of first.error.issues) {
    if (issue.code === "unrecognized_keys") for (const key of issue.keys) remove(edited, [...issue.path, key]);
    else remove(edited, issue.path);
  }
  const second = z.safeParse(schema, edited);
  return second.success ? second.data : undefined;
}
