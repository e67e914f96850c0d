/**
 * A deep copy of what a call sends or a function is given: plain objects, lists and scalars by hand, which is several times faster than `structuredClone` for
 * the small inputs of which a sweep has hundreds of thousands; everything else as `structuredClone` does it.
 */
export function copyOf<T>(value: T): T;
export function copyOf(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return typeof value === "function" ? structuredClone(value) : value;
  if (Array.isArray(value)) return value.map((one: unknown) => copyOf(one));
  if (Object.getPrototypeOf(value) !== Object.prototype) return structuredClone(value);
  const fresh: Record<string, unknown> = {};
  // A plain object's own names, without an array of pairs for each of them.
  for (const key in value) fresh[key] = copyOf(Reflect.get(value, key));
  return fresh;
}
