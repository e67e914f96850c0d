/**
 * JSON in which keys stand in code-unit order at every depth and `undefined` is left out: the same value always gives
 * the same text. Unlike `canonicalJson` of the ECS side it keeps null and empty values: in an audit they are content.
 */
export const sortedJson = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) => (isObject(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner)) ??
  "null";

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === "object" && value !== null && !Array.isArray(value);
