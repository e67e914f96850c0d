/** What a document-client item may hold. Sets are JavaScript sets of text, numbers or bytes. */
export type Value = null | boolean | number | bigint | string | Uint8Array | ReadonlySet<unknown> | readonly Value[] | { readonly [name: string]: Value };
/** One item. */
export type Item = { [name: string]: Value };

/** DynamoDB's name for a value's type. */
export function typeOf(value: Value): "NULL" | "BOOL" | "N" | "S" | "B" | "SS" | "NS" | "BS" | "L" | "M" {
  if (value === null) return "NULL";
  if (typeof value === "boolean") return "BOOL";
  if (typeof value === "number" || typeof value === "bigint") return "N";
  if (typeof value === "string") return "S";
  if (value instanceof Uint8Array) return "B";
  if (Array.isArray(value)) return "L";
  if (!isSet(value)) return "M";
  const [first] = value;
  return typeof first === "string" ? "SS" : first instanceof Uint8Array ? "BS" : "NS";
}

/** Narrows to a set. */
export const isSet = (value: Value): value is ReadonlySet<unknown> => value instanceof Set;
/** Narrows to a map. */
export const isMap = (value: Value | undefined): value is { readonly [name: string]: Value } => value !== undefined && typeOf(value) === "M";
/** Narrows to a list. */
export const isList = (value: Value | undefined): value is readonly Value[] => Array.isArray(value);

/** Copies that nobody can change any more, down to the last value: a copy of one is itself. */
const unchangeable = new WeakSet<object>();
const cannotChange = (value: Value): boolean => typeof value !== "object" || value === null || unchangeable.has(value);

/** A deep, frozen copy without `undefined` fields, as the document client sends it with `removeUndefinedValues`; whoever changes one takes `{...copy}`. */
export function copy<T extends Value>(value: T): T;
export function copy(value: Value): Value {
  if (value === null || typeof value !== "object" || unchangeable.has(value)) return value;
  if (value instanceof Uint8Array) return new Uint8Array(value);
  if (isSet(value)) return new Set(value);
  const fresh: Item | readonly Value[] = isList(value) ? value.map((one) => copy(one)) : copyMap(value);
  // Sets and bytes cannot be frozen: what holds one is copied each time.
  if (Object.values(fresh).every(cannotChange)) unchangeable.add(fresh);
  return Object.freeze(fresh);
}

function copyMap(value: Value): Item {
  const fresh: Item = {};
  if (!isMap(value)) return fresh;
  for (const name in value) {
    const one = value[name];
    if (one !== undefined) fresh[name] = copy(one);
  }
  return fresh;
}

/** Remembers what was made of a value that cannot change: items are read, weighed and streamed far more often than they are written. */
export function remembered<T>(make: (value: Value) => T): (value: Value) => T {
  const made = new WeakMap<object, T>();
  return (value) => {
    if (typeof value !== "object" || value === null || !unchangeable.has(value)) return make(value);
    const known = made.get(value);
    if (known !== undefined) return known;
    const fresh = make(value);
    made.set(value, fresh);
    return fresh;
  };
}

/** Whether two values are the same to DynamoDB: same type and content, sets in any order. */
export function same(a: Value, b: Value): boolean {
  if (typeOf(a) !== typeOf(b)) return false;
  if (isSet(a) && isSet(b)) return a.size === b.size && [...a].every((one) => b.has(one));
  if (isList(a) && isList(b)) return a.length === b.length && a.every((one, i) => same(one, b[i] ?? null));
  if (isMap(a) && isMap(b)) {
    const names = Object.keys(a);
    return names.length === Object.keys(b).length && names.every((name) => name in b && same(a[name] ?? null, b[name] ?? null));
  }
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b) === 0;
  return a === b;
}

/** Orders two scalars of one type, text by its UTF-8 bytes; undefined when they have no order. */
export function order(a: Value, b: Value): number | undefined {
  if (typeof a === "string" && typeof b === "string") return Buffer.compare(Buffer.from(a, "utf8"), Buffer.from(b, "utf8"));
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b);
  if (typeOf(a) === "N" && typeOf(b) === "N") return Number(a) - Number(b);
  return undefined;
}

/**
 * What an item weighs against the 400 KB limit: names and values in UTF-8, numbers by their digits, 3 bytes a container and 1 an element.
 * Source: "DynamoDB item sizes and formats", https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html (2026-11-21).
 */
export const sizeOf = remembered(weigh);

function weigh(value: Value): number {
  if (typeof value === "string") return Buffer.byteLength(value, "utf8");
  if (typeof value === "number" || typeof value === "bigint") return Math.ceil(String(value).replace(/[-.]/g, "").length / 2) + 1;
  if (value === null || typeof value === "boolean") return 1;
  if (value instanceof Uint8Array) return value.length;
  if (isSet(value))
    return [...value].reduce<number>((sum, one) => sum + sizeOf(typeof one === "string" || typeof one === "number" || one instanceof Uint8Array ? one : 0), 0);
  if (isList(value)) return value.reduce((sum: number, one) => sum + 1 + sizeOf(one), 3);
  return isMap(value) ? Object.entries(value).reduce((sum, [name, one]) => sum + 1 + Buffer.byteLength(name, "utf8") + sizeOf(one), 3) : 0;
}
