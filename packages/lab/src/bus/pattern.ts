import type { EventPattern } from "@nightshift/model";
import { matchesLeaf } from "./leaf.ts";

/**
 * Whether an event matches an EventBridge pattern: every field named must match, arrays in a pattern are alternatives,
 * arrays in an event match when one element does, `$or` holds alternatives of whole fields.
 * Source: "Creating Amazon EventBridge event patterns", https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html, and
 * "Comparison operators", https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html (2026-11-21).
 */
export function matches(pattern: EventPattern, event: unknown): boolean {
  // An array of objects matches when one object does on its own: fields of two neighbours never add up to a match.
  if (Array.isArray(event)) return event.some((one) => matches(pattern, one));
  return Object.entries(pattern).every(([name, wanted]) =>
    name === "$or" && isAlternatives(wanted) ? wanted.some((one) => matches(one, event)) : matchesField(wanted, field(event, name)),
  );
}

function matchesField(wanted: unknown, found: unknown): boolean {
  if (Array.isArray(wanted)) return wanted.some((one) => matchesLeaf(one, found));
  if (!isObject(wanted)) throw new Error(`An event pattern's field holds an array or an object, not ${JSON.stringify(wanted)}.`);
  // A pattern below a field that is not there can still match by `exists: false`.
  return matches(wanted, found);
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === "object" && value !== null && !Array.isArray(value);
// With fewer than two members or anything but objects in it, `$or` is an ordinary field's name.
const isAlternatives = (value: unknown): value is readonly EventPattern[] => Array.isArray(value) && value.length >= 2 && value.every(isObject);
const field = (event: unknown, name: string): unknown => (isObject(event) && Object.hasOwn(event, name) ? event[name] : undefined);
