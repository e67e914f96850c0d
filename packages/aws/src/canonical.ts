import { createHash } from "node:crypto";

/** SHA-256 of a text, in hex. */
export const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/**
 * JSON with sorted keys and without what AWS sometimes sends and sometimes leaves out: undefined, null, empty lists and
 * empty objects. Lists under `unordered` names are sorted: AWS does not promise their order. Dates become epoch milliseconds.
 */
export const canonicalJson = (value: unknown, unordered: ReadonlySet<string> = new Set()): string => JSON.stringify(settled(value, unordered, false) ?? null);

function settled(value: unknown, unordered: ReadonlySet<string>, sort: boolean): unknown {
  if (value === undefined || value === null) return undefined;
  if (value instanceof Date) return value.getTime();
  if (Array.isArray(value)) return settledList(value, unordered, sort);
  if (typeof value !== "object") return value;
  const entries = Object.entries(value)
    .map(([key, inner]): [string, unknown] => [key, settled(inner, unordered, unordered.has(key))])
    .filter(([, inner]) => inner !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function settledList(list: readonly unknown[], unordered: ReadonlySet<string>, sort: boolean): unknown {
  const items = list.map((item) => settled(item, unordered, false)).filter((item) => item !== undefined);
  if (items.length === 0) return undefined;
  if (!sort) return items;
  return items
    .map((item) => JSON.stringify(item))
    .sort()
    .map((text): unknown => JSON.parse(text));
}
